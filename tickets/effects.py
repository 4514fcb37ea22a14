"""What a decision does, as plain records, and how each one changes a ticket.

`fold` is the only place where tickets change. The store writes what changed, the voice writes the mails; neither
decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from tickets.ticket import ClockState, Evidence, Outcome, Party, Role, RunningClock, State, Ticket

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
class AddParty:
    """Somebody joins the ticket."""

    party: Party


@dataclass(frozen=True, kw_only=True, slots=True)
class LearnDetails:
    """Something about the complaint became known; None leaves a field as it is."""

    category: str | None = None
    customer_code: str | None = None
    order_code: str | None = None
    delivered_at: datetime | None = None
    is_late: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FillSlot:
    """Evidence came."""

    evidence: Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class StartClock:
    """A deadline begins to run."""

    clock: RunningClock


@dataclass(frozen=True, kw_only=True, slots=True)
class StopClock:
    """A deadline was met, or does not matter any more."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeStep:
    """A step of a clock is taken, and with it all earlier ones that were missed."""

    name: str
    step: int  # index of the step taken
    next_step: int
    wakes_at: datetime | None
    state: ClockState


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeState:
    """The case moves on."""

    state: State
    outcome: Outcome | None = None
    why: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteMail:
    """A mail is written to one person."""

    template: str
    to: Party
    audience: Audience
    is_automatic: bool  # to a person outside, by machine: counts for the caps
    facts: Mapping[str, Any] = field(default_factory=dict)  # further variables of the template


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Something worth remembering in the history that changes nothing."""

    event: str
    data: Mapping[str, Any] = field(default_factory=dict)


Effect = (
    OpenTicket
    | ReceiveMessage
    | AddParty
    | LearnDetails
    | FillSlot
    | StartClock
    | StopClock
    | TakeStep
    | ChangeState
    | WriteMail
    | Note
)


def fold(ticket: Ticket | None, effects: Iterable[Effect], now: datetime) -> Ticket:
    """The ticket after all effects; the first one of a new ticket is OpenTicket."""
    for effect in effects:
        ticket = apply(ticket, effect, now)
    assert ticket is not None, "a decision about a ticket has at least one effect"
    return ticket


def apply(ticket: Ticket | None, effect: Effect, now: datetime) -> Ticket:
    """The ticket after one effect."""
    if isinstance(effect, OpenTicket):
        return effect.ticket
    assert ticket is not None, f"{type(effect).__name__} without a ticket"
    match effect:
        case ReceiveMessage():
            return replace(ticket, messages=ticket.messages + 1)
        case WriteMail():
            return _after_mail(ticket, effect, now)
        case AddParty(party=party):
            others = tuple(one for one in ticket.parties if one.email != party.email)
            return replace(ticket, parties=(*others, party))
        case FillSlot(evidence=evidence):
            return replace(ticket, evidence=(*ticket.evidence, evidence))
        case ChangeState():
            return _after_change(ticket, effect)
        case LearnDetails():
            return _with_details(ticket, effect)
        case StartClock() | StopClock() | TakeStep():
            return _with_clock(ticket, effect)
        case _:
            return ticket


def _after_mail(ticket: Ticket, mail: WriteMail, now: datetime) -> Ticket:
    acknowledged_at = ticket.acknowledged_at
    if mail.template == "acknowledgement" and acknowledged_at is None:
        acknowledged_at = now
    return replace(ticket, messages=ticket.messages + 1, acknowledged_at=acknowledged_at)


def _after_change(ticket: Ticket, change: ChangeState) -> Ticket:
    is_over = change.state in {"resolved", "closed"}  # what is taken up again has no outcome yet
    outcome = (change.outcome or ticket.outcome) if is_over else None
    closed_at = change.at if change.state == "closed" else None
    return replace(ticket, state=change.state, outcome=outcome, closed_at=closed_at)


def _with_details(ticket: Ticket, details: LearnDetails) -> Ticket:
    known = {name: getattr(details, name) for name in LearnDetails.__slots__}
    return replace(ticket, **{name: value for name, value in known.items() if value is not None})


def _with_clock(ticket: Ticket, effect: StartClock | StopClock | TakeStep) -> Ticket:
    match effect:
        case StartClock(clock=started):
            name, changed = started.name, started
        case StopClock(name=name):
            changed = replace(_clock(ticket, name), state="stopped", wakes_at=None)
        case TakeStep(name=name, next_step=step, wakes_at=wakes_at, state=state):
            changed = replace(_clock(ticket, name), step=step, wakes_at=wakes_at, state=state)
    others = tuple(clock for clock in ticket.clocks if clock.name != name)
    return replace(ticket, clocks=(*others, changed))


def _clock(ticket: Ticket, name: str) -> RunningClock:
    clock = ticket.clock(name)
    assert clock is not None, f"{ticket.number} has no clock {name}"
    return clock
