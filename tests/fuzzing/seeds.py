"""What fuzzing begins with: mails of our own, and those of the folder that TIEPNHAN_FUZZ_SEEDS names, if any."""

import base64
import os
from pathlib import Path

from bench.mails import make_text_mail
from tests.own_mails import ALL_FILES, TUAN, File, write_bounce, write_mail
from tests.unit.parsers.test_reply_table import FORWARDED, REPLIES, WHOLE
from tests.unit.parsers.winmail import make_winmail

FOLDER = "TIEPNHAN_FUZZ_SEEDS"
SUBJECTS = Path(__file__).parents[1] / "unit" / "parsers" / "subjects.tsv"
_HEAD = f"From: Tuấn <{TUAN}>\r\nTo: support@hakago.example\r\nDate: Wed, 18 Nov 2026 09:12:00 +0700\r\n".encode()
_QMAIL = (
    b"Return-Path: <>\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at mx.khach.example.\r\n\r\n"
    b"<tuan@khach.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    b"--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <1@hakago.example>\r\n\r\nx\r\n"
)
_ODD = (
    b"Subject: =?utf-8?q?H=C3?= =?utf-8?q?=A0ng?=\r\nContent-Type: text/plain; charset=viscii\r\n\r\n\xf0\xdf\xfec",
    b"Content-Type: text/plain; charset=windows-1258\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nh=E0ng",
    b"Content-Type: text/plain\r\n\r\nXin xem:\r\nbegin 644 anh.jpg\r\n#0V%T\r\n`\r\nend\r\n",
    b"Content-Type: text/plain\r\n\r\n=ybegin line=128 size=3 name=anh.jpg\r\n\x8b\x8c\x8d\r\n=yend size=3\r\n",
    b"Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: b\r\n\r\nc\r\n--d--\r\n",
    b"Content-Type: text/html\r\n\r\n<table><td>V<td><a href='https://drive.google.com/x'>a</a></table><blockquote>c",
    b"Content-Type: application/pdf; name*0*=utf-8'vi'h%C3%B3a; name*1*=%20%C4%91; name*2=\".pdf\"\r\n\r\n%PDF-",
    b"Content-Disposition: inline; filename*=utf-8''h%C3%B3a\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n",
    b"Subject: Out of office\r\nAuto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n\r\nDi vang.\r\n",
    b"Subject: a\r\nList-Id: <tin.khach.example>\r\nList-Unsubscribe: <mailto:x@khach.example>\r\n\r\nTin.\r\n",
    _QMAIL,
)
_STATED = (
    "Hôm qua lúc 9h30 mình nhận được hàng, thiếu 2 ốc vít và sách hướng dẫn, muốn hoàn tiền. ĐT 0912 345 678.",
    "The parcel arrived on 15 Nov, model AB-123X is broken and the manual is missing. Please refund or repair it.",
    "Mã khách hàng: Tuan668\nđơn 012345\nthứ hai tuần trước giao, giờ mới mở, ảnh: https://1drv.ms/u/s!abc",
)


def gather_seeds() -> list[bytes]:
    """All of them, each once, in an order that never changes."""
    return list(dict.fromkeys([*own_seeds(), *_shared_mails()]))


def own_seeds() -> list[bytes]:
    """Mails of our own alone."""
    complaint = write_mail(files=ALL_FILES, message_id="<1@khach.example>")
    bounce = write_bounce(of=complaint, recipient=TUAN, message_id="<2@mx.khach.example>")
    winmail = File(name="winmail.dat", type="application/ms-tnef", content=make_winmail(b"anh.jpg", b"\xff\xd8\xff"))
    nested = File(name="cu.eml", type="message/rfc822", content=complaint)
    mails = [complaint, bounce, *(_HEAD + odd for odd in _ODD)]
    mails += [write_mail(files=[file], message_id="<3@khach.example>") for file in (winmail, nested)]
    mails += [write_mail(text=text, message_id="<4@khach.example>") for text in _STATED]
    replies = [str(case[1]) for case in (*REPLIES, *FORWARDED, *WHOLE)]
    mails += [write_mail(text=text, message_id="<5@khach.example>") for text in replies]
    mails += [_HEAD + _write_page(text) for text in replies[::6]]
    mails += [make_text_mail(number) for number in range(3)]
    subjects = SUBJECTS.read_text(encoding="utf-8").splitlines()[1::4]
    return [*mails, *(write_mail(subject=one.split("\t")[0], message_id=None, text="") for one in subjects)]


def _write_page(text: str) -> bytes:
    page = "<html><body>" + text.replace("<", "&lt;").replace("\n", "<br>\n") + "</body></html>"
    head = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + base64.encodebytes(page.encode())


def _shared_mails() -> list[bytes]:
    folder = os.environ.get(FOLDER)
    files = sorted(Path(folder).rglob("*")) if folder else []
    return [file.read_bytes() for file in files if file.suffix in (".eml", ".txt", ".html")]
