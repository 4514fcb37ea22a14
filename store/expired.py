"""What the company keeps no longer, by the rules of its policy: which cases, which records, and their deletion.

Deletion goes in small transactions, so that mails are taken in between; each is complete in itself, and what a crash
cuts off is done in the next run.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from store.database import Database
from store.disused import DisusedFiles, safe_moment
from store.erasing import Erasing
from store.schema import attachment, automatic, message, outbox, quarantine, ticket

BATCH_TICKETS = 100
BATCH_RECORDS = 500

Kind = Literal["tickets", "evidence", "automatic"]
KINDS: tuple[Kind, ...] = ("tickets", "evidence", "automatic")  # evidence of cases that stay


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What was closed, or came, before these moments is not kept; None: it is kept for ever."""

    evidence: datetime | None
    tickets: datetime | None
    automatic: datetime | None
    keep_outcomes: Collection[str]  # cases that ended so are never deleted by rule

    def of(self, kind: Kind) -> datetime | None:
        return {"evidence": self.evidence, "tickets": self.tickets, "automatic": self.automatic}[kind]


class Expired:
    """Finds and deletes."""

    def __init__(self, database: Database, files: DisusedFiles) -> None:
        self._database = database
        self._files = files

    def find_tickets(self, kind: Literal["tickets", "evidence"], limits: Limits) -> list[str]:
        """The numbers of all cases that are due."""
        with self._database.reading() as connection:
            return list(connection.scalars(select(ticket.c.number).where(_is_due(kind, limits)).order_by(ticket.c.id)))

    def count_records(self, limits: Limits) -> int:
        """How many automatic mails and discarded ones are due."""
        with self._database.reading() as connection:
            return len(_records(connection, limits.automatic, None)) if limits.automatic else 0

    def erase_some(self, limits: Limits, *, by: str, now: datetime, wall: Callable[[], float]) -> Mapping[str, int]:
        """One transaction's worth of what is due, with its files; how much, and nothing once all is done.

        `wall`: the time by which files are dated. Raises StoreError, OSError.
        """
        for kind in KINDS:
            with self._database.erasing() as connection:
                before = safe_moment(connection, wall())
                erasing = Erasing(connection, now)
                _erase(erasing, connection, kind, limits)
                counts = erasing.record(kind, by)
            self._files.remove(erasing.raws, erasing.blobs, before)
            if counts:
                return counts
        return {}


def _erase(erasing: Erasing, connection: Connection, kind: Kind, limits: Limits) -> None:
    limit = limits.of(kind)
    if limit is None:
        return
    if kind == "automatic":
        erasing.erase_records(_records(connection, limit, BATCH_RECORDS))
        erasing.delete(outbox, outbox.c.id.in_(_letters(connection, limit)))
        return
    # Locked: nobody adds to a case that is being deleted.
    wanted = select(ticket.c.id).where(_is_due(kind, limits)).order_by(ticket.c.id).limit(BATCH_TICKETS)
    due = list(connection.scalars(wanted.with_for_update()))
    if kind == "tickets":
        erasing.erase_tickets(due)
    else:
        erasing.remove_files(due)


def _is_due(kind: Literal["tickets", "evidence"], limits: Limits) -> ColumnElement[bool]:
    limit = limits.of(kind)
    is_over = and_(ticket.c.state == "closed", ticket.c.closed_at < limit)
    may_go = or_(ticket.c.outcome.is_(None), ticket.c.outcome.not_in(limits.keep_outcomes))
    has_files = (
        select(attachment.c.ticket_id)
        .join(message, (message.c.ticket_id == attachment.c.ticket_id) & (message.c.no == attachment.c.message_no))
        .where(attachment.c.ticket_id == ticket.c.id, attachment.c.removed_at.is_(None), message.c.mail_id.is_not(None))
        .exists()
    )
    is_due = and_(is_over, may_go) if limit else ticket.c.id.is_(None)
    return is_due & has_files if kind == "evidence" else is_due


def _records(connection: Connection, limit: datetime, limit_rows: int | None) -> list[int]:
    """Automatic mails that belong to no ticket, and mails that somebody discarded."""
    is_over = and_(automatic.c.ticket_id.is_(None), automatic.c.at < limit)
    records = select(automatic.c.mail_id).where(is_over).order_by(automatic.c.mail_id).limit(limit_rows)
    discarded = select(quarantine.c.mail_id).where(quarantine.c.discarded_at < limit).limit(limit_rows)
    return [*connection.scalars(records), *connection.scalars(discarded)]


def _letters(connection: Connection, limit: datetime) -> list[int]:
    """Mails to staff that belong to no ticket: they name whose mail was set aside."""
    is_over = and_(outbox.c.ticket_id.is_(None), outbox.c.state != "queued", outbox.c.created_at < limit)
    return list(connection.scalars(select(outbox.c.id).where(is_over).limit(BATCH_RECORDS)))
