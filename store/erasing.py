"""Deletes cases, mails and records for good, within one transaction of the caller's.

Rows go here; files go after the commit (`store.disused`), so that a crash leaves files that nothing names, never rows
that name nothing. What stays of a mail is its row in the ledger, without sender and Message-ID: mailbox, UID and the
SHA-256 of its bytes, by which it is known where a server shows it again. `record` leaves a row that says how much was
deleted, when and by which command, and nothing of whom.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, or_, select, update

from store.chunks import chunks
from store.ledger import ERASED
from store.schema import (
    attachment,
    automatic,
    clock,
    erasure,
    evidence,
    history,
    inbox,
    ledger,
    message,
    outbox,
    party,
    quarantine,
    suspension,
    ticket,
)

Kind = Literal["person", "evidence", "tickets", "automatic"]

_OF_TICKETS = (history, attachment, evidence, clock, party, outbox, automatic, message)


class Erasing:
    """What one transaction deletes."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self.counts: Counter[str] = Counter()  # rows, by table; what was done to the ledger as "raw mails"
        self.raws: set[str] = set()  # SHA-256 of raw mails that are needed less
        self.blobs: set[str] = set()  # SHA-256 of attachments that are needed less

    def erase_tickets(self, ticket_ids: Collection[int]) -> None:
        """Whole cases, with all their mails. An address stays suspended, whatever becomes of the case it began with."""
        for chunk in chunks(sorted(ticket_ids)):
            self._note_blobs(attachment.c.ticket_id.in_(chunk))
            mails = select(message.c.mail_id).where(message.c.ticket_id.in_(chunk), message.c.mail_id.is_not(None))
            records = select(automatic.c.mail_id).where(automatic.c.ticket_id.in_(chunk))
            mail_ids = {*self._connection.scalars(mails), *self._connection.scalars(records)}
            forget = update(suspension).where(suspension.c.ticket_id.in_(chunk))
            self._connection.execute(forget.values(ticket_id=None))
            for table in _OF_TICKETS:
                self.delete(table, table.c.ticket_id.in_(chunk))
            self.delete(ticket, ticket.c.id.in_(chunk))
            self.erase_mails({one for one in mail_ids if one is not None})

    def remove_files(self, ticket_ids: Collection[int]) -> None:
        """The attachments of cases that stay, and the raw mails that they came in."""
        for chunk in chunks(sorted(ticket_ids)):
            came = select(message.c.mail_id).where(message.c.ticket_id.in_(chunk), message.c.mail_id.is_not(None))
            # What was handed out on paper came with no mail, and stays with the case.
            is_of_mail = (attachment.c.ticket_id == message.c.ticket_id) & (attachment.c.message_no == message.c.no)
            is_sent = select(message.c.no).where(is_of_mail, message.c.mail_id.is_not(None)).exists()
            is_meant = attachment.c.ticket_id.in_(chunk) & attachment.c.removed_at.is_(None) & is_sent
            self._note_blobs(is_meant)
            loaded = came.join(attachment, is_of_mail)
            self.remove_raws({one for one in self._connection.scalars(loaded) if one is not None})
            gone = self._connection.execute(update(attachment).where(is_meant).values(removed_at=self._now))
            self._count("attachment", gone.rowcount)

    def erase_attachments(self, ticket_id: int, message_nos: Collection[int]) -> None:
        """Of single messages of a case."""
        is_meant = (attachment.c.ticket_id == ticket_id) & attachment.c.message_no.in_(message_nos)
        self._note_blobs(is_meant)
        self.delete(attachment, is_meant)

    def silence(self, condition: ColumnElement[bool]) -> None:
        """Mails of ours: the bytes go, that they were sent stays. One that was not sent yet is not sent any more."""
        self.delete(outbox, condition & (outbox.c.state == "queued"))
        silent = self._connection.execute(update(outbox).where(condition, outbox.c.raw != b"").values(raw=b""))
        self._count("raw mails", silent.rowcount)

    def erase_records(self, mail_ids: Collection[int]) -> None:
        """Mails that are no messages of tickets: automatic ones, such as were set aside, such as wait to be read."""
        for chunk in chunks(sorted(mail_ids)):
            for table in (automatic, quarantine, inbox):
                self.delete(table, table.c.mail_id.in_(chunk))
        self.erase_mails(mail_ids)

    def erase_mails(self, mail_ids: Collection[int]) -> None:
        """What the ledger knows of mails, and of the same mails in other mailboxes, that helps to tell who wrote."""
        blank = {"sender": "", "message_id": None, "disposition": ERASED, "removed_at": self._now}
        for chunk in chunks(sorted(self._with_copies(mail_ids))):
            self._connection.execute(update(ledger).where(ledger.c.id.in_(chunk)).values(blank))

    def remove_raws(self, mail_ids: Collection[int]) -> None:
        """The raw mails, where the ledger goes on to know whose they were."""
        for chunk in chunks(sorted(self._with_copies(mail_ids))):
            self._connection.execute(update(ledger).where(ledger.c.id.in_(chunk)).values(removed_at=self._now))

    def _with_copies(self, mail_ids: Collection[int]) -> set[int]:
        """The rows of the ledger and those of the same mails; the raw bytes of all of them are needed less."""
        found: set[int] = set()
        fresh = set(mail_ids)
        while fresh:
            found |= fresh
            fresh = set().union(*(self._copies(chunk) for chunk in chunks(sorted(fresh)))) - found
        return found

    def _copies(self, mail_ids: Collection[int]) -> set[int]:
        own = select(ledger.c.sha256, ledger.c.message_id, ledger.c.removed_at).where(ledger.c.id.in_(mail_ids))
        rows = self._connection.execute(own).all()
        self.raws.update(row.sha256 for row in rows)
        self._count("raw mails", sum(row.removed_at is None for row in rows))
        alike = or_(
            ledger.c.message_id.in_({row.message_id for row in rows if row.message_id}),
            ledger.c.sha256.in_({row.sha256 for row in rows}),
        )
        # 0: came in one batch with it, and does not say which row it is the same as.
        is_copy = ledger.c.known_as.in_([*mail_ids, 0])
        return set(self._connection.scalars(select(ledger.c.id).where(alike, is_copy)))

    def delete(self, table: Table, condition: ColumnElement[bool]) -> None:
        self._count(table.name, self._connection.execute(delete(table).where(condition)).rowcount)

    def _note_blobs(self, condition: ColumnElement[bool]) -> None:
        self.blobs.update(self._connection.scalars(select(attachment.c.sha256).where(condition)))

    def _count(self, what: str, number: int) -> None:
        if number:
            self.counts[what] += number

    def record(self, kind: Kind, by: str) -> Mapping[str, int]:
        """Remember that something was deleted; how much. `by` is a command, never a person."""
        if self.counts:
            row = {"at": self._now, "by": by, "kind": kind, "counts": dict(self.counts)}
            self._connection.execute(insert(erasure), [row])
        return self.counts
