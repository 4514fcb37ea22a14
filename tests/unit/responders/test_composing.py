"""What is composed reads back as what was meant, in the stdlib's parsers; and nothing that is composed can do harm."""

import email
import re
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header
from email.message import EmailMessage, Message, MIMEPart
from email.policy import default
from email.utils import parseaddr
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parsers.facts import Address
from responders.composing import compose_mail, with_ascii_domain

UNHURRIED = settings(deadline=None)  # one mail takes long on a busy machine

HANOI = timezone(timedelta(hours=7))
SUBJECT = "[HKG-26-000123] Điện thoại không lên nguồn – xin gửi thêm video mở hộp cho đơn hàng 012345"
TEXT = "Kính gửi anh Tuấn,\n\nChúng tôi đã nhận được ảnh của anh.\n"

# One line of anything a person can write, and texts of several such lines.
VISIBLE = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
VIETNAMESE = st.sampled_from(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ ,.-–😀📦 "
)
LINES = st.text(VISIBLE | VIETNAMESE, max_size=500)
TEXTS = st.text(VISIBLE | VIETNAMESE | st.sampled_from("\n\t=."), max_size=800)


def compose(**changes: Any) -> bytes:
    arguments: dict[str, Any] = {
        "sender": Address(name="Chăm sóc khách hàng Hakago", email="support@hakago.example"),
        "recipient": Address(name="Nguyễn Anh Tuấn", email="tuan@khach.example"),
        "subject": SUBJECT,
        "text": TEXT,
        "html": None,
        "message_id": "<1.abc@hakago.example>",
        "date": datetime(2026, 11, 24, 9, 0, tzinfo=HANOI),
        "in_reply_to": None,
        "references": (),
        "reply_to": None,
        "automatic": None,
        "extra": {},
    }
    return compose_mail(**(arguments | changes))


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=default)


def read_old(raw: bytes) -> Message:
    return email.message_from_bytes(raw)


def decoded(value: str) -> str:
    """What compat32 users do with a header."""
    words = decode_header(value)
    return "".join(word if isinstance(word, str) else word.decode(charset or "ascii") for word, charset in words)


