"""Complaint mails for the benchmark: the same number and seed give the same bytes (photos: with the same Pillow).

Each mail has a sender of its own, so that every mail is a new ticket and every acknowledgement can be told apart.
Text mails have 1–4 KB, photo mails 1–3 real JPEGs of 30–300 KB; the large mail is streamed to disk.

`python -m bench.mails FOLDER --text 2000 --photo 300` writes them; a process of its own keeps the memory that drawing
takes out of the benchmark's figures.
"""

import argparse
import base64
import hashlib
import io
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from PIL import Image, ImageDraw

SUPPORT = "support@hakago.example"
_POLICY = SMTP.clone(max_line_length=78)
_FIRST_DATE = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Dương")
_MIDDLE = ("Văn", "Thị", "Minh", "Quốc", "Thanh", "Ngọc", "Anh", "Đức", "Hữu", "Xuân", "Thu")
_GIVEN = {
    "Tuấn": "Tuan",
    "Hương": "Huong",
    "Lan": "Lan",
    "Hùng": "Hung",
    "Mai": "Mai",
    "Phương": "Phuong",
    "Linh": "Linh",
    "Sơn": "Son",
    "Trang": "Trang",
    "Quân": "Quan",
    "Thảo": "Thao",
    "Khoa": "Khoa",
}
_ISSUES = (
    "Hàng sai màu sắc",
    "Giao thiếu hàng",
    "Hàng bị vỡ khi nhận",
    "Áo bị rách đường may",
    "Không đúng kích cỡ",
    "Điện thoại không lên nguồn",
    "Giao hàng trễ 5 ngày",
    "Sản phẩm hết hạn sử dụng",
    "Giao nhầm sản phẩm",
    "Hộp bị móp, ướt",
)
_SENTENCES = (
    "Tôi đặt hàng trên website tuần trước và nhận được kiện hàng chiều hôm qua.",
    "Khi mở hộp tôi thấy ngay: {issue}, hoàn toàn khác với hình ảnh trên trang bán hàng.",
    "Tôi đã gọi tổng đài hai lần nhưng chưa có ai trả lời.",
    "Mong shop kiểm tra lại kho và đổi sản phẩm mới cho tôi.",
    "Nhân viên giao hàng nói rằng kiện hàng đã như vậy từ khi nhận ở bưu cục.",
    "Số điện thoại liên hệ của tôi là 09{phone}, tôi nghe máy sau 17 giờ.",
    "Nếu không đổi được thì đề nghị hoàn tiền vào tài khoản tôi đã thanh toán.",
    "Đây là quà sinh nhật cho con tôi nên tôi rất cần được xử lý sớm.",
    "Lần trước mua ở đây tôi rất hài lòng, lần này thì thất vọng quá.",
    "Trong hộp cũng không có phiếu bảo hành như shop đã hứa.",
)
_MEGABYTE = 1024 * 1024
_BLOCK_BYTES = 57 * 16 * 1024  # 57 bytes make one base64 line of 76 characters (RFC 2045 §6.8)


def make_text_mail(number: int, seed: int = 7) -> bytes:
    return _finish(*_write_complaint("text", number, seed))


def make_photo_mail(number: int, seed: int = 7) -> bytes:
    message, subject = _write_complaint("photo", number, seed)
    draw = random.Random(f"{seed}/photos/{number}")
    for index in range(draw.randint(1, 3)):
        name = draw.choice([f"IMG_{draw.randrange(10_000):04d}.JPG", f"ảnh sản phẩm {index + 1}.jpg"])
        message.add_attachment(_draw_photo(draw), maintype="image", subtype="jpeg", filename=name)
    return _finish(message, subject)


def write_big_mail(path: Path, mebibytes: int, seed: int = 7) -> None:
    """A complaint with a video of this size attached; the video is never whole in memory."""
    message, subject = _write_complaint(f"big-{mebibytes}", 0, seed)
    message.add_attachment(b"", maintype="video", subtype="mp4", filename="video mở hộp.mp4")
    head, gap, tail = _finish(message, subject).rpartition(b"\r\n\r\n")
    end = tail[tail.index(b"--") :]
    with path.open("wb") as file:
        file.write(head + gap)
        for block in _video(mebibytes * _MEGABYTE, random.Random(f"{seed}/video")):
            file.write(base64.encodebytes(block).replace(b"\n", b"\r\n"))
        file.write(b"\r\n" + end)


