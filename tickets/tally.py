"""Counts the tickets of a period one by one into the figures of a report. Pure.

Memory grows by eight bytes a ticket, the lengths of time that medians are taken of, and by nothing else. A quantile is
the smallest length that the share does not exceed (nearest rank), so it is always one that occurred.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from tickets.policy import Policy
from tickets.report import FINAL, DepartmentFigures, Paid, Satisfaction, SlotFilled, SlotMissing, Spread, TicketFigures
from tickets.working_time import WorkingTime

SCORES = (5, 4, 3, 2, 1)
_SECONDS_OF_AN_HOUR = 3600


@dataclass
class Tally:
    """Counts tickets one by one."""

    policy: Policy
    received: int = 0
    late: int = 0
    told: int = 0
    amounts: list[int] = field(default_factory=lambda: [0, 0])  # how many, together
    by_day: Counter[date] = field(default_factory=Counter)
    by_category: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    by_language: Counter[str] = field(default_factory=Counter)
    by_department: Counter[str | None] = field(default_factory=Counter)
    open_by_department: Counter[str | None] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._time: WorkingTime = self.policy.time
        self._answers: dict[str | None, array[float]] = {}  # seconds, by department
        self._resolutions: array[float] = array("d")

    def add(self, one: TicketFigures) -> None:
        self.received += 1
        self.late += one.is_late
        self.told += one.rounds > 0
        self.by_day[one.received_at.astimezone(self._time.zone).date()] += 1
        self.by_category[one.category] += 1
        self.by_channel[one.channel] += 1
        self.by_language[one.language] += 1
        self.by_department[one.department] += 1
        if one.satisfaction is not None:
            self.scores[one.satisfaction] += 1
        if one.state in FINAL:
            self._add_end(one)
        else:
            self.open_by_department[one.department] += 1
        if one.answered_at:
            seconds = self._worked(one.received_at, one.answered_at)
            self._answers.setdefault(one.department, array("d")).append(seconds)

    def _add_end(self, one: TicketFigures) -> None:
        self.outcomes[one.outcome or "other"] += 1
        if one.resolved_at:
            self._resolutions.append(self._worked(one.received_at, one.resolved_at))
        if one.offer and one.offer.amount and one.offer.state != "proposed":
            self.amounts[0] += 1
            self.amounts[1] += one.offer.amount

    def _worked(self, start: datetime, end: datetime) -> float:
        return self._time.working_time(start, end).total_seconds()

    def by_week(self) -> dict[date, int]:
        weeks: Counter[date] = Counter()
        for day, count in self.by_day.items():
            weeks[day - timedelta(days=day.weekday())] += count
        return dict(sorted(weeks.items()))

    def first_answer(self) -> Spread:
        return _spread([one for answers in self._answers.values() for one in answers])

    def resolution(self) -> Spread:
        return _spread(self._resolutions)

    def departments(self) -> list[DepartmentFigures]:
        return [
            DepartmentFigures(
                department=key,
                received=count,
                open=self.open_by_department[key],
                first_answer=_spread(self._answers.get(key, ())),
            )
            for key, count in self.by_department.most_common()
        ]

    def satisfaction(self) -> Satisfaction:
        answered = self.scores.total()
        together = sum(score * count for score, count in self.scores.items())
        return Satisfaction(
            told=self.told,
            answered=answered,
            mean=round(together / answered, 2) if answered else None,
            scores={score: self.scores[score] for score in SCORES},
        )

    def paid(self) -> Paid:
        compensation = self.policy.compensation
        count, total = self.amounts
        return Paid(count=count, total=total, currency=compensation.currency if compensation else "VND")

    def missing(self, filled: Sequence[SlotFilled]) -> list[SlotMissing]:
        """The slots that the policy asks for, what is missing most often first."""
        at_once = {(one.category, one.slot): one.at_once for one in filled}
        ever = {(one.category, one.slot): one.ever for one in filled}
        asked, first, never = Counter[str](), Counter[str](), Counter[str]()
        for category, count in self.by_category.items():
            for slot in self.policy.slots_for(category):
                asked[slot.key] += count
                first[slot.key] += count - min(count, at_once.get((category, slot.key), 0))
                never[slot.key] += count - min(count, ever.get((category, slot.key), 0))
        told = [
            SlotMissing(slot=slot, asked=count, missing_at_first=first[slot], never_came=never[slot])
            for slot, count in asked.items()
        ]
        return sorted(told, key=lambda one: (-one.missing_at_first, -one.never_came, one.slot))


def _spread(seconds: Sequence[float]) -> Spread:
    ordered = sorted(seconds)
    return Spread(count=len(ordered), median_hours=_quantile(ordered, 0.5), p90_hours=_quantile(ordered, 0.9))


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[max(ceil(share * len(ordered)) - 1, 0)] / _SECONDS_OF_AN_HOUR, 2)
