"""How fast mail is read, beside the standard library on the same mails.

    python bench/parse.py [--mails 2000] [--megabytes 100]

Small mails: 1-4 KB, Vietnamese, quoted-printable and base64, most of them multipart/alternative; read are subject,
From, To, Date, Message-ID, text and the attachments' hashes. "all facts" is what the product does with each mail:
replies, bounces, automatic mail, languages and links too. Large mails: one attachment, hashed and written to a
file; every reading is a process of its own, whose peak memory is printed. All times are processor times.
"""

from __future__ import annotations  # Message takes parameters in type stubs only

import argparse
import base64
import hashlib
import io
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email import message_from_binary_file, message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO

from parsers.addresses import parse_addresses
from parsers.dates import parse_date
from parsers.encoded_words import decode_words
from parsers.limits import Limits
from parsers.message import discard, find_message_id, parse_message
from parsers.splitter import split_mail
from parsers.texts import read_texts

_SENTENCES = (
    "Xin chào bộ phận chăm sóc khách hàng,",
    "Tôi đã đặt hàng trên website và nhận hàng hôm qua.",
    "Khi mở hộp thì phát hiện hàng bị vỡ, ảnh chụp tôi gửi kèm theo thư này.",
    "Đề nghị quý công ty kiểm tra và đổi sản phẩm mới cho tôi.",
    "Số điện thoại liên hệ của tôi là 0912345678.",
    "Màu đặt là xanh dương nhưng nhận được màu đỏ đậm.",
    "Mong nhận được phản hồi sớm trong vòng 24 giờ.",
    "Xin cảm ơn và trân trọng kính chào.",
)
_LIMITS = Limits()


