"""All statements of one mail, and what holds for any text."""

import time as clock
import unicodedata
from datetime import date, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers.accents import fold
from parsers.facts import Delivered, Statements
from parsers.statements import read_statements

WEDNESDAY = date(2026, 11, 18)

MAIL = """Chào shop,
Em là khách hàng Tuan668, em đặt đơn 012345 ngày 10/11 bên mình, model WH-1000XM5.
Hôm qua lúc 3h chiều em nhận được hàng nhưng khi mở ra thì thấy thiếu 2 ốc vít và sách hướng dẫn, hộp thì bị móp.
Em không cần hoàn tiền, mong shop đổi hàng mới cho em.
SĐT của em: 0901 234 567. Mong nhận được phản hồi sớm hôm nay.
Em cảm ơn ạ.
"""


def test_mail_gives_all_its_statements():
    assert read_statements(MAIL, WEDNESDAY) == Statements(
        delivered=Delivered(on=date(2026, 11, 17), at=time(15, 0), words="Hôm qua lúc 3h chiều em nhận được hàng"),
        missing_parts=("2 ốc vít", "sách hướng dẫn"),
        requests=("exchange",),
        phones=("+84901234567",),
        product_codes=("WH-1000XM5",),
        request_words=("đổi hàng",),
    )


def test_mail_in_nfd_gives_the_same_statements():
    assert read_statements(unicodedata.normalize("NFD", MAIL), WEDNESDAY) == read_statements(MAIL, WEDNESDAY)


def test_empty_mail_states_nothing():
    assert read_statements("", WEDNESDAY) == Statements(
        delivered=None, missing_parts=(), requests=(), phones=(), product_codes=()
    )


WORDS_TEXT = (
    "nhận hàng|nhận được|chưa|không|giao|tới|hôm qua|sáng nay|hôm kia|15/11|ngày 31|31/2|29-2-2025|thứ "
    "hai|CN|tuần trước"
    "|cách đây|3 ngày|lúc 9h|25h|12h đêm|vừa|mới|đặt hàng|thiếu|2 ốc vít|và|sạc|:|-|1.|\n|,|(|)|.|?|đổi|hoàn "
    "tiền|missing"
    "|received|yesterday|Nov 15|thứ bảy|chủ nhật|2 days ago|0901234567|model|X200|İ|ǅ|²|٣|\u0301"
)
sentences = st.lists(st.sampled_from(WORDS_TEXT.split("|")), max_size=25).map(" ".join)
days = st.dates() | st.sampled_from([date.min, date.max])


@st.composite
def sloppy(draw):
    """Sentences with some accents left out."""
    text = draw(sentences)
    bare = draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    return "".join(fold(letter) if is_bare else letter for letter, is_bare in zip(text, bare, strict=True))


@given(sentences | sloppy() | st.text(), days)
@example("nhận hàng 29/2", date(1, 1, 1))
def test_statements_of_any_text_are_quotations_of_the_past(text, written_on):
    statements = read_statements(text, written_on)
    if statements.delivered:
        assert statements.delivered.on <= written_on
        assert statements.delivered.words in unicodedata.normalize("NFC", text)
    for part in statements.missing_parts:
        assert part in " ".join(unicodedata.normalize("NFC", text).split())
    for code in statements.product_codes:
        assert code in unicodedata.normalize("NFC", text)
    assert all(phone.startswith("+84") and phone[1:].isdigit() for phone in statements.phones)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "\n-",
        "nhận hàng hôm qua, ",
        "nhận ",
        "hôm ",
        "thiếu ",
        "thiếu a, ",
        "0901 ",
        "1 ",
        "ngày 1/1/1/",
        "không có ",
        "(",
        "đổi ",
    ],
)
def test_two_megabytes_made_to_be_slow_are_read_at_once(piece):
    text = (piece * (2_000_000 // len(piece) + 1))[:2_000_000]
    started = clock.process_time()
    read_statements(text, WEDNESDAY)
    assert clock.process_time() - started < 0.3
