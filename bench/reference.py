"""The plain loop that the product is measured against, as one would write it in an afternoon.

Mails are fetched one by one with IMAPClient, parsed with `email.policy.default` (every attachment decoded), written to
SQLite with the SQLAlchemy ORM in one commit per mail (WAL, synchronous=FULL) and answered over one kept SMTP
connection. It does less than the product on purpose: no raw mail and no attachment is kept, no rule is asked, nothing
is looked up, and a mail that comes twice becomes two tickets.
"""

import argparse
import smtplib
import socket
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from imapclient import IMAPClient
from sqlalchemy import Engine, ForeignKey, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.pool import ConnectionPoolEntry

SUPPORT = "support@hakago.example"
_ANSWER = (
    "Chào Quý khách,\n\nHakago đã nhận được khiếu nại của Quý khách (số {number}) kèm {count} tệp.\n"
    "Chúng tôi sẽ phản hồi trong vòng 24 giờ.\n\nTrân trọng,\nBộ phận CSKH Hakago\n"
)


class _Base(DeclarativeBase):
    pass


class _Ticket(_Base):
    __tablename__ = "ticket"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]
    subject: Mapped[str]
    received_at: Mapped[datetime]
    messages: Mapped[list["_Message"]] = relationship()


class _Message(_Base):
    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    message_id: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    attachments: Mapped[list["_Attachment"]] = relationship()


class _Attachment(_Base):
    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_row: Mapped[int] = mapped_column(ForeignKey("message.id"))
    name: Mapped[str]
    type: Mapped[str]
    size_bytes: Mapped[int]


def take_in_all(imap: IMAPClient, engine: Engine, smtp: smtplib.SMTP) -> int:
    """Turns every mail of the selected folder into a ticket and an answer; returns how many."""
    uids = imap.search()
    for uid in uids:
        fetched = imap.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE"])[uid]
        mail = message_from_bytes(fetched[b"BODY[]"], policy=policy.default)
        with Session(engine, expire_on_commit=False) as session:
            ticket = _make_ticket(mail, fetched[b"INTERNALDATE"])
            session.add(ticket)
            session.commit()
            smtp.send_message(_write_answer(mail, ticket))
    return len(uids)


def _make_ticket(mail: EmailMessage, received_at: datetime) -> _Ticket:
    body = mail.get_body(preferencelist=("plain", "html"))
    message = _Message(
        message_id=str(mail["Message-ID"]),
        text=body.get_content() if body else "",
        attachments=[_read_attachment(part) for part in mail.iter_attachments()],
    )
    customer = mail["From"].addresses[0].addr_spec
    return _Ticket(customer=customer, subject=str(mail["Subject"]), received_at=received_at, messages=[message])


def _read_attachment(part: EmailMessage) -> _Attachment:
    content: bytes = part.get_content()
    return _Attachment(name=part.get_filename() or "", type=part.get_content_type(), size_bytes=len(content))


def _write_answer(mail: EmailMessage, ticket: _Ticket) -> EmailMessage:
    answer = EmailMessage()
    answer["From"] = SUPPORT
    answer["To"] = ticket.customer
    answer["Subject"] = f"Re: {ticket.subject}"
    answer["Message-ID"] = make_msgid(domain="hakago.example")
    answer["In-Reply-To"] = answer["References"] = str(mail["Message-ID"])
    answer["Auto-Submitted"] = "auto-replied"
    answer.set_content(_ANSWER.format(number=ticket.id, count=len(ticket.messages[0].attachments)))
    return answer


def open_database(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _make_durable)
    _Base.metadata.create_all(engine)
    return engine


def _make_durable(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _connect(host: str, port: int, username: str, password: str) -> IMAPClient:
    imap = IMAPClient(host, port, ssl=False)
    imap.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    imap.login(username, password)
    imap.select_folder("INBOX", readonly=True)
    return imap


def main() -> None:
    parser = argparse.ArgumentParser(description="the plain loop that the product is measured against")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--imap-port", type=int, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--username", required=True)
    parser.add_argument("--password", default="secret")
    parser.add_argument("--database", type=Path, required=True)
    options = parser.parse_args()
    engine = open_database(options.database)
    started = datetime.now(UTC)
    with (
        _connect(options.host, options.imap_port, options.username, options.password) as imap,
        smtplib.SMTP(options.host, options.smtp_port) as smtp,
    ):
        count = take_in_all(imap, engine, smtp)
    print(f"{count} mails in {(datetime.now(UTC) - started).total_seconds():.2f} s")


if __name__ == "__main__":
    main()
