"""Parts of a day and the hours of a week, as policies write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.hours import WEEKDAYS, Hours, QuietHours, Span

MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
NIGHT_AND_DAY = (Span.parse("00:00-24:00"),)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("08:00-12:00", time(8), time(12)),
        ("8:30-17:05", time(8, 30), time(17, 5)),
        (" 08:00 – 12:00 ", time(8), time(12)),
        ("18:00-24:00", time(18), time(0)),
        ("18:00-00:00", time(18), time(0)),
        ("00:00-24:00", time(0), time(0)),
    ],
    ids=str,
)
def test_a_span_is_read_from_two_times(text: str, start: time, end: time):
    assert Span.parse(text) == Span(start=start, end=end)


@pytest.mark.parametrize(
    "text", ["", "8-12", "08:00", "08:00-", "08:00-25:00", "24:00-24:00", "08:60-12:00", "08:00-24:01", "8h00-12h00"]
)
@pytest.mark.parametrize(("kind", "right"), [(Span, "08:00-12:00"), (QuietHours, "21:00-07:00")])
def test_other_texts_are_refused_with_what_would_be_right(text: str, kind: type[Span | QuietHours], right: str):
    with pytest.raises(ValueError, match=f'is no span of time; right would be "{right}"'):
        kind.parse(text)


@pytest.mark.parametrize("text", ["12:00-08:00", "08:00-08:00", "21:00-07:00"])
def test_working_time_does_not_pass_midnight(text: str):
    with pytest.raises(ValueError, match=f'{text} ends before it begins; right would be "08:00-12:00"'):
        Span.parse(text)


@pytest.mark.parametrize("text", ["21:00-07:00", "12:00-13:00", "21:00-24:00", "00:00-07:00"])
def test_quiet_hours_may_pass_midnight(text: str):
    assert str(QuietHours.parse(text)) == text


@pytest.mark.parametrize("text", ["07:00-07:00", "00:00-24:00"])
def test_quiet_hours_are_over_some_time(text: str):
    with pytest.raises(ValueError, match="would never be over"):
        QuietHours.parse(text)


@given(MINUTES, MINUTES)
def test_what_can_be_made_reads_back_from_its_words(start: time, end: time):
    for kind in (Span, QuietHours):
        try:
            one = kind(start=start, end=end)
        except ValueError:
            continue
        assert kind.parse(str(one)) == one


def test_offices_open_from_monday_to_friday_with_a_lunch_break():
    told = {weekday: " ".join(map(str, Hours().of(weekday))) for weekday in WEEKDAYS}
    assert told.pop("saturday") == told.pop("sunday") == ""
    assert set(told.values()) == {"08:00-12:00 13:00-17:00"}


@pytest.mark.parametrize(
    "texts",
    [("08:00-12:00", "11:59-17:00"), ("13:00-17:00", "08:00-12:00"), ("08:00-24:00", "09:00-10:00")],
    ids=["overlapping", "in the wrong order", "after midnight"],
)
def test_spans_of_a_day_follow_each_other(texts: tuple[str, str]):
    with pytest.raises(ValueError, match=f"sunday: {texts[1]} does not come after {texts[0]}"):
        Hours(sunday=tuple(map(Span.parse, texts)))


def test_spans_may_touch():
    spans = (Span.parse("08:00-12:00"), Span.parse("12:00-17:00"))
    assert Hours(friday=spans).of("friday") == spans


def test_a_week_without_working_time_is_refused():
    with pytest.raises(ValueError, match="no weekday has working time"):
        Hours(monday=(), tuesday=(), wednesday=(), thursday=(), friday=())


def test_night_and_day_can_be_worked():
    assert Hours(sunday=NIGHT_AND_DAY).of("sunday") == NIGHT_AND_DAY
