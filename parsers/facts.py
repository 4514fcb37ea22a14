"""The facts: everything that parsing found in one mail, as frozen records.

`to_json` gives the form that `tiepnhan parse message` prints (DESIGN.md §4). Every string in these records is
NFC, without NUL and without lone surrogates, so that any database and any JSON reader takes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final, Literal

Request = Literal["exchange", "refund", "repair"]
SENDER_DOUBTFUL: Final = "sender-doubtful"  # the defect of a From that can be read as several addresses
AutomaticKind = Literal["auto-reply", "bounce", "list", "bulk", "loop", "report"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A mailbox of RFC 5322 §3.4; groups are flattened into their members."""

    name: str  # display name, decoded; empty where there is none
    email: str  # as written, without angle brackets; the domain in lower case


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A part that is not used as text, or a text that the mail gives a name to."""

    name: str  # as the sender named it; never a path of ours
    declared_type: str  # what the mail says, such as "video/mp4"
    type: str  # what the first bytes say, or the declared type where they say nothing
    kind: str  # photo, video, audio, document, mail, archive, calendar, contact, signature, text, other
    size_bytes: int  # decoded
    sha256: str  # of the decoded bytes, hexadecimal; names the blob
    inline: bool  # shown within the text rather than listed below it
    evidence: Mapping[str, Any] = field(default_factory=dict)  # what inspection found
    nested: bool = False  # stands in a mail that is attached
    shown: bool = False  # by the HTML text that it belongs to (RFC 2387, RFC 2392)


@dataclass(frozen=True, kw_only=True, slots=True)
class BouncedRecipient:
    """One final recipient that a mail did not reach (RFC 3464 §2.3)."""

    email: str
    status: str | None  # enhanced status code such as "5.1.1" (RFC 3463), where known
    permanent: bool  # False for delays and 4.x.x
    reason: str  # the server's own words, one line


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """A notice that a mail was not delivered, or not yet."""

    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str | None  # of the mail that bounced, with angle brackets
    rule: str  # the rule that read it, such as "delivery-status" or "qmail"


@dataclass(frozen=True, kw_only=True, slots=True)
class Automatic:
    """Why a mail counts as written by a machine (RFC 3834)."""

    kind: AutomaticKind
    rule: str  # the rule that fired, such as "auto-submitted"


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectFacts:
    """What a subject line says; see `parsers.subjects`."""

    subject: str  # as written: NFC, one line
    base: str  # RFC 5256 §2.1 base subject: prefixes, brackets and ticket number taken off
    customer_code: str | None = None
    order_code: str | None = None
    issue: str | None = None  # the words that are left: what is wrong
    category: str = "other"  # slug of the policy
    ticket: str | None = None  # a ticket number such as "HKG-26-000123"
    reply: bool = False
    forward: bool = False
    guessed: tuple[str, ...] = ()  # names of the codes that no label in the subject proves
    from_body: tuple[str, ...] = ()  # names of the fields above that the subject lacks and the body says


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """When the parcel came, by the customer's own words."""

    on: date  # where the words name several days ("tuần trước"), the last of them
    at: time | None  # where the hour is said
    words: str  # as written


@dataclass(frozen=True, kw_only=True, slots=True)
class Statements:
    """Everything quoted is as written, in NFC."""

    delivered: Delivered | None
    missing_parts: tuple[str, ...]
    requests: tuple[Request, ...]
    phones: tuple[str, ...]  # "+84…"
    product_codes: tuple[str, ...]
    request_words: tuple[str, ...] = ()  # of each request, those that first ask for it


NOTHING_STATED = Statements(delivered=None, missing_parts=(), requests=(), phones=(), product_codes=())


@dataclass(frozen=True, kw_only=True, slots=True)
class CutLines:
    """Lines of a mail's text that its writer did not add this time: quotes, their headings, signatures."""

    start: int  # among the lines of the text, from 0
    end: int  # the line after the last
    rule: str  # that took them away, such as "marked-lines"


