"""How an effect is told in the history of a ticket: the name of an event, and data that JSON can hold.

Words of mails are not repeated: the message keeps them, and is deleted alone.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

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
    KeepPaper,
    LearnDetails,
    MakeOffer,
    Note,
    OpenTicket,
    ReceiveMessage,
    RecordFigures,
    RecordSatisfaction,
    ReleaseAddress,
    RequestSlot,
    SetFlags,
    StartClock,
    StopClock,
    SuspendAddress,
    TakeStep,
    WaiveSlot,
    WriteMail,
)

_EVENTS: Mapping[type[Effect], str] = {
    ReceiveMessage: "message-received",
    EnterMessage: "message-entered",
    AddParty: "party-added",
    LearnDetails: "details-learned",
    Assign: "assigned",
    HandOver: "handed-over",
    FillSlot: "evidence-filled",
    JudgeSlot: "evidence-judged",
    RequestSlot: "evidence-requested",
    WaiveSlot: "evidence-waived",
    SetFlags: "flags-set",
    RecordFigures: "figures-recorded",
    RecordSatisfaction: "satisfaction",
    StopClock: "clock-stopped",
    ChangeState: "state-changed",
    SuspendAddress: "address-suspended",
    ReleaseAddress: "address-released",
}
_SAID_ELSEWHERE = frozenset({"text", "subject"})  # of what was entered


def tell(effect: Effect) -> tuple[str, dict[str, Any]]:
    """Event and data of one effect."""
    match effect:
        case Note(event=event, data=data):
            return event, _plain(data)
        case OpenTicket(ticket=ticket):
            return "opened", {"category": ticket.category, "state": ticket.state, "channel": ticket.channel}
        case WriteMail(template=template, to=to):
            return "mail-written", {"template": template, "to": to.email}
        case EnterMessage():
            told = _plain(effect)
            return _EVENTS[EnterMessage], {name: one for name, one in told.items() if name not in _SAID_ELSEWHERE}
        case KeepPaper(paper=paper, file=file):
            return "paper-kept", {"paper": paper, "name": file.name, "sha256": file.sha256}
        case MakeOffer(offer=offer):
            return ("offer-made", _plain(offer)) if offer else ("offer-withdrawn", {})
        case Assign(owner=owner):
            return _EVENTS[Assign], {"owner": owner}
        case StartClock() | ChangeClock() | TakeStep():
            return _tell_clock(effect)
        case _:
            return _EVENTS[type(effect)], _plain(effect)


def _tell_clock(effect: StartClock | ChangeClock | TakeStep) -> tuple[str, dict[str, Any]]:
    clock = effect.clock
    match effect:
        case StartClock():
            return "clock-started", _plain({"name": clock.name, "due_at": clock.due_at})
        case TakeStep():
            return "clock-step", _plain({"name": clock.name, "stepped_to": clock.stepped_to, "state": clock.state})
        case ChangeClock(what=what, why=why):
            lost = int(clock.lost.total_seconds())
            told = {"name": clock.name, "due_at": clock.due_at, "why": why, "lost_seconds": lost}
            return f"clock-{what}", _plain({name: one for name, one in told.items() if one})


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _plain(value: Any) -> Any:
    """What JSON can hold: times in ISO 8601, records as mappings without what is None."""
    if value is None or isinstance(value, str | int):  # nearly all is
        return value
    if is_dataclass(value) and not isinstance(value, type):
        known = ((name, getattr(value, name)) for name in _names(type(value)))
        return {name: _plain(one) for name, one in known if one is not None}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
