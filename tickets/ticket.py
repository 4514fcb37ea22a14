"""A ticket: one complaint case with everything that rules need to know of it.

Records are frozen; a ticket changes by folding effects over it (`tickets.effects`). They have no slots: a dictionary is
copied faster. Texts of mails, the history and raw bytes are not part of a ticket: no rule reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

State = Literal[
    "awaiting_evidence", "open", "awaiting_customer", "awaiting_seller", "awaiting_approval", "resolved", "closed"
]
Outcome = Literal["exchange", "refund", "compensation", "repair", "rejected", "withdrawn", "authority", "other"]
Role = Literal["customer", "staff", "seller", "manager", "unknown"]
EvidenceStatus = Literal["satisfied", "doubtful", "missing"]
ClockState = Literal["running", "paused", "stopped", "expired"]
Channel = Literal["mail", "phone", "counter"]


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody who writes or is written to about a ticket."""

    email: str  # lower case
    role: Role
    name: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What fills a slot, once or one of several times."""

    slot: str
    status: Literal["satisfied", "doubtful", "refused"]
    message_no: int  # the message it came with
    sha256: str | None  # of the attachment; None where words of the mail fill the slot
    what: str  # name of the file, or the words


@dataclass(frozen=True, kw_only=True)
class RunningClock:
    """A deadline of this ticket, running or not any more."""

    name: str
    state: ClockState
    started_at: datetime
    due_at: datetime  # as promised: a policy that changes later changes nothing in it
    stepped_to: datetime | None = None  # the steps up to this moment are taken, or passed over
    wakes_at: datetime | None  # when the next step falls due; None: nothing is left to do
    paused_at: datetime | None = None
    lost: timedelta = timedelta()  # time that did not count: working time where the rule counts in it
    ended_at: datetime | None = None  # when it was stopped
    kept: int = 0  # earlier runs, before it started anew, that ended in time
    broken: int = 0  # and those that did not

    @property
    def is_going(self) -> bool:
        """Whether something is still to come of it: the deadline, or steps after it."""
        return self.state in {"running", "paused"} or self.wakes_at is not None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An outcome on its way: proposed to a manager, sent to the customer, confirmed by him."""

    key: str  # of the policy's outcome
    outcome: Outcome
    text: str  # what the customer is told besides
    by: str  # address of the member of staff
    at: datetime
    state: Literal["proposed", "sent", "confirmed"]
    amount: int | None = None  # in the policy's currency
    explanation: tuple[str, ...] = ()  # how it was computed, in the customer's language


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """One complaint case."""

    id: int  # of the database row; 0 before it is given
    number: str  # such as "HKG-26-000123"; empty before it is given
    version: int  # of the stored row this was read from; 0 for a new one
    state: State
    outcome: Outcome | None
    category: str
    customer_code: str | None
    order_code: str | None
    customer_email: str  # lower case
    customer_name: str
    language: str  # of mails to the customer
    subject: str  # base subject of the first mail
    received_at: datetime
    delivered_at: datetime | None  # when the customer got the parcel, as far as is known
    is_late: bool  # complained after the claim window
    department: str | None
    owner: str | None  # address of a member of staff
    acknowledged_at: datetime | None
    closed_at: datetime | None
    answered_at: datetime | None = None  # when a person of ours first wrote to the customer
    resolved_at: datetime | None = None
    channel: Channel = "mail"  # how the complaint came
    phone: str | None = None  # of the customer
    rounds: int = 0  # outcomes sent so far
    satisfaction: int | None = None  # 1 to 5, by the customer
    offer: Offer | None = None
    flags: tuple[str, ...] = ()  # keys of the policy's flags
    requested: tuple[str, ...] = ()  # slots that staff asked for besides those of the kind
    waived: tuple[str, ...] = ()  # slots that staff do without
    figures: Mapping[str, str] = field(default_factory=dict)  # what compensation is computed from, as given
    messages: int  # numbers given to messages so far
    parties: tuple[Party, ...]
    evidence: tuple[Evidence, ...]
    clocks: tuple[RunningClock, ...]

    def party(self, email: str) -> Party | None:
        return next((party for party in self.parties if party.email == email), None)

    def clock(self, name: str) -> RunningClock | None:
        return next((clock for clock in self.clocks if clock.name == name), None)

    def status_of(self, slot: str) -> EvidenceStatus:
        found = {one.status for one in self.evidence if one.slot == slot}
        if "satisfied" in found:
            return "satisfied"
        return "doubtful" if "doubtful" in found else "missing"

    @property
    def is_closed(self) -> bool:
        return self.state == "closed"

    @property
    def pending_offer(self) -> Offer | None:
        """The outcome that the customer is to confirm."""
        is_over = self.state in {"resolved", "closed"}
        return self.offer if self.offer and self.offer.state == "sent" and not is_over else None


def ticket_number(prefix: str, received_at: datetime, count: int) -> str:
    """Such as "HKG-26-000123": prefix of the policy, year of receipt in the policy's zone, counter of that year."""
    return f"{prefix}-{received_at:%y}-{count:06d}"