def content(part: MIMEPart) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def as_lines(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def test_every_header_of_an_automatic_mail_is_there():
    mail = read(
        compose(
            in_reply_to="<2@khach.example>",
            references=["<1@khach.example>", "<2@khach.example>"],
            reply_to="support+token@hakago.example",
            automatic="auto-replied",
            extra={"List-Id": "<complaints.hakago.example>"},
        )
    )
    assert mail["From"] == "Chăm sóc khách hàng Hakago <support@hakago.example>"
    assert mail["To"] == "Nguyễn Anh Tuấn <tuan@khach.example>"
    assert mail["Subject"] == SUBJECT
    assert mail["Date"] == "Tue, 24 Nov 2026 09:00:00 +0700"
    assert mail["Message-ID"] == "<1.abc@hakago.example>"
    assert mail["MIME-Version"] == "1.0"
    assert mail["In-Reply-To"] == "<2@khach.example>"
    assert mail["References"] == "<1@khach.example> <2@khach.example>"
    assert mail["Reply-To"] == "support+token@hakago.example"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Id"] == "<complaints.hakago.example>"
    assert mail.defects == []


def test_mail_of_a_person_does_not_say_that_it_is_automatic():
    mail = read(compose())
    assert "Auto-Submitted" not in mail
    assert "X-Auto-Response-Suppress" not in mail
    assert "Precedence" not in mail


def test_text_and_html_are_alternatives_with_the_text_first():
    mail = read(compose(html="<p>Kính gửi anh Tuấn</p>\n"))
    text, html = mail.iter_parts()
    assert mail.get_content_type() == "multipart/alternative"
    assert (text.get_content_type(), content(text)) == ("text/plain", TEXT)
    assert (html.get_content_type(), content(html)) == ("text/html", "<p>Kính gửi anh Tuấn</p>\n")


def test_same_arguments_give_the_same_bytes():
    assert compose(html="<p>Chào anh</p>") == compose(html="<p>Chào anh</p>")


def test_boundary_differs_from_mail_to_mail():
    first, second = (read(compose(html="x", message_id=one)) for one in ("<1@a.example>", "<2@a.example>"))
    assert first.get_boundary() != second.get_boundary()


@UNHURRIED
@given(LINES)
@example("Điện thoại không")
@example("  hai  dấu   cách ")
@example("=?utf-8?q?gi=E1=BA=A3?=")
@example("x" * 500)
@example("ệ" * 500)
@example("📦" * 120)
def test_subject_reads_back_exactly(subject):
    raw = compose(subject=subject)
    assert decoded(read_old(raw)["Subject"] or "") == subject
    # The stdlib's structured parser takes outer blanks off any header value it is given.
    assert str(read(raw)["Subject"]).strip() == subject.strip()


@UNHURRIED
@given(st.text(VIETNAMESE, min_size=1, max_size=500).map(lambda text: normalize("NFC", text)))
def test_vietnamese_subject_reads_back_exactly_in_both_parsers(subject):
    raw = compose(subject=f"[{subject}]")
    assert read(raw)["Subject"] == f"[{subject}]"
    assert decoded(read_old(raw)["Subject"]) == f"[{subject}]"


@UNHURRIED
@given(LINES.map(str.strip))
@example('Tuấn "Hai" Nguyễn')
@example("O'Brien, Pat (Hà Nội) <x@y>; a: b")
@example("Nguyen \\ Van")
@example("two  blanks")
@example(".")
@example("a" * 200)
def test_name_reads_back_exactly(name):
    raw = compose(recipient=Address(name=name, email="tuan@khach.example"))
    found, address = parseaddr(str(read_old(raw)["To"]))
    assert (decoded(found), address) == (name, "tuan@khach.example")


@UNHURRIED
@given(LINES.map(lambda text: text[:9].strip()))
def test_short_name_reads_back_exactly_in_the_structured_parser(name):
    # It puts a blank between adjacent encoded-words of a name, against RFC 2047 §6.2: longer names fail in it.
    [address] = read(compose(recipient=Address(name=name, email="tuan@khach.example")))["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "tuan@khach.example")


@UNHURRIED
@given(TEXTS, st.none() | TEXTS)
@example("dòng một\r\ndòng hai\rdòng ba", None)
@example("From here on\n.\n..\n--=_boundary\n", "=\n" * 50)
@example("x" * 5000, "ơ" * 5000)
@example("blank at the end \n\n\n", None)
@example("", "")
def test_text_reads_back_exactly_whatever_it_is(text, html):
    raw = compose(text=text, html=html)
    mail = read(raw)
    parts: list[MIMEPart] = list(mail.iter_parts()) if html is not None else [mail]
    wanted = [one for one in (text, html) if one is not None]
    plain_breaks = [as_lines(one.replace("\r\n", "\n").replace("\r", "\n")) for one in wanted]
    assert [content(part) for part in parts] == plain_breaks


@UNHURRIED
@given(LINES, LINES, TEXTS, st.none() | TEXTS)
def test_output_is_ascii_in_short_lines_ending_in_crlf(subject, name, text, html):
    raw = compose(subject=subject, recipient=Address(name=name, email="a@b.example"), text=text, html=html)
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    lines = raw.split(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    assert max(map(len, lines)) <= 76


INJECTIONS = {
    "crlf": "Xin chào\r\nBcc: all@hakago.example",
    "lf": "Xin chào\nBcc: all@hakago.example",
    "cr": "Xin chào\rBcc: all@hakago.example",
    "empty line": "Xin chào\r\n\r\nBcc: all@hakago.example",
    "line separator": "Xin chào\u2028Bcc: all@hakago.example",
    "next line": "a\x85Bcc: all@hakago.example",
    "nul": "Xin chào\x00Bcc: all@hakago.example",
}


@pytest.mark.parametrize("value", INJECTIONS.values(), ids=INJECTIONS)
@pytest.mark.parametrize("field", ["subject", "name", "email", "reply_to", "in_reply_to", "references", "extra"])
def test_no_value_can_add_a_header(field, value):
    for_field: dict[str, dict[str, Any]] = {
        "name": {"recipient": Address(name=value, email="a@b.example")},
        "email": {"recipient": Address(name="A", email=value)},
        "references": {"references": [value]},
        "extra": {"extra": {"X-Ticket": value}},
    }
    raw = compose(**for_field.get(field, {field: value}))
    head = raw.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?im)^\s*bcc", head)
    assert "Bcc" not in read(raw)
    assert content(read(raw)) == TEXT


def test_line_break_in_a_subject_becomes_one_blank():
    assert read(compose(subject="Ghế\r\ngãy chân"))["Subject"] == "Ghế gãy chân"


def test_lone_surrogate_does_not_stop_a_mail():
    assert read(compose(subject="gh\ud83d", text="gh\ud83d\n"))["Subject"] == "gh?"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("Dear customer,\nthank you.\n", "7bit", id="short ascii lines"),
        pytest.param("Thank you " * 20, "quoted-printable", id="long ascii line"),
        pytest.param("signature\n-- \nTuan\n", "quoted-printable", id="blank at the end of a line"),
        pytest.param("From now on\n", "quoted-printable", id="line that mbox files change"),
        pytest.param("Order 012345, customer Tuấn: the box is damaged.\n", "quoted-printable", id="few accents"),
        pytest.param(TEXT, "base64", id="many accents"),
    ],
)
def test_transfer_encoding_suits_the_text(text, encoding):
    assert read(compose(text=text))["Content-Transfer-Encoding"] == encoding


