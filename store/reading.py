"""Tickets for people to look at: rows as plain mappings, in the form that commands print (DESIGN.md §4)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from store.database import Database
from store.schema import attachment, automatic, history, ledger, message, outbox, party, ticket
from store.suspensions import read_suspended
from store.ticket_rows import load_tickets
from tickets.checklist import make_checklist
from tickets.policy import Policy
from tickets.ticket import Ticket

PAGE = 500  # tickets held in memory at once
RELATED_SHOWN = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """An attachment of a mail that came in."""

    name: str
    type: str
    size_bytes: int
    sha256: str  # names it among the blobs


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMail:
    """A message of a ticket with what is kept of it."""

    no: int
    direction: Literal["in", "out"]
    kind: str  # role of the writer, or template of what we wrote
    email: str  # who wrote it, or whom we wrote to
    subject: str
    at: datetime
    text: str
    sha256: str | None  # of what came in, names it in the spool; None for what was entered by staff
    raw: bytes | None  # of what we wrote, as sent
    delivery: str | None  # of what we wrote: queued, sent, failed
    files: tuple[KeptFile, ...]


class Reading:
    """Reads; changes nothing."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self._database = database
        self._policy = policy
        self._zone = ZoneInfo(policy.zone)

    def list_tickets(self) -> Iterator[dict[str, Any]]:
        """All tickets, oldest first."""
        return (self._summary(one) for one in self.iterate())

    def iterate(self, *, since: datetime | None = None) -> Iterator[Ticket]:
        """All tickets, or those received at or after a moment, in the order they were opened."""
        wanted = select(ticket.c.id).order_by(ticket.c.id).limit(PAGE)
        if since is not None:
            wanted = wanted.where(ticket.c.received_at >= since)
        after = 0
        while True:
            with self._database.reading() as connection:
                found = load_tickets(connection, list(connection.scalars(wanted.where(ticket.c.id > after))))
            yield from found
            if len(found) < PAGE:
                return
            after = found[-1].id

    def show_ticket(self, number: str) -> dict[str, Any] | None:
        """Everything about one ticket; None where there is none of that number."""
        with self._database.reading() as connection:
            ticket_id = _find(connection, number)
            if ticket_id is None:
                return None
            one = load_tickets(connection, [ticket_id])[0]
            return self.tell(one) | {
                "is_suspended": bool(read_suspended(connection, {one.customer_email})),
                "related": self._related(connection, one),
                "parties": self._rows(connection, party, ticket_id, ("email", "role", "name")),
                "history": self._rows(connection, history, ticket_id, ("at", "actor", "event", "data")),
                "mails": self._mails(connection, ticket_id),
                "automatic": self._rows(connection, automatic, ticket_id, ("at", "kind", "rule", "sender", "subject")),
            }

    def tell(self, one: Ticket) -> dict[str, Any]:
        """What the ticket itself says, without its mails and history."""
        return self._summary(one) | self._course(one) | {"evidence_files": self._evidence(one)}

    def raw_mails(self, number: str) -> list[KeptMail]:
        """The messages of a ticket as they came and went, in order; none where there is no such ticket."""
        with self._database.reading() as connection:
            ticket_id = _find(connection, number)
            if ticket_id is None:
                return []
            files = _kept_files(connection, ticket_id)
            return [KeptMail(**row, files=tuple(files[row["no"]])) for row in _kept_mails(connection, ticket_id)]

    def _course(self, one: Ticket) -> dict[str, Any]:
        """What `show` tells of a ticket besides what lists do."""
        offer = asdict(one.offer) | {"at": self._told(one.offer.at)} if one.offer else None
        return {
            "customer_name": one.customer_name,
            "phone": one.phone,
            "channel": one.channel,
            "language": one.language,
            "delivered_at": self._told(one.delivered_at),
            "acknowledged_at": self._told(one.acknowledged_at),
            "answered_at": self._told(one.answered_at),
            "resolved_at": self._told(one.resolved_at),
            "closed_at": self._told(one.closed_at),
            "rounds": one.rounds,
            "offer": offer,
            "satisfaction": one.satisfaction,
            "flags": list(one.flags),
            "requested": list(one.requested),
            "waived": list(one.waived),
            "figures": dict(one.figures),
        }

    def _related(self, connection: Connection, one: Ticket) -> list[dict[str, Any]]:
        """Other tickets of the same customer, or about the same order, the newest first."""
        is_alike = [ticket.c.customer_email == one.customer_email] if one.customer_email else []
        is_alike += [ticket.c.order_code == one.order_code] if one.order_code else []
        if not is_alike:
            return []
        columns = (ticket.c.number, ticket.c.state, ticket.c.subject)
        wanted = select(*columns).where(or_(*is_alike), ticket.c.id != one.id).order_by(ticket.c.id.desc())
        return [dict(row) for row in connection.execute(wanted.limit(RELATED_SHOWN)).mappings()]

    def _summary(self, one: Ticket) -> dict[str, Any]:
        return {
            "number": one.number,
            "state": one.state,
            "outcome": one.outcome,
            "category": one.category,
            "customer_code": one.customer_code,
            "order_code": one.order_code,
            "customer_email": one.customer_email,
            "subject": one.subject,
            "received_at": self._told(one.received_at),
            "late": one.is_late,
            "evidence": {item.slot.key: item.status for item in make_checklist(one, self._policy)},
            "clocks": [
                {"name": clock.name, "due_at": self._told(clock.due_at), "state": clock.state}
                for clock in sorted(one.clocks, key=lambda clock: clock.due_at)
            ],
            "department": one.department,
            "owner": one.owner,
            "messages": one.messages,
        }

    def _evidence(self, one: Ticket) -> list[dict[str, Any]]:
        return [
            {"slot": item.slot, "status": item.status, "what": item.what, "message": item.message_no,
             "sha256": item.sha256}
            for item in one.evidence
        ]  # fmt: skip

    def _mails(self, connection: Connection, ticket_id: int) -> list[dict[str, Any]]:
        names = ("no", "direction", "kind", "email", "name", "message_id", "subject", "at", "text", "facts")
        sent = {row["message_id"]: row for row in self._sent(connection, ticket_id)}
        attached = self._attachments(connection, ticket_id)
        mails = self._rows(connection, message, ticket_id, names)
        for mail in mails:
            mail["attachments"] = attached[mail["no"]]
            if mail["direction"] == "out" and mail["message_id"] in sent:
                delivery = sent[mail["message_id"]]
                mail["delivery"] = {name: delivery[name] for name in ("state", "attempts", "sent_at", "error")}
        return mails

    def _sent(self, connection: Connection, ticket_id: int) -> list[dict[str, Any]]:
        return self._rows(connection, outbox, ticket_id, ("message_id", "state", "attempts", "sent_at", "error"))

    def _attachments(self, connection: Connection, ticket_id: int) -> defaultdict[int, list[dict[str, Any]]]:
        names = ("message_no", "name", "declared_type", "type", "kind", "size_bytes", "sha256", "is_inline", "evidence")
        grouped: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in self._rows(connection, attachment, ticket_id, names):
            grouped[row.pop("message_no")].append(row)
        return grouped

    def _rows(self, connection: Connection, table: Any, ticket_id: int, names: tuple[str, ...]) -> list[dict[str, Any]]:
        order = list(table.primary_key.columns)
        wanted = select(*(table.c[name] for name in names)).where(table.c.ticket_id == ticket_id).order_by(*order)
        rows = connection.execute(wanted).mappings()
        return [{name: self._told(value) for name, value in row.items()} for row in rows]

    def _told(self, value: Any) -> Any:
        """Times as ISO 8601 in the policy's zone."""
        return value.astimezone(self._zone).isoformat() if isinstance(value, datetime) else value


