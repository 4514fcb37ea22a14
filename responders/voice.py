"""What we write: from an effect of a decision to a finished mail, in the words of the templates.

Each mail goes to one person and can be answered: Reply-To holds that person's token, and the Message-ID is known to
the ticket. Mails that machines write say so (RFC 3834 §5). Everything is the same when it is done again, byte for byte.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from parsers.facts import Address, Attachment
from responders.case_facts import CaseFacts
from responders.composing import compose_mail
from responders.echoes import as_name
from responders.enclosures import Enclosure
from responders.rendering import Templates
from responders.tokens import Tokens
from store.records import WrittenMail
from tickets.desk import Desk
from tickets.effects import WriteMail
from tickets.policy import Policy
from tickets.ticket import Party, Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """The message that made us write, as staff are shown it."""

    writer: str
    text: str
    attachments: tuple[Attachment, ...]


class Voice:
    """Writes the mails of one company."""

    def __init__(
        self,
        *,
        address: Address,
        policy: Policy,
        desk: Desk,
        templates: Templates,
        tokens: Tokens,
        read_file: Callable[[str], bytes],  # an attachment by its SHA-256
    ) -> None:
        self._address = address
        self._read_file = read_file
        self._policy = policy
        self._desk = desk
        self._templates = templates
        self._tokens = tokens
        self._case_facts = CaseFacts(policy, desk)

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
        """The mail of `effect` as message `message_no` of the ticket. Raises BrokenTemplate, OSError.

        `thread`: Message-IDs exchanged with the recipient so far, oldest first.
        """
        language = self._case_facts.language_for(ticket, effect.audience)
        told = self._case_facts.tell(ticket, effect.audience, now)
        message_id = self._tokens.message_id(f"{ticket.number}.{message_no}", effect.template, effect.to.email)
        is_customer = effect.audience == "customer"
        reader = replace(effect.to, name=as_name(effect.to.name)) if is_customer else effect.to
        return self._finish(
            effect.template,
            language,
            told | {"message": cause, "facts": effect.facts, "reader": reader},
            to=reader,
            message_id=message_id,
            thread=thread,
            reply_to=self._tokens.reply_address(ticket.number, effect.to.email),
            automatic=_auto_submitted(effect, is_answer=bool(thread and cause)),
            is_automatic=effect.is_automatic,
            message_no=message_no,
            now=now,
            files=[Enclosure(name=one.name, type=one.type, data=self._read_file(one.sha256)) for one in effect.files],
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
        files: Sequence[Enclosure] = (),
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
            files=files,
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


def _auto_submitted(effect: WriteMail, *, is_answer: bool) -> Literal["auto-replied", "auto-generated"] | None:
    """RFC 3834 §5: an answer to a mail is "auto-replied", what a clock or a rule writes "auto-generated".

    What a person of ours wrote to somebody outside is neither.
    """
    if effect.audience in {"customer", "seller"} and not effect.is_automatic:
        return None
    return "auto-replied" if is_answer and effect.audience == "customer" else "auto-generated"
