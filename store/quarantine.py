"""The quarantine: mails that could not be taken in, kept until somebody has looked at them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from store.database import Database
from store.schema import inbox, ledger, quarantine


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarantinedMail:
    """A mail that was set aside."""

    mail_id: int
    stage: str
    error: str
    at: datetime
    is_told: bool
    mailbox: str
    uid: int
    sha256: str
    message_id: str | None
    sender: str
    size_bytes: int
    received_at: datetime


class Quarantine:
    """What was set aside."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, *, only_untold: bool = False) -> list[QuarantinedMail]:
        """All quarantined mails, oldest first."""
        own = [quarantine.c[name] for name in ("mail_id", "stage", "error", "at", "is_told")]
        names = ("mailbox", "uid", "sha256", "message_id", "sender", "size_bytes", "received_at")
        wanted = select(*own, *(ledger.c[name] for name in names)).join(ledger, ledger.c.id == quarantine.c.mail_id)
        if only_untold:
            wanted = wanted.where(~quarantine.c.is_told)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(quarantine.c.mail_id)).mappings()
            return [QuarantinedMail(**row) for row in rows]

    def retry(self, mail_id: int, now: datetime) -> bool:
        """Put a mail back into the inbox; whether it was there."""
        with self._database.writing() as connection:
            taken = connection.execute(delete(quarantine).where(quarantine.c.mail_id == mail_id))
            if not taken.rowcount:
                return False
            sender = connection.scalar(select(ledger.c.sender).where(ledger.c.id == mail_id))
            row = {"mail_id": mail_id, "sender": sender, "attempts": 0, "claims": 0, "due_at": now}
            connection.execute(insert(inbox), [row])
            connection.execute(update(ledger).where(ledger.c.id == mail_id).values(disposition="waiting"))
        return True
