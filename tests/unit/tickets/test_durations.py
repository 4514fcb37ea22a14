"""Durations as policies write them, and the moments they lead to."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.complaints import HANOI, MORNING
from tickets.durations import Duration, Unit

DURATIONS = st.builds(Duration, st.integers(0, 9999), st.sampled_from(list[Unit](["minutes", "hours", "days"])))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24 hours", Duration(24, "hours")),
        ("1 hour", Duration(1, "hours")),
        ("1 hours", Duration(1, "hours")),
        ("90 minutes", Duration(90, "minutes")),
        ("  7   days ", Duration(7, "days")),
    ],
    ids=str,
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
        "2 months",
        "2 m",
        "3 d",
        "3 giờ",
        "3 days 2 hours",
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(text: str):
    with pytest.raises(ValueError, match='right would be "90 minutes", "24 hours" or "3 days"'):
        Duration.parse(text)


@given(DURATIONS)
def test_a_duration_reads_back_from_its_words(duration: Duration):
    assert Duration.parse(str(duration)) == duration


@given(DURATIONS)
def test_the_end_is_aware_and_never_before_the_start(duration: Duration):
    end = duration.after(MORNING, HANOI)
    assert end >= MORNING
    assert end.utcoffset() is not None


@given(DURATIONS, DURATIONS)
def test_order_by_rough_seconds_is_the_order_of_the_ends(one: Duration, other: Duration):
    """In a zone without summer time."""
    assert (one.rough_seconds() <= other.rough_seconds()) == (one.after(MORNING, HANOI) <= other.after(MORNING, HANOI))


def test_days_are_counted_on_the_calendar_of_the_zone():
    paris = ZoneInfo("Europe/Paris")
    start = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)  # the clocks go forward in the night
    assert Duration(1, "days").after(start, paris) - start == timedelta(hours=23)
    assert Duration(24, "hours").after(start, paris) - start == timedelta(hours=24)
