"""The page that shows what was understood of a mail: what, by which rule, and nothing that steers a terminal."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.facts_page import write_page
from intake.settings.policies import read_policy
from parsers.defects import DEFECTS
from parsers.message import parse_message
from parsers.subjects import complete_from_body, parse_subject
from tests.own_mails import ALL_FILES, TUAN, write_bounce, write_mail

VOCABULARY = read_policy("hakago").vocabulary()
DATE = ("Date", "Wed, 18 Nov 2026 09:12:00 +0700")
HEADING = "Vào Th 5, 12 thg 11, 2026 lúc 10:00 Hakago <support@hakago.example> đã viết:"
WORDS = f"""Hôm qua lúc 9h30 mình nhận được đơn 012345, thiếu 2 ốc vít, muốn hoàn tiền, gọi 0912 345 678.
Model AB-123X, ảnh ở https://drive.google.com/x và https://khach.example/y

{HEADING}
> Một
> Hai
> Ba
> Bốn
> Năm"""


def show(mail: bytes, width: int = 100) -> str:
    facts = parse_message(io.BytesIO(mail))
    subject = complete_from_body(parse_subject(facts.subject, VOCABULARY), facts.reply_text, VOCABULARY)
    return "\n".join(write_page(facts, subject, "mail.eml", width))


def fields(page: str) -> list[str]:
    """The lines, each run of blanks as one."""
    return [" ".join(line.split()) for line in page.splitlines()]


COMPLAINT = show(write_mail(subject="Re: Tuan668 - hàng lỗi", text=WORDS, files=ALL_FILES, headers=[DATE]))
BOUNCE = show(write_bounce(of=write_mail(message_id="<1@hakago.example>"), recipient=TUAN), width=200)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("from Nguyễn Anh Tuấn <tuan@khach.example>", id="sender"),
        pytest.param("date 2026-11-18 09:12:00+07:00", id="date"),
        pytest.param("prefix reply", id="reply"),
        pytest.param("customer Tuan668, from the subject", id="customer code"),
        pytest.param("order 012345, from the body, after a word that names it", id="order code of the body"),
        pytest.param("kind damaged, by the words “hàng lỗi”", id="kind and its words"),
        pytest.param("language Vietnamese", id="language"),
        pytest.param(f"heading-in-words line 4: {HEADING[:59]}…", id="heading cut off"),
        pytest.param("marked-lines lines 5–9: > Một / > Hai / > Ba / … 2 lines more", id="quote cut off, shortened"),
        pytest.param("video mở hộp.mp4: video/mp4, as declared, 280 bytes", id="attachment"),
        pytest.param("google-drive https://drive.google.com/x", id="link to a file"),
        pytest.param("web https://khach.example/y", id="other link"),
        pytest.param("missing parts “2 ốc vít”", id="missing parts"),
        pytest.param("asks for refund, by “hoàn tiền”", id="request and its words"),
        pytest.param("telephone +84912345678", id="telephone"),
        pytest.param("product codes AB-123X", id="product code"),
    ],
)
def test_what_was_understood_of_a_complaint_is_shown(line):
    assert line in fields(COMPLAINT)


def test_day_of_delivery_is_shown_with_the_words_it_came_from():
    assert any(line.startswith("delivered 2026-11-17 at 09:30, by “Hôm qua lúc 9h30") for line in fields(COMPLAINT))


@pytest.mark.parametrize(
    "line",
    [
        "automatic bounce, by the rule “delivery-status”: it is not answered",
        "rule delivery-status",
        "of the mail <1@hakago.example>",
        f"not reached {TUAN}, for good, status 5.1.1: 550 5.1.1 <{TUAN}>: Recipient address rejected",
    ],
)
def test_bounce_is_shown_with_its_rule_and_whom_it_names(line):
    assert line in fields(BOUNCE)


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Auto-Submitted: auto-replied", "automatic auto-reply, by the rule “auto-replied”: it is not answered"),
        ("X-Nothing: 1", "automatic no: it is no bounce, and no rule says that a machine wrote it"),
        ("Content-Transfer-Encoding: x-odd", f"encoding-unknown {DEFECTS['encoding-unknown']}"),
        ("Date: soon", "date none that can be read"),
    ],
    ids=["automatic", "by a person", "defect explained", "no date"],
)  # fmt: skip
def test_what_a_header_leads_to_is_shown(head, line):
    assert line in fields(show(f"From: {TUAN}\r\n{head}\r\n\r\nA\r\n".encode()))


def test_an_attachment_that_is_not_what_it_says_is_told():
    mail = b"Content-Type: application/pdf; name=a.pdf\r\n\r\n\xff\xd8\xff\xe0\r\n"
    assert any("a.pdf: image/jpeg, declared as application/pdf" in line for line in fields(show(mail)))


def test_a_long_text_is_shortened_and_a_short_one_is_not():
    page = show(write_mail(text="\n".join(f"dòng {number}" for number in range(40))))
    assert "dòng 14" in page
    assert "dòng 15" not in page
    assert "… and 25 lines more" in page


def test_empty_mail_has_a_page():
    assert "nobody: there is no From with an address" in show(b"")


@pytest.mark.parametrize("width", [1, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal_but_for_hashes_and_names(width):
    mail = write_mail(text="từ " * 300, headers=[("Cc", ", ".join(f"a{number}@khach.example" for number in range(50)))])
    assert max(map(len, show(mail, width).splitlines())) <= max(width, 40)


@given(st.text(max_size=200))
def test_no_mail_can_steer_the_terminal(text):
    mail = write_mail(subject="\x1b[2J" + text, text=f"\x1b]0;x\x07{text}\x9b1m\u202e", name=text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", show(mail))
