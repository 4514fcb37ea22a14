"""The story of `tiepnhan demo`: the mails that its customer writes, and what must come back.

A shirt came in the wrong colour. The complaint lacks the unboxing video; the answer asks for it, the customer sends
it, and the case is complete. `Expected.find_fault` holds each mail of ours against the story, as strictly as a test.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

from intake.demo.pictures import draw_difference, draw_label, draw_shirt, make_video
from parsers.facts import MailFacts

SUPPORT = "support@hakago.example"
CUSTOMER, CUSTOMER_NAME = "tuan@khach.example", "Nguyễn Anh Tuấn"
STAFF, STAFF_NAME = "lan@hakago.example", "Trần Ngọc Lan"
POLICY, CATEGORY, VIDEO_SLOT = "hakago", "wrong-item", "unboxing_video"

_SUBJECT = "Mã khách hàng “Hakago Tuan668” - 012345 – Hàng sai màu sắc"
_COMPLAINT = """\
Chào Hakago,

Tôi đặt một áo thun màu xanh dương nhưng sáng nay nhận được áo màu đỏ. Tôi gửi kèm ảnh sản phẩm, ảnh chỗ sai màu \
và ảnh tem vận chuyển trên kiện hàng. Nhờ Hakago kiểm tra và đổi giúp tôi đúng màu đã đặt.

Xin cảm ơn.
Tuấn
"""
_REPLY = """\
Chào Hakago,

Tôi gửi bổ sung video mở hàng, quay từ lúc kiện hàng còn nguyên niêm phong.

Tuấn
"""
_WEEKDAYS = ("Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7", "CN")
_NUMBER = re.compile(r"\[(HKG-\d\d-\d{6})\]")
_CRLF = policy.compat32.clone(linesep="\r\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """A mail of ours that the story waits for."""

    what: str  # for people
    account: str  # in whose inbox
    answers: str | None  # the Message-ID it must reply to; None where it begins a conversation
    number: str | None = None  # of the ticket, where it is known already
    arrived: tuple[str, ...]  # the names of the slots that must be marked as filled
    missing: tuple[str, ...]  # and of those that must be marked as missing

    def find_fault(self, mail: MailFacts) -> str | None:
        """What is not as expected, in words; None where all is right."""
        number = find_number(mail)
        if number is None or (self.number and number != self.number):
            return f"its subject does not name the ticket {self.number or ''}".rstrip()
        if mail.in_reply_to != self.answers or (self.answers and self.answers not in mail.references):
            return f"it does not answer {self.answers}" if self.answers else "it answers another mail"
        if number.lower() not in "".join(one.email for one in mail.reply_to):
            return "its Reply-To does not lead back to the ticket"
        for mark, names in (("✓", self.arrived), ("✗", self.missing)):
            if marked(mail, mark) != names:
                return f"it marks with {mark}: {', '.join(marked(mail, mark)) or 'nothing'}"
        return None


def find_number(mail: MailFacts) -> str | None:
    """The ticket number in the subject."""
    found = _NUMBER.search(mail.subject)
    return found[1] if found else None


def marked(mail: MailFacts, mark: str) -> tuple[str, ...]:
    """The names of the slots on lines with that mark."""
    lines = (line.removeprefix(mark).strip() for line in mail.text.splitlines() if line.startswith(mark))
    return tuple(re.split(r" \(|:", line)[0] for line in lines)


def write_complaint(now: datetime) -> bytes:
    """Everything that the policy asks for, but for the video."""
    photos = {
        "ảnh sản phẩm.png": draw_shirt(),
        "chỗ sai màu.png": draw_difference(),
        "tem vận chuyển.png": draw_label(),
    }
    return _write(now, "complaint", _SUBJECT, SUPPORT, _COMPLAINT, photos)


def write_reply(acknowledgement: MailFacts, now: datetime) -> bytes:
    """The customer presses "reply" and attaches the video; below it the answer is quoted, as Gmail does it."""
    return _write(
        now,
        "video",
        f"Re: {acknowledgement.subject}",
        acknowledgement.reply_to[0].email,
        f"{_REPLY}\n{_quote(acknowledgement, now)}",
        {"mở hàng.mp4": make_video()},
        thread=(*acknowledgement.references, acknowledgement.message_id or ""),
    )


def _write(
    now: datetime,
    label: str,
    subject: str,
    to: str,
    text: str,
    files: Mapping[str, bytes],
    thread: Sequence[str] = (),
) -> bytes:
    mail = MIMEMultipart()
    mail["From"] = formataddr((CUSTOMER_NAME, CUSTOMER))
    mail["To"] = to
    mail["Subject"] = Header(subject, "utf-8", header_name="Subject").encode()
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{label}.{now:%Y%m%d%H%M%S%f}@khach.example>"
    if thread:
        mail["In-Reply-To"] = thread[-1]
        mail["References"] = " ".join(thread)
    mail.attach(MIMEText(text, "plain", "utf-8"))
    for name, content in files.items():
        mail.attach(_file(name, content))
    return mail.as_bytes(policy=_CRLF)


def _file(name: str, content: bytes) -> MIMEBase:
    part = MIMEBase(*(("video", "mp4") if name.endswith(".mp4") else ("image", "png")))
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))  # RFC 2231
    return part


def _quote(mail: MailFacts, now: datetime) -> str:
    sender = mail.sender
    assert sender is not None, "every mail of ours names its sender"
    heading = (
        f"Vào {_WEEKDAYS[now.weekday()]}, {now.day} thg {now.month}, {now.year} vào lúc {now:%H:%M} "
        f"{sender.name} <{sender.email}> đã viết:"
    )
    return "\n".join((heading, "", *(f"> {line}".rstrip() for line in mail.text.splitlines()), ""))
