"""What staff write down of a talk is read like a mail."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.spoken import SpokenWords, read_day, read_spoken
from parsers.vocabulary import CategoryWords, Vocabulary

TODAY = date(2026, 11, 22)
VOCABULARY = Vocabulary(
    brands=("Hakago",),
    ticket_prefix="HKG",
    customer_code=r"[^\W\d_]{2,24}[0-9]{1,8}",
    order_code=r"[0-9]{4,12}",
    categories=(CategoryWords(slug="wrong-item", words=("sai màu",)), CategoryWords(slug="other", words=())),
)
CALL = "Chị Mai gọi, mã khách hàng Tuan668, đơn 012345: áo sai màu, thiếu 2 cúc áo. Nhận hàng hôm qua. SĐT 0912345678"


def test_codes_kind_parts_day_and_phone_are_found_in_the_words():
    said, subject = read_spoken(SpokenWords(text=CALL), VOCABULARY, TODAY)
    assert (subject.customer_code, subject.order_code, subject.category) == ("Tuan668", "012345", "wrong-item")
    assert said.statements.missing_parts == ("2 cúc áo",)
    assert said.statements.delivered is not None
    assert said.statements.delivered.on == date(2026, 11, 21)
    assert said.statements.phones == ("+84912345678",)
    assert said.reply_text == CALL


def test_what_was_asked_for_counts_before_what_is_found():
    words = SpokenWords(text=CALL, customer_code="Mai1", order_code="99999", category="other")
    _, subject = read_spoken(words, VOCABULARY, TODAY)
    assert (subject.customer_code, subject.order_code, subject.category) == ("Mai1", "99999", "other")


def test_without_a_subject_the_first_words_stand_for_it_and_count_once():
    _, subject = read_spoken(SpokenWords(text="Áo sai màu " * 20 + "\nDòng hai"), VOCABULARY, TODAY)
    assert subject.base.startswith("Áo sai màu")
    assert subject.base.endswith("…")
    assert len(subject.base) <= 81
    assert subject.issue is None


def test_a_subject_that_was_written_is_kept():
    _, subject = read_spoken(SpokenWords(text=CALL, subject="Sai màu áo"), VOCABULARY, TODAY)
    assert (subject.base, subject.issue) == ("Sai màu áo", "Sai màu áo")


@pytest.mark.parametrize(
    ("words", "on", "at"),
    [
        pytest.param("hôm qua", date(2026, 11, 21), None, id="yesterday"),
        pytest.param("20/11 lúc 15h", date(2026, 11, 20), time(15), id="day and hour"),
        pytest.param("2026-11-20 15:30", date(2026, 11, 20), time(15, 30), id="ISO 8601"),
        pytest.param("20/11/2026", date(2026, 11, 20), None, id="with the year"),
    ],
)
def test_a_day_is_read_as_people_say_it(words, on, at):
    found = read_day(words, TODAY)
    assert found is not None
    assert (found.on, found.at) == (on, at)


def test_words_that_name_no_day_give_none():
    assert read_day("không nhớ", TODAY) is None


@given(st.text(), st.text(max_size=100))
def test_reading_never_raises(text, subject):
    said, found = read_spoken(SpokenWords(text=text, subject=subject), VOCABULARY, TODAY)
    assert "\0" not in said.text
    assert len(found.base) <= max(len(subject), 81)
