"""How effects change a ticket: the only place where tickets change. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from tickets.effects import (
    AddParty,
    Assign,
    ChangeClock,
    ChangeState,
    Effect,
    EnterMessage,
    FillSlot,
    HandOver,
    JudgeSlot,
    LearnDetails,
    MakeOffer,
    Note,
    OpenTicket,
    ReceiveMessage,
    RecordFigures,
    RecordSatisfaction,
    RequestSlot,
    SetFlags,
    StartClock,
    StopClock,
    TakeStep,
    WaiveSlot,
    WriteMail,
)
from tickets.replacing import replace
from tickets.ticket import Evidence, RunningClock, Ticket

ACKNOWLEDGEMENT = "acknowledgement"  # the template of the answer by machine
ANSWERED = "answered"  # the event of a note: a person of ours wrote to the customer


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
        case ReceiveMessage() | EnterMessage() | WriteMail() | Note():
            return _after_words(ticket, effect, now)
        case StartClock() | StopClock() | ChangeClock() | TakeStep():
            return _with_clock(ticket, effect)
        case FillSlot() | JudgeSlot() | RequestSlot() | WaiveSlot():
            return _with_slots(ticket, effect)
        case ChangeState():
            return _after_change(ticket, effect)
        case _:
            return _with_details(ticket, effect)


def _after_words(ticket: Ticket, effect: ReceiveMessage | EnterMessage | WriteMail | Note, now: datetime) -> Ticket:
    if isinstance(effect, Note):
        is_first = effect.event == ANSWERED and ticket.answered_at is None
        return replace(ticket, answered_at=now) if is_first else ticket
    acknowledged_at = ticket.acknowledged_at
    if isinstance(effect, WriteMail) and effect.template == ACKNOWLEDGEMENT and acknowledged_at is None:
        acknowledged_at = now
    return replace(ticket, messages=ticket.messages + 1, acknowledged_at=acknowledged_at)


def _after_change(ticket: Ticket, change: ChangeState) -> Ticket:
    is_over = change.state in {"resolved", "closed"}  # what is taken up again has no outcome yet
    outcome = (change.outcome or ticket.outcome) if is_over else None
    closed_at = change.at if change.state == "closed" else None
    resolved_at = (ticket.resolved_at or change.at) if is_over else None
    return replace(ticket, state=change.state, outcome=outcome, closed_at=closed_at, resolved_at=resolved_at)


def _with_slots(ticket: Ticket, effect: FillSlot | JudgeSlot | RequestSlot | WaiveSlot) -> Ticket:
    match effect:
        case FillSlot(evidence=evidence):
            return replace(ticket, evidence=(*ticket.evidence, evidence))
        case JudgeSlot(slot=slot, status=status):
            return replace(ticket, evidence=_judge(ticket.evidence, slot, status))
        case RequestSlot(slot=slot):
            waived = tuple(one for one in ticket.waived if one != slot)
            return replace(ticket, requested=_with(ticket.requested, slot), waived=waived)
        case WaiveSlot(slot=slot):
            return replace(ticket, waived=_with(ticket.waived, slot))


def _judge(evidence: tuple[Evidence, ...], slot: str, status: Literal["satisfied", "refused"]) -> tuple[Evidence, ...]:
    """What was refused before stays so where something else came since: that is what staff accept."""
    came = [one for one in evidence if one.slot == slot]
    meant = [one for one in came if one.status != "refused"] or came
    return tuple(replace(one, status=status) if one in meant else one for one in evidence)


def _with(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return keys if key in keys else (*keys, key)


def _with_details(ticket: Ticket, effect: Effect) -> Ticket:
    match effect:
        case AddParty(party=party):
            others = tuple(one for one in ticket.parties if one.email != party.email)
            return replace(ticket, parties=(*others, party))
        case LearnDetails():
            known = {name: getattr(effect, name) for name in LearnDetails.__slots__}
            return replace(ticket, **{name: value for name, value in known.items() if value is not None})
        case Assign(owner=owner):
            return replace(ticket, owner=owner)
        case HandOver(department=department):
            return replace(ticket, department=department, owner=None)
        case SetFlags(flags=flags):
            return replace(ticket, flags=flags)
        case RecordFigures(figures=figures):
            return replace(ticket, figures={**ticket.figures, **figures})
        case MakeOffer(offer=offer):
            is_sent = offer is not None and offer.state == "sent"
            return replace(ticket, offer=offer, rounds=ticket.rounds + is_sent)
        case RecordSatisfaction(score=score):
            return replace(ticket, satisfaction=score)
        case _:
            return ticket


def _with_clock(ticket: Ticket, effect: StartClock | StopClock | ChangeClock | TakeStep) -> Ticket:
    match effect:
        case StopClock(name=name, at=at):
            changed = replace(_clock(ticket, name), state="stopped", wakes_at=None, paused_at=None, ended_at=at)
        case _:
            name, changed = effect.clock.name, effect.clock
    others = tuple(clock for clock in ticket.clocks if clock.name != name)
    return replace(ticket, clocks=(*others, changed))


def _clock(ticket: Ticket, name: str) -> RunningClock:
    clock = ticket.clock(name)
    assert clock is not None, f"{ticket.number} has no clock {name}"
    return clock
