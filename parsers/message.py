"""From the bytes of one mail to its facts, in one reading of a stream.

Bad mail never raises: what is broken becomes a named defect. Errors of the stream and of the blob writers (disk full)
reach the caller. Memory does not grow with the mail beyond `Limits`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import BinaryIO

from parsers.accents import fold, straighten
from parsers.attachments import describe_attachment, describe_text
from parsers.automatic import recognise_automatic
from parsers.blobs import BlobWriter, OpenBlob, discard
from parsers.bounce_signs import may_be_notice
from parsers.dates import parse_date
from parsers.encoded_words import decode_words, make_line
from parsers.envelope import (
    Envelope,
    find_message_id,
    has_doubtful_sender,
    message_ids,
    peek_envelope,
    read_addresses,
    read_sender,
)
from parsers.facts import NOTHING_STATED, SENDER_DOUBTFUL, Automatic, Bounce, CutLines, MailFacts
from parsers.headers import Headers
from parsers.languages import detect_language
from parsers.limits import Limits
from parsers.links import find_links
from parsers.quotes import cut_reply
from parsers.splitter import split_mail
from parsers.statements import read_statements
from parsers.structure import Structure
from parsers.subject_prefixes import find_prefixes, is_stand_in
from parsers.texts import Texts, join_texts, read_texts

__all__ = ["BlobWriter", "Envelope", "discard", "find_message_id", "parse_message", "peek_envelope"]

CHUNK_BYTES = 128 * 1024  # fits the cache: larger ones are slower
_DEFAULT_LIMITS = Limits()


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
    bounce = _read_bounce(structure, subject, texts.own)
    automatic = (
        Automatic(kind="bounce", rule=bounce.rule) if bounce else recognise_automatic(structure, subject, own_addresses)
    )
    written, cuts = cut_reply(texts.own, forwarded=_is_forwarded(subject))
    sent_at = _read_date(headers)
    today = received_on or (sent_at.date() if sent_at else None)
    reply_text = join_texts(structure.header_text, written, texts.forwarded)  # what a customer forwards to us stays
    return MailFacts(
        message_id=find_message_id(headers),
        in_reply_to=next(iter(message_ids(headers, "in-reply-to")), None),
        references=message_ids(headers, "references"),
        date=sent_at,
        sender=read_sender(headers),
        to=read_addresses(headers, "to"),
        cc=read_addresses(headers, "cc"),
        reply_to=read_addresses(headers, "reply-to"),
        subject=subject,
        language=detect_language(written or texts.text or ("" if is_stand_in(subject) else subject)),
        text=join_texts(structure.header_text, texts.text),
        reply_text=reply_text,
        automatic=automatic,
        bounce=bounce,
        attachments=tuple(describe_attachment(part) for part in structure.parts if not part.is_body),
        named_texts=tuple(
            describe_text(part) for part in structure.parts if part.is_body and "content-id" in part.headers
        ),
        links=links,
        cuts=_move_down(cuts, structure.header_text),
        nested_text=texts.forwarded,
        statements=read_statements(f"{subject}\n{reply_text}", today)
        if today and automatic is None
        else NOTHING_STATED,
        defects=_name_defects(structure, texts, links_cut=links_cut),
    )


def _read_bounce(structure: Structure, subject: str, text: str) -> Bounce | None:
    if not may_be_notice(structure, subject):
        return None
    from parsers.bounces import read_bounce  # noqa: PLC0415  # its words take long to load, and few mails need them

    return read_bounce(structure, subject, text)


def _is_forwarded(subject: str) -> bool | None:
    """What the subject says of the text below the writer's own: forwarded, quoted, or nothing clear."""
    prefixes = find_prefixes(fold(straighten(subject)))
    return None if prefixes.reply == prefixes.forward else prefixes.forward


def _name_defects(structure: Structure, texts: Texts, *, links_cut: bool) -> tuple[str, ...]:
    """Each once: those of the structure first, then those of the texts and of the header."""
    doubtful = (SENDER_DOUBTFUL,) if has_doubtful_sender(structure.headers) else ()
    return tuple(
        dict.fromkeys((*structure.defects, *texts.defects, *(("limit-links",) if links_cut else ()), *doubtful))
    )


def _move_down(cuts: tuple[CutLines, ...], above: str) -> tuple[CutLines, ...]:
    """Lines counted in the mail's own text, counted in one with `above` over it."""
    if not above:
        return cuts
    lines = above.count("\n") + 1
    return tuple(replace(cut, start=cut.start + lines, end=cut.end + lines) for cut in cuts)


def _read_date(headers: Headers) -> datetime | None:
    value = headers.first("date")
    return parse_date(value) if value else None


def _read_chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(CHUNK_BYTES):
        yield chunk
