"""How an effect is told in the history of a ticket: the name of an event, and data that JSON can hold."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from tickets.effects import (
    AddParty,
    ChangeState,
    Effect,
    FillSlot,
    LearnDetails,
    Note,
    OpenTicket,
    ReceiveMessage,
    StartClock,
    StopClock,
    TakeStep,
    WriteMail,
)

_EVENTS: Mapping[type, str] = {
    OpenTicket: "opened",
    ReceiveMessage: "message-received",
    AddParty: "party-added",
    LearnDetails: "details-learned",
    FillSlot: "evidence-filled",
    StartClock: "clock-started",
    StopClock: "clock-stopped",
    TakeStep: "clock-step",
    ChangeState: "state-changed",
    WriteMail: "mail-written",
}


def tell(effect: Effect) -> tuple[str, dict[str, Any]]:
    """Event and data of one effect."""
    match effect:
        case Note(event=event, data=data):
            return event, dict(data)
        case OpenTicket(ticket=ticket):
            return "opened", {"category": ticket.category, "state": ticket.state}
        case WriteMail(template=template, to=to):
            return "mail-written", {"template": template, "to": to.email}
        case StartClock(clock=clock):
            return "clock-started", {"name": clock.name, "due_at": clock.due_at.isoformat()}
        case _:
            return _EVENTS[type(effect)], _plain(effect)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        found = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {name: one for name, one in found.items() if one is not None}
    return value.isoformat() if isinstance(value, datetime) else value
