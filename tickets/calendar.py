"""Which days a company works, and when on each: the content of `[calendar]` in a policy file.

Days off are the public holidays of the country as the `holidays` library has them, with the days off in lieu (nghỉ bù,
Labour Code 2019 Art. 111.3) and the days the government swaps (hoán đổi), whose other half is then worked. A policy
adds days off, and days worked (làm bù); what a policy names counts before what the library says.

Contradictions are refused with ValueError when the record is made.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, partial
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tickets.hours import WEEKDAYS, Hours, QuietHours, Span, Weekday

if TYPE_CHECKING:
    from holidays import HolidayBase

_NO_DAYS: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class WorkedDay:
    """A day that is worked although it is a weekend or a holiday (làm bù)."""

    day: date
    like: Weekday = "monday"  # whose hours are worked


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The working time of a company; the content of `[calendar]` in a policy file."""

    country: Literal["VN", "none"] = "VN"  # whose public holidays are days off
    hours: Hours = field(default_factory=Hours)
    days_off: tuple[date, ...] = ()  # besides the holidays
    days_worked: tuple[WorkedDay, ...] = ()
    quiet: QuietHours | None = None  # when no automatic mail goes to people outside

    def __post_init__(self) -> None:
        if len(self._like) < len(self.days_worked):
            raise ValueError("days_worked names a day twice")
        for day, like in self._like.items():
            if day in self.days_off:
                raise ValueError(f"{day} stands in days_off and in days_worked")
            if not self.hours.of(like):
                raise ValueError(f"{day} is worked like {like}, which has no working time")

    @cached_property
    def _like(self) -> dict[date, Weekday]:
        return {one.day: one.like for one in self.days_worked}

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """When that day is worked, in the order of the day; nothing on a day off."""
        if day in self._like:
            return self.hours.of(self._like[day])
        if day in self.days_off:
            return ()
        off, worked = (_NO_DAYS, _NO_DAYS) if self.country == "none" else _find_public_days(self.country, day.year)
        if day in worked:
            return self.hours.of("friday")  # a Saturday that is worked for a swapped day is a full one
        return () if day in off else self.hours.of(WEEKDAYS[day.weekday()])


@cache
def _find_public_days(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The public days off of a year, and the days of its weekends that are worked for swapped ones."""
    found = _load_country(country)(years=year, expand=False)
    return frozenset(found), frozenset(found.weekend_workdays)


@cache
def _load_country(country: str) -> Callable[..., "HolidayBase"]:
    """What the library has of one country, without its 250 others: they take 0.1 s and 7 MiB."""
    import holidays  # noqa: PLC0415  # many runs of the program count no days
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    module_name, class_name = next((module, names[0]) for module, names in COUNTRIES.items() if country in names)
    spec = PathFinder.find_spec(module_name, [str(Path(holidays.__file__).with_name("countries"))])
    if spec is None or spec.loader is None:  # a later release may keep them elsewhere
        return partial(holidays.country_holidays, country)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., HolidayBase] = getattr(module, class_name)
    return found
