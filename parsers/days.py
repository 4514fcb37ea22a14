"""Days as customers name them: "hôm qua", "15/11", "thứ hai tuần trước", "cách đây 3 ngày", "Nov 15th", "2 days ago".

A day is a range, first and last, for "tuần trước" means any of seven; None stands for words that name no certain day
("mấy hôm trước", "khoảng ngày 15", 11/15). Each reader takes a match of `day_words` and the day of writing.
Dates are day before month; a missing year is the latest that lies in the past.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from parsers.accents import fold

Days = tuple[date, date] | None
_Match = re.Match[str]

# All words are looked up folded, for each letter may have been typed with its accents or without.
_NUMBERS_TEXT: Final = "mot one a an|hai two|ba three|bon four|nam five|sau six|bay seven|tam eight|chin nine|muoi ten"
_NUMBERS: Final = {
    word: number for number, words in enumerate(_NUMBERS_TEXT.split("|"), start=1) for word in words.split()
}
_WEEKDAYS_TEXT: Final = (
    "hai 2 monday|ba 3 tuesday|tu 4 wednesday|nam 5 thursday|sau 6 friday|bay 7 saturday|nhat cn sunday"
)
_WEEKDAYS: Final = {word: number for number, words in enumerate(_WEEKDAYS_TEXT.split("|")) for word in words.split()}
_MONTHS_TEXT: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS: Final = {name: number for number, name in enumerate(_MONTHS_TEXT.split(), start=1)}
# Written on 18/11, "30/11" and "ngày 20" are days to come or slips, and not of last year or last month.
_OLDEST_DATE: Final = timedelta(days=300)
_OLDEST_DAY: Final = timedelta(days=20)


_MINUTES: Final = re.compile(r"phut|minute|mins|\d ?p\b")


def _only(day: date) -> Days:
    return day, day


def _go_back(day: date, days: int) -> Days:
    ordinal = day.toordinal() - days
    return _only(date.fromordinal(ordinal)) if ordinal >= 1 else None


def count_back(days: int) -> Callable[[_Match, date], Days]:
    return lambda _match, written_on: _go_back(written_on, days)


def read_uncertain(_match: _Match, _written_on: date) -> Days:
    return None


def _read_number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.get(fold(word), 0)


def read_days_ago(match: _Match, written_on: date) -> Days:
    number, unit = [one for one in match.groups() if one][:2]
    days = _read_number(number) * (7 if fold(unit) in ("tuan", "week") else 1)
    return _go_back(written_on, days) if days else None


def read_hours_ago(match: _Match, written_on: date) -> Days:
    """A few hours ago was today; more may reach into the night before."""
    number = next((one for one in match.groups() if one), "1")
    is_short = _MINUTES.search(fold(match.group())) is not None
    return _only(written_on) if is_short or _read_number(number) <= 5 else None


def read_last_week(match: _Match, written_on: date) -> Days:
    monday = _go_back(written_on, written_on.weekday() + 7)
    if monday is None:
        return None
    is_weekend = match.group().startswith("cu") or match.group().endswith("end")
    return monday[0] + timedelta(days=5 if is_weekend else 0), monday[0] + timedelta(days=6)


def read_last_month(_match: _Match | None, written_on: date) -> Days:
    last = _go_back(written_on, written_on.day)
    return (last[0].replace(day=1), last[0]) if last else None


def read_weekday(match: _Match, written_on: date) -> Days:
    """The latest such day. "tuần trước" chooses the week; the name of today's own weekday alone is not certain."""
    weekday = _WEEKDAYS[fold(match["number"] or match["name"].split()[-1])]
    back = (written_on.weekday() - weekday) % 7
    after = fold(match["which"] or "").split()
    if after[1:] == ["nay"]:
        return _go_back(written_on, back) if back <= written_on.weekday() else None
    if after[:1] == ["tuan"] or after[1:] == ["week"]:
        return _go_back(written_on, written_on.weekday() + 7 - weekday)
    return _go_back(written_on, back or 7) if back or after or match["past"] else None


def read_date(match: _Match, written_on: date) -> Days:
    month = match["month"]
    number = int(month) if month.isdigit() else _MONTHS[month[:3]]
    day, year = int(match["day"]), match["year"]
    if year:
        return _make_day(int(year) + (0 if len(year) == 4 else 2000), number, day, written_on)
    years = (written_on.year, written_on.year - 1)
    found = next((made for one in years if (made := _make_day(one, number, day, written_on))), None)
    return found if found and written_on - found[0] <= _OLDEST_DATE else None


def read_day_of_month(match: _Match, written_on: date) -> Days:
    """ "ngày 15": the latest fifteenth; of the month before where that is said."""
    day = int(match["day"])
    this_month = _make_day(written_on.year, written_on.month, day, written_on)
    if match["same"] or (this_month and not match["before"]):
        return this_month
    last_month = read_last_month(None, written_on)
    found = _make_day(last_month[0].year, last_month[0].month, day, written_on) if last_month else None
    return found if found and (match["before"] or written_on - found[0] <= _OLDEST_DAY) else None


def _make_day(year: int, month: int, day: int, written_on: date) -> Days:
    """The day of the calendar; None where there is none, or not yet."""
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    made = date(year, month, day)
    return _only(made) if made <= written_on else None