@dataclass(frozen=True, kw_only=True, slots=True)
class MailFacts:
    """Everything found in one mail."""

    message_id: str | None  # with angle brackets
    in_reply_to: str | None  # the first one named, with angle brackets
    references: tuple[str, ...]
    date: datetime | None  # the Date header, aware; None where unreadable
    sender: Address | None  # the first From
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    language: str  # vi, en, other
    text: str
    reply_text: str
    automatic: Automatic | None
    bounce: Bounce | None
    attachments: tuple[Attachment, ...]
    links: tuple[str, ...]
    defects: tuple[str, ...]  # names of structural damage, in the order found
    cuts: tuple[CutLines, ...] = ()  # the lines of `text` that `reply_text` leaves out, and by which rule
    named_texts: tuple[Attachment, ...] = ()  # texts that other parts can show by their Content-ID (RFC 2392)
    nested_text: str = ""  # of the mails attached to be read; stands at the end of `text` and of `reply_text`
    statements: Statements = NOTHING_STATED  # what the writer says of his parcel; of automatic mail nothing is read

    @property
    def writer(self) -> Address | None:
        """Whose words these are and who may be answered: the sender, where From names one person beyond doubt."""
        return None if SENDER_DOUBTFUL in self.defects else self.sender


def attachment_to_json(attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "declared_type": attachment.declared_type,
        "type": attachment.type,
        "kind": attachment.kind,
        "bytes": attachment.size_bytes,
        "sha256": attachment.sha256,
        "inline": attachment.inline,
        "evidence": dict(attachment.evidence),
    }


def subject_to_json(facts: SubjectFacts) -> dict[str, Any]:
    return {
        "subject": facts.subject,
        "customer_code": facts.customer_code,
        "order_code": facts.order_code,
        "issue": facts.issue,
        "category": facts.category,
        "ticket": facts.ticket,
        "reply": facts.reply,
        "forward": facts.forward,
    }


def bounce_to_json(bounce: Bounce) -> dict[str, Any]:
    return {
        "recipients": [
            {"email": one.email, "status": one.status, "permanent": one.permanent, "reason": one.reason}
            for one in bounce.recipients
        ],
        "original_message_id": bounce.original_message_id,
    }


def mail_to_json(facts: MailFacts, file: str) -> dict[str, Any]:
    """The line that `tiepnhan parse message` prints for `file`."""
    return {
        "file": file,
        "message_id": facts.message_id,
        "in_reply_to": facts.in_reply_to,
        "references": list(facts.references),
        "date": facts.date.isoformat() if facts.date else None,
        "from": _address_to_json(facts.sender) if facts.sender else None,
        "to": [_address_to_json(one) for one in facts.to],
        "cc": [_address_to_json(one) for one in facts.cc],
        "reply_to": [_address_to_json(one) for one in facts.reply_to],
        "subject": facts.subject,
        "language": facts.language,
        "text": facts.text,
        "reply_text": facts.reply_text,
        "automatic": facts.automatic.kind if facts.automatic else None,
        "automatic_rule": facts.automatic.rule if facts.automatic else None,
        "bounce": bounce_to_json(facts.bounce) if facts.bounce else None,
        "attachments": [attachment_to_json(one) for one in (*facts.attachments, *facts.named_texts)],
        "links": list(facts.links),
        "defects": list(facts.defects),
        "statements": _statements_to_json(facts.statements),
    }


def _statements_to_json(statements: Statements) -> dict[str, Any]:
    delivered = statements.delivered
    on = {"on": delivered.on.isoformat(), "at": delivered.at.isoformat("minutes") if delivered.at else None,
          "words": delivered.words} if delivered else None  # fmt: skip
    return {
        "delivered": on,
        "missing_parts": list(statements.missing_parts),
        "requests": list(statements.requests),
        "phones": list(statements.phones),
        "product_codes": list(statements.product_codes),
    }


def _address_to_json(address: Address) -> dict[str, str]:
    return {"name": address.name, "email": address.email}
