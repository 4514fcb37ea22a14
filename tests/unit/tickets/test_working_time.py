"""Which moment lies some time after or before another: examples with dates, and the laws in any calendar and zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tickets.calendar import Calendar
from tickets.durations import Duration, Unit
from tickets.hours import WEEKDAYS, Hours, QuietHours, Span
from tickets.working_time import WorkingTime

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PARIS = ZoneInfo("Europe/Paris")
NIGHT_AND_DAY = Hours(**dict.fromkeys(WEEKDAYS, (Span.parse("00:00-24:00"),)))
UNITS = list[Unit](["minutes", "hours", "working hours", "days", "working days", "months"])
HOUR, DAY, INSTANT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)


def office(zone: ZoneInfo = HANOI, **changes) -> WorkingTime:
    return WorkingTime(calendar=Calendar(**changes), zone=zone)


def at(text: str, zone: ZoneInfo = HANOI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# ---- examples with dates


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-06-01 10:00", "90 minutes", "2026-06-01 11:30"),
        ("2026-06-01 18:00", "24 hours", "2026-06-02 18:00"),
        ("2026-06-01 18:00", "3 days", "2026-06-04 18:00"),
        ("2026-01-31 18:00", "1 month", "2026-02-28 18:00"),
        ("2028-01-31 18:00", "1 month", "2028-02-29 18:00"),
        ("2026-01-31 18:00", "2 months", "2026-03-31 18:00"),
        ("2026-11-30 18:00", "3 months", "2027-02-28 18:00"),
        ("2026-06-01 11:00", "2 working hours", "2026-06-01 14:00"),
        ("2026-06-01 08:00", "4 working hours", "2026-06-01 12:00"),
        ("2026-06-01 12:30", "1 working hour", "2026-06-01 14:00"),
        ("2026-06-05 16:00", "2 working hours", "2026-06-08 09:00"),
        ("2026-06-06 11:00", "48 working hours", "2026-06-15 17:00"),
        ("2026-02-13 16:00", "2 working hours", "2026-02-23 09:00"),
        ("2026-06-01 09:00", "1 working day", "2026-06-02 17:00"),
        ("2026-06-01 23:59", "1 working day", "2026-06-02 17:00"),
        ("2026-06-05 09:00", "1 working day", "2026-06-08 17:00"),
        ("2026-06-07 09:00", "5 working days", "2026-06-12 17:00"),
        ("2026-06-01 09:00", "20 working days", "2026-06-29 17:00"),
        ("2026-02-13 09:00", "5 working days", "2026-02-27 17:00"),
        ("2026-08-21 09:00", "1 working day", "2026-08-22 17:00"),
        ("2026-08-28 09:00", "1 working day", "2026-09-03 17:00"),
        ("2026-11-23 09:00", "1 working day", "2026-11-25 17:00"),
        ("2026-12-31 09:00", "1 working day", "2027-01-04 17:00"),
        ("2026-12-31 16:30", "1 working hour", "2027-01-04 08:30"),
        ("2026-06-01 07:00", "0 working hours", "2026-06-01 08:00"),
        ("2026-06-01 12:00", "0 working hours", "2026-06-01 12:00"),
        ("2026-06-01 09:00", "0 working days", "2026-06-01 09:00"),
        ("2026-06-06 09:00", "0 working days", "2026-06-08 08:00"),
    ],
)
def test_a_duration_ends_when_people_expect_it(start: str, duration: str, end: str):
    assert office().add(at(start), Duration.parse(duration)) == at(end)


@pytest.mark.parametrize(
    ("end", "duration", "start"),
    [
        ("2026-06-01 11:30", "90 minutes", "2026-06-01 10:00"),
        ("2026-06-02 18:00", "24 hours", "2026-06-01 18:00"),
        ("2026-06-04 18:00", "3 days", "2026-06-01 18:00"),
        ("2026-03-31 18:00", "1 month", "2026-02-28 18:00"),
        ("2027-01-15 18:00", "2 months", "2026-11-15 18:00"),
        ("2026-06-05 17:00", "4 working hours", "2026-06-05 13:00"),
        ("2026-06-05 17:00", "8 working hours", "2026-06-05 08:00"),
        ("2026-06-05 14:00", "2 working hours", "2026-06-05 11:00"),
        ("2026-06-08 09:00", "2 working hours", "2026-06-05 16:00"),
        ("2026-06-07 12:00", "1 working hour", "2026-06-05 16:00"),
        ("2026-02-23 09:00", "2 working hours", "2026-02-13 16:00"),
        ("2026-06-05 17:00", "2 working days", "2026-06-03 08:00"),
        ("2026-06-05 09:00", "2 working days", "2026-06-03 08:00"),
        ("2026-06-06 00:00", "2 working days", "2026-06-03 08:00"),
        ("2026-06-08 17:00", "1 working day", "2026-06-05 08:00"),
        ("2026-02-27 17:00", "5 working days", "2026-02-13 08:00"),
        ("2026-06-05 17:00", "0 working days", "2026-06-05 17:00"),
        ("2026-06-07 12:00", "0 working hours", "2026-06-05 17:00"),
        ("2026-06-01 08:00", "0 working hours", "2026-06-01 08:00"),
    ],
)
def test_a_duration_before_a_deadline_begins_when_people_expect_it(end: str, duration: str, start: str):
    assert office().subtract(at(end), Duration.parse(duration)) == at(start)


def test_days_are_those_of_the_zone_and_not_of_the_sender():
    late_in_london = datetime(2026, 6, 1, 20, 0, tzinfo=UTC)  # 2 June, 3:00 in Hà Nội
    assert office().add(late_in_london, Duration(1, "working days")) == at("2026-06-03 17:00")
    assert office().add(late_in_london, Duration(1, "months")) == at("2026-07-02 03:00")


def test_thousands_of_working_days_are_counted():
    assert office().add(at("2026-06-01 09:00"), Duration(9999, "working days")).year == 2066


@pytest.mark.parametrize(
    ("start", "duration", "hours"),
    [
        ("2026-03-28 12:00", "1 day", 23),
        ("2026-03-28 12:00", "24 hours", 24),
        ("2026-10-24 12:00", "1 day", 25),
        ("2026-03-29 00:00", "8 working hours", 8),
        ("2026-03-28 12:00", "1 working day", 35),
        ("2026-10-24 12:00", "1 working day", 37),
    ],
)
def test_where_clocks_change_days_are_shorter_or_longer_and_hours_are_not(start: str, duration: str, hours: int):
    time = office(PARIS, country="none", hours=NIGHT_AND_DAY)
    end = time.add(at(start, PARIS), Duration.parse(duration))
    assert end.astimezone(UTC) - at(start, PARIS).astimezone(UTC) == hours * HOUR


def test_the_hour_that_clocks_skip_is_not_worked_and_none_is_worked_twice():
    night = ("01:00-02:30", "02:45-03:00", "03:00-03:45", "04:00-05:00")
    time = office(PARIS, country="none", hours=Hours(sunday=tuple(map(Span.parse, night))))
    spans = time.spans_on(date(2026, 3, 29))
    told = [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans]
    assert told == ["01:00-03:30", "03:30-03:45", "04:00-05:00"]


# ---- open and closed, quiet and not


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-06-01 08:00", "2026-06-01 08:00"),
        ("2026-06-01 11:59", "2026-06-01 11:59"),
        ("2026-06-01 12:00", "2026-06-01 13:00"),
        ("2026-06-05 17:00", "2026-06-08 08:00"),
        ("2026-02-14 10:00", "2026-02-23 08:00"),
        ("2026-12-31 20:00", "2027-01-04 08:00"),
    ],
)
def test_the_next_opening_is_told(moment: str, opening: str):
    assert office().next_opening(at(moment)) == at(opening)
    assert office().is_open(at(moment)) is (moment == opening)


def test_work_that_ends_at_midnight_goes_on_until_then():
    shifts = office(country="none", hours=Hours(monday=(Span.parse("18:00-24:00"),)))
    assert shifts.is_open(at("2026-06-01 23:59"))
    assert not shifts.is_open(at("2026-06-02 00:00"))
    assert shifts.spans_on(date(2026, 6, 1)) == [(at("2026-06-01 18:00"), at("2026-06-02 00:00"))]
    assert shifts.add(at("2026-06-02 00:00"), Duration(0, "working hours")) == at("2026-06-02 00:00")


@pytest.mark.parametrize(
    ("quiet", "moment", "after"),
    [
        ("21:00-07:00", "2026-06-01 20:59", "2026-06-01 20:59"),
        ("21:00-07:00", "2026-06-01 21:00", "2026-06-02 07:00"),
        ("21:00-07:00", "2026-06-02 06:59", "2026-06-02 07:00"),
        ("21:00-07:00", "2026-06-02 07:00", "2026-06-02 07:00"),
        ("12:00-13:30", "2026-06-01 12:00", "2026-06-01 13:30"),
        ("12:00-13:30", "2026-06-01 00:00", "2026-06-01 00:00"),
        ("21:00-24:00", "2026-06-01 23:00", "2026-06-02 00:00"),
        ("00:00-07:00", "2026-06-01 00:00", "2026-06-01 07:00"),
    ],
)
def test_quiet_hours_end_in_the_morning(quiet: str, moment: str, after: str):
    time = office(quiet=QuietHours.parse(quiet))
    assert time.after_quiet(at(moment)) == at(after)
    assert time.is_quiet(at(moment)) is (moment != after)


def test_without_quiet_hours_it_is_never_quiet():
    assert not office().is_quiet(at("2026-06-01 03:00"))


def test_working_time_counts_what_lies_between():
    assert office().working_time(at("2026-06-05 16:00"), at("2026-06-08 14:00")) == 6 * HOUR
    assert office().working_time(at("2026-06-06 09:00"), at("2026-06-07 09:00")) == timedelta(0)
    assert office().working_time(at("2026-06-01 11:00"), at("2026-06-01 09:00")) == timedelta(0)


# ---- what is refused

NAIVE = datetime(2026, 6, 1, 9, 0)  # noqa: DTZ001 - this is what is refused


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("count", [WorkingTime.add, WorkingTime.subtract], ids=["add", "subtract"])
def test_a_moment_without_offset_is_refused(count: Callable[..., datetime], unit: Unit):
    for number in (0, 1):
        with pytest.raises(ValueError, match="has no offset"):
            count(office(), NAIVE, Duration(number, unit))


def test_no_question_is_answered_for_a_moment_without_offset():
    time = office()
    for ask in (time.is_open, time.is_quiet, time.after_quiet, time.next_opening):
        with pytest.raises(ValueError, match="has no offset"):
            ask(NAIVE)


def test_negative_working_time_is_refused():
    with pytest.raises(ValueError, match="cannot be negative"):
        office().add_working_time(at("2026-06-01 09:00"), -HOUR)


def test_a_year_of_days_off_is_told_and_not_searched_for_ever():
    sabbatical = tuple(date(2027, 1, 1) + number * DAY for number in range(800))
    time = office(days_off=sabbatical)
    with pytest.raises(ValueError, match="no working time between 2026-12-31 and 2028-01-02"):
        time.add(at("2026-12-30 09:00"), Duration(3, "working days"))
    with pytest.raises(ValueError, match="no working time"):
        time.next_opening(at("2027-01-01 09:00"))
    with pytest.raises(ValueError, match="no working time between 2028-02-27 and 2029-02-28"):
        time.subtract(at("2029-03-01 09:00"), Duration(1, "working days"))


# ---- laws, in any calendar and zone


def law(*given_are: st.SearchStrategy) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Without a limit of time: the first example loads the holidays, and machines are busy."""
    return lambda test: settings(deadline=None)(given(*given_are)(test))


