"""Tickets for people to look at: rows as plain mappings, in the form that commands print (DESIGN.md §4)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from store.database import Database
from store.schema import attachment, automatic, history, message, outbox, party, ticket
from store.ticket_rows import load_tickets
from tickets.checklist import make_checklist
from tickets.policy import Policy
from tickets.ticket import Ticket

PAGE = 500  # tickets held in memory at once


class Reading:
    """Reads; changes nothing."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self._database = database
        self._policy = policy
        self._zone = ZoneInfo(policy.zone)

    def list_tickets(self) -> Iterator[dict[str, Any]]:
        """All tickets, oldest first."""
        after = 0
        while True:
            with self._database.reading() as connection:
                page = select(ticket.c.id).where(ticket.c.id > after).order_by(ticket.c.id).limit(PAGE)
                found = load_tickets(connection, list(connection.scalars(page)))
            yield from (self._summary(one) for one in found)
            if len(found) < PAGE:
                return
            after = found[-1].id

    def show_ticket(self, number: str) -> dict[str, Any] | None:
        """Everything about one ticket; None where there is none of that number."""
        with self._database.reading() as connection:
            ticket_id = connection.scalar(select(ticket.c.id).where(ticket.c.number == number.upper()))
            if ticket_id is None:
                return None
            one = load_tickets(connection, [ticket_id])[0]
            return self._summary(one) | {
                "customer_name": one.customer_name,
                "parties": self._rows(connection, party, ticket_id, ("email", "role", "name")),
                "evidence_files": self._evidence(one),
                "history": self._rows(connection, history, ticket_id, ("at", "actor", "event", "data")),
                "mails": self._mails(connection, ticket_id),
                "automatic": self._rows(connection, automatic, ticket_id, ("at", "kind", "rule", "sender", "subject")),
            }

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
