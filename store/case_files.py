"""Where the files of a case lie: its mails as they came and went, and what was attached to them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from store.blobs import Blobs
from store.database import Database
from store.reading import KeptFile, KeptMail, Reading
from store.schema import automatic, ledger, party, ticket
from store.spool import Spool


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptRecord:
    """An automatic mail about a case, such as a bounce."""

    kind: str
    at: datetime
    people: frozenset[str]  # whom it speaks of: the recipients of what bounced, else its sender
    path: Path


class CaseFiles:
    """Finds them; whether a file is still there, nobody knows before it is opened."""

    def __init__(self, database: Database, reading: Reading, spool: Spool, blobs: Blobs) -> None:
        self._database = database
        self._reading = reading
        self._spool = spool
        self._blobs = blobs

    def mails(self, number: str) -> list[KeptMail]:
        """The messages of a case, in order."""
        return self._reading.raw_mails(number)

    def raw_path(self, mail: KeptMail) -> Path | None:
        """Where the mail lies that came; None for what was said, and for what we wrote."""
        return self._spool.place(mail.sha256) if mail.sha256 else None

    def path(self, file: KeptFile) -> Path:
        return self._blobs.path(file.sha256)

    def records(self, number: str) -> list[KeptRecord]:
        """Automatic mails about it, the oldest first."""
        wanted = (
            select(automatic.c.kind, automatic.c.at, automatic.c.sender, automatic.c.facts, ledger.c.sha256)
            .join(ledger, ledger.c.id == automatic.c.mail_id)
            .join(ticket, ticket.c.id == automatic.c.ticket_id)
            .where(ticket.c.number == number)
            .order_by(automatic.c.mail_id)
        )
        with self._database.reading() as connection:
            found = connection.execute(wanted).all()
        return [
            KeptRecord(
                kind=row.kind,
                at=row.at,
                people=frozenset(one["email"] for one in row.facts.get("recipients", ())) or frozenset({row.sender}),
                path=self._spool.place(row.sha256),
            )
            for row in found
        ]

    def outsiders(self, number: str) -> set[str]:
        """Who has to do with it and does not work for the company."""
        is_outside = party.c.role.not_in(("staff", "manager"))
        wanted = select(party.c.email, ticket.c.customer_email).join(ticket, ticket.c.id == party.c.ticket_id)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.where(ticket.c.number == number, is_outside)).all()
        return {email for row in rows for email in row if email}
