"""What goes in and out of the memory besides tickets."""

from dataclasses import dataclass
from datetime import datetime

from parsers.facts import MailFacts
from tickets.incoming import ReplyToken


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookup:
    """What a mail names that tickets can be found by."""

    references: tuple[str, ...] = ()  # Message-IDs of In-Reply-To and References, nearest first
    number: str | None = None  # in the subject
    token: ReplyToken | None = None
    sender: str = ""
    bounced: str | None = None  # Message-ID of the mail that bounced


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedMail:
    """The mail that a decision is about, as the casebook files it."""

    mail_id: int  # of the ledger
    sender: str
    sender_name: str
    received_at: datetime
    facts: MailFacts
    from_body: tuple[str, ...] = ()  # what was looked for in the subject and found in the words


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenMail:
    """A rendered mail, ready for the outbox."""

    template: str
    email: str  # of the recipient
    name: str
    sender: str  # envelope sender
    message_id: str
    subject: str
    text: str
    raw: bytes
    is_automatic: bool
    message_no: int  # on its ticket; 0 for a mail that belongs to none


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingMail:
    """A mail that was claimed and is to be understood."""

    mail_id: int
    sha256: str  # names it in the spool
    size_bytes: int
    mailbox: str
    uid: int
    sender: str
    received_at: datetime
    attempts: int  # that ended in an error
    claims: int  # before this one, that ended with the process
