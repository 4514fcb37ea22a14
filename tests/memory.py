"""Fills the memory for tests: mails entered, tickets opened, mails written, each with little ceremony."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from store.casebook import Casebook, open_casebook
from store.database import Database
from store.inbox import Inbox
from store.ledger import Arrival, Ledger
from store.outbox import Outbox, OutgoingMail
from store.records import ReceivedMail, WaitingMail, WrittenMail
from tests.complaints import MORNING, POLICY, TUAN, facts, ticket
from tickets.effects import Effect, OpenTicket, ReceiveMessage, WriteMail
from tickets.folding import apply
from tickets.ticket import Party, Ticket

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LEASE = 15 * MINUTE
_numbers = count(1)


def differ(one: str, other: str) -> bool:
    """No two mails with different bytes are the same."""
    return one == other


def arrival(**changes: Any) -> Arrival:
    """A mail nobody has seen before."""
    number = next(_numbers)
    made = Arrival(
        mailbox="support",
        uidvalidity=1,
        uid=number,
        size_bytes=1000,
        sha256=f"{number:064x}",
        message_id=f"<{number}@khach.example>",
        sender=TUAN,
        received_at=MORNING,
    )
    return replace(made, **changes)


def ledger(database: Database, now: datetime = MORNING) -> Ledger:
    return Ledger(database, lambda: now, differ)


def enter(database: Database, *senders: str, now: datetime = MORNING) -> None:
    """One new mail of each sender, in this order."""
    ledger(database, now).enter([arrival(sender=sender) for sender in senders])


def claim(
    database: Database, worker: str = "one", *, now: datetime = MORNING, limit: int = 100, lease: timedelta = LEASE
) -> list[WaitingMail]:
    return Inbox(database).claim(now, limit, lease, worker)


def received(waiting: WaitingMail, **found: Any) -> ReceivedMail:
    return ReceivedMail(
        mail_id=waiting.mail_id,
        sender=waiting.sender,
        sender_name="Tuấn",
        received_at=waiting.received_at,
        facts=facts(**found),
    )


def letter(to: str = TUAN, *, no: int = 0, **changes: Any) -> WrittenMail:
    """A mail of ours."""
    made = WrittenMail(
        template="acknowledgement",
        email=to,
        name="Tuấn",
        sender="support@hakago.example",
        message_id=f"<{next(_numbers)}.ours@hakago.example>",
        subject="Đã tiếp nhận",
        text="Kính gửi Quý khách",
        raw=b"Subject: x\r\n\r\n\xff\x00",
        is_automatic=True,
        message_no=no,
    )
    return replace(made, **changes)


def writing(to: str = TUAN, template: str = "acknowledgement") -> WriteMail:
    return WriteMail(
        template=template, to=Party(email=to, role="customer", name="Tuấn"), audience="customer", is_automatic=True
    )


def opening(**changes: Any) -> tuple[Effect, ...]:
    """The effects that open a ticket by a mail."""
    bare = ticket(id=0, number="", version=0, messages=0, **changes)
    return (
        OpenTicket(ticket=bare),
        ReceiveMessage(email=bare.customer_email, name="Tuấn", role="customer", rule="new"),
    )


def carry_out(
    book: Casebook,
    before: Ticket | None,
    *effects: Effect,
    mail: ReceivedMail | None = None,
    letters: Sequence[str] = (),
) -> Ticket:
    """Apply effects to a ticket, or open one by them, and write to people about it."""
    ticket = before
    steps: list[tuple[Effect, Ticket]] = []
    for effect in book.number([*effects, *map(writing, letters)]):
        ticket = apply(ticket, effect, book.now)
        steps.append((effect, ticket))
    assert ticket is not None
    first = ticket.messages - len(letters) + 1
    written = [letter(to, no=number) for number, to in enumerate(letters, start=first)]
    book.record(steps, written, actor="test", mail=mail)
    return ticket


def open_in(book: Casebook, mail: ReceivedMail | None = None, letters: Sequence[str] = (), **changes: Any) -> Ticket:
    """Open a ticket in a casebook, and write to people about it."""
    return carry_out(book, None, *opening(**changes), mail=mail, letters=letters)


def open_ticket(database: Database, now: datetime = MORNING, letters: Sequence[str] = (), **changes: Any) -> Ticket:
    """A stored ticket."""
    with open_casebook(database, POLICY, now) as book:
        opened = open_in(book, letters=letters, **changes)
    return read(database, opened.id)


def read(database: Database, ticket_id: int, now: datetime = MORNING) -> Ticket:
    """A ticket as it is stored."""
    with open_casebook(database, POLICY, now) as book:
        book.read_tickets([ticket_id])
        return book.current(ticket_id)


def post(database: Database, *letters: WrittenMail, now: datetime = MORNING) -> None:
    """Put mails that belong to no ticket into the outbox."""
    with open_casebook(database, POLICY, now) as book:
        for one in letters:
            book.record_letter(one)


def outbox(database: Database, automatic_per_hour: int = 1000) -> Outbox:
    return Outbox(database, automatic_per_hour=automatic_per_hour)


def due(
    database: Database, worker: str = "one", *, now: datetime = MORNING, limit: int = 100, per_hour: int = 1000
) -> list[OutgoingMail]:
    return outbox(database, per_hour).claim_due(now, limit, LEASE, worker)
