"""Durations as policies write them."""

from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.calendar import Calendar
from tickets.durations import Duration, Unit
from tickets.working_time import WorkingTime

DURATIONS = st.builds(Duration, st.integers(0, 9999), st.sampled_from(get_args(Unit)))
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24 hours", Duration(24, "hours")),
        ("1 hour", Duration(1, "hours")),
        ("1 hours", Duration(1, "hours")),
        ("90 minutes", Duration(90, "minutes")),
        ("  7   days ", Duration(7, "days")),
        ("48 working hours", Duration(48, "working hours")),
        ("1 working hour", Duration(1, "working hours")),
        ("20 working\tdays", Duration(20, "working days")),
        ("1 working day", Duration(1, "working days")),
        ("2 months", Duration(2, "months")),
        ("1 month", Duration(1, "months")),
        ("0 days", Duration(0, "days")),
    ],
    ids=lambda one: str(one).strip(),
)
def test_singular_plural_and_blanks_do_not_matter(text: str, expected: Duration):
    assert Duration.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "days",
        "3",
        "3days",
        "-1 days",
        "1.5 hours",
        "12345 days",
        "٣ days",
        "2 m",
        "3 d",
        "3 giờ",
        "3 working",
        "3 workingdays",
        "3 working minutes",
        "3 working months",
        "3 working working days",
        "3 dayss",
        "3 days 2 hours",
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(text: str):
    right = 'right would be "90 minutes", "24 hours", "48 working hours", "3 days", "20 working days" or "2 months"'
    with pytest.raises(ValueError, match=right):
        Duration.parse(text)


def test_a_negative_duration_cannot_be_made():
    with pytest.raises(ValueError, match="-1 working days is negative"):
        Duration(-1, "working days")


@given(DURATIONS)
def test_a_duration_reads_back_from_its_words(duration: Duration):
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    "texts",
    [
        ("59 minutes", "1 hours", "61 minutes"),
        ("23 hours", "1 days", "25 hours"),
        ("5 working days", "8 days", "20 working days", "1 months"),
        ("8 working hours", "2 working days", "3 days", "48 working hours", "9 days"),
        ("7 working days", "2 months"),
    ],
    ids=" < ".join,
)
def test_durations_of_all_units_are_put_in_the_order_of_their_ends(texts: tuple[str, ...]):
    durations = [Duration.parse(text) for text in texts]
    rough = [duration.rough_seconds() for duration in durations]
    assert rough == sorted(rough)
    time = WorkingTime(calendar=Calendar(), zone=HANOI)
    ends = [time.add(datetime(2026, 6, 1, 8, 0, tzinfo=HANOI), duration) for duration in durations]
    assert ends == sorted(ends)