def sender_of(head: bytes) -> str:
    """The address a generated mail comes from, read from its header."""
    found = re.search(rb"^From:[^<]*<([^>]+)>", head, re.MULTILINE)
    if not found:
        raise ValueError("no From field of ours")
    return found[1].decode("ascii")


def _write_complaint(kind: str, number: int, seed: int) -> tuple[EmailMessage, str]:
    draw = random.Random(f"{seed}/{kind}/{number}")
    given, plain = draw.choice(list(_GIVEN.items()))
    name = f"{draw.choice(_FAMILY)} {draw.choice(_MIDDLE)} {given}"
    issue, order = draw.choice(_ISSUES), f"{draw.randrange(1_000_000):06d}"
    address = f"{plain.lower()}.{kind}{number:05d}@khach.example"
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(display_name="Hakago", addr_spec=SUPPORT)
    message["Date"] = format_datetime(_FIRST_DATE + timedelta(seconds=97 * number))
    message["Message-ID"] = f"<{kind}.{number:05d}.{draw.randbytes(8).hex()}@khach.example>"
    text = _write_text(draw, name, issue, order)
    message.set_content(text, cte=draw.choice(["quoted-printable", "base64"]))
    if draw.random() < 0.7:
        html = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
        message.add_alternative(f"<html><body>{html}</body></html>\n", subtype="html", cte="quoted-printable")
    return message, f"{plain}{draw.randrange(1000)}{draw.choice([' – ', ' - ', '–'])}{order} - {issue}"


def _write_text(draw: random.Random, name: str, issue: str, order: str) -> str:
    chosen = draw.sample(_SENTENCES, draw.randint(5, 9))
    lines = [line.format(issue=issue.lower(), phone=f"{draw.randrange(10**8):08d}") for line in chosen]
    return "\n".join(["Chào shop,", *lines, "Xin cảm ơn.", "", name, f"Mã đơn hàng: {order}", ""])


def _finish(message: EmailMessage, subject: str) -> bytes:
    """The bytes of a mail. EmailMessage loses blanks between encoded-words (cpython #92081); Header does not."""
    for index, part in enumerate(one for one in message.walk() if one.is_multipart()):
        part.set_boundary(f"=_{index}_{hashlib.sha256(subject.encode()).hexdigest()[:24]}")  # else it is random
    encoded = Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {encoded}\r\n".encode("ascii") + message.as_bytes()


def _draw_photo(draw: random.Random) -> bytes:
    """A JPEG of 30–300 KB: coarse coloured noise, as a carpet gives it, with some boxes on it."""
    width = draw.randint(360, 1040)
    height = width * 3 // 4
    grain = (width // 4, height // 4)
    photo = Image.frombytes("RGB", grain, draw.randbytes(grain[0] * grain[1] * 3)).resize((width, height))
    pen = ImageDraw.Draw(photo)
    for _ in range(6):
        left, top = draw.randrange(width), draw.randrange(height)
        box = (left, top, left + draw.randrange(10, width // 4), top + draw.randrange(10, height // 4))
        pen.rectangle(box, fill=(draw.randrange(256), draw.randrange(256), draw.randrange(256)))
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=80)
    return file.getvalue()


def _video(size_bytes: int, draw: random.Random) -> Iterator[bytes]:
    """Blocks that together look like an MP4 file (ISO 14496-12): a file type box and one box of media data."""
    brand = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    start = brand + (size_bytes - len(brand)).to_bytes(4, "big") + b"mdat"
    for offset in range(0, size_bytes, _BLOCK_BYTES):
        block = draw.randbytes(min(_BLOCK_BYTES, size_bytes - offset))
        yield start + block[len(start) :] if offset == 0 else block


def _write_all(folder: Path, make: Callable[[int, int], bytes], count: int, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        (folder / f"{number:05d}.eml").write_bytes(make(number, seed))


def main() -> None:
    parser = argparse.ArgumentParser(description="writes the mails of the benchmark")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--text", type=int, default=0, metavar="N")
    parser.add_argument("--photo", type=int, default=0, metavar="N")
    parser.add_argument("--big", type=int, action="append", default=[], metavar="MIB")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    _write_all(options.folder / "text", make_text_mail, options.text, options.seed)
    _write_all(options.folder / "photo", make_photo_mail, options.photo, options.seed)
    for mebibytes in options.big:
        folder = options.folder / f"big-{mebibytes}"
        folder.mkdir(parents=True, exist_ok=True)
        write_big_mail(folder / "00000.eml", mebibytes, options.seed)


if __name__ == "__main__":
    main()
