"""The ledger: one row per mail seen on a server, and with it the inbox, the queue of mails not yet understood.

Entering is one transaction: once it returns, the mail may be flagged or moved on the server. A mail is known by
mailbox, UIDVALIDITY and UID; where those are new (the mailbox was made anew, or the mail also lies in another one), by
Message-ID and content. A known mail is entered too, and goes no further.

What was deleted, by rule or on demand, is known by the SHA-256 of its bytes alone: where it comes again, from a folder
that was made anew, it is no new complaint, and neither sender nor Message-ID are kept again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from store.chunks import chunks
from store.database import Database
from store.schema import inbox, ledger

ERASED = "erased"  # the disposition of a mail that was deleted
_NAMELESS = {"message_id": None, "sender": "", "disposition": ERASED}
MOST_COMPARED = 20  # mails of one Message-ID that are read and compared; more are a careless program's


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A mail that lies in the spool and is to be entered."""

    mailbox: str
    uidvalidity: int
    uid: int
    size_bytes: int
    sha256: str  # of the raw mail
    message_id: str | None
    sender: str  # address, lower case
    received_at: datetime  # INTERNALDATE


class Ledger:
    """The mails seen on servers.

    `is_same_mail` compares two raw mails, given by their SHA-256, leaving out what servers add on the way: the same
    mail in two mailboxes differs in its trace fields.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], is_same_mail: Callable[[str, str], bool]
    ) -> None:
        self._database = database
        self._now = now
        self._is_same_mail = is_same_mail

    def seen_uids(self, mailbox: str, uidvalidity: int) -> set[int]:
        """All UIDs entered for the mailbox under this UIDVALIDITY."""
        wanted = select(ledger.c.uid).where(ledger.c.mailbox == mailbox, ledger.c.uidvalidity == uidvalidity)
        with self._database.reading() as connection:
            return set(connection.scalars(wanted))

    def enter(self, arrivals: Sequence[Arrival]) -> int:
        """Enter mails in one transaction, new ones into the inbox too; how many were new.

        Raises StoreError; nothing is entered then. An arrival whose UID is entered already is passed over.
        """
        if not arrivals:
            return 0
        with self._database.writing(turn="ledger") as connection:  # the same mail may be arriving in another mailbox
            entered = _entered_uids(connection, arrivals)
            fresh = [one for one in arrivals if (one.mailbox, one.uidvalidity, one.uid) not in entered]
            return self._enter(connection, fresh) if fresh else 0

    def _enter(self, connection: Connection, fresh: Sequence[Arrival]) -> int:
        now = self._now()
        known = _Known(connection, fresh, self._is_same_mail)
        known_as = [known.find(arrival) for arrival in fresh]
        rows = [
            _ledger_row(arrival, earlier, now) | (_NAMELESS if known.was_erased(arrival) else {})
            for arrival, earlier in zip(fresh, known_as, strict=True)
        ]
        # The rows come back in the order they were given: SQLAlchemy's insertmanyvalues, sorted.
        returning = insert(ledger).returning(ledger.c.id, sort_by_parameter_order=True)
        mail_ids = connection.scalars(returning, rows).all()
        new = [
            {"mail_id": mail_id, "sender": arrival.sender, "attempts": 0, "claims": 0, "due_at": now}
            for mail_id, arrival, earlier in zip(mail_ids, fresh, known_as, strict=True)
            if earlier is None
        ]
        if new:
            connection.execute(insert(inbox), new)
        return len(new)

    def unfiled(self, mailbox: str, uidvalidity: int) -> list[int]:
        """UIDs entered whose flag or move on the server has not been confirmed, in ascending order."""
        wanted = (
            select(ledger.c.uid)
            .where(ledger.c.mailbox == mailbox, ledger.c.uidvalidity == uidvalidity, ~ledger.c.is_filed)
            .order_by(ledger.c.uid)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(wanted))

    def mark_filed(self, mailbox: str, uidvalidity: int, uids: Iterable[int]) -> None:
        """Remember that the server has flagged or moved these."""
        with self._database.writing() as connection:
            for chunk in chunks(sorted(uids)):
                connection.execute(
                    update(ledger)
                    .where(ledger.c.mailbox == mailbox, ledger.c.uidvalidity == uidvalidity, ledger.c.uid.in_(chunk))
                    .values(is_filed=True)
                )


class _Known:
    """Finds the ledger row of the same mail among those entered before, and among this batch."""

    def __init__(
        self, connection: Connection, arrivals: Sequence[Arrival], is_same_mail: Callable[[str, str], bool]
    ) -> None:
        self._is_same_mail = is_same_mail
        self._by_message_id: dict[str, list[tuple[int, str]]] = {}
        self._by_both: dict[tuple[str | None, str], int] = {}  # Message-ID and SHA-256; None: it has no Message-ID
        self._erased: dict[str, int] = {}  # by SHA-256
        for chunk in chunks(sorted({one.message_id for one in arrivals if one.message_id})):
            self._read(connection, ledger.c.message_id.in_(chunk))
        for chunk in chunks(sorted({one.sha256 for one in arrivals})):
            self._read(connection, ledger.c.sha256.in_(chunk) & ledger.c.message_id.is_(None))

    def _read(self, connection: Connection, condition: ColumnElement[bool]) -> None:
        columns = [ledger.c[name] for name in ("id", "known_as", "message_id", "sha256", "disposition")]
        for row in connection.execute(select(*columns).where(condition).order_by(ledger.c.id)):
            first = row.known_as or row.id
            if row.disposition == ERASED:
                self._erased.setdefault(row.sha256, first)
            else:
                self._by_both.setdefault((row.message_id, row.sha256), first)
            if row.message_id and row.known_as is None:
                self._by_message_id.setdefault(row.message_id, []).append((row.id, row.sha256))

    def was_erased(self, arrival: Arrival) -> bool:
        return arrival.sha256 in self._erased

    def find(self, arrival: Arrival) -> int | None:
        """The row of the same mail; 0 for one that stands earlier in this batch. Remembers the arrival."""
        both = (arrival.message_id, arrival.sha256)
        found = self._by_both.get(both, self._erased.get(arrival.sha256))
        self._by_both.setdefault(both, 0)
        if found is not None or not arrival.message_id:
            return found
        alike = self._by_message_id.setdefault(arrival.message_id, [])
        for mail_id, sha256 in alike[-MOST_COMPARED:]:
            if self._is_same_mail(sha256, arrival.sha256):
                return mail_id
        alike.append((0, arrival.sha256))
        return None


def _entered_uids(connection: Connection, arrivals: Sequence[Arrival]) -> set[tuple[str, int, int]]:
    found: set[tuple[str, int, int]] = set()
    for mailbox, uidvalidity in {(one.mailbox, one.uidvalidity) for one in arrivals}:
        uids = sorted({one.uid for one in arrivals if (one.mailbox, one.uidvalidity) == (mailbox, uidvalidity)})
        for chunk in chunks(uids):
            wanted = select(ledger.c.uid).where(
                ledger.c.mailbox == mailbox, ledger.c.uidvalidity == uidvalidity, ledger.c.uid.in_(chunk)
            )
            found.update((mailbox, uidvalidity, uid) for uid in connection.scalars(wanted))
    return found


def _ledger_row(arrival: Arrival, known_as: int | None, now: datetime) -> dict[str, object]:
    return {
        "mailbox": arrival.mailbox,
        "uidvalidity": arrival.uidvalidity,
        "uid": arrival.uid,
        "size_bytes": arrival.size_bytes,
        "sha256": arrival.sha256,
        "message_id": arrival.message_id,
        "sender": arrival.sender,
        "received_at": arrival.received_at,
        "entered_at": now,
        "known_as": known_as,
        "disposition": "waiting" if known_as is None else "known",
        "is_filed": False,
    }
