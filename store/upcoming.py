"""What lies ahead, for those who only look: mails that wait in the outbox, and tickets whose clocks will wake.

Everything is read in one transaction, in one state of the database, whatever a daemon does meanwhile. Memory does not
grow with the number of tickets; it does with the number that one customer has.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, Row, Select, func, select

from store.chunks import chunks
from store.database import Database
from store.schema import clock, outbox, ticket
from store.ticket_rows import load_tickets, read_thread
from tickets.ticket import Ticket

TICKETS_READ = 200  # at once; those of one customer are never parted
ROWS_READ = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuedMail:
    """A mail of the outbox that was not sent yet."""

    number: str | None  # of its ticket
    kind: str  # template it was written by
    recipient: str
    raw: bytes
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerAhead:
    """The tickets of one customer that have a clock to wake, oldest first."""

    tickets: Sequence[Ticket]
    automatic: Sequence[datetime]  # when automatic mails were written to him lately


@contextmanager
def open_upcoming(database: Database) -> Iterator["Upcoming"]:
    """Reads until the end of the block, which must not be left before all is read. Raises StoreError in it."""
    with database.reading() as connection:
        yield Upcoming(connection)


class Upcoming:
    """One state of the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queued(self, until: datetime, number: str | None = None) -> Iterator[QueuedMail]:
        """Mails that will be tried until then, in the order they were written; all, or those of one ticket."""
        columns = (ticket.c.number, *(outbox.c[name] for name in ("kind", "recipient", "raw", "due_at")))
        wanted = (
            select(*columns)
            .select_from(outbox.outerjoin(ticket, ticket.c.id == outbox.c.ticket_id))
            .where(outbox.c.state == "queued", outbox.c.due_at <= until)
            .order_by(outbox.c.id)
        )
        if number is not None:
            wanted = wanted.where(ticket.c.number == number)
        for row in self._connection.execute(wanted, execution_options={"yield_per": ROWS_READ}):
            yield QueuedMail(**row._asdict())

    def customer_of(self, number: str) -> tuple[int, str] | None:
        """Id of the ticket and address of its customer; None where there is no ticket of that number."""
        wanted = select(ticket.c.id, ticket.c.customer_email).where(ticket.c.number == number)
        row = self._connection.execute(wanted).one_or_none()
        return (row.id, row.customer_email) if row else None

    def customers(
        self, until: datetime | None, since: datetime, only: tuple[int, str] | None = None
    ) -> Iterator[CustomerAhead]:
        """Customers with a clock that wakes until then (None: ever), by their oldest ticket; all, or `only` one.

        `since`: from when on their automatic mails are told.
        """
        rows = self._connection.execute(_waking(until, only), execution_options={"yield_per": ROWS_READ})
        for together in _packed(rows):
            yield from self._read(together, since)

    def _read(self, together: list[list[int]], since: datetime) -> Iterator[CustomerAhead]:
        tickets = {one.id: one for one in load_tickets(self._connection, [key for keys in together for key in keys])}
        automatic = self._automatic({one.customer_email for one in tickets.values()}, since)
        for keys in together:
            found = [tickets[key] for key in keys]
            yield CustomerAhead(tickets=found, automatic=automatic[found[0].customer_email])

    def _automatic(self, emails: Collection[str], since: datetime) -> defaultdict[str, list[datetime]]:
        found: defaultdict[str, list[datetime]] = defaultdict(list)
        for chunk in chunks(sorted(emails)):
            is_lately = outbox.c.recipient.in_(chunk) & (outbox.c.created_at > since)
            wanted = select(outbox.c.recipient, outbox.c.created_at, outbox.c.is_automatic).where(is_lately)
            for email, at, is_automatic in self._connection.execute(wanted):
                if is_automatic:  # see `count_automatic`
                    found[email].append(at)
        return found

    def thread(self, ticket_id: int, email: str) -> list[str]:
        """Message-IDs exchanged with somebody about a ticket so far, oldest first."""
        return read_thread(self._connection, ticket_id, email)


def _waking(until: datetime | None, only: tuple[int, str] | None) -> Select[tuple[int, str]]:
    """Customers by their oldest ticket; one without an address is a customer of his own for each ticket."""
    is_waking = clock.c.wakes_at.is_not(None) if until is None else clock.c.wakes_at <= until
    first = func.min(ticket.c.id).over(partition_by=ticket.c.customer_email)
    wanted = select(ticket.c.id, ticket.c.customer_email).where(
        ticket.c.id.in_(select(clock.c.ticket_id).where(is_waking))
    )
    if only is not None:
        ticket_id, email = only
        wanted = wanted.where(ticket.c.customer_email == email if email else ticket.c.id == ticket_id)
    return wanted.order_by(first, ticket.c.id)


def _packed(rows: Iterable[Row[tuple[int, str]]]) -> Iterator[list[list[int]]]:
    """Ids of tickets by customer, so many at a time as are read at once."""
    packed: list[list[int]] = []
    for _, group in groupby(rows, key=lambda row: row.customer_email or row.id):
        packed.append([row.id for row in group])
        if sum(map(len, packed)) >= TICKETS_READ:
            yield packed
            packed = []
    if packed:
        yield packed
