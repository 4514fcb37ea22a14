"""What a rehearsal tells, and the notebook that takes the casebook's place in it: it remembers, and writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import Literal

from store.records import ReceivedMail, WrittenMail
from store.upcoming import QueuedMail, Upcoming
from tickets.effects import ChangeState, Effect, Note, WriteMail
from tickets.ticket import Ticket

WITHHELD = "mail-withheld"  # the event of a note: the bound of the day was reached

Threads = dict[tuple[int, str], list[str]]  # Message-IDs of what would be written to somebody about a ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One thing that would happen."""

    at: datetime
    ticket: str | None  # its number; None for a letter to staff that belongs to none
    event: Literal["queued", "mail", "state", "withheld", "broken"]
    to: str | None = None
    template: str | None = None
    subject: str | None = None
    text: str | None = None
    state: str | None = None  # the new one
    outcome: str | None = None
    why: str | None = None  # of a state, or what is wrong with a template


class Notebook:
    """One wake-up, as the clerk records it."""

    def __init__(self, now: datetime, upcoming: Upcoming, threads: Threads) -> None:
        self.now = now
        self.happenings: list[Happening] = []
        self.automatic: list[str] = []  # who got automatic mails
        self._upcoming = upcoming
        self._threads = threads

    def number(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        return tuple(effects)  # a clock opens no ticket

    def thread(self, ticket: Ticket, email: str) -> list[str]:
        return [*self._upcoming.thread(ticket.id, email), *self._threads.get((ticket.id, email), ())]

    def record(
        self,
        steps: Sequence[tuple[Effect, Ticket]],
        written: Sequence[WrittenMail],
        *,
        actor: str,  # noqa: ARG002 - as the casebook
        mail: ReceivedMail | None = None,  # noqa: ARG002 - as the casebook
    ) -> None:
        mails = iter(written)
        for effect, after in steps:
            match effect:
                case WriteMail():
                    self._keep(next(mails), after)
                case ChangeState(state=state, why=why):
                    told = Happening(
                        at=self.now, ticket=after.number, event="state", state=state, outcome=after.outcome, why=why
                    )
                    self.happenings.append(told)
                case Note(event=event, data=data) if event == WITHHELD:
                    self.happenings.append(_withheld(self.now, after, data))

    def _keep(self, mail: WrittenMail, ticket: Ticket) -> None:
        self._threads.setdefault((ticket.id, mail.email), []).append(mail.message_id)
        if mail.is_automatic:
            self.automatic.append(mail.email)
        self.happenings.append(
            Happening(
                at=self.now, ticket=ticket.number, event="mail", to=mail.email, template=mail.template,
                subject=mail.subject, text=mail.text,
            )
        )  # fmt: skip


def _withheld(now: datetime, ticket: Ticket, data: Mapping[str, str]) -> Happening:
    return Happening(at=now, ticket=ticket.number, event="withheld", to=data["to"], template=data["template"])


def tell_queued(mail: QueuedMail, now: datetime) -> Happening:
    """As it was written, and will be sent byte for byte."""
    read = message_from_bytes(mail.raw, policy=default)
    body = read.get_body(("plain",))
    return Happening(
        at=max(mail.due_at, now),
        ticket=mail.number,
        event="queued",
        to=mail.recipient,
        template=mail.kind,
        subject=str(read["Subject"] or ""),
        text=body.get_content() if body else "",
    )
