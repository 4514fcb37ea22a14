"""The outbox: mails that were decided on, rendered and committed, until a server has taken them.

A mail is claimed with a lease that expires, so that a daemon that died gives its mails back. Mails to one person about
one ticket go out in the order they were written: a later one is not handed out while an earlier one waits. Delivery is
at least once: a mail sent but not recorded goes out again, byte for byte the same, with the same Message-ID.

The breaker: more than `automatic_per_hour` mails to customers within an hour stop all further ones; they stay queued.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, exists, func, or_, select, true, update

from store.chunks import chunks
from store.database import Database, storable
from store.schema import outbox, ticket

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingMail:
    """A mail that was claimed and is to be delivered."""

    id: int
    ticket_id: int | None
    number: str | None  # of that ticket
    kind: str  # template it was written by
    sender: str  # envelope sender
    recipient: str  # envelope recipient
    raw: bytes
    attempts: int  # so far
    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryResult:
    """What became of one attempt."""

    mail_id: int
    outcome: Literal["sent", "retry", "failed"]
    at: datetime
    next_attempt_at: datetime | None  # for "retry"
    error: str  # the server's words; empty when sent


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedDelivery:
    """A mail that will not be delivered."""

    mail_id: int
    ticket_id: int | None
    kind: str
    recipient: str
    error: str


class Outbox:
    """The queue of mails to deliver."""

    def __init__(self, database: Database, *, automatic_per_hour: int) -> None:
        self._database = database
        self.automatic_per_hour = automatic_per_hour

    def claim_due(self, now: datetime, limit: int, lease: timedelta, worker: str) -> list[OutgoingMail]:
        """Up to `limit` mails that are due, in the order they were written, leased to `worker`."""
        with self._database.reading() as connection:
            if not connection.scalar(select(exists().where(_is_free(now)))):
                return []
        with self._database.writing(turn="outbox") as connection:  # or an earlier mail's new lease would not be seen
            wanted = _due_mails(now, self._automatic_left(connection, now), limit)
            rows = connection.execute(wanted).all()
            leased = [{"row_id": row.id} for row in rows]
            if leased:
                lease_row = update(outbox).where(outbox.c.id == bindparam("row_id"))
                connection.execute(lease_row.values(leased_until=now + lease, leased_by=worker), leased)
        return [OutgoingMail(**row._asdict()) for row in rows]

    def _automatic_left(self, connection: Connection, now: datetime) -> int:
        """How many mails to customers may still go out this hour; leased ones count as sent."""
        sent = _count(connection, and_(outbox.c.is_automatic, outbox.c.sent_at > now - HOUR))
        held = and_(outbox.c.is_automatic, outbox.c.state == "queued", outbox.c.leased_until > now)
        return max(0, self.automatic_per_hour - sent - _count(connection, held))

    def is_breaker_open(self, now: datetime) -> bool:
        """Whether mails to customers wait because too many went out within the hour."""
        with self._database.reading() as connection:
            waiting = _count(connection, and_(_is_free(now), outbox.c.is_automatic))
            return waiting > 0 and self._automatic_left(connection, now) == 0

    def record(self, results: Sequence[DeliveryResult]) -> None:
        """Record what became of mails, in one transaction; what was sent stays sent, whatever a slower daemon says."""
        rows = [_result_row(result) for result in results]
        if not rows:
            return
        change = (
            update(outbox)
            .where(outbox.c.id == bindparam("row_id"), outbox.c.state != "sent")
            .values(
                state=bindparam("new_state"),
                attempts=outbox.c.attempts + 1,
                due_at=func.coalesce(bindparam("next_at", type_=outbox.c.due_at.type), outbox.c.due_at),
                sent_at=bindparam("new_sent_at", type_=outbox.c.sent_at.type),
                error=bindparam("new_error"),
                leased_until=None,
                leased_by=None,
            )
        )
        with self._database.writing() as connection:
            connection.execute(change, rows)

    def release(self, mail_ids: Sequence[int]) -> None:
        """Give claimed mails back untried."""
        if not mail_ids:
            return
        give_back = update(outbox).where(outbox.c.id.in_(mail_ids), outbox.c.state == "queued")
        with self._database.writing() as connection:
            connection.execute(give_back.values(leased_until=None, leased_by=None))

    def next_due_at(self) -> datetime | None:
        """When the earliest queued mail falls due; None when nothing is queued."""
        with self._database.reading() as connection:
            earliest: datetime | None = connection.scalar(
                select(func.min(outbox.c.due_at)).where(outbox.c.state == "queued")
            )
            return earliest

    def untold_failures(self, limit: int = 100) -> list[FailedDelivery]:
        """Mails that failed for good and that staff have not been told of."""
        columns = (outbox.c.id.label("mail_id"), outbox.c.ticket_id, outbox.c.kind, outbox.c.recipient, outbox.c.error)
        wanted = (
            select(*columns).where(outbox.c.state == "failed", ~outbox.c.is_told).order_by(outbox.c.id).limit(limit)
        )
        with self._database.reading() as connection:
            return [FailedDelivery(**row._asdict()) for row in connection.execute(wanted)]


def read_unsent(
    connection: Connection, ticket_ids: Collection[int], before: datetime
) -> dict[tuple[int, str], datetime]:
    """Since when the oldest mail waits, by ticket and recipient; only those written before a moment."""
    found: dict[tuple[int, str], datetime] = {}
    for chunk in chunks(sorted(ticket_ids)):
        waiting = (
            select(outbox.c.ticket_id, outbox.c.recipient, func.min(outbox.c.created_at))
            .where(outbox.c.ticket_id.in_(chunk), outbox.c.state == "queued", outbox.c.created_at <= before)
            .group_by(outbox.c.ticket_id, outbox.c.recipient)
        )
        for ticket_id, recipient, since in connection.execute(waiting):
            found[ticket_id, recipient] = since
    return found


def count_automatic(connection: Connection, emails: Collection[str], since: datetime) -> dict[str, int]:
    """How many automatic mails were written to each address since then."""
    found: dict[str, int] = {}
    for chunk in chunks(sorted(emails)):
        is_counted = and_(outbox.c.recipient.in_(chunk), outbox.c.created_at > since)
        # Asked for in the condition, SQLite would look through all automatic mails that there ever were.
        number = func.count(case((outbox.c.is_automatic, 1)))
        counted = select(outbox.c.recipient, number).where(is_counted).group_by(outbox.c.recipient)
        found.update((email, number) for email, number in connection.execute(counted))
    return found


def has_written(connection: Connection, message_id: str) -> bool:
    """Whether a mail with this Message-ID was ever put into the outbox."""
    return bool(connection.scalar(select(exists().where(outbox.c.message_id == message_id))))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(
        outbox.c.state == "queued",
        or_(outbox.c.due_at <= now, outbox.c.attempts == 0),  # also where the clock was ahead when it was written
        or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now),
    )


def _due_mails(now: datetime, automatic_left: int, limit: int) -> Select[tuple[object, ...]]:
    earlier = outbox.alias("earlier")
    must_wait = exists().where(
        earlier.c.ticket_id == outbox.c.ticket_id,
        earlier.c.recipient == outbox.c.recipient,
        earlier.c.id < outbox.c.id,
        earlier.c.state == "queued",
        or_(and_(earlier.c.due_at > now, earlier.c.attempts > 0), earlier.c.leased_until > now),
    )
    number = select(ticket.c.number).where(ticket.c.id == outbox.c.ticket_id).scalar_subquery()
    columns = [*(outbox.c[name] for name in OutgoingMail.__slots__ if name != "number"), number.label("number")]
    may_go = ~outbox.c.is_automatic if automatic_left == 0 else true()
    wanted = select(*columns).where(_is_free(now), ~must_wait, may_go)
    wanted = wanted.order_by(outbox.c.id).limit(min(limit, automatic_left) if automatic_left else limit)
    return wanted.with_for_update(of=outbox, skip_locked=True)


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(outbox).where(condition)) or 0


def _result_row(result: DeliveryResult) -> dict[str, object]:
    state = {"sent": "sent", "retry": "queued", "failed": "failed"}[result.outcome]
    return {
        "row_id": result.mail_id,
        "new_state": state,
        "next_at": result.next_attempt_at,
        "new_sent_at": result.at if result.outcome == "sent" else None,
        "new_error": storable(result.error),
    }
