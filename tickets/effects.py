"""What a decision does, as plain records. `tickets.folding` says how each one changes a ticket.

The store writes what changed, the voice writes the mails; neither decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from parsers.facts import Attachment
from tickets.ticket import Channel, Evidence, Offer, Outcome, Party, Role, RunningClock, State, Ticket

Audience = Literal["customer", "staff", "seller", "manager"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTicket:
    """A new case; its id and number are given when the decision is carried out."""

    ticket: Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveMessage:
    """The mail becomes a message of the ticket."""

    email: str
    name: str
    role: Role
    rule: str  # of threading: how the ticket was found


@dataclass(frozen=True, kw_only=True, slots=True)
class EnterMessage:
    """What somebody said by phone or at the counter becomes a message of the ticket, as staff wrote it down."""

    email: str  # of whom it is from; empty where unknown
    name: str
    role: Role
    channel: Channel
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepPaper:
    """A paper that we printed and handed out stays in the file of the case, with the message it is about."""

    paper: Literal["receipt", "minutes"]
    message_no: int
    file: Attachment  # its bytes lie among the blobs


@dataclass(frozen=True, kw_only=True, slots=True)
class AddParty:
    """Somebody joins the ticket."""

    party: Party


@dataclass(frozen=True, kw_only=True, slots=True)
class LearnDetails:
    """Something about the complaint became known; None leaves a field as it is."""

    category: str | None = None
    customer_code: str | None = None
    order_code: str | None = None
    customer_name: str | None = None
    phone: str | None = None
    language: str | None = None
    delivered_at: datetime | None = None
    is_late: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Assign:
    """A member of staff looks after the ticket; None: nobody in particular."""

    owner: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOver:
    """Another department gets the ticket."""

    department: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FillSlot:
    """Evidence came."""

    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgeSlot:
    """Staff looked at what fills a slot."""

    slot: str
    status: Literal["satisfied", "refused"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestSlot:
    """Staff ask for a slot besides those of the kind."""

    slot: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WaiveSlot:
    """Staff do without a slot."""

    slot: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SetFlags:
    """The marks of the ticket."""

    flags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordFigures:
    """What compensation is computed from."""

    figures: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeOffer:
    """An outcome is proposed, sent or confirmed; None: it is withdrawn."""

    offer: Offer | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordSatisfaction:
    """The customer's judgement, 1 to 5."""

    score: int
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StartClock:
    """A deadline begins to run."""

    clock: RunningClock


@dataclass(frozen=True, kw_only=True, slots=True)
class StopClock:
    """A deadline was met, or does not matter any more."""

    name: str
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeClock:
    """A deadline stands still, runs again, was put off, or waits for another moment."""

    clock: RunningClock
    what: Literal["paused", "resumed", "extended", "rewound"]
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeStep:
    """The steps of a clock that fall due at one moment are taken, and with them all earlier ones that were missed."""

    clock: RunningClock  # after the step


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeState:
    """The case moves on."""

    state: State
    outcome: Outcome | None = None
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SuspendAddress:
    """Mail from an address is set aside until a manager releases it."""

    email: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseAddress:
    """Mail from an address is taken in again, also what was set aside meanwhile."""

    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteMail:
    """A mail is written to one person."""

    template: str
    to: Party
    audience: Audience
    is_automatic: bool  # to a person outside, by machine: counts for the caps
    facts: Mapping[str, Any] = field(default_factory=dict)  # further variables of the template
    files: tuple[Attachment, ...] = ()  # of the mail that is passed on


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Something worth remembering in the history that changes nothing."""

    event: str
    data: Mapping[str, Any] = field(default_factory=dict)


Effect = (
    OpenTicket
    | ReceiveMessage
    | EnterMessage
    | KeepPaper
    | AddParty
    | LearnDetails
    | Assign
    | HandOver
    | FillSlot
    | JudgeSlot
    | RequestSlot
    | WaiveSlot
    | SetFlags
    | RecordFigures
    | MakeOffer
    | RecordSatisfaction
    | StartClock
    | StopClock
    | ChangeClock
    | TakeStep
    | ChangeState
    | SuspendAddress
    | ReleaseAddress
    | WriteMail
    | Note
)
