"""What a subject line says: codes, ticket number, the kind of complaint, reply or forward.

The parts may stand in any order, with any separator, label, quotation mark or prefix. Nothing here raises, and only the
beginning of a long subject is read, so the time is bounded. Prefixes and base subject: RFC 5256 §2.1.
"""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import Final

from parsers.accents import fold, straighten
from parsers.categories import OTHER, PhraseIndex, compile_categories, find_category
from parsers.codes import (
    USED,
    Code,
    CodePatterns,
    compile_codes,
    find_customer,
    find_labelled_codes,
    find_labelled_customer,
    find_labelled_order,
    find_order,
    find_ticket,
    hide_what_is_no_code,
    take_brands,
    use,
)
from parsers.facts import SubjectFacts
from parsers.subject_prefixes import TAG, base_subject, find_prefixes, is_stand_in
from parsers.vocabulary import Vocabulary

__all__ = ["base_subject", "complete_from_body", "find_in_body", "parse_subject"]

_READ: Final = 1000  # characters of a subject that are looked at
_BROKEN: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_PIECE: Final = re.compile(rf"[^{USED}]+")
_EDGE: Final = " \t-‐‑‒–—―−－|/\\,;:._·•~+*=#\"'“”„‘’«»?!\u3000\xa0<>"
# What stands around codes and says nothing by itself.
_EMPTY: Final = frozenset(
    (
        *("don hang", "don", "ma don", "ma don hang", "order", "ma khach hang", "khach hang", "va", "and", "cua"),
        *("ma", "so", "khong co chu de", "khong tieu de", "no subject", "none", "untitled"),
    )
)
_OPENING: Final = {"(": ")", "[": "]", "{": "}"}

_BODY_READ: Final = 600  # characters, in which people say what is wrong
_COMPLETED: Final = ("customer_code", "order_code", "category")


@lru_cache(maxsize=16)
def _compile(vocabulary: Vocabulary) -> tuple[CodePatterns, PhraseIndex]:
    return compile_codes(vocabulary), compile_categories(vocabulary)


def find_in_body(text: str, vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """Customer code and order code as a body names them: "Mã khách hàng: Tuan668", "đơn 012345". NFC is wanted."""
    return find_labelled_codes(text, _compile(vocabulary)[0])


def complete_from_body(facts: SubjectFacts, text: str, vocabulary: Vocabulary) -> SubjectFacts:
    """`facts` with what the subject lacks and the body says; `from_body` names what was found there.

    A code that the body labels goes before one that only looks so in the subject.
    """
    customer_code, order_code, category = facts.customer_code, facts.order_code, facts.category
    if facts.guessed:
        sure = find_labelled_codes(text, _compile(vocabulary)[0], sure=True)
        customer_code = (sure[0] if "customer_code" in facts.guessed else None) or customer_code
        order_code = (sure[1] if "order_code" in facts.guessed else None) or order_code
    if customer_code is None or order_code is None:
        in_body = find_in_body(text, vocabulary)
        customer_code, order_code = customer_code or in_body[0], order_code or in_body[1]
    if category == OTHER:
        category = find_category(text[:_BODY_READ], _compile(vocabulary)[1])
    completed = replace(facts, customer_code=customer_code, order_code=order_code, category=category)
    found = [name for name in _COMPLETED if getattr(completed, name) != getattr(facts, name)]
    return replace(completed, from_body=tuple(found)) if found else facts


def parse_subject(subject: str, vocabulary: Vocabulary) -> SubjectFacts:
    """The facts of one subject, decoded already; see DESIGN §4 for how codes are written."""
    written = _BROKEN.sub(" ", unicodedata.normalize("NFC", subject)).strip()
    patterns, index = _compile(vocabulary)
    text = straighten(written[:_READ])
    folded = fold(text)
    prefixes = find_prefixes(folded)
    ticket = find_ticket(folded, patterns)
    known = [*prefixes.spans, *(tag.span() for tag in TAG.finditer(folded))]
    for start, end in [*known, (ticket.start, ticket.end)] if ticket else known:
        text, folded = use(text, start, end), use(folded, start, end)
    rest, customer, order, guessed = _take_codes(*take_brands(text, folded, patterns), patterns)
    issue = _read_issue(written, rest)
    bare = written[: ticket.start] + written[ticket.end :] if ticket else written
    return SubjectFacts(
        subject=written,
        base="" if is_stand_in(bare) else base_subject(bare),
        customer_code=customer.code if customer else None,
        order_code=order.code if order else None,
        issue=issue,
        category=find_category(issue, index) if issue else OTHER,
        ticket=ticket.code if ticket else None,
        reply=prefixes.reply,
        forward=prefixes.forward,
        guessed=guessed,
    )


def _take_codes(
    text: str, folded: str, patterns: CodePatterns
) -> tuple[str, Code | None, Code | None, tuple[str, ...]]:
    """The text without its codes, the customer code, the order code, and the names of those that have no label.

    Codes with a label go first.
    """
    readable, folded = hide_what_is_no_code(text, folded)
    named_order = find_labelled_order(readable, folded, patterns)
    if named_order:
        readable, folded = (use(one, named_order.start, named_order.end) for one in (readable, folded))
    named_customer = find_labelled_customer(readable, folded, patterns)
    customer = named_customer or find_customer(readable, patterns)
    if customer:
        readable = use(readable, customer.start, customer.end)
    order = named_order or find_order(readable, patterns, beside_customer=customer is not None)
    for code in filter(None, (customer, order)):
        text = use(text, code.start, code.end)
    guessed = (("customer_code", customer, named_customer), ("order_code", order, named_order))
    return text, customer, order, tuple(name for name, code, named in guessed if code is not named)


def _read_issue(written: str, rest: str) -> str | None:
    """What was not understood as something else, in the writer's own letters."""
    pieces = (_trim(written[piece.start() : piece.end()]) for piece in _PIECE.finditer(rest))
    return " ".join(piece for piece in pieces if piece and fold(piece) not in _EMPTY) or None


def _trim(piece: str) -> str:
    """Without separators at the edges, and without brackets that lost their other half or enclose all."""
    piece = piece.strip(_EDGE)
    while piece and (
        (piece[0] in _OPENING and (_OPENING[piece[0]] not in piece or piece[-1] == _OPENING[piece[0]]))
        or piece[0] in ")]}"
    ):
        piece = piece[1:].strip(_EDGE)
    while piece and ((piece[-1] in ")]}" and not any(mark in piece for mark in _OPENING)) or piece[-1] in _OPENING):
        piece = piece[:-1].strip(_EDGE)
    return piece
