"""Which moment lies some time after or before another, where only working time counts, and what is open or quiet when.

Everything is counted in UTC and told in the zone of the policy, so elapsed time is right where clocks are put forward
or back. Naive moments and negative lengths are refused with ValueError; so is a calendar whose days off leave no
working time for a year, when somebody counts in it. Terms are counted as the Civil Code 2015 does (Art. 147, 148).
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import chain, count, islice
from zoneinfo import ZoneInfo

from tickets.calendar import Calendar
from tickets.durations import Duration
from tickets.hours import MIDNIGHT

Moments = tuple[datetime, datetime]  # at which a span begins and ends

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_INSTANT = timedelta(microseconds=1)
_LONGEST_REST = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class WorkingTime:
    """A calendar in a zone. Takes aware moments and returns moments in the zone.

    It costs nothing to make one: holidays are looked up once for each year that is needed, days once for each of them.
    """

    calendar: Calendar
    zone: ZoneInfo

    def add(self, start: datetime, duration: Duration) -> datetime:
        """The moment that lies `duration` after `start`.

        Minutes and hours are elapsed time. Days and months end at the same time of day; months on the same day of the
        month, or on its last one (Civil Code 2015 Art. 148.3). Working hours pass in working time only. Working days
        are counted from the day after `start` (Art. 147.2) and end with the working time of the last one, not at its
        midnight (Art. 148.1), when nobody works. Zero working hours or days end at once, or with the next opening.
        """
        match duration.unit:
            case "minutes":
                return self._tell(_utc(start) + timedelta(minutes=duration.count))
            case "hours":
                return self._tell(_utc(start) + timedelta(hours=duration.count))
            case "working hours":
                return self.add_working_time(start, timedelta(hours=duration.count))
            case "days":
                return self._on_day(self._day_of(start) + duration.count * _DAY, start)
            case "working days":
                return self._add_working_days(start, duration.count)
            case "months":
                return self._on_day(_add_months(self._day_of(start), duration.count), start)

    def subtract(self, end: datetime, duration: Duration) -> datetime:
        """The moment that lies `duration` before `end`; working days lead to the opening of the last one.

        So what is to happen two working days before a deadline on Friday evening happens on Wednesday morning. A
        deadline at midnight belongs to the day that ends.
        """
        match duration.unit:
            case "minutes":
                return self._tell(_utc(end) - timedelta(minutes=duration.count))
            case "hours":
                return self._tell(_utc(end) - timedelta(hours=duration.count))
            case "working hours":
                return self._subtract_working_time(end, timedelta(hours=duration.count))
            case "days":
                return self._on_day(self._day_of(end) - duration.count * _DAY, end)
            case "working days":
                return self._subtract_working_days(end, duration.count)
            case "months":
                return self._on_day(_add_months(self._day_of(end), -duration.count), end)

    def add_working_time(self, start: datetime, length: timedelta) -> datetime:
        """The earliest moment at which `length` has been worked, which can be the one when work ends."""
        if length < _NOTHING:
            raise ValueError(f"working time cannot be negative: {length}")
        at = _utc(start)
        spans = self._spans_from(at)
        opens, closes = next(spans)
        at = max(at, opens)
        while length > closes - at:
            length -= closes - at
            at, closes = next(spans)
        return self._tell(at + length)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How long is worked between two moments; nothing where the end lies before the start."""
        first, last = _utc(start), _utc(end)
        worked = _NOTHING
        spans = self._spans_from(first)
        while (span := next(spans))[0] < last:
            worked += max(min(span[1], last) - max(span[0], first), _NOTHING)
        return worked

    def is_working_day(self, day: date) -> bool:
        return bool(self._spans_on(day))

    def spans_on(self, day: date) -> list[Moments]:
        """When work begins and ends on that day, in the order of the day."""
        return [(self._tell(opens), self._tell(closes)) for opens, closes in self._spans_on(day)]

    def is_open(self, at: datetime) -> bool:
        """Whether work goes on; not any more at the moment when it ends."""
        now = _utc(at)
        return any(opens <= now < closes for opens, closes in self._spans_on(self._day_of(now)))

    def next_opening(self, at: datetime) -> datetime:
        """When work goes on: `at` itself while it does."""
        now = _utc(at)
        return self._tell(next(max(now, opens) for opens, closes in self._spans_from(now) if closes > now))

    def is_quiet(self, at: datetime) -> bool:
        """Whether no automatic mail may go to people outside."""
        return self._quiet_until(_utc(at)) is not None

    def after_quiet(self, at: datetime) -> datetime:
        """When automatic mail may go: `at` itself where it is not quiet."""
        now = _utc(at)
        return self._tell(self._quiet_until(now) or now)

    def _add_working_days(self, start: datetime, number: int) -> datetime:
        if number == 0:
            return self.add_working_time(start, _NOTHING)
        days = self._working_days(self._day_of(start) + _DAY)
        spans = next(islice(days, number - 1, None))
        return self._tell(spans[-1][1])

    def _subtract_working_days(self, end: datetime, number: int) -> datetime:
        if number == 0:
            return self._subtract_working_time(end, _NOTHING)
        days = self._working_days(self._day_of(_utc(end) - _INSTANT) - _DAY, -_DAY)
        spans = next(islice(days, number - 1, None))
        return self._tell(spans[0][0])

    def _subtract_working_time(self, end: datetime, length: timedelta) -> datetime:
        """The latest moment from which `length` is worked until `end`."""
        at = _utc(end)
        days = self._working_days(self._day_of(at), -_DAY)
        spans = ((opens, min(closes, at)) for day in days for opens, closes in reversed(day) if opens <= at)
        opens, closes = next(spans)
        while length > closes - opens:
            length -= closes - opens
            opens, closes = next(spans)
        return self._tell(closes - length)

    def _spans_from(self, now: datetime) -> Iterator[Moments]:
        """The spans that end at `now` or later, one after the other, for ever.

        One that ends at midnight is of the day before.
        """
        spans = chain.from_iterable(self._working_days(self._day_of(now - _INSTANT)))
        return (span for span in spans if span[1] >= now)

    def _working_days(self, first: date, step: timedelta = _DAY) -> Iterator[tuple[Moments, ...]]:
        """The spans of each working day from `first` on, for ever. Raises ValueError where none comes for a year."""
        last = first
        for day in (first + number * step for number in count()):
            if spans := self._spans_on(day):
                last = day
                yield spans
            elif abs(day - last) > _LONGEST_REST:
                raise ValueError(f"the calendar has no working time between {min(last, day)} and {max(last, day)}")

    def _spans_on(self, day: date) -> tuple[Moments, ...]:
        """In UTC."""
        spans = self._known_days.get(day)
        if spans is None:
            spans = self._known_days[day] = tuple(self._find_spans(day))
        return spans

    @cached_property
    def _known_days(self) -> dict[date, tuple[Moments, ...]]:
        """Most clocks count over the same days."""
        return {}

    def _find_spans(self, day: date) -> Iterator[Moments]:
        """A span in which clocks are put forward is shorter; one that was skipped is left out."""
        ended: datetime | None = None
        for span in self.calendar.spans_on(day):
            opens = self._moment(day, span.start)
            opens = max(opens, ended or opens)
            closes = self._moment(day + _DAY if span.end == MIDNIGHT else day, span.end)
            if opens < closes:
                yield opens, closes
                ended = closes

    def _quiet_until(self, now: datetime) -> datetime | None:
        """When it is quiet no more; None if it is not quiet now."""
        quiet, today = self.calendar.quiet, self._day_of(now)
        if quiet is None:
            return None
        for begins_on in (today - _DAY, today):
            ends_on = begins_on if quiet.start < quiet.end else begins_on + _DAY
            ends = self._moment(ends_on, quiet.end)
            if self._moment(begins_on, quiet.start) <= now < ends:
                return ends
        return None

    def _on_day(self, day: date, start: datetime) -> datetime:
        """On `day` at the time of day that `start` has in the zone."""
        return self._tell(self._moment(day, start.astimezone(self.zone).time()))

    def _day_of(self, at: datetime) -> date:
        return _utc(at).astimezone(self.zone).date()

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _tell(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


def _add_months(day: date, number: int) -> date:
    years, month = divmod(day.month - 1 + number, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no offset")
    return at.astimezone(UTC)
