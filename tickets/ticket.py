"""A ticket: one complaint case with everything that rules need to know of it.

Records are frozen; a ticket changes by folding effects over it (`tickets.effects`). Texts of mails, the history and
raw bytes are not part of it: no rule reads them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal[
    "awaiting_evidence", "open", "awaiting_customer", "awaiting_seller", "awaiting_approval", "resolved", "closed"
]
Outcome = Literal["exchange", "refund", "compensation", "repair", "rejected", "withdrawn", "authority", "other"]
Role = Literal["customer", "staff", "seller", "manager", "unknown"]
EvidenceStatus = Literal["satisfied", "doubtful", "missing"]
ClockState = Literal["running", "stopped", "expired"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """Somebody who writes or is written to about a ticket."""

    email: str  # lower case
    role: Role
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What fills a slot, once or one of several times."""

    slot: str
    status: Literal["satisfied", "doubtful"]
    message_no: int  # the message it came with
    sha256: str | None  # of the attachment; None where words of the mail fill the slot
    what: str  # name of the file, or the words


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningClock:
    """A deadline of this ticket, running or not any more."""

    name: str
    state: ClockState
    started_at: datetime
    due_at: datetime
    step: int  # index of the next step in the policy's list
    wakes_at: datetime | None  # when that step falls due; None: nothing is left to do


@dataclass(frozen=True, kw_only=True, slots=True)
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
        return "doubtful" if found else "missing"

    @property
    def is_closed(self) -> bool:
        return self.state == "closed"


def ticket_number(prefix: str, received_at: datetime, count: int) -> str:
    """Such as "HKG-26-000123": prefix of the policy, year of receipt in the policy's zone, counter of that year."""
    return f"{prefix}-{received_at:%y}-{count:06d}"
