"""What must hold for any bytes: they are a mail, and its facts can be printed, stored and read again."""

import io
import json
import re
import traceback
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from intake.facts_page import write_page
from intake.settings.policies import read_policy
from parsers.agreements import read_agreement
from parsers.defects import DEFECTS
from parsers.facts import MailFacts, mail_to_json, subject_to_json
from parsers.message import parse_message, peek_envelope
from parsers.satisfaction import read_satisfaction
from parsers.subjects import complete_from_body, parse_subject
from parsers.vocabulary import Vocabulary

RECEIVED_ON = date(2026, 11, 18)
HEAD_BYTES = 64 * 1024  # of which the ledger learns what a mail is called
_HEADER_END = re.compile(rb"\S\r?\n\r?\n")
_KINDS = {"photo", "video", "audio", "document", "mail", "archive", "calendar", "contact", "signature", "other"}


class Broken(Exception):
    """A law does not hold; says which."""


def check_laws(mail: bytes) -> MailFacts:
    """The facts of `mail`. Raises Broken."""
    try:
        return _check(mail)
    except Broken:
        raise
    except Exception as error:
        raise Broken("".join(traceback.format_exception(error))) from error


def _check(mail: bytes) -> MailFacts:
    facts = parse_message(io.BytesIO(mail), received_on=RECEIVED_ON)
    vocabulary = _vocabulary()
    subject = complete_from_body(parse_subject(facts.subject, vocabulary), facts.reply_text, vocabulary)
    printed = [mail_to_json(facts, "mail.eml"), subject_to_json(subject)]
    _check_storable(printed)
    _check_agreement(facts)
    head = mail[:HEAD_BYTES]
    if _HEADER_END.search(head) and peek_envelope(head).message_id != facts.message_id:
        raise Broken("ledger and facts disagree on the Message-ID")
    read_satisfaction(facts.reply_text)
    read_agreement(facts.reply_text)
    list(write_page(facts, subject, "mail.eml", 80))
    return facts


@cache
def _vocabulary() -> Vocabulary:
    return read_policy("hakago").vocabulary()


def _check_storable(printed: list[Any]) -> None:
    line = json.dumps(printed, ensure_ascii=False, allow_nan=False)
    line.encode()  # a lone surrogate raises
    if json.loads(line) != printed:
        raise Broken("the JSON is not what was printed")
    for text in _list_texts(printed):
        if "\0" in text:
            raise Broken(f"NUL in {text[:200]!r}")
        if not unicodedata.is_normalized("NFC", text):
            raise Broken(f"not NFC: {text[:200]!r}")


def _check_agreement(facts: MailFacts) -> None:
    if (facts.bounce is not None) != (facts.automatic is not None and facts.automatic.kind == "bounce"):
        raise Broken("a bounce and its kind do not agree")
    if unnamed := set(facts.defects) - DEFECTS.keys():
        raise Broken(f"defects that nothing explains: {unnamed}")
    if facts.bounce and not facts.bounce.recipients:
        raise Broken("a bounce of nobody")
    if any(one.kind not in _KINDS or len(one.sha256) != 64 for one in facts.attachments):
        raise Broken("an attachment without kind or hash")
    if "\n" in facts.subject:
        raise Broken("a subject of two lines")


def name_facts(facts: MailFacts) -> set[str]:
    """Names in the facts, and combinations of them, that say which way the parsers went."""
    names = {f"defects {' '.join(sorted(facts.defects))}", f"cuts {' '.join(sorted({one.rule for one in facts.cuts}))}"}
    names |= {f"{one.kind}, inline {one.inline}" for one in facts.attachments}
    names |= {f"automatic {facts.automatic.rule}"} if facts.automatic else set()
    names |= {f"bounce {facts.bounce.rule} of {len(facts.bounce.recipients)}"} if facts.bounce else set()
    names |= {f"{facts.language}, requests {facts.statements.requests}"}
    for what in ("attachments", "links", "references", "to", "text", "reply_text"):
        names.add(f"{what} {len(getattr(facts, what)).bit_length()}")
    return names


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _list_texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _list_texts(item)
