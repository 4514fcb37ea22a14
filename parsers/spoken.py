"""What somebody said by phone or at a counter, as others wrote it down: the same facts as of a mail.

Codes that were asked for count before those that are found in the words. Pure, never raises.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from parsers.facts import Delivered, MailFacts, SubjectFacts
from parsers.languages import detect_language
from parsers.statements import read_statements
from parsers.subjects import complete_from_body, parse_subject
from parsers.vocabulary import Vocabulary

_SUBJECT: Final = 80  # characters of the words that stand for a subject where there is none


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenWords:
    """As they were written down; None where nothing was asked or known."""

    text: str
    subject: str = ""
    customer_code: str | None = None
    order_code: str | None = None
    category: str | None = None


def read_spoken(words: SpokenWords, vocabulary: Vocabulary, said_on: date) -> tuple[MailFacts, SubjectFacts]:
    """The facts of the words and of their subject; "hôm qua" counts from `said_on`."""
    text = unicodedata.normalize("NFC", words.text).replace("\0", "").strip()
    subject = complete_from_body(parse_subject(words.subject or _first_words(text), vocabulary), text, vocabulary)
    said = replace(
        subject,
        customer_code=words.customer_code or subject.customer_code,
        order_code=words.order_code or subject.order_code,
        category=words.category or subject.category,
        issue=subject.issue if words.subject else None,  # words without a subject would count twice
    )
    return _facts(text, f"{words.subject}\n{text}", said_on), said


def read_day(words: str, said_on: date) -> Delivered | None:
    """When a parcel came, as somebody answers who is asked: "hôm qua", "20/11 lúc 15h", "2026-11-20 15:00"."""
    return read_statements(f"nhận hàng {words.strip()}", said_on).delivered


def _facts(text: str, statements: str, said_on: date) -> MailFacts:
    return MailFacts(
        message_id=None,
        in_reply_to=None,
        references=(),
        date=None,
        sender=None,
        to=(),
        cc=(),
        reply_to=(),
        subject="",
        language=detect_language(text),
        text=text,
        reply_text=text,
        automatic=None,
        bounce=None,
        attachments=(),
        links=(),
        defects=(),
        statements=read_statements(statements, said_on),
    )


def _first_words(text: str) -> str:
    line = text.partition("\n")[0].strip()
    return line if len(line) <= _SUBJECT else (line[:_SUBJECT].rpartition(" ")[0] or line[:_SUBJECT]) + "…"
