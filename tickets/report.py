"""The figures of a report, out of the tickets of a period one by one. Pure.

Memory grows by eight bytes a ticket, the lengths of time that medians are taken of, and by nothing else.
Lengths are hours of the policy's working time. A quantile is the smallest length that the share does not exceed
(nearest rank), so it is always one that occurred.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from tickets.policy import Policy
from tickets.ticket import Channel, Offer, Outcome, State
from tickets.working_time import WorkingTime

SCORES = (5, 4, 3, 2, 1)
FINAL: frozenset[State] = frozenset(("resolved", "closed"))
_SECONDS_OF_AN_HOUR = 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketFigures:
    """What a report reads of one ticket."""

    received_at: datetime
    answered_at: datetime | None  # by a person
    resolved_at: datetime | None
    category: str
    channel: Channel
    language: str
    department: str | None
    state: State
    outcome: Outcome | None
    is_late: bool
    rounds: int
    satisfaction: int | None
    offer: Offer | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """Of many lengths of time, in working hours; None where there is none."""

    count: int
    median_hours: float | None
    p90_hours: float | None  # nine of ten took no longer


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What became of the deadlines of one clock."""

    clock: str
    kept: int  # ended in time
    broken: int  # ended late, or not yet although it is late
    running: int  # not yet due, or standing still


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotFilled:
    """How many tickets of a category have something for a slot."""

    category: str
    slot: str
    at_once: int  # with the first message
    ever: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotMissing:
    """How often a slot was asked for and not filled."""

    slot: str
    asked: int
    missing_at_first: int
    never_came: int  # so far


@dataclass(frozen=True, kw_only=True, slots=True)
class Satisfaction:
    """What customers said of the outcome."""

    told: int  # were told an outcome
    answered: int
    mean: float | None  # 1 to 5
    scores: Mapping[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Paid:
    """Compensation of complaints that are settled."""

    count: int
    total: int
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DepartmentFigures:
    department: str | None
    received: int
    open: int
    first_answer: Spread


@dataclass(frozen=True, kw_only=True, slots=True)
class Mails:
    """Of the period, whatever ticket they belong to."""

    received: int  # messages of tickets
    automatic: int  # that we wrote to people outside
    other: int  # that we wrote besides, to staff most of all
    failed: int  # could not be delivered
    from_machines: Mapping[str, int]  # what machines wrote to us, by kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Seller:
    email: str
    name: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All figures. What is counted by ticket is of the tickets received from `since` until before `until`."""

    since: datetime
    until: datetime
    made_at: datetime
    received: int
    by_day: Mapping[date, int]
    by_week: Mapping[date, int]  # by its Monday
    by_category: Mapping[str, int]
    by_channel: Mapping[str, int]
    by_language: Mapping[str, int]
    departments: Sequence[DepartmentFigures]
    first_answer: Spread
    resolution: Spread
    promises: Sequence[Promise]
    evidence: Sequence[SlotMissing]
    late: int
    reopened: int
    satisfaction: Satisfaction
    outcomes: Mapping[str, int]
    compensation: Paid
    sellers: Sequence[Seller]
    mails: Mails
    open_by_age: Mapping[str, int]  # all that are open when the report is made, see AGES


# Until which age, in days; the last one has no end.
AGES: tuple[tuple[str, int | None], ...] = (("1d", 1), ("3d", 3), ("7d", 7), ("30d", 30), ("older", None))


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
