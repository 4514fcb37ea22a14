from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.dates import parse_date

_MORNING = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("Mon, 28 Sep 2026 10:00:00 +0700", id="RFC 5322"),
        pytest.param("28 Sep 2026 10:00 +0700 (ICT)", id="no day, no seconds, a comment"),
        pytest.param("Mon, 28 Sep 26 03:00:00 GMT", id="two digits of the year, obsolete zone"),
        pytest.param("Sun, 27 Sep 2026 23:00:00 EDT", id="American zone"),
        pytest.param("Mon, 28 Sep 2026 03:00:00", id="no zone"),
        pytest.param("Mon, 28 Sep 2026 03:00:00 -0000", id="unknown zone"),
        pytest.param("Mon, 28 Sep 2026 03:00:00 XYZ", id="invented zone"),
        pytest.param("Mon, 28 Sep 2026 10.00.00 GMT+7", id="points, and an offset of one digit"),
        pytest.param("Mon, 28-Sep-2026 10:00:00 +07:00", id="hyphens, and a colon in the offset"),
        pytest.param("Monday, 28 September 2026 10:00:00 +0700", id="names in full"),
        pytest.param("Mon Sep 28 03:00:00 2026", id="asctime"),
        pytest.param("Mon Sep 28 10:00:00 +0700 2026", id="asctime with a zone"),
        pytest.param("Monday, September 28, 2026 3:00 AM", id="Outlook of old"),
        pytest.param("Sep 28, 2026 at 10:00:00 a.m. GMT+7", id="Apple Mail in a header of a script"),
        pytest.param("2026-09-28T10:00:00.123+07:00", id="ISO 8601"),
        pytest.param("2026-09-28 03:00:00", id="ISO 8601 with a blank"),
    ],
)
def test_forms_that_occur_mean_the_same_instant(value):
    assert parse_date(value) == _MORNING


@pytest.mark.parametrize(("time", "hour"), [("12:30 AM", 0), ("5:30 AM", 5), ("12:30 PM", 12), ("5:30 pm", 17)])
def test_half_of_the_day_counts(time, hour):
    assert parse_date(f"Monday, September 28, 2026 {time}") == datetime(2026, 9, 28, hour, 30, tzinfo=UTC)


def test_offset_is_kept():
    morning = parse_date("Mon, 28 Sep 2026 10:00:00 +0700")
    assert morning is not None
    assert morning.utcoffset() == timedelta(hours=7)
    assert parse_date("Thu, 13 Feb 1969 23:32 -0330") == datetime(
        1969, 2, 13, 23, 32, tzinfo=timezone(-timedelta(hours=3, minutes=30))
    )


@pytest.mark.parametrize("value", ["", "hôm qua", "31 Feb 2026 10:00:00 +0700", "28 Xyz 2026 10:00", "99 Sep 2026"])
def test_what_cannot_be_read_is_none(value):
    assert parse_date(value) is None


@given(st.text(alphabet="0123456789:-+., SepMonGT", max_size=60))
def test_any_value_gives_an_aware_instant_or_none(value):
    instant = parse_date(value)
    assert instant is None or instant.utcoffset() is not None
