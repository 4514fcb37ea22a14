"""The inbox: mails that lie in the spool and are not understood yet.

Mails are claimed with a lease that expires, oldest first, those of one sender in order: a later one waits while an
earlier one is in somebody's hands or waits for another attempt. A mail whose claim ended with the process (its lease
was never given back) is handed out alone, so that a mail that kills the program can be told from those that lay
beside it; after `CLAIMS_TO_QUARANTINE` such ends it is handed out no more (`find_suspects`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, insert, or_, select, update

from store.database import Database, storable
from store.records import WaitingMail
from store.schema import inbox, ledger, quarantine

CLAIMS_TO_QUARANTINE = 10
CLAIM_BYTES = 12 * 1024 * 1024
ATTEMPTS_TO_QUARANTINE = 3


class Inbox:
    """The queue of mails to understand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: datetime, limit: int, lease: timedelta, worker: str) -> list[WaitingMail]:
        """Up to `limit` mails, leased to `worker`; one alone where an earlier claim of it ended badly."""
        with self._database.reading() as connection:
            if not connection.scalar(select(exists().where(_is_free(now)))):
                return []
        earlier = inbox.alias("earlier")
        is_held = or_(and_(earlier.c.due_at > now, earlier.c.attempts > 0), earlier.c.leased_until > now)
        must_wait = exists().where(earlier.c.sender == inbox.c.sender, earlier.c.mail_id < inbox.c.mail_id, is_held)
        columns = [ledger.c[name] for name in ("sha256", "size_bytes", "mailbox", "uid", "received_at")]
        wanted = (
            select(inbox.c.mail_id, inbox.c.sender, inbox.c.attempts, inbox.c.claims, *columns)
            .join(ledger, ledger.c.id == inbox.c.mail_id)
            .where(_is_free(now), ~must_wait)
            .order_by(inbox.c.mail_id)
            .limit(limit)
            .with_for_update(of=inbox, skip_locked=True)
        )
        with self._database.writing(turn="inbox") as connection:  # or an earlier mail's new lease would not be seen
            rows: list[dict[str, Any]] = [dict(row) for row in connection.execute(wanted).mappings()]
            rows = _not_too_large(_alone_if_deadly(rows))
            if rows:
                take = update(inbox).where(inbox.c.mail_id == bindparam("row_id"))
                values = {"leased_until": now + lease, "leased_by": worker, "claims": inbox.c.claims + 1}
                connection.execute(take.values(values), [{"row_id": row["mail_id"]} for row in rows])
        return [WaitingMail(**{name: row[name] for name in WaitingMail.__slots__}) for row in rows]

    def give_back(self, mail_ids: Sequence[int], worker: str, *, is_tried: bool = False) -> None:
        """Release mails that `worker` still holds; untried ones as if they had not been claimed."""
        if not mail_ids:
            return
        free = update(inbox).where(inbox.c.mail_id.in_(mail_ids), inbox.c.leased_by == worker)
        claims = inbox.c.claims if is_tried else inbox.c.claims - 1
        with self._database.writing() as connection:
            connection.execute(free.values(leased_until=None, leased_by=None, claims=claims))

    def try_again(self, mail_id: int, due_at: datetime) -> None:
        """Put a mail back after an error, for another attempt at `due_at`."""
        change = update(inbox).where(inbox.c.mail_id == mail_id)
        values = {"attempts": inbox.c.attempts + 1, "due_at": due_at, "claims": 0}
        with self._database.writing() as connection:
            connection.execute(change.values(**values, leased_until=None, leased_by=None))

    def set_aside(self, mail_id: int, reason: str, error: str, now: datetime) -> None:
        """Move a mail to quarantine; nothing happens where somebody else has taken it in by now.

        `reason`: see `store.quarantine.Reason`.
        """
        with self._database.writing() as connection:
            if not connection.execute(delete(inbox).where(inbox.c.mail_id == mail_id)).rowcount:
                return
            row = {"mail_id": mail_id, "reason": reason, "error": storable(error), "at": now, "is_told": False}
            connection.execute(insert(quarantine), [row])
            connection.execute(update(ledger).where(ledger.c.id == mail_id).values(disposition="quarantined"))

    def find_suspects(self, now: datetime) -> dict[int, int]:
        """Mails in nobody's hands that were in hand when the program ended: how often, by mail, oldest first.

        One that waits for another attempt is no suspect before it is due.
        """
        wanted = select(inbox.c.mail_id, inbox.c.claims).where(inbox.c.claims > 0, _is_due(now), _is_unleased(now))
        with self._database.reading() as connection:
            return {row.mail_id: row.claims for row in connection.execute(wanted.order_by(inbox.c.mail_id))}

    def next_due_at(self) -> datetime | None:
        """When the earliest mail that waits for another attempt falls due; None for an empty inbox."""
        with self._database.reading() as connection:
            earliest: datetime | None = connection.scalar(select(func.min(inbox.c.due_at)))
            return earliest


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(_is_due(now), _is_unleased(now), inbox.c.claims < CLAIMS_TO_QUARANTINE)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """One that was never tried is due, also where the clock was ahead when it came."""
    return or_(inbox.c.due_at <= now, inbox.c.attempts == 0)


def _is_unleased(now: datetime) -> ColumnElement[bool]:
    return or_(inbox.c.leased_until.is_(None), inbox.c.leased_until <= now)


def _not_too_large(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first ones, up to CLAIM_BYTES: a batch of photos should not take much longer than one of words."""
    total = 0
    for place, row in enumerate(rows):
        total += row["size_bytes"]
        if total > CLAIM_BYTES:
            return rows[: place or 1]
    return rows


def _alone_if_deadly(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those in front of the first mail that was claimed before; that one alone when it stands first."""
    for place, row in enumerate(rows):
        if row["claims"]:
            return rows[: place or 1]
    return rows
