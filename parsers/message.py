"""From the bytes of one mail to its facts, in one reading of a stream.

Bad mail never raises: what is broken becomes a named defect. Errors of the stream and of the blob writers (disk full)
reach the caller. Memory does not grow with the mail beyond `Limits`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from parsers.accents import fold, straighten
from parsers.addresses import parse_addresses
from parsers.attachments import describe_attachment
from parsers.automatic import recognise_automatic
from parsers.blobs import BlobWriter, OpenBlob, discard
from parsers.bounces import read_bounce
from parsers.dates import parse_date
from parsers.encoded_words import decode_words, make_line
from parsers.facts import Address, Automatic, MailFacts
from parsers.header_block import read_header_block
from parsers.headers import Headers
from parsers.languages import detect_language
from parsers.limits import Limits
from parsers.links import find_links
from parsers.quotes import cut_reply
from parsers.splitter import split_mail
from parsers.statements import NOTHING_STATED, read_statements
from parsers.structure import Structure
from parsers.subject_prefixes import find_prefixes
from parsers.texts import join_texts, read_texts
from parsers.window import Window, straighten_lines

__all__ = ["BlobWriter", "Envelope", "discard", "parse_message", "peek_envelope"]

CHUNK_BYTES = 128 * 1024  # fits the cache: larger ones are slower
_DEFAULT_LIMITS = Limits()
_MESSAGE_ID = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What the ledger needs to know of a mail before it is parsed."""

    message_id: str | None  # with angle brackets, as in the facts
    sender: str  # lower-case address of the first From; empty where there is none


def parse_message(
    source: BinaryIO,
    *,
    open_blob: OpenBlob = discard,
    limits: Limits = _DEFAULT_LIMITS,
    own_addresses: frozenset[str] = frozenset(),
    received_on: date | None = None,
) -> MailFacts:
    """Read the raw mail from `source` once, forwards, and write each attachment's bytes to a blob of its own.

    `received_on`: the day from which "hôm qua" counts; where it is not known, the mail's own Date.
    """
    structure = split_mail(_read_chunks(source), open_blob=open_blob, limits=limits)
    return read_facts(structure, limits, own_addresses, received_on)


def read_facts(
    structure: Structure, limits: Limits, own_addresses: frozenset[str], received_on: date | None = None
) -> MailFacts:
    """The facts of a mail that was taken apart."""
    headers = structure.headers
    subject = make_line(decode_words(headers.first("subject") or ""))
    texts = read_texts(structure.parts, limits)
    links, links_cut = find_links((*texts.plains, texts.text), texts.pages, limits.links)
    bounce = read_bounce(structure, subject, texts.own)
    automatic = (
        Automatic(kind="bounce", rule=bounce.rule) if bounce else recognise_automatic(structure, subject, own_addresses)
    )
    written, cuts = cut_reply(texts.own, forwarded=_is_forwarded(subject))
    sent_at = _read_date(headers)
    today = received_on or (sent_at.date() if sent_at else None)
    reply_text = join_texts(written, texts.forwarded)  # what a customer forwards to us stays
    return MailFacts(
        message_id=find_message_id(headers),
        in_reply_to=next(iter(_message_ids(headers, "in-reply-to")), None),
        references=_message_ids(headers, "references"),
        date=sent_at,
        sender=_read_sender(headers),
        to=_read_addresses(headers, "to"),
        cc=_read_addresses(headers, "cc"),
        reply_to=_read_addresses(headers, "reply-to"),
        subject=subject,
        language=detect_language(written or texts.text or subject),
        text=texts.text,
        reply_text=reply_text,
        automatic=automatic,
        bounce=bounce,
        attachments=tuple(describe_attachment(part) for part in structure.parts if not part.is_body),
        links=links,
        cuts=cuts,
        statements=read_statements(f"{subject}\n{reply_text}", today)
        if today and automatic is None
        else NOTHING_STATED,
        defects=tuple(dict.fromkeys((*structure.defects, *texts.defects, *(("limit-links",) if links_cut else ())))),
    )


def _is_forwarded(subject: str) -> bool | None:
    """What the subject says of the text below the writer's own: forwarded, quoted, or nothing clear."""
    prefixes = find_prefixes(fold(straighten(subject)))
    return None if prefixes.reply == prefixes.forward else prefixes.forward


def peek_envelope(head: bytes) -> Envelope:
    """Who wrote a mail and how it is called, from its first bytes alone."""
    block, _ = Window(straighten_lines(iter((head,)))).read_header(_DEFAULT_LIMITS.header_bytes)
    headers, _ = read_header_block(block)
    sender = _read_sender(headers)
    return Envelope(message_id=find_message_id(headers), sender=sender.email.lower() if sender else "")


def find_message_id(headers: Headers) -> str | None:
    """The first Message-ID with its angle brackets (RFC 5322 §3.6.4), blanks within taken out; None without one."""
    return next(iter(_message_ids(headers, "message-id")), None)


def _message_ids(headers: Headers, name: str) -> tuple[str, ...]:
    """The identifiers of a field; where there are no angle brackets, the words that could be some."""
    value = headers.first(name)
    if not value:
        return ()
    found = ["".join(one.split()) for one in _MESSAGE_ID.findall(value)]
    if not found:
        is_own = name == "message-id"
        found = [word.strip("<>") for word in value.split() if "@" in word or is_own][: 1 if is_own else None]
    return tuple(f"<{one}>" for one in dict.fromkeys(found) if one)


def _read_addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    values = headers.all(name)
    if len(values) == 1:
        return parse_addresses(values[0])
    return tuple(address for value in values for address in parse_addresses(value))


def _read_sender(headers: Headers) -> Address | None:
    """The first From that has an address (RFC 5322 §3.6.2)."""
    return next((one for one in _read_addresses(headers, "from") if one.email), None)


def _read_date(headers: Headers) -> datetime | None:
    value = headers.first("date")
    return parse_date(value) if value else None


def _read_chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(CHUNK_BYTES):
        yield chunk
