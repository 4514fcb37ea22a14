"""The figures of a report, as records. Pure.

Lengths of time are hours of the policy's working time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tickets.ticket import Channel, Offer, Outcome, State

FINAL: frozenset[State] = frozenset(("resolved", "closed"))
# Until which age, in days; the last one has no end.
AGES: tuple[tuple[str, int | None], ...] = (("1d", 1), ("3d", 3), ("7d", 7), ("30d", 30), ("older", None))


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
