"""Deletes what is held on one address, in one transaction.

A case of which the address is the customer's is his, and goes as a whole. Of the cases of others goes what he wrote and
what was written to him; his address is replaced wherever else it stands in the database, and raw mails of others that
name him go, though not what is known of them. Cases whose outcome the policy keeps are left as they are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select, update

from store.database import Database
from store.disused import DisusedFiles, safe_moment
from store.erasing import Erasing
from store.persons import Held, HeldCase, read_held
from store.schema import automatic, evidence, ledger, message, outbox, party, suspension, ticket
from store.scrubbing import Touched, scrub
from store.spool import Spool


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasedPerson:
    """What became of it."""

    counts: Mapping[str, int]  # rows, by table
    kept: tuple[str, ...]  # numbers of cases that the policy keeps
    files_left: int  # that go in the coming night: mails were in hand


class PersonErasing:
    """Deletes persons.

    `is_named`: whether a raw mail names an address anywhere. `attached`: SHA-256 of everything that is attached to one;
    of what came with automatic mail no row tells.
    """

    def __init__(
        self,
        database: Database,
        spool: Spool,
        files: DisusedFiles,
        *,
        is_named: Callable[[str, BinaryIO], bool],
        attached: Callable[[BinaryIO], Collection[str]],
    ) -> None:
        self._database = database
        self._spool = spool
        self._files = files
        self._is_named = is_named
        self._attached = attached

    def erase(
        self,
        address: str,
        *,
        keep_outcomes: Collection[str],
        check: Callable[[Held], None],
        by: str,
        now: datetime,
        wall: Callable[[], float],  # the time by which files are dated
    ) -> ErasedPerson:
        """All at once. `check` raises where it must not be done; nothing has changed then. Raises StoreError, OSError.

        An error in the removal of files leaves rows deleted and files to the coming night.
        """
        with self._database.erasing() as connection:
            before = safe_moment(connection, wall())
            held = read_held(connection, address)
            check(held)
            erasing = Erasing(connection, now)
            kept = [one for one in held.cases if one.outcome in keep_outcomes]
            gone = [one for one in held.cases if one.outcome not in keep_outcomes]
            _lock(connection, gone)
            _erase(erasing, connection, held, gone, kept)
            touched = scrub(connection, address, [one.id for one in kept])
            self._remove_what_names(erasing, connection, address, touched, [one.id for one in gone])
            counts = erasing.record("person", by)
        left = self._files.remove(erasing.raws, erasing.blobs | self._find_attached(erasing.raws), before)
        return ErasedPerson(counts=counts, kept=tuple(one.number for one in kept), files_left=left)

    def _remove_what_names(
        self, erasing: Erasing, connection: Connection, address: str, touched: Touched, cases: Sequence[int]
    ) -> None:
        """Raw mails of others, theirs and ours, in which he stands."""
        came = connection.execute(_raw_mails(touched, cases)).all()
        erasing.remove_raws([row.id for row in came if self._stands_in(address, row.sha256)])
        is_ours = or_(outbox.c.message_id.in_(touched.message_ids), outbox.c.ticket_id.in_(cases))
        is_letter = outbox.c.ticket_id.is_(None)
        for row in connection.execute(select(outbox.c.id, outbox.c.raw).where(or_(is_ours, is_letter))).all():
            if self._is_named(address, BytesIO(row.raw)):
                erasing.silence(outbox.c.id == row.id)

    def _find_attached(self, raws: Collection[str]) -> set[str]:
        found: set[str] = set()
        for sha256 in raws:
            with suppress(FileNotFoundError), self._spool.open(sha256) as raw:
                found.update(self._attached(raw))
        return found

    def _stands_in(self, address: str, sha256: str) -> bool:
        with suppress(FileNotFoundError), self._spool.open(sha256) as raw:
            return self._is_named(address, raw)
        return False


def _raw_mails(touched: Touched, cases: Sequence[int]) -> "Select[tuple[int, str]]":
    """Those that the cases consist of, and those whose words or records named him."""
    is_of_case: ColumnElement[bool] = ledger.c.id.in_(select(message.c.mail_id).where(message.c.ticket_id.in_(cases)))
    is_record = ledger.c.id.in_(select(automatic.c.mail_id).where(automatic.c.ticket_id.in_(cases)))
    wanted = select(ledger.c.id, ledger.c.sha256).where(ledger.c.removed_at.is_(None))
    return wanted.where(or_(is_of_case, is_record, ledger.c.id.in_(touched.mail_ids)))


def _lock(connection: Connection, cases: Sequence[HeldCase]) -> None:
    """Nobody adds to them until the transaction ends; whoever has read them has to read them again."""
    ids = [one.id for one in cases]
    connection.execute(update(ticket).where(ticket.c.id.in_(ids)).values(version=ticket.c.version + 1))


def _erase(
    erasing: Erasing, connection: Connection, held: Held, gone: Sequence[HeldCase], kept: Sequence[HeldCase]
) -> None:
    erasing.erase_tickets([one.id for one in gone if one.part == "customer"])
    for one in gone:
        if one.part != "customer":
            _erase_part(erasing, connection, one.id, held.address)
    erasing.erase_records([one.mail_id for one in held.records])
    connection.execute(delete(suspension).where(suspension.c.email == held.address))
    erasing.delete(outbox, outbox.c.ticket_id.is_(None) & (outbox.c.recipient == held.address))
    # Mails that were known when they came, and whatever else the ledger has of him.
    is_kept = ledger.c.id.in_(
        select(message.c.mail_id).where(
            message.c.ticket_id.in_([one.id for one in kept]), message.c.mail_id.is_not(None)
        )
    )
    erasing.erase_mails(set(connection.scalars(select(ledger.c.id).where(ledger.c.sender == held.address, ~is_kept))))


def _erase_part(erasing: Erasing, connection: Connection, ticket_id: int, address: str) -> None:
    """What he wrote, what was written to him, and the notices to staff that repeat his words."""
    is_his = (message.c.ticket_id == ticket_id) & (message.c.email == address)
    rows = connection.execute(select(message.c.no, message.c.mail_id, message.c.direction).where(is_his)).all()
    came = [row.no for row in rows if row.direction == "in"]
    erasing.delete(evidence, (evidence.c.ticket_id == ticket_id) & evidence.c.message_no.in_(came))
    erasing.erase_attachments(ticket_id, came)
    if came:
        _silence_notices(erasing, connection, ticket_id, min(came))
    erasing.delete(message, is_his)
    erasing.delete(outbox, (outbox.c.ticket_id == ticket_id) & (outbox.c.recipient == address))
    erasing.delete(party, (party.c.ticket_id == ticket_id) & (party.c.email == address))
    erasing.erase_mails([row.mail_id for row in rows if row.mail_id is not None])


def _silence_notices(erasing: Erasing, connection: Connection, ticket_id: int, first: int) -> None:
    """From his first message on; staff have them in their own mailboxes."""
    outside = select(party.c.email).where(party.c.ticket_id == ticket_id, party.c.role.not_in(("staff", "manager")))
    customer = select(ticket.c.customer_email).where(ticket.c.id == ticket_id)
    is_notice = (
        (message.c.ticket_id == ticket_id)
        & (message.c.direction == "out")
        & (message.c.no > first)
        & message.c.email.not_in(outside)
        & message.c.email.not_in(customer)
    )
    written = select(message.c.message_id).where(is_notice)
    erasing.silence(outbox.c.message_id.in_(written))
    connection.execute(update(message).where(is_notice).values(text=""))
