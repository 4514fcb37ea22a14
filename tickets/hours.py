"""Parts of a day and the hours of a week, as policies write them: "08:00-12:00", "21:00-07:00".

Whatever exists as a record makes sense: spans are not empty, follow each other without overlapping, and some weekday is
worked. Anything else is refused with ValueError that says what would be right.
"""

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Literal, Self, get_args

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
MIDNIGHT = time(0, 0)
_TIMES = re.compile(r"\s*([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})\s*")


@dataclass(frozen=True, kw_only=True)
class Span:
    """A part of a day, written "08:00-12:00"."""

    start: time
    end: time  # 00:00 is the end of the day, written "24:00"

    def __post_init__(self) -> None:
        if self.end != MIDNIGHT and self.end <= self.start:
            raise ValueError(f'{self} ends before it begins; right would be "08:00-12:00" or "18:00-24:00"')

    @classmethod
    def parse(cls, text: str) -> Self:
        start, end = _parse_times(text, "08:00-12:00")
        return cls(start=start, end=end)

    def __str__(self) -> str:
        return _tell_times(self.start, self.end)


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """A part of every day, written "21:00-07:00"; it may pass midnight."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(f'{self} would never be over; right would be "21:00-07:00"')

    @classmethod
    def parse(cls, text: str) -> Self:
        start, end = _parse_times(text, "21:00-07:00")
        return cls(start=start, end=end)

    def __str__(self) -> str:
        return _tell_times(self.start, self.end)


def _parse_times(text: str, right: str) -> tuple[time, time]:
    match = _TIMES.fullmatch(text)
    try:
        if match:
            return time(int(match[1]), int(match[2])), _parse_end(int(match[3]), int(match[4]))
    except ValueError:
        pass  # there is no such hour or minute
    raise ValueError(f'{text!r} is no span of time; right would be "{right}"')


def _parse_end(hour: int, minute: int) -> time:
    return MIDNIGHT if (hour, minute) == (24, 0) else time(hour, minute)


def _tell_times(start: time, end: time) -> str:
    return f"{start:%H:%M}-{'24:00' if end == MIDNIGHT else format(end, '%H:%M')}"


_OFFICE_HOURS = (Span(start=time(8), end=time(12)), Span(start=time(13), end=time(17)))


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The working time of each weekday, its spans in the order of the day."""

    monday: tuple[Span, ...] = _OFFICE_HOURS
    tuesday: tuple[Span, ...] = _OFFICE_HOURS
    wednesday: tuple[Span, ...] = _OFFICE_HOURS
    thursday: tuple[Span, ...] = _OFFICE_HOURS
    friday: tuple[Span, ...] = _OFFICE_HOURS
    saturday: tuple[Span, ...] = ()
    sunday: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        for weekday in WEEKDAYS:
            for one, following in pairwise(self.of(weekday)):
                if one.end == MIDNIGHT or following.start < one.end:
                    raise ValueError(f"{weekday}: {following} does not come after {one}")
        if not any(self.of(weekday) for weekday in WEEKDAYS):
            raise ValueError('no weekday has working time; right would be monday = ["08:00-12:00", "13:00-17:00"]')

    def of(self, weekday: Weekday) -> tuple[Span, ...]:
        spans: tuple[Span, ...] = getattr(self, weekday)
        return spans
