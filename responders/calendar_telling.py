"""The calendar of a policy in sentences: hours of the week, the days off that are coming, and how time is counted."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from responders.policy_wording import Line, PolicyWording, capitalise
from responders.policy_words import DAYS
from responders.policy_words import WEEKDAYS as NAMES
from tickets.calendar import Calendar
from tickets.hours import WEEKDAYS, Span

AHEAD = timedelta(days=365)
_DAY = timedelta(days=1)


def tell_calendar(say: PolicyWording, today: date) -> Iterator[Line]:
    """Hours, days off from `today` on, quiet hours, counting."""
    calendar = say.policy.calendar
    yield from _hours(calendar, say)
    yield say.line("no_holidays" if calendar.country == "none" else "holidays")
    off = [_days(first, last, say) for first, last in find_days_off(calendar, today)]
    yield say.line("days_off", days=", ".join(off)) if off else say.line("no_days_off")
    worked = [_days(day, day, say) for day in find_days_worked(calendar, today)]
    if worked:
        yield say.line("days_worked", days=", ".join(worked))
    if calendar.quiet:
        quiet = calendar.quiet
        yield say.line("quiet", start=f"{quiet.start:%H:%M}", end=f"{quiet.end:%H:%M}")
    yield say.line("counting")
    yield say.line("zone", zone=say.policy.zone)


def find_days_off(calendar: Calendar, today: date) -> list[tuple[date, date]]:
    """Runs of days off: first and last of the days that their weekday makes working days, with weekends in between."""
    runs: list[tuple[date, date]] = []
    for day in _ahead(today):
        if calendar.spans_on(day) or not _usual(calendar, day):
            continue
        is_next = bool(runs) and all(not calendar.spans_on(one) for one in _between(runs[-1][1], day))
        runs[-1:] = [(runs[-1][0], day)] if is_next else [*runs[-1:], (day, day)]
    return runs


def find_days_worked(calendar: Calendar, today: date) -> list[date]:
    """Days that are worked otherwise than their weekday."""
    return [day for day in _ahead(today) if calendar.spans_on(day) not in {(), _usual(calendar, day)}]


def _ahead(today: date) -> Iterator[date]:
    return (today + timedelta(days=number) for number in range(AHEAD.days))


def _between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(1, (last - first).days))


def _usual(calendar: Calendar, day: date) -> tuple[Span, ...]:
    return calendar.hours.of(WEEKDAYS[day.weekday()])


def _hours(calendar: Calendar, say: PolicyWording) -> Iterator[Line]:
    """Weekdays with the same hours are told together."""
    for spans, days in groupby(range(len(WEEKDAYS)), key=lambda number: calendar.hours.of(WEEKDAYS[number])):
        yield say.line("hours", days=capitalise(_weekdays(list(days), say)), hours=_spans(spans, say))


def _weekdays(numbers: list[int], say: PolicyWording) -> str:
    names = NAMES[say.language]
    first, last = names[numbers[0]], names[numbers[-1]]
    return first if len(numbers) == 1 else f"{first} – {last}"


def _spans(spans: Iterable[Span], say: PolicyWording) -> str:
    told = [str(span).replace("-", "–") for span in spans]
    return say.listed(told) if told else say.say("closed")


def _days(first: date, last: date, say: PolicyWording) -> str:
    shown, name = DAYS[say.language], NAMES[say.language][first.weekday()]
    if first == last:
        return f"{first.strftime(shown)} ({name})"
    return f"{first.strftime(shown)} – {last.strftime(shown)}"
