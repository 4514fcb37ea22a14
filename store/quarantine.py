"""The quarantine: mails that could not be taken in, kept until somebody has looked at them.

A mail leaves it in two ways: back into the inbox, or discarded by somebody who says why. Discarding deletes nothing:
the raw mail stays in the spool, and its row tells who discarded it and when, until the policy lets it go
(`store.expired`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, insert, select, update

from store.database import Database, storable
from store.schema import inbox, ledger, quarantine

# The rule that set a mail aside; or, with the error told besides, the step that failed.
Reason = Literal[
    "no-sender", "staff-without-ticket", "suspended", "parse", "template", "decide", "commit", "abrupt-end"
]
RULES: frozenset[Reason] = frozenset(("no-sender", "staff-without-ticket", "suspended"))

_OWN = ("mail_id", "reason", "error", "at", "is_told", "discarded_at", "discarded_by", "discarded_why")
_OF_LEDGER = ("mailbox", "uid", "sha256", "message_id", "sender", "size_bytes", "received_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarantinedMail:
    """A mail that was set aside."""

    mail_id: int
    reason: Reason
    error: str  # in the words of the program; empty where a rule set it aside
    at: datetime
    is_told: bool
    mailbox: str
    uid: int
    sha256: str
    message_id: str | None
    sender: str
    size_bytes: int
    received_at: datetime
    discarded_at: datetime | None = None
    discarded_by: str | None = None
    discarded_why: str | None = None


class Quarantine:
    """What was set aside."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, *, only_untold: bool = False, with_discarded: bool = False) -> list[QuarantinedMail]:
        """All quarantined mails, oldest first."""
        columns = [*(quarantine.c[name] for name in _OWN), *(ledger.c[name] for name in _OF_LEDGER)]
        wanted = select(*columns).join(ledger, ledger.c.id == quarantine.c.mail_id)
        if only_untold:
            wanted = wanted.where(~quarantine.c.is_told)
        if not with_discarded:
            wanted = wanted.where(quarantine.c.discarded_at.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(quarantine.c.mail_id)).mappings()
            return [QuarantinedMail(**row) for row in rows]

    def retry(self, mail_id: int, now: datetime) -> bool:
        """Put a mail back into the inbox, a discarded one too; whether it was there."""
        with self._database.writing() as connection:
            taken = connection.execute(delete(quarantine).where(quarantine.c.mail_id == mail_id))
            if not taken.rowcount:
                return False
            sender = connection.scalar(select(ledger.c.sender).where(ledger.c.id == mail_id))
            row = {"mail_id": mail_id, "sender": sender, "attempts": 0, "claims": 0, "due_at": now}
            connection.execute(insert(inbox), [row])
            connection.execute(update(ledger).where(ledger.c.id == mail_id).values(disposition="waiting"))
        return True

    def discard(self, mail_id: int, *, who: str, why: str, now: datetime) -> bool:
        """Take a mail off the list for good; whether it was there. Staff are not told of it any more."""
        is_meant = (quarantine.c.mail_id == mail_id) & quarantine.c.discarded_at.is_(None)
        told = {"discarded_at": now, "discarded_by": storable(who), "discarded_why": storable(why), "is_told": True}
        with self._database.writing() as connection:
            if not connection.execute(update(quarantine).where(is_meant).values(told)).rowcount:
                return False
            connection.execute(update(ledger).where(ledger.c.id == mail_id).values(disposition="discarded"))
        return True
