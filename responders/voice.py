"""What we write: from an effect of a decision to a finished mail, in the words of the templates.

Each mail goes to one person and can be answered: Reply-To holds that person's token, and the Message-ID is known to
the ticket. Mails that machines write say so (RFC 3834 §5). Everything is the same when it is done again, byte for byte.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from parsers.facts import Address, Attachment
from responders.composing import compose_mail
from responders.echoes import as_name, for_customer
from responders.rendering import Templates
from responders.tokens import Tokens
from store.records import WrittenMail
from tickets.checklist import Item, make_checklist
from tickets.desk import Desk
from tickets.durations import Duration
from tickets.effects import WriteMail
from tickets.policy import Policy, Words
from tickets.ticket import Party, Ticket

_MARKS = {"satisfied": "✓", "doubtful": "?", "missing": "✗"}
_NOBODY = {"vi": "Quý khách", "en": "Sir or Madam"}
_UNITS: Mapping[str, Words] = {
    "vi": {"minutes": "phút", "hours": "giờ", "days": "ngày"},
    "en": {"minutes": "minutes", "hours": "hours", "days": "days"},
}
_STATES: Mapping[str, Words] = {
    "awaiting_evidence": {"vi": "chờ khách hàng bổ sung", "en": "waiting for evidence"},
    "open": {"vi": "đang xử lý", "en": "open"},
    "awaiting_customer": {"vi": "chờ khách hàng", "en": "waiting for the customer"},
    "awaiting_seller": {"vi": "chờ người bán", "en": "waiting for the seller"},
    "awaiting_approval": {"vi": "chờ phê duyệt", "en": "waiting for approval"},
    "resolved": {"vi": "đã giải quyết", "en": "resolved"},
    "closed": {"vi": "đã đóng", "en": "closed"},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """The message that made us write, as staff are shown it."""

    writer: str
    text: str
    attachments: tuple[Attachment, ...]


class Voice:
    """Writes the mails of one company."""

    def __init__(self, *, address: Address, policy: Policy, desk: Desk, templates: Templates, tokens: Tokens) -> None:
        self._address = address
        self._policy = policy
        self._desk = desk
        self._templates = templates
        self._tokens = tokens

    def write(
        self,
        ticket: Ticket,
        effect: WriteMail,
        *,
        message_no: int,
        thread: Sequence[str],
        cause: Cause | None,
        now: datetime,
    ) -> WrittenMail:
        """The mail of `effect` as message `message_no` of the ticket. Raises BrokenTemplate.

        `thread`: Message-IDs exchanged with the recipient so far, oldest first.
        """
        is_customers = effect.audience == "customer"
        language = ticket.language if is_customers else self._desk.language
        shown = for_customer(ticket) if is_customers else ticket
        facts = self._facts(shown, language) | {"message": cause, "facts": effect.facts}
        message_id = self._tokens.message_id(f"{ticket.number}.{message_no}", effect.template, effect.to.email)
        return self._finish(
            effect.template,
            language,
            facts,
            to=replace(effect.to, name=as_name(effect.to.name)) if is_customers else effect.to,
            message_id=message_id,
            thread=thread,
            reply_to=self._tokens.reply_address(ticket.number, effect.to.email),
            # RFC 3834 §5: an answer to a mail is "auto-replied", what a clock or a rule writes "auto-generated".
            automatic="auto-replied" if thread and cause and effect.audience == "customer" else "auto-generated",
            is_automatic=effect.is_automatic,
            message_no=message_no,
            now=now,
        )

    def write_letter(self, template: str, to: Party, facts: Mapping[str, Any], key: str, now: datetime) -> WrittenMail:
        """A mail to staff that belongs to no ticket; `key` tells it from others of its template."""
        language = self._desk.language
        variables = {"company": self._policy.name, "facts": facts}
        return self._finish(
            template,
            language,
            variables,
            to=to,
            message_id=self._tokens.message_id(template, key, to.email),
            thread=(),
            reply_to=None,
            automatic="auto-generated",
            is_automatic=False,
            message_no=0,
            now=now,
        )

    def _finish(
        self,
        template: str,
        language: str,
        facts: Mapping[str, Any],
        *,
        to: Party,
        message_id: str,
        thread: Sequence[str],
        reply_to: str | None,
        automatic: Any,
        is_automatic: bool,
        message_no: int,
        now: datetime,
    ) -> WrittenMail:
        words = self._templates.render(template, language, facts)
        raw = compose_mail(
            sender=self._address,
            recipient=Address(name=to.name, email=to.email),
            subject=words.subject,
            text=words.text,
            html=words.html,
            message_id=message_id,
            date=now,
            in_reply_to=thread[-1] if thread else None,
            references=thread,
            reply_to=reply_to,
            automatic=automatic,
            extra={"X-Loop": self._address.email},  # tells us from others when it comes back
        )
        return WrittenMail(
            template=template,
            email=to.email,
            name=to.name,
            sender=self._address.email,
            message_id=message_id,
            subject=words.subject,
            text=words.text,
            raw=raw,
            is_automatic=is_automatic,
            message_no=message_no,
        )

    def _facts(self, ticket: Ticket, language: str) -> dict[str, Any]:
        """What templates about a ticket can speak of."""
        checklist = make_checklist(ticket, self._policy)
        category = self._policy.category(ticket.category)
        kind = _in(category.name, language) if category else ticket.category
        clock = ticket.clock("evidence")
        items = [_item(item, language) for item in checklist]
        return {
            "company": self._policy.name,
            "ticket": ticket,
            "subject": ticket.subject or kind,
            "state": _STATES[ticket.state][language],
            "customer": ticket.customer_name or _NOBODY[language],
            "category": kind,
            "checklist": items,
            "arrived": [item for item in items if item["status"] != "missing"],
            "missing": [item for item in items if item["status"] == "missing"],
            "deadline": clock.due_at if clock and clock.state == "running" else None,
            "claim_window": _tell(self._policy.claim.window, language) if self._policy.claim else "",
        }


def _tell(duration: Duration, language: str) -> str:
    """Such as "24 giờ"."""
    unit = _UNITS[language][duration.unit]
    return f"{duration.count} {unit[:-1] if language == 'en' and duration.count == 1 else unit}"


def _in(words: Words, language: str) -> str:
    """Staff may read a language that the policy has no words in, since no customer is answered in it."""
    return words.get(language) or next(iter(words.values()))


def _item(item: Item, language: str) -> dict[str, str]:
    return {
        "name": _in(item.slot.name, language),
        "how": _in(item.slot.how, language),
        "status": item.status,
        "mark": _MARKS[item.status],
        "what": ", ".join(item.what),
        "filled_by": item.slot.filled_by,
    }
