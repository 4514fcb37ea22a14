"""The tables, in one place. Every constraint and index has a name, so that migrations can speak of it.

Times are stored in UTC and handed out aware (`store.column_types`). Texts are NFC without NUL: the parsers see to that.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from store.column_types import Elapsed, Figures, Instant, Keys, OfferColumn

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _key() -> Column[int]:
    # SQLite numbers rows by itself only for a column declared INTEGER.
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


def _ticket(**options: Any) -> Column[int]:
    return Column("ticket_id", BigInteger, ForeignKey("ticket.id"), **options)


ledger = Table(
    "ledger",
    metadata,
    _key(),
    Column("mailbox", Text, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),  # of the raw mail; names it in the spool
    Column("message_id", Text),
    Column("sender", Text, nullable=False),
    Column("received_at", Instant, nullable=False),  # INTERNALDATE
    Column("entered_at", Instant, nullable=False),
    Column("known_as", BigInteger),  # ledger row of the same mail, seen before; 0: seen in the same batch
    Column("disposition", Text, nullable=False),  # waiting, message, automatic, known, quarantined, discarded, erased
    Column("is_filed", Boolean, nullable=False),  # flagged or moved on the server
    Column("removed_at", Instant),  # when the raw mail was deleted
    UniqueConstraint("mailbox", "uidvalidity", "uid"),
    Index(None, "message_id"),
    Index(None, "sha256"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("mail_id", BigInteger, ForeignKey("ledger.id"), primary_key=True, autoincrement=False),
    Column("sender", Text, nullable=False),  # mails of one sender are taken in order
    Column("attempts", Integer, nullable=False),  # that ended in an error
    Column("claims", Integer, nullable=False),  # more than one: an earlier claim ended with the process
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("leased_by", Text),
    Index(None, "sender", "mail_id"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False),
    Column("version", Integer, nullable=False),  # grows with every change; a stale writer is refused
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("category", Text, nullable=False),
    Column("customer_code", Text),
    Column("order_code", Text),
    Column("customer_email", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("is_late", Boolean, nullable=False),
    Column("department", Text),
    Column("owner", Text),
    Column("acknowledged_at", Instant),
    Column("closed_at", Instant),
    Column("messages", Integer, nullable=False),  # numbers given to messages so far
    Column("answered_at", Instant),  # when a person of ours first wrote to the customer
    Column("resolved_at", Instant),
    Column("channel", Text, nullable=False, server_default="mail"),  # mail, phone, counter
    Column("phone", Text),
    Column("rounds", Integer, nullable=False, server_default="0"),  # outcomes sent so far
    Column("satisfaction", Integer),  # 1 to 5
    Column("offer", OfferColumn),
    Column("flags", Keys),
    Column("requested", Keys),  # slots that staff asked for besides those of the kind
    Column("waived", Keys),  # slots that staff do without
    Column("figures", Figures),  # what compensation is computed from
    UniqueConstraint("number"),
    Index(None, "customer_email", "state"),
    Index(None, "order_code"),
    Index(None, "state", "id"),
)

party = Table(
    "party",
    metadata,
    _ticket(primary_key=True),
    Column("email", Text, primary_key=True),
    Column("role", Text, nullable=False),  # customer, staff, seller, manager, unknown
    Column("name", Text, nullable=False),
    Index(None, "email"),
)

evidence = Table(
    "evidence",
    metadata,
    _ticket(primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("status", Text, nullable=False),  # satisfied, doubtful, refused
    Column("message_no", Integer, nullable=False),
    Column("sha256", Text),  # of the attachment; null where words of the mail fill the slot
    Column("what", Text, nullable=False),  # file name, or the words
)

clock = Table(
    "clock",
    metadata,
    _ticket(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),  # running, paused, stopped, expired
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("wakes_at", Instant),  # when the next step falls due; null when nothing is left to do
    Column("leased_until", Instant),
    Column("leased_by", Text),
    Column("stepped_to", Instant),  # the steps up to this moment are taken
    Column("paused_at", Instant),
    Column("lost", Elapsed, nullable=False, server_default="0"),  # time that did not count
    Column("ended_at", Instant),
    Column("kept", Integer, nullable=False, server_default="0"),  # earlier runs that ended in time
    Column("broken", Integer, nullable=False, server_default="0"),
    Index(None, "wakes_at"),
)


@event.listens_for(clock, "before_create")
def _narrow(_: Table, connection: Connection, **_options: object) -> None:
    """Clocks that will never wake again, most of all, are not in the index.

    Said when the tables are made: to name PostgreSQL earlier loads all that is for PostgreSQL, at every start.
    """
    (index,) = clock.indexes
    index.dialect_options[connection.dialect.name]["where"] = text("wakes_at IS NOT NULL")


message = Table(
    "message",
    metadata,
    _ticket(primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("direction", Text, nullable=False),  # in, out
    Column("kind", Text, nullable=False),  # role of the writer, or template of what we wrote
    Column("email", Text, nullable=False),  # who wrote it, or whom we wrote to
    Column("name", Text, nullable=False),
    Column("message_id", Text),
    Column("subject", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("mail_id", BigInteger, ForeignKey("ledger.id")),  # of what came in
    Column("facts", JSON, nullable=False),  # what parsing found besides
    Index(None, "message_id"),
)

attachment = Table(
    "attachment",
    metadata,
    _ticket(primary_key=True),
    Column("message_no", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("declared_type", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("is_inline", Boolean, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("removed_at", Instant),  # when the file was deleted; what is known of it stays
    Index(None, "sha256"),
)

history = Table(
    "history",
    metadata,
    _key(),
    _ticket(nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),  # an address, or "tiepnhan"
    Column("event", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Index(None, "ticket_id", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    _key(),
    Column("ticket_id", BigInteger, ForeignKey("ticket.id")),
    Column("kind", Text, nullable=False),  # template
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),  # kept as sent
    Column("is_automatic", Boolean, nullable=False),  # to people outside: counts for the caps
    Column("state", Text, nullable=False),  # queued, sent, failed
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("leased_by", Text),
    Column("sent_at", Instant),
    Column("error", Text, nullable=False),
    Column("is_told", Boolean, nullable=False),  # a failure that staff know of
    UniqueConstraint("message_id"),
    Index(None, "state", "id"),
    Index(None, "ticket_id", "id"),
    Index(None, "recipient", "created_at"),
    Index(None, "is_automatic", "sent_at"),
)

automatic = Table(
    "automatic",
    metadata,
    Column("mail_id", BigInteger, ForeignKey("ledger.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("ticket_id", BigInteger, ForeignKey("ticket.id")),
    Column("facts", JSON, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("mail_id", BigInteger, ForeignKey("ledger.id"), primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),  # see `store.quarantine.Reason`
    Column("error", Text, nullable=False),  # in the words of the program; empty where a rule set it aside
    Column("at", Instant, nullable=False),
    Column("is_told", Boolean, nullable=False),
    Column("discarded_at", Instant),  # somebody decided that nothing is to be done about it
    Column("discarded_by", Text),
    Column("discarded_why", Text),
    Column("writer", Text),  # whom the rules took for its sender; null where they did not come to see it
)

# Addresses whose mail is set aside until a manager releases them.
suspension = Table(
    "suspension",
    metadata,
    Column("email", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),  # address of a member of staff
    Column("at", Instant, nullable=False),
    Column("ticket_id", BigInteger, ForeignKey("ticket.id")),  # of the complaint it was suspended over
)

# That something was deleted, without anything that was.
erasure = Table(
    "erasure",
    metadata,
    _key(),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),  # person, evidence, tickets, automatic
    Column("counts", JSON, nullable=False),  # how much of each
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last", BigInteger, nullable=False),
)

installation = Table(
    "installation",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
