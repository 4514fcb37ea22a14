"""Addresses under suspicion: their mail is set aside until a manager releases them, and is then taken in.

Between reading that an address is suspended and setting its mail aside nobody can release it: what a batch sets aside
is there when the release looks for it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from store.chunks import chunks
from store.column_types import Instant
from store.schema import inbox, ledger, quarantine, suspension
from tickets.effects import ReleaseAddress, SuspendAddress
from tickets.ticket import Ticket

SUSPENDED = "suspended"  # the reason in the quarantine
# Who suspends an address again changes nothing: the first suspension counts.
_SUSPEND = text(
    'INSERT INTO suspension (email, reason, "by", at, ticket_id) VALUES (:email, :reason, :by, :at, :ticket_id)'
    " ON CONFLICT DO NOTHING"
).bindparams(bindparam("at", type_=Instant()))


def read_suspended(connection: Connection, emails: Collection[str]) -> set[str]:
    """Which of these addresses are suspended."""
    found: set[str] = set()
    for chunk in chunks(sorted(emails)):
        wanted = select(suspension.c.email).where(suspension.c.email.in_(chunk))
        found.update(connection.scalars(wanted.with_for_update(read=True)))
    return found


class Suspensions:
    """What one batch suspends and releases; the last word on an address counts."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._suspended: dict[str, dict[str, Any]] = {}
        self._released: set[str] = set()

    def add(self, ticket: Ticket, actor: str, effect: SuspendAddress | ReleaseAddress) -> None:
        if isinstance(effect, ReleaseAddress):
            self._suspended.pop(effect.email, None)
            self._released.add(effect.email)
        else:
            row = {"email": effect.email, "reason": effect.reason, "by": actor, "at": self._now, "ticket_id": ticket.id}
            self._suspended[effect.email] = row

    def write(self, connection: Connection) -> None:
        for email in sorted(self._released):
            connection.execute(delete(suspension).where(suspension.c.email == email))
            self._take_in_again(connection, email)
        for row in self._suspended.values():
            connection.execute(_SUSPEND, row)

    def _take_in_again(self, connection: Connection, email: str) -> None:
        """Put the mails that were set aside back into the inbox, except what somebody discarded."""
        is_held = (quarantine.c.reason == SUSPENDED) & (quarantine.c.writer == email)
        freed = delete(quarantine).where(is_held, quarantine.c.discarded_at.is_(None)).returning(quarantine.c.mail_id)
        for chunk in chunks(sorted(connection.scalars(freed))):
            senders = select(ledger.c.id, ledger.c.sender).where(ledger.c.id.in_(chunk)).order_by(ledger.c.id)
            rows = [
                {"mail_id": mail_id, "sender": sender, "attempts": 0, "claims": 0, "due_at": self._now}
                for mail_id, sender in connection.execute(senders)
            ]
            connection.execute(insert(inbox), rows)
            connection.execute(update(ledger).where(ledger.c.id.in_(chunk)).values(disposition="waiting"))
