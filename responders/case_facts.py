"""What templates about a ticket can speak of: its facts in the words of a language.

A customer reads his ticket without anything that could lead elsewhere (`responders.echoes`); a seller reads nothing
that tells who the customer is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from responders.echoes import for_customer
from responders.paper_words import CLOCKS
from tickets.checklist import SPARE, Item, is_waited_for, make_checklist
from tickets.complaints import OTHER
from tickets.desk import Desk
from tickets.durations import Duration, Unit
from tickets.effects import Audience
from tickets.policy import Policy, Words
from tickets.ticket import RunningClock, Ticket

_MARKS = {"satisfied": "✓", "doubtful": "?", "missing": "✗"}
_NO_SUBJECT = {"vi": "(không có tiêu đề)", "en": "(no subject)"}
_NOBODY = {"vi": "Quý khách", "en": "Sir or Madam"}
# What a policy may call otherwise.
_CUSTOMER_CODE = {"vi": "Mã khách hàng", "en": "Customer code"}
_ORDER_CODE = {"vi": "Mã đơn hàng", "en": "Order code"}
_SINCE = {"vi": "kể từ khi Quý khách nhận hàng", "en": "of receiving the parcel"}
_UNITS: Mapping[str, Words] = {
    "vi": {
        "minutes": "phút",
        "hours": "giờ",
        "working hours": "giờ làm việc",
        "days": "ngày",
        "working days": "ngày làm việc",
        "months": "tháng",
    },
    "en": {unit: unit for unit in get_args(Unit)},
}
_FILES: Mapping[str, Words] = {
    "photo": {"vi": "Ảnh", "en": "Photos"},
    "video": {"vi": "Video", "en": "Video"},
    "document": {"vi": "Tài liệu", "en": "Documents"},
}
STATES: Mapping[str, Words] = {
    "awaiting_evidence": {"vi": "chờ khách hàng bổ sung", "en": "waiting for evidence"},
    "open": {"vi": "đang xử lý", "en": "open"},
    "awaiting_customer": {"vi": "chờ khách hàng", "en": "waiting for the customer"},
    "awaiting_seller": {"vi": "chờ người bán", "en": "waiting for the seller"},
    "awaiting_approval": {"vi": "chờ phê duyệt", "en": "waiting for approval"},
    "resolved": {"vi": "đã giải quyết", "en": "resolved"},
    "closed": {"vi": "đã đóng", "en": "closed"},
}


class CaseFacts:
    """Tells the facts of tickets of one company."""

    def __init__(self, policy: Policy, desk: Desk) -> None:
        self._policy = policy
        self._desk = desk

    def language_for(self, ticket: Ticket, audience: Audience) -> str:
        """In which language somebody is written to about the ticket."""
        match audience:
            case "customer":
                return ticket.language
            case "seller":
                return self._policy.sellers_language
            case _:
                return self._desk.language

    def tell(self, ticket: Ticket, audience: Audience, now: datetime) -> dict[str, Any]:
        """The variables of a template."""
        language = self.language_for(ticket, audience)
        shown = _shown_to(audience, ticket)
        category = self._policy.category(ticket.category)
        kind = tell_words(category.name, language) if category else ticket.category
        within = self._policy.follow_up.reopen_within
        running = [clock for clock in ticket.clocks if clock.state in {"running", "expired"}]
        return {
            "company": self._policy.name,
            "ticket": shown,
            "subject": shown.subject or (_NO_SUBJECT[language] if ticket.category == OTHER else kind),
            "state": STATES[ticket.state][language],
            "customer": shown.customer_name or _NOBODY[language],
            "category": kind,
            "department": self._department(ticket),
            "owner": self._owner(ticket),
            "now": now,
            "deadlines": {clock.name: clock.due_at for clock in running},
            "promises": self._promises(ticket, running, now),
            "due_after": self._due_after(ticket, running, audience),
            "clock_titles": self._clock_titles(ticket, language),
            "deadline": _evidence_deadline(ticket),
            "code_names": self._code_names(language),
            "claim_window": tell_duration(self._policy.claim.window, language) if self._policy.claim else "",
            "claim_since": tell_words((self._policy.claim and self._policy.claim.since) or _SINCE, language),
            "back_at": None if self._policy.time.is_open(now) else self._policy.time.next_opening(now),
            "outcome": self._outcome(ticket, language),
            "rounds_left": self._policy.answers.rounds - ticket.rounds,
            "reopen_within": tell_duration(within, language) if within else "",
            **self._checklist(shown, language),
        }

    def _code_names(self, language: str) -> dict[str, str]:
        codes = self._policy.codes
        return {
            "customer": tell_words(codes.customer_name or _CUSTOMER_CODE, language),
            "order": tell_words(codes.order_name or _ORDER_CODE, language),
        }

    def _checklist(self, ticket: Ticket, language: str) -> dict[str, list[dict[str, Any]]]:
        items = [
            _item(item, language) | {"is_optional": not is_waited_for(item.slot, ticket)}
            for item in make_checklist(ticket, self._policy)
        ]
        return {
            "checklist": items,
            "arrived": [item for item in items if item["status"] != "missing"] + list(_spare_files(ticket, language)),
            "missing": [item for item in items if item["status"] == "missing"],
        }

    def _department(self, ticket: Ticket) -> str:
        found = self._desk.department(ticket.department)
        return found.name if found else ""

    def _owner(self, ticket: Ticket) -> str:
        person = self._desk.staff(ticket.owner) if ticket.owner else None
        return (person.name or person.email) if person else ""

    def _promises(self, ticket: Ticket, running: Iterable[RunningClock], now: datetime) -> dict[str, datetime]:
        """Dates that the customer may count on; what is broken already is for people to explain."""
        ruled = ((clock, self._policy.clock(clock.name, ticket.category)) for clock in running)
        return {clock.name: clock.due_at for clock, rule in ruled if rule and rule.promised and clock.due_at > now}

    def _due_after(self, ticket: Ticket, running: Iterable[RunningClock], audience: Audience) -> dict[str, datetime]:
        """Until when something is due since an event, such as a confirmation after "offered".

        A customer reads of what is promised.
        """
        ruled = ((clock, self._policy.clock(clock.name, ticket.category)) for clock in running)
        told = ((clock, rule) for clock, rule in ruled if rule and (rule.promised or audience != "customer"))
        return {event: clock.due_at for clock, rule in told for event in rule.starts}

    def _clock_titles(self, ticket: Ticket, language: str) -> dict[str, str]:
        """What people call the deadlines: as the policy does, else as is usual."""
        usual = CLOCKS["vi" if language == "vi" else "en"]
        rules = (*self._policy.clocks, *self._policy.clocks_for(ticket.category))  # those of the kind win
        return {
            one.name: tell_words(one.title, language) if one.title else usual.get(one.name, one.name) for one in rules
        }

    def _outcome(self, ticket: Ticket, language: str) -> dict[str, Any] | None:
        """What was proposed, sent or confirmed."""
        offer = ticket.offer
        rule = self._policy.outcome(offer.key, ticket.category) if offer else None
        if offer is None or rule is None:
            return None
        notes = [tell_words(rule.note, language)] if rule.note else []
        marks = (self._policy.flag(key) for key in ticket.flags)
        return {
            "name": tell_words(rule.name, language),
            "text": offer.text,
            "by": offer.by,
            "notes": notes + [tell_words(flag.note, language) for flag in marks if flag],
            "amount": offer.amount,
            "currency": self._policy.compensation.currency if self._policy.compensation else "",
            "explanation": offer.explanation,
            "needs_confirmation": rule.needs_confirmation,
            "silence_confirms": self._silence_confirms(ticket),
        }

    def _silence_confirms(self, ticket: Ticket) -> bool:
        """Whether a customer who does not answer an offer takes it."""
        steps = [
            step for rule in self._policy.clocks_for(ticket.category) if "offered" in rule.starts for step in rule.steps
        ]
        return any(step.do == "take-default" for step in steps)


def tell_duration(duration: Duration, language: str) -> str:
    """Such as "24 giờ"."""
    unit = _UNITS[language][duration.unit]
    return f"{duration.count} {unit[:-1] if language == 'en' and duration.count == 1 else unit}"


def tell_words(words: Words, language: str) -> str:
    """Staff may read a language that the policy has no words in, since no customer is answered in it."""
    return words.get(language) or next(iter(words.values()))


def _shown_to(audience: Audience, ticket: Ticket) -> Ticket:
    if audience == "customer":
        return for_customer(ticket)
    if audience == "seller":
        return replace(ticket, customer_name="", customer_email="", customer_code=None, phone=None, evidence=())
    return ticket


def _evidence_deadline(ticket: Ticket) -> datetime | None:
    clock = ticket.clock("evidence")
    return clock.due_at if clock and clock.state == "running" else None


def _spare_files(ticket: Ticket, language: str) -> Iterator[dict[str, Any]]:
    """What fills no slot came too: nobody should think that it was lost, and send it again."""
    used = {one.sha256 for one in ticket.evidence if not one.slot.startswith(SPARE)}
    for kind, names in _FILES.items():
        spare = [one.what for one in ticket.evidence if one.slot == f"{SPARE}{kind}" and one.sha256 not in used]
        if spare:
            yield {
                "key": f"{SPARE}{kind}",
                "name": tell_words(names, language),
                "how": "",
                "status": "satisfied",
                "mark": _MARKS["satisfied"],
                "what": ", ".join(dict.fromkeys(spare)),
                "filled_by": kind,
                "is_optional": False,
            }


def _item(item: Item, language: str) -> dict[str, str]:
    return {
        "key": item.slot.key,
        "name": tell_words(item.slot.name, language),
        "how": tell_words(item.slot.how, language),
        "status": item.status,
        "mark": _MARKS[item.status],
        "what": ", ".join(item.what),
        "filled_by": item.slot.filled_by,
    }