def make_small_mail(number: int) -> bytes:
    rng = random.Random(number)
    lines = [_SENTENCES[0], *rng.choices(_SENTENCES[1:-1], k=rng.randrange(4, 12)), _SENTENCES[-1]]
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"Nguyễn Văn Tuấn <tuan{number}@khach.example>"
    mail["To"] = "Chăm sóc khách hàng <support@cuahang.example>"
    mail["Subject"] = f"Tuan{number % 1000} – {number:06d} – Hàng bị vỡ khi nhận"
    mail["Date"] = "Mon, 28 Sep 2026 10:00:00 +0700"
    mail["Message-ID"] = f"<{number}@khach.example>"
    mail.set_content("\n".join(lines) + "\n", cte=rng.choice(["quoted-printable", "base64"]))
    if rng.random() < 0.7:
        page = "".join(f"<p>{line}</p>\n" for line in lines)
        mail.add_alternative(f"<html><body>{page}</body></html>\n", subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def write_large_mail(path: Path, megabytes: int) -> None:
    """A mail with one attachment of `megabytes` MiB."""
    block = base64.encodebytes(random.Random(7).randbytes(57 * 1024)).replace(b"\n", b"\r\n")
    head = (
        "From: tuan@khach.example\r\nSubject: Video\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="ranh-gioi"\r\n\r\n'
        "--ranh-gioi\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVideo kèm theo.\r\n"
        "--ranh-gioi\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="video.mp4"\r\n\r\n'
    )
    with path.open("wb") as out:
        out.write(head.encode())
        for _ in range(megabytes * 1024 // 57 + 1):
            out.write(block)
        out.write(b"--ranh-gioi--\r\n")


def read_same_fields(raw: bytes) -> object:
    structure = split_mail(iter((raw,)), open_blob=discard, limits=_LIMITS)
    headers = structure.headers
    return (
        decode_words(headers.first("subject") or ""),
        parse_addresses(headers.first("from") or ""),
        parse_addresses(headers.first("to") or ""),
        parse_date(headers.first("date") or ""),
        find_message_id(headers),
        read_texts(structure.parts, _LIMITS).text,
        [part.sha256 for part in structure.parts],
    )


def read_with_compat32(raw: bytes) -> object:
    mail = message_from_bytes(raw)
    return (
        str(make_header(decode_header(mail["subject"]))),
        [str(make_header(decode_header(name))) for name, _ in getaddresses([mail["from"], mail["to"]])],
        parsedate_to_datetime(mail["date"]),
        mail["message-id"],
        *_read_leaves(mail),
    )


def read_with_policy_default(raw: bytes) -> object:
    mail = message_from_bytes(raw, policy=policy.default)
    return (
        str(mail["subject"]),
        [(one.display_name, one.addr_spec) for name in ("from", "to") for one in mail[name].addresses],
        mail["date"].datetime,
        mail["message-id"],
        *_read_leaves(mail),
    )


def _read_leaves(mail: Message[Any, Any]) -> tuple[str, list[str]]:
    texts: list[str] = []
    hashes: list[str] = []
    for part in mail.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        hashes.append(hashlib.sha256(payload).hexdigest())
        if part.get_content_type() == "text/plain":
            texts.append(payload.decode(part.get_content_charset("utf-8"), "replace"))
    return "".join(texts), hashes


def measure_small(mails: list[bytes], readers: dict[str, Callable[[bytes], object]]) -> dict[str, float]:
    """Mails a second of processor time, the best of five rounds; the readers take turns, so that noise hits all."""
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(5):
        for name, read in readers.items():
            started = time.process_time()
            for raw in mails:
                read(raw)
            best[name] = min(best[name], time.process_time() - started)
    return {name: len(mails) / seconds for name, seconds in best.items()}


class FileWriter:
    """A blob as a file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def finish(self, sha256: str) -> None:
        assert len(sha256) == 64
        self._file.close()

    def discard(self) -> None:
        self._file.close()


def read_large(reader: str, source: BinaryIO, out: Path) -> None:
    if reader == "tiepnhan":
        parse_message(source, open_blob=lambda: FileWriter(out))
        return
    rules = policy.default if reader == "default" else policy.compat32
    mail: Message[Any, Any] = message_from_binary_file(source, policy=rules)
    for part in mail.walk():
        if part.get_content_type() == "video/mp4":
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            hashlib.sha256(payload).hexdigest()
            out.write_bytes(payload)


def run_child(reader: str, mail: Path) -> None:
    """One reading of one large mail: processor seconds, writing included, and peak memory on standard output."""
    started = time.process_time()
    with mail.open("rb") as source:
        read_large(reader, source, mail.with_suffix(f".{reader}"))
    print(time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure_large(reader: str, mail: Path) -> tuple[float, float]:
    """Processor seconds, the best of three, and the peak in MiB."""
    figures = []
    for _ in range(3):
        command = [sys.executable, __file__, "--child", reader, str(mail)]
        seconds, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        figures.append((float(seconds), float(peak)))
    return min(figures)[0], max(peak for _, peak in figures)


def report_small(count: int) -> None:
    mails = [make_small_mail(number) for number in range(count)]
    print(f"{count} small mails, {sum(map(len, mails)) // count} bytes each on average")
    rates = measure_small(
        mails,
        {
            "compat32, same fields": read_with_compat32,
            "policy.default, same fields": read_with_policy_default,
            "tiepnhan, same fields": read_same_fields,
            "tiepnhan, all facts": lambda raw: parse_message(io.BytesIO(raw)),
        },
    )
    for name, rate in rates.items():
        print(f"  {name:30} {rate:8.0f} mails/s  {rate / rates['compat32, same fields']:5.2f} x compat32")


def report_large(megabytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.eml"), Path(folder, "large.eml")
        write_large_mail(small, 1)
        write_large_mail(large, megabytes)
        print(f"one attachment of {megabytes} MiB, hashed and written")
        base = 0.0
        for reader in ("compat32", "default", "tiepnhan"):
            seconds, peak = measure_large(reader, large)
            base = base or seconds
            growth = peak - measure_large(reader, small)[1]
            rate = f"{megabytes / seconds:7.0f} MiB/s  {base / seconds:5.2f} x compat32"
            print(f"  {reader:10} {rate}  peak {peak:5.0f} MiB, {growth:+5.0f} against 1 MiB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mails", type=int, default=2000)
    options.add_argument("--megabytes", type=int, default=100)
    options.add_argument("--child", nargs=2, metavar=("READER", "MAIL"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        run_child(given.child[0], Path(given.child[1]))
        return
    report_small(given.mails)
    report_large(given.megabytes)


if __name__ == "__main__":
    main()
