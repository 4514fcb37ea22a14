"""Days off and days worked, with dates."""

import subprocess
import sys
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tickets import calendar
from tickets.calendar import Calendar, WorkedDay
from tickets.hours import Hours, Span

DAY = timedelta(days=1)
HALF_SATURDAYS = Hours(saturday=(Span.parse("08:00-12:00"),))


def days_off_between(first: date, last: date, calendar: Calendar) -> list[str]:
    """The weekdays that are not worked."""
    days = [first + number * DAY for number in range((last - first).days + 1)]
    return [f"{day:%d/%m}" for day in days if day.weekday() < 5 and not calendar.spans_on(day)]


@pytest.mark.parametrize(
    ("first", "last", "off"),
    [
        (date(2025, 1, 20), date(2025, 2, 7), "27/01 28/01 29/01 30/01 31/01"),
        (date(2026, 2, 9), date(2026, 2, 27), "16/02 17/02 18/02 19/02 20/02"),
        (date(2027, 1, 25), date(2027, 2, 19), "04/02 05/02 08/02 09/02 10/02"),
        (date(2025, 4, 21), date(2025, 5, 9), "30/04 01/05 02/05"),
        (date(2025, 8, 25), date(2025, 9, 5), "01/09 02/09"),
        (date(2026, 8, 24), date(2026, 9, 4), "31/08 01/09 02/09"),
        (date(2026, 4, 20), date(2026, 5, 8), "27/04 30/04 01/05"),
        (date(2026, 11, 16), date(2026, 11, 27), "24/11"),
        (date(2025, 11, 17), date(2025, 11, 28), ""),
        (date(2026, 12, 28), date(2027, 1, 8), "01/01"),
    ],
    ids=[
        "Tết 2025",
        "Tết 2026",
        "Tết 2027 with days off in lieu",
        "Reunification Day 2025 with a swapped Friday",
        "National Day 2025",
        "National Day 2026 with a swapped Monday",
        "Hùng Kings 2026 on a Sunday",
        "Culture Day 2026",
        "no Culture Day in 2025",
        "New Year 2027",
    ],
)
def test_public_holidays_of_vietnam_are_days_off(first: date, last: date, off: str):
    assert days_off_between(first, last, Calendar()) == off.split()
    assert days_off_between(first, last, Calendar(country="none")) == []


def test_a_country_alone_has_the_days_that_it_has_among_all_countries(monkeypatch: pytest.MonkeyPatch):
    years = range(2019, 2028)
    alone = [calendar._find_public_days("VN", year) for year in years]
    elsewhere = SimpleNamespace(find_spec=lambda *_: None)  # as in a release that keeps them elsewhere
    monkeypatch.setattr(calendar, "PathFinder", elsewhere)
    calendar._load_country.cache_clear()
    try:
        assert [calendar._find_public_days.__wrapped__("VN", year) for year in years] == alone
    finally:
        calendar._load_country.cache_clear()


def test_a_country_is_loaded_without_the_others():
    program = """
import sys, datetime, tickets.calendar
tickets.calendar.Calendar().spans_on(datetime.date(2026, 9, 2))
print("holidays" in sys.modules, [name for name in sys.modules if name.startswith("holidays.countries")])
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "True []"


@pytest.mark.parametrize(
    ("saturday", "is_worked"),
    [
        (date(2026, 8, 22), True),  # for Monday, 31 August
        (date(2025, 4, 26), True),  # for Friday, 2 May
        (date(2019, 1, 5), True),  # for 31 December of the year before
        (date(2026, 8, 29), False),
    ],
    ids=str,
)
def test_the_saturday_worked_for_a_swapped_day_is_a_full_working_day(saturday: date, is_worked: bool):
    assert bool(Calendar().spans_on(saturday)) is is_worked
    assert len(Calendar(hours=HALF_SATURDAYS).spans_on(saturday)) == 1 + is_worked


def test_a_company_need_not_take_part_in_a_swap():
    monday, saturday = date(2026, 8, 31), date(2026, 8, 22)
    calendar = Calendar(days_off=(saturday,), days_worked=(WorkedDay(day=monday),))
    assert calendar.spans_on(monday) == Hours().monday
    assert calendar.spans_on(saturday) == ()


def test_days_off_and_days_worked_of_the_policy_come_first():
    holiday, sunday, tuesday = date(2026, 11, 24), date(2026, 11, 29), date(2026, 12, 1)
    worked = (WorkedDay(day=holiday, like="tuesday"), WorkedDay(day=sunday, like="saturday"))
    calendar = Calendar(hours=HALF_SATURDAYS, days_off=(tuesday,), days_worked=worked)
    assert [len(calendar.spans_on(day)) for day in (holiday, sunday, tuesday)] == [2, 1, 0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"days_off": (date(2026, 8, 31),), "days_worked": (WorkedDay(day=date(2026, 8, 31)),)},
            "2026-08-31 stands in days_off and in days_worked",
        ),
        ({"days_worked": (WorkedDay(day=date(2026, 8, 22)),) * 2}, "days_worked names a day twice"),
        (
            {"days_worked": (WorkedDay(day=date(2026, 8, 22), like="sunday"),)},
            "2026-08-22 is worked like sunday, which has no working time",
        ),
    ],
    ids=["off and worked", "twice", "like a day off"],
)
def test_a_calendar_does_not_contradict_itself(changes: dict[str, Any], said: str):
    with pytest.raises(ValueError, match=said):
        Calendar(**changes)
