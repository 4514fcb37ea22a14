"""Messages, attachments, history, outbox and dispositions of one batch, collected and written at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, Update, bindparam, delete, func, insert, select, update

from parsers.facts import Attachment, bounce_to_json
from store.chunks import chunks
from store.errors import LostLease
from store.records import ReceivedMail, WrittenMail
from store.schema import attachment, automatic, history, inbox, ledger, message, outbox, quarantine
from store.suspensions import Suspensions
from tickets.effects import Effect, EnterMessage, KeepPaper, ReceiveMessage, ReleaseAddress, SuspendAddress
from tickets.history import tell
from tickets.ticket import Ticket


class Journal:
    """Rows that are only ever added, by table, in the order they must be written."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        tables = (message, attachment, history, outbox, automatic, quarantine)
        self._rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in tables}
        self._disposed: list[dict[str, Any]] = []
        self._told: list[Update] = []
        self._papers: list[tuple[int, KeepPaper]] = []  # each with the id of its ticket
        self._suspensions = Suspensions(now)

    def add_received(self, ticket: Ticket, effect: ReceiveMessage, mail: ReceivedMail) -> None:
        """The mail as message number `ticket.messages`, with its attachments."""
        facts = mail.facts
        self._rows[message].append(
            {
                "ticket_id": ticket.id,
                "no": ticket.messages,
                "direction": "in",
                "kind": effect.role,
                "email": effect.email,
                "name": effect.name,
                "message_id": facts.message_id,
                "subject": facts.subject,
                "at": mail.received_at,
                "text": facts.reply_text,
                "mail_id": mail.mail_id,
                "facts": {
                    "rule": effect.rule,
                    "language": facts.language,
                    "defects": list(facts.defects),
                    "from_body": list(mail.from_body),
                },
            }
        )
        self._rows[attachment].extend(
            _attached(ticket.id, ticket.messages, position, one) for position, one in enumerate(facts.attachments)
        )

    def add_entered(self, ticket: Ticket, effect: EnterMessage) -> None:
        """What was said by phone or at the counter, as message number `ticket.messages`."""
        self._rows[message].append(
            {
                "ticket_id": ticket.id,
                "no": ticket.messages,
                "direction": "in",
                "kind": effect.role,
                "email": effect.email,
                "name": effect.name,
                "message_id": None,
                "subject": effect.subject,
                "at": self._now,
                "text": effect.text,
                "mail_id": None,
                "facts": {"channel": effect.channel},
            }
        )

    def add_paper(self, ticket: Ticket, effect: KeepPaper) -> None:
        """A paper of ours, behind the attachments of its message."""
        self._papers.append((ticket.id, effect))

    def add_written(self, ticket: Ticket | None, mail: WrittenMail) -> None:
        """A mail of ours: a message of its ticket, and a row of the outbox."""
        if ticket is not None:
            self._rows[message].append(
                {
                    "ticket_id": ticket.id,
                    "no": mail.message_no,
                    "direction": "out",
                    "kind": mail.template,
                    "email": mail.email,
                    "name": mail.name,
                    "message_id": mail.message_id,
                    "subject": mail.subject,
                    "at": self._now,
                    "text": mail.text,
                    "mail_id": None,
                    "facts": {},
                }
            )
        self._rows[outbox].append(
            {
                "ticket_id": ticket.id if ticket else None,
                "kind": mail.template,
                "sender": mail.sender,
                "recipient": mail.email,
                "message_id": mail.message_id,
                "raw": mail.raw,
                "is_automatic": mail.is_automatic,
                "state": "queued",
                "attempts": 0,
                "created_at": self._now,
                "due_at": self._now,
                "error": "",
                "is_told": False,
            }
        )

    def add_history(self, ticket_id: int, actor: str, effect: Effect) -> None:
        event, data = tell(effect)
        self._rows[history].append(
            {"ticket_id": ticket_id, "at": self._now, "actor": actor, "event": event, "data": data}
        )

    def add_automatic(self, mail: ReceivedMail, ticket: Ticket | None) -> None:
        """An automatic mail or a bounce, kept with what it says."""
        found = mail.facts.automatic
        bounce = mail.facts.bounce
        self._rows[automatic].append(
            {
                "mail_id": mail.mail_id,
                "kind": found.kind if found else "report",
                "rule": found.rule if found else "",
                "sender": mail.sender,
                "subject": mail.facts.subject,
                "at": mail.received_at,
                "ticket_id": ticket.id if ticket else None,
                "facts": bounce_to_json(bounce) if bounce else {},
            }
        )

    def add_quarantined(self, mail_id: int, reason: str, writer: str) -> None:
        row = {"mail_id": mail_id, "reason": reason, "error": "", "at": self._now, "is_told": False, "writer": writer}
        self._rows[quarantine].append(row)

    def change_suspension(self, ticket: Ticket, actor: str, effect: SuspendAddress | ReleaseAddress) -> None:
        """Mail from an address is set aside from now on, or taken in again."""
        self._suspensions.add(ticket, actor, effect)

    def tell_failures(self, outbox_ids: Sequence[int]) -> None:
        self._told.append(update(outbox).where(outbox.c.id.in_(outbox_ids)).values(is_told=True))

    def tell_quarantine(self, mail_ids: Sequence[int]) -> None:
        self._told.append(update(quarantine).where(quarantine.c.mail_id.in_(mail_ids)).values(is_told=True))

    def dispose(self, mail_id: int, disposition: str) -> None:
        """What became of a mail; it leaves the inbox."""
        self._disposed.append({"of_mail": mail_id, "new_disposition": disposition})

    def write(self, connection: Connection) -> None:
        """Write all rows."""
        for table, rows in self._rows.items():
            if rows:
                connection.execute(insert(table), rows)
        for change in self._told:
            connection.execute(change)
        for ticket_id, effect in self._papers:
            _write_paper(connection, ticket_id, effect)
        self._settle(connection)
        self._suspensions.write(connection)  # last: a release may give back what this batch has just set aside

    def _settle(self, connection: Connection) -> None:
        """Take what was disposed of out of the inbox. Raises LostLease where somebody else was faster."""
        if self._disposed:
            settle = update(ledger).where(ledger.c.id == bindparam("of_mail"))
            connection.execute(settle.values(disposition=bindparam("new_disposition")), self._disposed)
            for chunk in chunks([row["of_mail"] for row in self._disposed]):
                taken = connection.execute(delete(inbox).where(inbox.c.mail_id.in_(chunk)))
                if taken.rowcount != len(chunk):
                    raise LostLease(f"{len(chunk) - taken.rowcount} mails of the batch were taken over")


def _write_paper(connection: Connection, ticket_id: int, effect: KeepPaper) -> None:
    is_there = (attachment.c.ticket_id == ticket_id) & (attachment.c.message_no == effect.message_no)
    position: int = connection.scalar(select(func.count()).select_from(attachment).where(is_there)) or 0
    connection.execute(insert(attachment), [_attached(ticket_id, effect.message_no, position, effect.file)])


def _attached(ticket_id: int, message_no: int, position: int, one: Attachment) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "message_no": message_no,
        "position": position,
        "name": one.name,
        "declared_type": one.declared_type,
        "type": one.type,
        "kind": one.kind,
        "size_bytes": one.size_bytes,
        "sha256": one.sha256,
        "is_inline": one.inline,
        "evidence": dict(one.evidence),
    }
