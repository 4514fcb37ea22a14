"""The history of a ticket told in sentences, for people who were not there.

One function for each event says what the sentence needs from the event's data. An event that nobody described is shown
by its name and data; data that lack something, or are of another shape than expected, never break a document.
"""

from collections.abc import Callable, Mapping
from typing import Any

from responders.paper_sentences import SENTENCES
from responders.paper_words import Table
from responders.wording import Wording

Data = Mapping[str, Any]
Filling = Callable[[Data, Wording], Table]

_LONGEST = 600  # characters of one sentence


def tell_event(event: str, data: Data, wording: Wording) -> str:
    """What happened, in one or two sentences."""
    name = "unassigned" if event == "assigned" and not data.get("owner") else event
    if name not in _FILLINGS:
        return _shorten(f"{event}: {wording.value(data)}" if data else event)
    sentence = SENTENCES[wording.language][name].format_map(_FILLINGS[name](data, wording))
    return _shorten(" ".join(sentence.split()))


def _shorten(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 1]}…"


def _part(data: Data, name: str) -> Data:
    """The record `name` within the data, or the data themselves where they are flat."""
    found = data.get(name)
    return found if isinstance(found, Mapping) else data


def _person(data: Data, wording: Wording, *names: str) -> str:
    found = next((data[name] for name in names if data.get(name)), None)
    return wording.person(str(found)) if found else wording.label("nobody")


def _opened(data: Data, wording: Wording) -> Table:
    return {"category": wording.category(data.get("category"))}


def _message(data: Data, wording: Wording) -> Table:
    name, email = data.get("name"), data.get("email")
    person = wording.person(str(email or ""), str(name or "")) if name or email else wording.label("nobody")
    return {
        "person": person,
        "role": wording.role(data.get("role")).lower(),
        "channel": wording.channel(data.get("channel")).lower(),
    }


def _paper(data: Data, wording: Wording) -> Table:
    return {"paper": wording.label_or(str(data.get("paper") or "unknown")).capitalize()}


def _party(data: Data, wording: Wording) -> Table:
    return _message(_part(data, "party"), wording)


def _details(data: Data, wording: Wording) -> Table:
    told = [f"{wording.label_or(name).lower()} {_detail(name, value, wording)}" for name, value in data.items()]
    return {"details": "; ".join(told) or wording.label("unknown")}


def _detail(name: str, value: Any, wording: Wording) -> str:
    return wording.category(value) if name == "category" else wording.value(value)


def _assigned(data: Data, wording: Wording) -> Table:
    return {"person": _person(data, wording, "owner")}


def _handed_over(data: Data, wording: Wording) -> Table:
    return {"department": wording.department(data.get("department"))}


def _slot(data: Data, wording: Wording) -> Table:
    found = _part(data, "evidence")
    return {
        "slot": wording.slot(found.get("slot")),
        "what": wording.value(found.get("what")),
        "status": wording.status(found.get("status")),
    }


def _flags(data: Data, wording: Wording) -> Table:
    return {"flags": wording.flags(data.get("flags"))}


def _figures(data: Data, wording: Wording) -> Table:
    return {"figures": wording.figures(data.get("figures"))}


def _computed(data: Data, wording: Wording) -> Table:
    return {"steps": wording.value(data.get("steps"))}


def _offer(data: Data, wording: Wording) -> Table:
    return {"offer": wording.offer(data)}


def _judged(data: Data, wording: Wording) -> Table:
    return {"outcome": wording.outcome(data.get("outcome")), "text": str(data.get("text") or "")}


def _satisfaction(data: Data, wording: Wording) -> Table:
    words = data.get("words")
    return {"score": wording.value(data.get("score")), "words": f"“{words}”" if words else ""}


def _clock(data: Data, wording: Wording) -> Table:
    return {
        "clock": wording.clock(data.get("name") or data.get("clock")),
        "due": wording.moment(data.get("due_at")),
        "why": str(data.get("why") or ""),
    }


def _state(data: Data, wording: Wording) -> Table:
    outcome = data.get("outcome")
    told = f"{wording.label('outcome')}: {wording.outcome(outcome)}." if outcome else ""
    return {"state": wording.state(data.get("state")), "outcome": told}


def _mail(data: Data, wording: Wording) -> Table:
    return {"person": _person(data, wording, "to"), "template": str(data.get("template") or "")}


def _sender(data: Data, wording: Wording) -> Table:
    return {
        "person": _person(data, wording, "by", "from", "recipient", "email"),
        "reason": str(data.get("reason") or "").rstrip(". "),
        "text": str(data.get("text") or ""),
    }


def _wrote(data: Data, wording: Wording) -> Table:
    how = "" if data.get("trusted", True) else f" ({wording.label('untrusted')})"
    return {"person": _person(data, wording, "by"), "how": how}


def _words(data: Data, wording: Wording) -> Table:
    return {"text": wording.value(data.get("text", data))}


def _nothing(_data: Data, _wording: Wording) -> Table:
    return {}


_FILLINGS: Mapping[str, Filling] = {
    "opened": _opened,
    "message-received": _message,
    "message-entered": _message,
    "paper-kept": _paper,
    "settled": _judged,
    "party-added": _party,
    "details-learned": _details,
    "assigned": _assigned,
    "unassigned": _nothing,
    "handed-over": _handed_over,
    "department-told": lambda data, wording: {**_handed_over(data, wording), **_words(data, wording)},
    "evidence-filled": _slot,
    "evidence-judged": _slot,
    "evidence-requested": _slot,
    "evidence-waived": _slot,
    "flags-set": _flags,
    "figures-recorded": _figures,
    "compensation-computed": _computed,
    "offer-made": _offer,
    "offer-withdrawn": _nothing,
    "approved": _judged,
    "rejected": _judged,
    "confirmed-by-staff": _sender,
    "disagreement-recorded": _sender,
    "disagreed": _nothing,
    "default-taken": _clock,
    "satisfaction": _satisfaction,
    "too-late-to-reopen": _nothing,
    "clock-started": _clock,
    "clock-stopped": _clock,
    "clock-paused": _clock,
    "clock-resumed": _clock,
    "clock-extended": _clock,
    "clock-rewound": _clock,
    "clock-step": _clock,
    "step-skipped": _clock,
    "escalated": _clock,
    "state-changed": _state,
    "mail-written": _mail,
    "mail-withheld": _mail,
    "bounced": _sender,
    "automatic-mail": _sender,
    "staff-wrote": _wrote,
    "answered": _sender,
    "kept-inside": _sender,
    "files-too-large": _sender,
    "noted": _words,
    "called": _words,
    "lesson": _words,
    "suspended": _sender,
    "released": _sender,
    "address-suspended": _sender,
    "address-released": _sender,
}