@st.composite
def spans_of_a_day(draw) -> tuple[Span, ...]:
    """Up to three spans, some touching, some until midnight."""
    numbers = st.integers(0, 95)  # quarters of an hour
    bounds = sorted(draw(st.lists(numbers, min_size=2, max_size=6, unique=True)))
    if len(bounds) % 2:
        bounds.append(96)
    words = [f"{bound // 4:02}:{bound % 4 * 15:02}" for bound in bounds]
    return tuple(Span.parse(f"{one}-{other}") for one, other in zip(words[::2], words[1::2], strict=True))


@st.composite
def calendars(draw) -> Calendar:
    """Ordinary weeks as often as odd ones; with and without the holidays of Vietnam."""
    odd = draw(st.fixed_dictionaries({}, optional={weekday: st.just(()) | spans_of_a_day() for weekday in WEEKDAYS}))
    try:
        hours = Hours(**odd)
    except ValueError:  # nobody works at all
        assume(False)
    quiet = draw(st.none() | st.tuples(st.times(), st.times()).filter(lambda two: two[0] != two[1]))
    off = draw(st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    return Calendar(
        country=draw(st.sampled_from(["VN", "none"])),
        hours=hours,
        days_off=tuple(off),
        quiet=quiet and QuietHours(start=quiet[0], end=quiet[1]),
    )


def zones(*names: str) -> st.SearchStrategy[ZoneInfo]:
    return st.sampled_from([ZoneInfo(name) for name in names])


ZONES = zones("Asia/Ho_Chi_Minh", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
TIMES = st.builds(WorkingTime, calendar=calendars(), zone=ZONES)
IN_VIETNAM = st.builds(WorkingTime, calendar=calendars(), zone=st.just(HANOI))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
WORKING_UNITS = st.sampled_from([unit for unit in UNITS if unit.startswith("working")])
ELAPSED_OR_WORKING = st.sampled_from([unit for unit in UNITS if unit not in {"days", "months"}])
LENGTHS = st.timedeltas(timedelta(0), timedelta(hours=200))
COUNTS = st.integers(0, 60)


def in_utc(moment: datetime) -> datetime:
    """Moments of one zone are compared by Python as the clocks on the wall show them."""
    return moment.astimezone(UTC)


@law(TIMES, MOMENTS, COUNTS, COUNTS, st.sampled_from(UNITS))
def test_more_ends_later_and_begins_earlier(time: WorkingTime, moment: datetime, one: int, other: int, unit: Unit):
    durations = [Duration(count, unit) for count in sorted((0, one, other))]
    ends = [in_utc(time.add(moment, duration)) for duration in durations]
    starts = [in_utc(time.subtract(moment, duration)) for duration in durations]
    assert [moment, *ends] == sorted([moment, *ends])
    assert [moment, *starts] == sorted([moment, *starts], reverse=True)


@law(TIMES, MOMENTS, MOMENTS, COUNTS, ELAPSED_OR_WORKING)
def test_what_starts_later_ends_later(time: WorkingTime, one: datetime, other: datetime, count: int, unit: Unit):
    less, more = sorted((one, other))
    assert in_utc(time.add(less, Duration(count, unit))) <= in_utc(time.add(more, Duration(count, unit)))
    assert in_utc(time.subtract(less, Duration(count, unit))) <= in_utc(time.subtract(more, Duration(count, unit)))


@law(MOMENTS, MOMENTS, COUNTS)
def test_days_keep_the_order_of_their_starts(one: datetime, other: datetime, count: int):
    ends = [office().add(start, Duration(count, "days")) for start in sorted((one, other))]
    assert ends[0] <= ends[1]


@law(MOMENTS, MOMENTS, COUNTS)
def test_months_keep_the_order_of_the_days(one: datetime, other: datetime, count: int):
    """Not of the moments: of 30 January, 10:00, and 31 January, 9:00, both end on the last day of February."""
    ends = [office().add(start, Duration(count, "months")).date() for start in sorted((one, other))]
    assert ends[0] <= ends[1]


@law(TIMES, MOMENTS, COUNTS, WORKING_UNITS)
def test_working_units_lead_to_working_time(time: WorkingTime, moment: datetime, count: int, unit: Unit):
    for end in (time.add(moment, Duration(count, unit)), time.subtract(moment, Duration(count, unit))):
        assert time.is_open(end) or time.is_open(in_utc(end) - INSTANT)


@law(TIMES, MOMENTS, st.integers(1, 60))
def test_working_days_are_as_many_as_were_asked_for(time: WorkingTime, start: datetime, count: int):
    end = time.add(start, Duration(count, "working days")) - INSTANT
    first = start.astimezone(time.zone).date() + DAY
    days = [first + number * DAY for number in range((end.date() - first).days + 1)]
    assert sum(map(time.is_working_day, days)) == count
    assert in_utc(end) + INSTANT == in_utc(time.spans_on(end.date())[-1][1])


@law(TIMES, MOMENTS, COUNTS, COUNTS)
def test_splits_of_working_hours_add_up(time: WorkingTime, start: datetime, one: int, other: int):
    at_once = time.add(start, Duration(one + other, "working hours"))
    assert time.add(time.add(start, Duration(one, "working hours")), Duration(other, "working hours")) == at_once


@law(TIMES, MOMENTS, LENGTHS)
def test_working_time_measures_what_was_added(time: WorkingTime, start: datetime, length: timedelta):
    assert time.working_time(start, time.add_working_time(start, length)) == length


@law(TIMES, MOMENTS, LENGTHS)
def test_what_was_added_can_be_subtracted(time: WorkingTime, moment: datetime, length: timedelta):
    hours = Duration(length // HOUR, "working hours")
    assert time.working_time(time.subtract(moment, hours), moment) == hours.count * HOUR
    assert time.subtract(time.add(moment, hours), hours) >= moment or hours.count == 0


@law(TIMES, MOMENTS, st.integers(1, 60))
def test_so_many_working_days_begin_before_a_deadline(time: WorkingTime, end: datetime, count: int):
    start = time.subtract(end, Duration(count, "working days"))
    last = (end - INSTANT).astimezone(time.zone).date()
    days = [start.date() + number * DAY for number in range((last - start.date()).days)]
    assert sum(map(time.is_working_day, days)) == count
    assert in_utc(start) == in_utc(time.spans_on(start.date())[0][0])


@law(TIMES, MOMENTS, MOMENTS, MOMENTS)
def test_working_times_add_up(time: WorkingTime, one: datetime, other: datetime, third: datetime):
    first, second, last = sorted((one, other, third))
    parts = time.working_time(first, second) + time.working_time(second, last)
    assert time.working_time(first, last) == parts <= last - first


@law(TIMES, MOMENTS)
def test_the_next_opening_is_open_and_nothing_is_worked_before(time: WorkingTime, moment: datetime):
    opening = time.next_opening(moment)
    assert time.is_open(opening)
    assert time.working_time(moment, opening) == timedelta(0)
    assert (in_utc(opening) == moment) is time.is_open(moment)


@law(IN_VIETNAM, MOMENTS)
def test_after_quiet_it_is_not_quiet(time: WorkingTime, moment: datetime):
    after = time.after_quiet(moment)
    assert not time.is_quiet(after)
    assert (after == moment) is not time.is_quiet(moment)
    assert moment <= after < moment + DAY


@law(ZONES, MOMENTS)
def test_quiet_hours_end_in_the_morning_in_all_zones(zone: ZoneInfo, moment: datetime):
    night = office(zone, quiet=QuietHours.parse("21:00-07:00"))
    after = night.after_quiet(moment)
    assert not night.is_quiet(after)
    assert after in (moment, after.replace(hour=7, minute=0, second=0, microsecond=0))


@law(TIMES, MOMENTS, COUNTS, ELAPSED_OR_WORKING)
def test_what_is_told_is_told_in_the_zone(time: WorkingTime, start: datetime, count: int, unit: Unit):
    duration = Duration(count, unit)
    told = [
        time.add(start, duration),
        time.subtract(start, duration),
        time.next_opening(start),
        time.after_quiet(start),
    ]
    assert {one.tzinfo for one in told} == {time.zone}
