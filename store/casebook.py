"""Tickets within one transaction: what a batch of decisions reads, and everything it changes, written at once.

A casebook reads in bulk before the first decision and writes in bulk after the last; in between it answers from memory,
so that a later mail of the batch sees what an earlier one did. Nothing of a ticket is written before `flush`, and a
decision that fails before `record` leaves no trace in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from store.counters import Counters
from store.database import Database, translated
from store.journal import Journal
from store.outbox import count_automatic, has_written, read_unsent
from store.records import Lookup, ReceivedMail, WrittenMail
from store.suspensions import read_suspended
from store.ticket_rows import ThreadedMessage, find_tickets, load_tickets, read_failed, read_thread, save_tickets
from tickets.effects import (
    Effect,
    EnterMessage,
    KeepPaper,
    Note,
    OpenTicket,
    ReceiveMessage,
    ReleaseAddress,
    SuspendAddress,
)
from tickets.incoming import Candidates
from tickets.policy import Policy
from tickets.replacing import replace
from tickets.ticket import Ticket, ticket_number

DAY = timedelta(days=1)
REFERENCES_READ = 30  # of one mail; more are no thread but an attack


@contextmanager
def open_casebook(database: Database, policy: Policy, now: datetime) -> Iterator["Casebook"]:
    """A casebook in a transaction of its own: written and committed at the end of the block, or not at all."""
    with database.writing() as connection:
        book = Casebook(connection, policy, now)
        yield book
        book.flush()


class Casebook:
    """The tickets of one batch."""

    def __init__(self, connection: Connection, policy: Policy, now: datetime) -> None:
        self.now = now
        self._policy = policy
        self._connection = connection
        self._journal = Journal(now)
        self._counters = Counters(connection)
        self._stored: dict[int, Ticket] = {}
        self._current: dict[int, Ticket] = {}
        self._by_number: dict[str, int] = {}
        self._by_sender: dict[str, list[int]] = {}  # newest first
        self._by_message_id: dict[str, ThreadedMessage] = {}
        self._automatic: dict[str, int] = {}
        self._suspended: set[str] = set()  # of the senders that were looked up, and by this batch
        self._failed: set[str] = set()  # Message-IDs of mails of ours that bounced for good, in this batch

    def read(self, lookups: Sequence[Lookup]) -> None:
        """Load every ticket that one of the lookups may find."""
        senders = {lookup.sender for lookup in lookups if lookup.sender}
        found = find_tickets(
            self._connection,
            message_ids={one for lookup in lookups for one in _message_ids(lookup)},
            numbers={number for lookup in lookups for number in _numbers(lookup)},
            senders=senders,
        )
        self._by_message_id.update(found.by_message_id)
        self._automatic.update(count_automatic(self._connection, senders, self.now - DAY))
        self._suspended |= read_suspended(self._connection, senders)
        self._keep(load_tickets(self._connection, found.ticket_ids - self._current.keys()))

    def read_tickets(self, ticket_ids: Iterable[int]) -> None:
        """Load tickets by their ids."""
        with translated():
            found = load_tickets(self._connection, set(ticket_ids) - self._current.keys())
            customers = {ticket.customer_email for ticket in found}
            self._automatic.update(count_automatic(self._connection, customers, self.now - DAY))
        self._keep(found)

    def find(self, number: str) -> Ticket | None:
        """The ticket of that number as it is now; None where there is none."""
        with translated():
            found = find_tickets(self._connection, message_ids=(), numbers={number.upper()}, senders=())
        self.read_tickets(found.ticket_ids)
        return self._numbered(number)

    def read_unsent(self, before: datetime) -> dict[int, datetime]:
        """Since when a mail to the customer waits to be sent, by loaded ticket; only mails written before a moment."""
        with translated():
            waiting = read_unsent(self._connection, self._current.keys(), before)
        customers = {(one.id, one.customer_email): one.id for one in self._current.values()}
        return {customers[key]: since for key, since in waiting.items() if key in customers}

    def current(self, ticket_id: int) -> Ticket:
        """A ticket that was loaded, as it is now."""
        return self._current[ticket_id]

    def is_loaded(self, ticket_id: int) -> bool:
        """Whether the ticket was there when it was asked for; it may have been deleted in the meantime."""
        return ticket_id in self._current

    def _keep(self, tickets: Iterable[Ticket]) -> None:
        for ticket in sorted(tickets, key=lambda one: one.id):
            self._stored[ticket.id] = ticket
            self._show(ticket)

    def _show(self, ticket: Ticket) -> None:
        if ticket.id not in self._current:
            self._by_number[ticket.number.upper()] = ticket.id
            self._by_sender.setdefault(ticket.customer_email, []).insert(0, ticket.id)
        self._current[ticket.id] = ticket

    def candidates(self, lookup: Lookup) -> Candidates:
        """The tickets that the lookup finds, as they are now."""
        referenced = [self._by_message_id[one] for one in lookup.references if one in self._by_message_id]
        bounced = self._by_message_id.get(lookup.bounced or "")
        return Candidates(
            by_token=self._numbered(lookup.token.number) if lookup.token else None,
            by_reference=tuple(self._current[one.ticket_id] for one in referenced if one.is_ours),
            by_their_reference=tuple(self._current[one.ticket_id] for one in referenced if not one.is_ours),
            by_number=self._numbered(lookup.number),
            by_sender=tuple(self._current[one] for one in self._by_sender.get(lookup.sender, ()) if lookup.sender),
            bounced=(self._current[bounced.ticket_id], bounced.email) if bounced and bounced.is_ours else None,
            bounced_kind=bounced.kind if bounced else "",
            is_failure_known=bounced is not None and self._has_failed(bounced.ticket_id, lookup.bounced or ""),
            is_suspended=lookup.sender in self._suspended,
        )

    def _has_failed(self, ticket_id: int, message_id: str) -> bool:
        """Whether a bounce said before that our mail with this Message-ID failed for good."""
        if message_id in self._failed:
            return True
        with translated():
            return message_id in read_failed(self._connection, ticket_id)

    def _numbered(self, number: str | None) -> Ticket | None:
        found = self._by_number.get((number or "").upper())
        return self._current[found] if found is not None else None

    def thread(self, ticket: Ticket, email: str) -> list[str]:
        """Message-IDs exchanged with somebody about a stored ticket before this batch, oldest first."""
        if ticket.id not in self._stored:
            return []
        with translated():
            return read_thread(self._connection, ticket.id, email)

    def automatic_mails(self, email: str) -> int:
        """How many automatic mails were written to somebody within the last day, this batch included."""
        return self._automatic.get(email, 0)

    def number(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """The effects, with id and number given to the ticket that they open; both are used up by `record` only."""
        if not effects or not isinstance(effects[0], OpenTicket):
            return tuple(effects)
        ticket = effects[0].ticket
        local = ticket.received_at.astimezone(ZoneInfo(self._policy.zone))
        # Everybody asks for the id first, so that no two daemons can each hold a counter that the other waits for.
        key = self._counters.peek("ticket")
        number = ticket_number(self._policy.ticket_prefix, local, self._counters.peek(self._yearly(ticket)))
        return (OpenTicket(ticket=replace(ticket, id=key, number=number)), *effects[1:])

    def _yearly(self, ticket: Ticket) -> str:
        """The name of the counter that the ticket's number comes from."""
        return f"{self._policy.ticket_prefix}-{ticket.received_at.astimezone(ZoneInfo(self._policy.zone)):%y}"

    def record(
        self,
        steps: Sequence[tuple[Effect, Ticket]],
        written: Sequence[WrittenMail],
        *,
        actor: str,
        mail: ReceivedMail | None = None,
    ) -> None:
        """Note what a decision did, to be written at `flush`: each effect with the ticket after it."""
        for effect, after in steps:
            self._file(effect, after, actor, mail)
            self._journal.add_history(after.id, actor, effect)
        ticket = steps[-1][1]
        for one in written:
            if one.is_automatic:
                self._automatic[one.email] = self._automatic.get(one.email, 0) + 1
            self._journal.add_written(ticket, one)
            self._by_message_id[one.message_id] = ThreadedMessage(
                ticket_id=ticket.id, email=one.email, is_ours=True, kind=one.template
            )
        if mail is not None and mail.facts.message_id:
            received = ThreadedMessage(ticket_id=ticket.id, email=mail.sender, is_ours=False)
            self._by_message_id.setdefault(mail.facts.message_id, received)
        self._show(ticket)

    def _file(self, effect: Effect, after: Ticket, actor: str, mail: ReceivedMail | None) -> None:
        """What an effect leaves besides the ticket and its history."""
        match effect:
            case OpenTicket():
                self._counters.take("ticket")
                self._counters.take(self._yearly(after))
            case ReceiveMessage() if mail is not None:
                self._journal.add_received(after, effect, mail)
            case EnterMessage():
                self._journal.add_entered(after, effect)
            case KeepPaper():
                self._journal.add_paper(after, effect)
            case SuspendAddress(email=email):
                self._journal.change_suspension(after, actor, effect)
                self._suspended.add(email)
            case ReleaseAddress(email=email):
                self._journal.change_suspension(after, actor, effect)
                self._suspended.discard(email)
            case Note(event="bounced", data=data) if data["permanent"]:
                self._failed.add(data["message_id"])

    def mark_failures_told(self, outbox_ids: Sequence[int]) -> None:
        """Staff know of these failed deliveries now."""
        self._journal.tell_failures(outbox_ids)

    def mark_quarantine_told(self, mail_ids: Sequence[int]) -> None:
        """Staff know of these quarantined mails now."""
        self._journal.tell_quarantine(mail_ids)

    def has_written(self, message_id: str) -> bool:
        """Whether a mail with this Message-ID was written before."""
        with translated():
            return has_written(self._connection, message_id)

    def record_letter(self, written: WrittenMail) -> None:
        """Note a mail to staff that belongs to no ticket."""
        self._journal.add_written(None, written)

    def record_automatic(self, mail: ReceivedMail, ticket: Ticket | None) -> None:
        """Note an automatic mail, with the ticket it speaks of."""
        self._journal.add_automatic(mail, ticket)

    def dispose(self, mail_id: int, disposition: str) -> None:
        """Take a mail out of the inbox: it is a message or an automatic record now, or in quarantine."""
        self._journal.dispose(mail_id, disposition)

    def quarantine(self, mail_id: int, reason: str, *, writer: str) -> None:
        """Keep a mail aside that a rule did not take in, until somebody looks at it; see `store.quarantine.Reason`."""
        self._journal.add_quarantined(mail_id, reason, writer)
        self.dispose(mail_id, "quarantined")

    def flush(self) -> None:
        """Write everything. Raises StaleTicket where another daemon changed a ticket since it was read."""
        self._counters.flush()
        save_tickets(self._connection, self._stored, self._current)
        self._journal.write(self._connection)


def _message_ids(lookup: Lookup) -> tuple[str, ...]:
    bounced = (lookup.bounced,) if lookup.bounced else ()
    return (*lookup.references[:REFERENCES_READ], *bounced)


def _numbers(lookup: Lookup) -> list[str]:
    numbers = [lookup.number, lookup.token.number if lookup.token else None]
    return [number.upper() for number in numbers if number]