def _find(connection: Connection, number: str) -> int | None:
    found: int | None = connection.scalar(select(ticket.c.id).where(ticket.c.number == number.upper()))
    return found


def _kept_mails(connection: Connection, ticket_id: int) -> list[dict[str, Any]]:
    own = [message.c[name] for name in ("no", "direction", "kind", "email", "subject", "at", "text")]
    # A Message-ID of ours that somebody uses too is no mail of ours.
    is_sent = (outbox.c.message_id == message.c.message_id) & (message.c.direction == "out")
    wanted = (
        select(*own, ledger.c.sha256, outbox.c.raw, outbox.c.state.label("delivery"))
        .outerjoin(ledger, ledger.c.id == message.c.mail_id)
        .outerjoin(outbox, is_sent)
        .where(message.c.ticket_id == ticket_id)
        .order_by(message.c.no)
    )
    return [dict(row) for row in connection.execute(wanted).mappings()]


def _kept_files(connection: Connection, ticket_id: int) -> defaultdict[int, list[KeptFile]]:
    columns = [attachment.c[name] for name in ("message_no", *KeptFile.__slots__)]
    wanted = select(*columns).where(attachment.c.ticket_id == ticket_id)
    grouped: defaultdict[int, list[KeptFile]] = defaultdict(list)
    for message_no, *values in connection.execute(wanted.order_by(attachment.c.message_no, attachment.c.position)):
        grouped[message_no].append(KeptFile(**dict(zip(KeptFile.__slots__, values, strict=True))))
    return grouped
