"""Slugs, times and values as people read them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from responders import paper_words
from responders.paper_names import names_of
from responders.paper_words import LABELS
from tests.complaints import DESK, LAN, POLICY
from tests.printed_cases import make_wording

VALUES: dict[str, tuple[Any, str]] = {
    "nothing": (None, "chưa có"),
    "an empty text": ("", "chưa có"),
    "yes": (True, "có"),
    "a number": (1_234_567, "1.234.567"),
    "a fraction": (0.75, "0,75"),
    "a text": ("Tuan668", "Tuan668"),
    "an instant of another zone": ("2026-11-24T17:30:00+00:00", "00:30 ngày 25/11/2026"),
    "a time without zone, as cameras write it": ("2026-11-24T17:30:00", "2026-11-24T17:30:00"),
    "a day": ("2026-11-24", "2026-11-24"),
    "a datetime": (datetime(2026, 11, 24, 2, 0, tzinfo=UTC), "09:00 ngày 24/11/2026"),
    "a list": (["a", 2], "a, 2"),
    "an empty list": ([], "không có"),
    "a record": ({"order_code": "012345", "width": 4000}, "Mã đơn hàng: 012345; width: 4.000"),
}


@pytest.mark.parametrize(("value", "words"), VALUES.values(), ids=VALUES)
def test_a_value_in_words(value: Any, words: str):
    assert make_wording().value(value) == words


SIZES = {
    0: "0 B",
    1023: "1023 B",
    1024: "1,0 KB",
    98_765: "96,5 KB",
    500_000: "488 KB",
    104_857_600: "100 MB",
    2**50: "1024 TB",
}


@pytest.mark.parametrize(("size_bytes", "words"), SIZES.items())
def test_a_size_in_words(size_bytes: int, words: str):
    assert make_wording().size(size_bytes) == words


def test_an_unknown_slug_is_shown_as_it_is_written():
    say = make_wording()
    assert [say.category("new-kind"), say.slot("x-ray"), say.clock("pay"), say.state("lost")] == [
        "new-kind",
        "x-ray",
        "pay",
        "lost",
    ]
    assert say.category(None) == "chưa có"


def test_english_numbers_and_times():
    say = make_wording("en")
    assert (say.value(1234), say.value(0.5), say.size(1536)) == ("1,234", "0.5", "1.5 KB")
    assert say.moment("2026-11-24T09:00:00+07:00") == "24 November 2026, 09:00"


def test_who_acted_is_a_person_by_name_an_address_or_the_system():
    say = make_wording()
    assert [say.actor(LAN), say.actor("la@noikhac.example"), say.actor("tiepnhan")] == [
        "Nguyễn Thị Lan",
        "la@noikhac.example",
        "Hệ thống",
    ]


TABLES = [name for name in dir(paper_words) if name.isupper()]


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_have_the_same_words(table: str):
    words = getattr(paper_words, table)
    assert list(words["vi"]) == list(words["en"])


def test_what_is_filled_into_a_label_is_the_same_in_both_languages():
    for key, vietnamese in LABELS["vi"].items():
        assert _fields(vietnamese) == _fields(LABELS["en"][key]), key


def _fields(label: str) -> set[str]:
    return {part.split("}")[0] for part in label.split("{")[1:]}


def test_names_come_from_the_policy_and_the_desk():
    names = names_of(POLICY, DESK, "vi")
    assert names.categories["wrong-item"] == "Sai hàng"
    assert names.slots["video"] == "Video mở hàng"
    assert names.departments["kho"] == "Kho"
    assert names.people[LAN] == "Lan"
    assert names_of(POLICY, DESK, "en").categories["wrong-item"] == "Wrong item"
