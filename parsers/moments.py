"""When something happened: the days and hours in a sentence, what stands side by side taken together.

"hôm qua (15/11) lúc 9h sáng" is one moment. Words that name no certain day are moments without days: they are found,
so that nobody takes them for nothing said. Pure, never raises, linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Final

from parsers.accents import has_any
from parsers.day_words import KINDS, MAY_ORDER, ORDINALS
from parsers.days import Days
from parsers.hours import TIME_OF_DAY, read_time, settle_hour
from parsers.spelling import loosen


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A stretch of text that says when."""

    start: int
    end: int
    says_day: bool  # False where only the time of day is said
    days: Days = None  # first and last of the days it can mean; None: no certain days, or contradictory ones
    hour: time | None = None


_BESIDE: Final = re.compile(loosen(r"[\s,():/-]{0,4}(?:(?:là|tức|nhằm|vào|lúc|hồi|khoảng|at|on|ngày) ){0,2}"))

_DIGIT: Final = re.compile(r"\d")


def find_moments(view: str, begin: int, stop: int, written_on: date) -> list[Moment]:
    """The moments in `view[begin:stop]`, in order."""
    sentence = view[begin:stop]
    found = [
        Moment(start=match.start(), end=match.end(), says_day=False)
        for match in (ORDINALS.finditer(view, begin, stop) if has_any(sentence, MAY_ORDER) else ())
    ]
    for needed, pattern, read_days in KINDS:
        if not has_any(sentence, needed):
            continue
        for match in pattern.finditer(view, begin, stop):
            if _is_free(match.start(), match.end(), found):
                days = read_days(match, written_on)
                found.append(Moment(start=match.start(), end=match.end(), says_day=True, days=days))
    for match in TIME_OF_DAY.finditer(view, begin, stop) if _DIGIT.search(sentence) else ():
        start, end = match.span()
        if match["part"] and not _is_free(start, end, found):
            end = match.start("part")  # "9h sáng nay": the morning is the day's
        if _is_free(start, end, found):
            found.append(Moment(start=start, end=end, says_day=False, hour=read_time(match)))
    joined = _join_neighbours(sorted(found, key=lambda one: one.start), view)
    return [_settle(one, view) for one in joined if one.says_day or one.hour]


def _is_free(start: int, end: int, found: list[Moment]) -> bool:
    return all(end <= one.start or one.end <= start for one in found)


def _join_neighbours(moments: list[Moment], view: str) -> Iterator[Moment]:
    waiting: Moment | None = None
    for one in moments:
        if waiting and _is_same(waiting, one, view):
            waiting = _join(waiting, one)
            continue
        if waiting:
            yield waiting
        waiting = one
    if waiting:
        yield waiting


def _is_same(first: Moment, second: Moment, view: str) -> bool:
    """Whether both are one: "nhận 14/11, hôm nay mở" are two, "thứ hai, 16/11" are not."""
    if not _BESIDE.fullmatch(view, first.end, second.start):
        return False
    is_apart = "," in view[first.end : second.start] or "-" in view[first.end : second.start]
    return not (is_apart and first.says_day and second.says_day and find_common_days(first.days, second.days) is None)


def _join(first: Moment, second: Moment) -> Moment:
    if first.says_day and second.says_day:
        days = find_common_days(first.days, second.days)
    else:
        days = first.days or second.days
    return replace(
        first, end=second.end, days=days, hour=first.hour or second.hour, says_day=first.says_day or second.says_day
    )


def find_common_days(one: Days, other: Days) -> Days:
    """The days both can mean; None where there are none."""
    if one is None or other is None:
        return None
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def _settle(moment: Moment, view: str) -> Moment:
    return replace(moment, hour=settle_hour(moment.hour, view[moment.start : moment.end])) if moment.hour else moment
