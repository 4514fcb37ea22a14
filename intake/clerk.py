"""Carries decisions out: gives numbers, has the mails written, and records everything in the casebook.

Decisions of mails, of clocks and of failed deliveries all come through here, so that they are told and stored in one
way. A template that fails is found here, before anything is recorded.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from responders.voice import Cause, Voice
from store.records import ReceivedMail, WrittenMail
from tickets.effects import Effect, EnterMessage, WriteMail
from tickets.folding import apply
from tickets.ticket import Ticket

MACHINE = "tiepnhan"  # the actor of what nobody did by hand
CAUSE_CHARACTERS = 20_000  # of a customer's words in a notice


class Book(Protocol):
    """What decisions are recorded in: the casebook, or the notebook of a rehearsal."""

    now: datetime

    def number(self, effects: Sequence[Effect]) -> tuple[Effect, ...]: ...

    def thread(self, ticket: Ticket, email: str) -> list[str]: ...

    def record(
        self,
        steps: Sequence[tuple[Effect, Ticket]],
        written: Sequence[WrittenMail],
        *,
        actor: str,
        mail: ReceivedMail | None = None,
    ) -> None: ...


class Clerk:
    """Has the voice; writes into the book of the batch."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def carry_out(
        self,
        book: Book,
        before: Ticket | None,
        effects: Sequence[Effect],
        *,
        actor: str = MACHINE,
        mail: ReceivedMail | None = None,
    ) -> Ticket:
        """Apply `effects` to the ticket `before`, or open one by them where it is None.

        Raises BrokenTemplate; nothing is recorded then.
        """
        ticket = before
        steps: list[tuple[Effect, Ticket]] = []
        for effect in book.number(effects):
            ticket = apply(ticket, effect, book.now)
            steps.append((effect, ticket))
        assert ticket is not None, "a decision about a ticket has effects"
        letters = [(effect, after.messages) for effect, after in steps if isinstance(effect, WriteMail)]
        cause = _spoken_cause(effects, ticket) if mail is None else _cause(mail)
        written = [self._write(book, ticket, effect, number, mail, cause) for effect, number in letters]
        book.record(steps, written, actor=actor, mail=mail)
        return ticket

    def _write(
        self, book: Book, ticket: Ticket, effect: WriteMail, number: int, mail: ReceivedMail | None,
        cause: Cause | None,
    ) -> WrittenMail:  # fmt: skip
        thread = book.thread(ticket, effect.to.email)
        if mail is not None and mail.sender == effect.to.email:
            thread = [*(thread or mail.facts.references), *([mail.facts.message_id] if mail.facts.message_id else [])]
        return self._voice.write(ticket, effect, message_no=number, thread=thread, cause=cause, now=book.now)


def _cause(mail: ReceivedMail) -> Cause:
    return Cause(
        writer=mail.sender_name or mail.sender,
        text=mail.facts.reply_text[:CAUSE_CHARACTERS],
        attachments=mail.facts.attachments,
    )


def _spoken_cause(effects: Sequence[Effect], ticket: Ticket) -> Cause | None:
    """What somebody said by phone or at the counter, where that is what the decision is about."""
    said = next((effect for effect in effects if isinstance(effect, EnterMessage)), None)
    if said is None:
        return None
    writer = said.name or said.email or ticket.phone or ticket.number
    return Cause(writer=writer, text=said.text[:CAUSE_CHARACTERS], attachments=())
