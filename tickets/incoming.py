"""What a decision about one mail starts from: the mail as facts, and the tickets it may belong to."""

from dataclasses import dataclass
from datetime import datetime

from parsers.facts import MailFacts, SubjectFacts
from tickets.ticket import Role, Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyToken:
    """What a valid reply token in a recipient address says: a person may write to a ticket."""

    number: str  # of the ticket
    email: str  # whom we gave the token


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingMail:
    """One mail, parsed, with what the shell knows of it."""

    facts: MailFacts
    subject: SubjectFacts
    sender: str  # address, lower case; empty where nobody can be answered
    sender_name: str
    received_at: datetime  # INTERNALDATE
    token: ReplyToken | None
    automatic_left: int  # how many automatic mails the sender may still get today


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    """The tickets that a mail could belong to, by what it names; each list newest first."""

    by_token: Ticket | None = None
    by_reference: tuple[Ticket, ...] = ()  # In-Reply-To or References name a mail of ours about them
    by_their_reference: tuple[Ticket, ...] = ()  # … or a mail that somebody wrote to us: anybody can use its Message-ID
    by_number: Ticket | None = None  # the subject names it
    by_sender: tuple[Ticket, ...] = ()  # of the sender, waiting for evidence
    bounced: tuple[Ticket, str] | None = None  # ticket of the mail that bounced, and whom that mail was for
    bounced_kind: str = ""  # the template of the mail of ours that came back
    is_failure_known: bool = False  # an earlier notice said that this mail failed for good
    is_suspended: bool = False  # mail from the sender is set aside until a manager releases it


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The ticket that a mail belongs to."""

    ticket: Ticket
    rule: str  # of threading, that found it
    role: Role  # of the sender in it
    is_trusted: bool  # the sender holds a token of this ticket
    is_proven: bool  # that, or he answers a mail of ours: From alone can be forged
