"""Mails that tests write themselves: a customer's complaint, answers to ours, bounces, what machines say."""

import base64
import email
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import default
from email.utils import formataddr
from itertools import count

SUPPORT = "support@hakago.example"
TUAN = "tuan@khach.example"
SUBJECT = "Tuan668 – 012345 - Hàng sai màu sắc"
WORDS = "Chào shop,\nTôi đặt áo màu xanh nhưng nhận được áo màu đỏ, mong shop đổi giúp.\nXin cảm ơn.\n"
PHOTO = bytes.fromhex("ffd8ffe000104a464946000101") + b"\x11" * 200 + bytes.fromhex("ffd9")
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x01\x00mdat" + b"\x22" * 248
_numbers = count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An attachment."""

    name: str
    type: str
    content: bytes
    inline: bool = False


VIDEO_FILE = File(name="mở hộp.mp4", type="video/mp4", content=VIDEO)
ALL_FILES = (
    VIDEO_FILE,
    File(name="ảnh sản phẩm.jpg", type="image/jpeg", content=PHOTO + b"1"),
    File(name="ảnh chỗ khác.jpg", type="image/jpeg", content=PHOTO + b"2"),
    File(name="vận đơn.jpg", type="image/jpeg", content=PHOTO + b"3"),
)


def write_mail(
    *,
    sender: str = TUAN,
    name: str = "Nguyễn Anh Tuấn",
    to: str = SUPPORT,
    subject: str | None = SUBJECT,
    text: str = WORDS,
    files: Sequence[File] = (),
    message_id: str | None = "",  # "": one of its own; None: none
    answers: str | None = None,  # the Message-ID this is a reply to
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """The bytes of one mail as a mail program writes it."""
    if message_id == "":
        message_id = f"<{next(_numbers)}.own@{sender.rpartition('@')[2]}>"
    fields = [("From", formataddr((name, sender))), ("To", to)]
    fields += [("Subject", Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n"))] if subject else []
    fields += [("Message-ID", message_id)] if message_id else []
    fields += [("In-Reply-To", answers), ("References", answers)] if answers else []
    fields += [*headers, ("MIME-Version", "1.0")]
    return _head(fields) + (_mixed(text, files) if files else _text(text))


def write_bounce(*, of: bytes, recipient: str, status: str = "5.1.1", message_id: str = "") -> bytes:
    """A delivery status notice (RFC 3464) about a mail of ours, as Postfix writes it."""
    original = of.split(b"\r\n\r\n")[0]
    fields = [
        ("Return-Path", "<>"),
        ("From", "Mail Delivery System <MAILER-DAEMON@mx.khach.example>"),
        ("To", SUPPORT),
        ("Subject", "Undelivered Mail Returned to Sender"),
        ("Auto-Submitted", "auto-replied"),
        ("Message-ID", message_id or f"<{next(_numbers)}.dsn@mx.khach.example>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/report; report-type=delivery-status; boundary="=_dsn"'),
    ]
    action = "failed" if status.startswith("5") else "delayed"
    report = (
        "Reporting-MTA: dns; mx.khach.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {status.replace('.', '')[:1]}50 {status} <{recipient}>: Recipient address rejected\r\n"
    )
    parts = [
        b"Content-Type: text/plain; charset=us-ascii\r\n\r\nYour message could not be delivered.\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n" + report.encode("ascii"),
        b"Content-Type: text/rfc822-headers\r\n\r\n" + original + b"\r\n",
    ]
    return _head(fields) + b"\r\n" + _joined(parts, "=_dsn")


def read_mail(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=default)


def _head(fields: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode()


def _text(text: str) -> bytes:
    lines = text.replace("\n", "\r\n").encode()
    return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + lines


def _mixed(text: str, files: Sequence[File]) -> bytes:
    return b'Content-Type: multipart/mixed; boundary="=_mail"\r\n\r\n' + _joined(
        [_text(text), *map(_file, files)], "=_mail"
    )


def _file(one: File) -> bytes:
    name = Header(one.name, "utf-8").encode(maxlinelen=0)
    place = "inline" if one.inline else "attachment"
    head = f'Content-Type: {one.type}; name="{name}"\r\nContent-Disposition: {place}; filename="{name}"\r\n'
    body = base64.encodebytes(one.content).replace(b"\n", b"\r\n")
    return head.encode("ascii") + b"Content-Transfer-Encoding: base64\r\n\r\n" + body


def _joined(parts: Iterable[bytes], boundary: str) -> bytes:
    line = b"--" + boundary.encode("ascii")
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
