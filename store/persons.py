"""What is held on one address: cases that somebody has to do with, and mails of his that belong to none."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, or_, select

from store.database import Database
from store.schema import automatic, inbox, ledger, message, party, quarantine, suspension, ticket

Part = Literal["customer", "staff", "seller", "manager", "unknown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldCase:
    """A case that somebody has to do with."""

    id: int
    number: str
    part: Part  # that he has in it
    state: str
    outcome: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRecord:
    """A mail of somebody's that is no message of a case."""

    mail_id: int
    what: Literal["automatic", "quarantined", "waiting"]
    why: str  # kind of automatic mail, or reason of the quarantine
    at: datetime
    subject: str
    sha256: str  # names it in the spool


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Everything on one address."""

    address: str  # lower case
    cases: tuple[HeldCase, ...]
    records: tuple[HeldRecord, ...]
    suspended_at: datetime | None
    suspended_why: str | None

    def own(self, kept: Collection[str] = ()) -> list[HeldCase]:
        """Those of which he is the customer, but for outcomes that are kept."""
        return [one for one in self.cases if one.part == "customer" and one.outcome not in kept]

    def of_others(self, kept: Collection[str] = ()) -> list[HeldCase]:
        return [one for one in self.cases if one.part != "customer" and one.outcome not in kept]


def find_held(database: Database, address: str) -> Held:
    """What is held on an address, lower case."""
    with database.reading() as connection:
        return read_held(connection, address)


def read_held(connection: Connection, address: str) -> Held:
    suspended = connection.execute(select(suspension).where(suspension.c.email == address)).one_or_none()
    return Held(
        address=address,
        cases=tuple(_cases(connection, address)),
        records=(*_automatic(connection, address), *_set_aside(connection, address), *_waiting(connection, address)),
        suspended_at=suspended.at if suspended else None,
        suspended_why=suspended.reason if suspended else None,
    )


def _cases(connection: Connection, address: str) -> list[HeldCase]:
    has_part = (party.c.ticket_id == ticket.c.id) & (party.c.email == address)
    columns = (ticket.c.id, ticket.c.number, ticket.c.state, ticket.c.outcome, ticket.c.customer_email, party.c.role)
    wrote = select(message.c.ticket_id).where(message.c.email == address)
    is_his = or_(ticket.c.customer_email == address, party.c.email == address, ticket.c.id.in_(wrote))
    found = connection.execute(select(*columns).outerjoin(party, has_part).where(is_his).order_by(ticket.c.id))
    return [
        HeldCase(
            id=row.id,
            number=row.number,
            part="customer" if row.customer_email == address else row.role or "unknown",
            state=row.state,
            outcome=row.outcome,
        )
        for row in found
    ]


def _automatic(connection: Connection, address: str) -> list[HeldRecord]:
    columns = [automatic.c[name] for name in ("mail_id", "kind", "at", "subject")]
    wanted = select(*columns, ledger.c.sha256).join(ledger, ledger.c.id == automatic.c.mail_id)
    return [
        HeldRecord(
            mail_id=row.mail_id, what="automatic", why=row.kind, at=row.at, subject=row.subject, sha256=row.sha256
        )
        for row in connection.execute(wanted.where(automatic.c.sender == address).order_by(automatic.c.mail_id))
    ]


def _set_aside(connection: Connection, address: str) -> list[HeldRecord]:
    is_his = or_(ledger.c.sender == address, quarantine.c.writer == address)
    columns = (quarantine.c.mail_id, quarantine.c.reason, quarantine.c.at, ledger.c.sha256)
    wanted = select(*columns).join(ledger, ledger.c.id == quarantine.c.mail_id).where(is_his)
    return [
        HeldRecord(mail_id=row.mail_id, what="quarantined", why=row.reason, at=row.at, subject="", sha256=row.sha256)
        for row in connection.execute(wanted.order_by(quarantine.c.mail_id))
    ]


def _waiting(connection: Connection, address: str) -> list[HeldRecord]:
    columns = (inbox.c.mail_id, ledger.c.received_at, ledger.c.sha256)
    wanted = select(*columns).join(ledger, ledger.c.id == inbox.c.mail_id).where(inbox.c.sender == address)
    return [
        HeldRecord(mail_id=row.mail_id, what="waiting", why="", at=row.received_at, subject="", sha256=row.sha256)
        for row in connection.execute(wanted.order_by(inbox.c.mail_id))
    ]