def test_long_references_keep_the_first_and_the_last_ones():
    thread = [f"<{number}.{'x' * 60}@khach.example>" for number in range(40)]
    raw = compose(references=thread)
    header = re.search(rb"References:.*?\r\n(?! )", raw, re.DOTALL)
    kept = str(read(raw)["References"]).split()
    assert header is not None
    assert len(header[0]) < 900
    assert kept[0] == thread[0]
    assert kept[1:] == thread[-len(kept) + 1 :]
    assert len(kept) > 8


@pytest.mark.parametrize("broken", ["", "abc@x", "<a b@x>", "<tuấn@x>", "<a@x><b@x>", f"<{'x' * 500}@x>"])
def test_reference_that_is_no_message_id_is_left_out(broken):
    mail = read(compose(references=["<1@khach.example>", broken], in_reply_to=broken or None))
    assert mail["References"] == "<1@khach.example>"
    assert "In-Reply-To" not in mail


def test_long_structured_header_is_folded_and_not_encoded():
    pages = ", ".join(f"<https://hakago.example/{number}/{'x' * 40}>" for number in range(5))
    raw = compose(extra={"List-Help": pages})
    assert read(raw)["List-Help"] == pages
    assert b"=?" not in raw.partition(b"List-Help")[2].partition(b"MIME-Version")[0]


@pytest.mark.parametrize("name", ["Subject", "from", "Content-Type", "MIME-Version", "X Ticket", "X-Mã", "A:", ""])
def test_header_that_is_ours_or_no_name_is_refused(name):
    with pytest.raises(ValueError, match="header"):
        compose(extra={name: "x"})


def test_message_id_must_be_one():
    with pytest.raises(ValueError, match="Message-ID"):
        compose(message_id="1@hakago.example")


def test_date_must_have_a_zone():
    with pytest.raises(ValueError, match="zone"):
        compose(date=datetime(2026, 11, 24, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("given_address", "address"),
    [
        pytest.param("tuan@khach.example", "tuan@khach.example", id="ascii"),
        pytest.param("tuan@khách.example", "tuan@xn--khch-6na.example", id="domain with accents"),
        pytest.param("tuấn@khách.example", "tuấn@xn--khch-6na.example", id="local part keeps its accents"),
        pytest.param("tuan", "tuan", id="no domain"),
        pytest.param("tuấn@.", "tuấn@.", id="domain that cannot be"),
    ],
)
def test_only_the_domain_of_an_address_is_written_in_ascii(given_address, address):
    assert with_ascii_domain(given_address) == address


def test_quoted_local_part_stays_as_it_is():
    raw = compose(recipient=Address(name="", email='"anh tuan"@khach.example'))
    assert b'To: <"anh tuan"@khach.example>\r\n' in raw


def test_local_part_with_accents_is_written_in_utf_8():
    raw = compose(recipient=Address(name="", email="tuấn@khach.example"))
    assert "To: <tuấn@khach.example>\r\n".encode() in raw
