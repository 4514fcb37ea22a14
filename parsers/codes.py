"""Customer codes, order codes and ticket numbers in free text.

A code after a label ("Mã KH", "đơn số", "order") is certain. Without a label, a code is what has its shape and stands
where codes stand: between separators, at an end, or beside another code. Dates, amounts of money, telephone numbers,
mail addresses and links are never codes. How codes look is the policy's: `Vocabulary.customer_code`, `order_code`.
"""

import re
from dataclasses import dataclass
from typing import Final

from parsers.accents import fold, has_any, straighten
from parsers.vocabulary import Vocabulary

LabelledCodes = tuple[str | None, str | None]

USED: Final = "\0"  # stands for what was understood and taken out; as long as that

_ITS_ME: Final = r"(?:toi|em|minh|tui|e|chau|con|day)\s+la"
_CUSTOMER_LABELS: Final = (
    rf"(?:{_ITS_ME}\s+|cua\s+)?(?:"
    r"ma\s*(?:so\s*)?(?:khach\s*hang|khach|k\.?h)|m\.?s?\.?k\.?h|khach\s*hang|khach|k\.?h\.?|(?:ma|ten)\s+(?:tai\s*khoan|tk)"
    r"|tai\s*khoan|tk|(?:customer|client|member|user|account|cust)(?:\s*(?:code|id|no|number|name))?|username|acc|nick(?:name)?)"
)
_LESSER_CUSTOMER_LABELS: Final = rf"{_ITS_ME}|cua|ma|id|code|i\s*am|i'?m|my\s+name\s+is|this\s+is|from|by"
_ORDER_LABELS: Final = (
    r"(?:ma|so)\s*(?:so\s*)?(?:don\s*hang|don|d\.?h|order|oder)|m\.?s?\.?d\.?h"
    r"|(?<!van )(?<!hoa )don(?:\s*(?:dat\s*)?hang|\s*mua)?|d?\.?d\.?h"
    r"|(?:order|oder|ord)s?(?:\s*(?:code|id|no|number|num|nr|ref))?"
)
_LESSER_ORDER_LABELS: Final = (
    r"(?:ma\s*(?:so\s*)?)?(?:van\s*don|hoa\s*don|kien\s*hang|buu\s*gui)|m?vd|ma|so|bill|hd|invoice|tracking"
    r"(?:\s*(?:code|id|no|number))?|parcel|package|ref(?:erence)?|po|#"
)
_WORD_START: Final = r"(?<![^\W_])"
# Between a label and its code. Each step takes another first character, so the time stays linear.
_LINK: Final = r"(?:[\s:#=.,\-\"'()\[\]<>/*|_\0]|(?:la|so|is|no|number|nay|cua\s(?:toi|em|minh|tui))(?![^\W_]))*+"
_GLUED: Final = r"(?<=dh)(?=\d)|(?<=#)"  # "ĐH778812", "#778812": the digits are the code

# What is no code, each with texts of which one stands wherever it does: a look for them is far cheaper.
_NO_CODES: Final = (
    (("@", "http", "www."), re.compile(r"(?<!\S)[^\s@]{1,80}@\S{1,80}|https?://\S+|www\.\S+")),  # addresses and links
    (("-",), re.compile(r"(?<![\w-])[a-z]{2,5}-\d{2}-\d{5,9}(?!\w)")),  # ticket numbers of others
    (
        tuple("0123456789"),
        re.compile(
            r"(?=[\d+])(?:"  # passes over letters quickly
            r"(?<![\w-])\d{1,2}([/.-])\d{1,2}(?:\1\d{2,4})?(?![\w-])"  # dates
            r"|(?<!\w)\d[\d.,]{0,15}(?:(?:k|d|tr|\$)(?!\w)|\s?(?:dong|vnd|trieu|ngan|nghin|usd|ndt|%)(?!\w))"  # money
            r"|(?<!\w)\d{1,3}(?:[.,]\d{3})+(?!\d)"
            r"|(?<![\w+])(?:\+?84|0)[ .]?[35789](?:[ .]?\d){8}(?!\w)"  # mobile numbers of Viet Nam
            r")"
        ),
    ),
)
_SEPARATORS: Final = frozenset("-|/,;:._()[]<>~+*=" + USED)
_NAME_AND_NUMBER: Final = re.compile(r"(?P<name>[^\W\d_]{2,20})\s{1,2}(?P<number>\d{1,6})(?=\s*(?:[^\w\s]|$|\d{4}))")
# After a label that is sure, a number of three digits is no quantity.
_NAME_AND_SURE_NUMBER: Final = re.compile(
    r"(?P<name>[^\W\d_]{2,20})\s{1,2}(?P<number>\d{3,6}(?![^\W_])|\d{1,2}(?=\s*(?:[^\w\s]|$|\d{4})))"
)
# A label that nothing but a code follows: "Mã KH", "MKH", "customer code", or any with a colon.
_SURE_LABEL: Final = re.compile(r"ms?\.?k|ma|.*(?:code|id|no|number|:)", re.DOTALL)
_TICKET_TAIL: Final = r"\s?-\s?(\d{2})\s?-\s?(\d{6,9})(?!\w)"


_ENUMERATION: Final = re.compile(r"[,;/]|\s(?:or|hoac)\s")
_CORE: Final = re.compile(r"^(?:(?:ma|so)\s+)+|\s+(?:code|number|no\.?|id)$")
_NO_NAMES_TEXT: Final = "so ma don hang size ngay thang order hotline sau truoc tu gia con"
_NO_NAMES: Final = frozenset(_NO_NAMES_TEXT.split())
_BODY_BEGINNING: Final = 4000  # characters


@dataclass(frozen=True, kw_only=True, eq=False)
class CodePatterns:
    """The codes of one vocabulary, compiled."""

    brand: re.Pattern[str] | None
    ticket: re.Pattern[str]  # on folded text
    ticket_prefix: str
    customer: re.Pattern[str]
    order: re.Pattern[str]
    whole_customer: re.Pattern[str]
    customer_here: re.Pattern[str]  # these two right after a label
    order_here: re.Pattern[str]
    customer_label: re.Pattern[str]  # these four on folded text, up to where the code begins
    lesser_customer_label: re.Pattern[str]
    order_label: re.Pattern[str]
    lesser_order_label: re.Pattern[str]
    no_names: frozenset[str]  # folded words that are no name before a number: "thiếu 2"


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """A code, and the span it takes up together with its label."""

    code: str
    start: int
    end: int


def compile_codes(vocabulary: Vocabulary) -> CodePatterns:
    brands = "|".join(re.escape(fold(brand)) for brand in vocabulary.brands if brand.strip())
    words = {fold(word) for one in vocabulary.categories for phrase in one.words for word in phrase.split()}
    return CodePatterns(
        # A brand may be glued to the code: "HakagoTuan668".
        brand=re.compile(rf"(?<!\w)(?:{brands})(?:(?![^\W_])|(?=[^\W\d_]{{2,}}\d))") if brands else None,
        ticket=re.compile(rf"#?(?<!\w){re.escape(vocabulary.ticket_prefix.lower())}{_TICKET_TAIL}"),
        ticket_prefix=vocabulary.ticket_prefix,
        customer=_compile_code(vocabulary.customer_code, _WORD_START),
        order=_compile_code(vocabulary.order_code, _WORD_START),
        whole_customer=re.compile(vocabulary.customer_code),
        customer_here=_compile_code(vocabulary.customer_code),
        order_here=_compile_code(vocabulary.order_code),
        customer_label=_compile_label(_CUSTOMER_LABELS, *_label_by(vocabulary.customer_names)),
        lesser_customer_label=_compile_label(_LESSER_CUSTOMER_LABELS, *_cores(vocabulary.customer_names)),
        order_label=_compile_label(_ORDER_LABELS, *_label_by(vocabulary.order_names)),
        lesser_order_label=_compile_label(_LESSER_ORDER_LABELS, *_cores(vocabulary.order_names)),
        no_names=frozenset(words) | _NO_NAMES,
    )


def _compile_code(code: str, before: str = "") -> re.Pattern[str]:
    """The code, with no letter or digit after it."""
    return re.compile(rf"{before}(?:{code.removeprefix('^').removesuffix('$')})(?![^\W_])")


def _compile_label(*labels: str) -> re.Pattern[str]:
    start = rf"(?:{_WORD_START}|(?=#))" if any("#" in label for label in labels) else _WORD_START  # "đơn#778812"
    return re.compile(rf"{start}(?:{'|'.join(labels)})(?:{_GLUED}|(?![^\W_]){_LINK})")


def _cores(names: tuple[str, ...]) -> list[str]:
    """What a company calls its codes, less "mã" and "number": of "Mã hợp đồng, dịch vụ" it is two."""
    cores = (_CORE.sub("", piece.strip()) for name in names for piece in _ENUMERATION.split(fold(name)))
    return [r"\s*".join(map(re.escape, core.split())) for core in dict.fromkeys(cores) if core]


def _label_by(names: tuple[str, ...]) -> list[str]:
    """With "mã" before them, the first words of a name will do: "mã phiếu" of "Mã phiếu giặt"."""
    cores = [core.split(r"\s*") for core in _cores(names)]
    beginnings = {r"\s*".join(words[:count]) for words in cores for count in range(1, len(words) + 1)}
    return [rf"(?:ma|so)\s*(?:so\s*)?{one}" for one in sorted(beginnings, key=lambda one: (-len(one), one))]


def find_ticket(folded: str, patterns: CodePatterns) -> Code | None:
    """A ticket number, written as we write it."""
    match = patterns.ticket.search(folded)
    if match is None:
        return None
    return Code(code=f"{patterns.ticket_prefix}-{match[1]}-{match[2]}", start=match.start(), end=match.end())


def hide_what_is_no_code(text: str, folded: str) -> tuple[str, str]:
    """Both without dates, money, addresses and telephone numbers, character for character."""
    for needed, pattern in _NO_CODES:
        for match in pattern.finditer(folded) if has_any(folded, needed) else ():
            start, end = match.span()
            text = text[:start] + "~" * (end - start) + text[end:]
            folded = folded[:start] + "~" * (end - start) + folded[end:]
    return text, folded


def find_labelled_order(text: str, folded: str, patterns: CodePatterns) -> Code | None:
    return find_sure_order(text, folded, patterns) or _find_after(
        patterns.lesser_order_label, patterns.order_here, text, folded
    )


def find_sure_order(text: str, folded: str, patterns: CodePatterns) -> Code | None:
    return _find_after(patterns.order_label, patterns.order_here, text, folded)


def find_labelled_customer(text: str, folded: str, patterns: CodePatterns) -> Code | None:
    return find_sure_customer(text, folded, patterns) or _find_after(
        patterns.lesser_customer_label, patterns.customer_here, text, folded
    )


def find_sure_customer(text: str, folded: str, patterns: CodePatterns) -> Code | None:
    return _find_after(patterns.customer_label, patterns.customer_here, text, folded) or _find_name_after(
        patterns.customer_label, text, folded, patterns
    )


def _find_after(label: re.Pattern[str], code: re.Pattern[str], text: str, folded: str) -> Code | None:
    for found in label.finditer(folded):
        match = code.match(text, found.end())
        if match:
            return Code(code=match.group(), start=found.start(), end=match.end())
    return None


def _find_name_after(label: re.Pattern[str], text: str, folded: str, patterns: CodePatterns) -> Code | None:
    """A customer code with a blank in it: "Mã KH: Tuan 668"."""
    for found in label.finditer(folded):
        is_sure = _SURE_LABEL.match(found.group()) is not None
        named = (_NAME_AND_SURE_NUMBER if is_sure else _NAME_AND_NUMBER).match(text, found.end())
        joined = _join(named, patterns, _NO_NAMES if is_sure else patterns.no_names) if named else None
        if named and joined:
            return Code(code=joined, start=found.start(), end=named.end())
    return None


def find_order(text: str, patterns: CodePatterns, *, beside_customer: bool) -> Code | None:
    """An order code without a label: alone between separators, else long enough to be no year and no quantity."""
    found = [match for match in patterns.order.finditer(text) if _has_digits(match, 4 if beside_customer else 5)]
    alone = [match for match in found if _stands_alone(text, match)]
    others = [match for match in found if _has_digits(match, 5)]
    best = (alone or others)[:1]
    return Code(code=best[0].group(), start=best[0].start(), end=best[0].end()) if best else None


def find_customer(text: str, patterns: CodePatterns) -> Code | None:
    """A customer code without a label, or a name and a number that make one together ("Tuan 668")."""
    found = list(patterns.customer.finditer(text))
    best = next((match for match in found if _stands_alone(text, match)), found[0] if found else None)
    if best:
        return Code(code=best.group(), start=best.start(), end=best.end())
    for named in _NAME_AND_NUMBER.finditer(text):
        joined = _join(named, patterns, patterns.no_names)
        if joined and _begins_segment(text, named.start()):
            return Code(code=joined, start=named.start(), end=named.end())
    return None


def _join(named: re.Match[str], patterns: CodePatterns, no_names: frozenset[str]) -> str | None:
    joined = named["name"] + named["number"]
    is_name = fold(named["name"]) not in no_names
    return joined if is_name and patterns.whole_customer.fullmatch(joined) else None


def _has_digits(match: re.Match[str], least: int) -> bool:
    """Whether a bare number is long enough; letters make any code certain."""
    return not match.group().isdigit() or len(match.group()) >= least


def _begins_segment(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'")
    return not before or before[-1] in _SEPARATORS


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 8].lstrip(" \"'")
    return _begins_segment(text, match.start()) and (not after or after[0] in _SEPARATORS)


def use(text: str, start: int, end: int) -> str:
    """`text` with a span taken out."""
    return text[:start] + USED * (end - start) + text[end:]


def take_brands(text: str, folded: str, patterns: CodePatterns) -> tuple[str, str]:
    """The brand is no part of a code, and no word of the complaint."""
    for brand in patterns.brand.finditer(folded) if patterns.brand else ():
        text, folded = use(text, *brand.span()), use(folded, *brand.span())
    return text, folded


def find_labelled_codes(text: str, patterns: CodePatterns, *, sure: bool = False) -> LabelledCodes:
    """Customer code and order code where the beginning of a body names them with a label; `sure`: with one that means
    nothing else ("của Tuan668" and "mã 012345" do not count).
    """
    beginning = straighten(text[:_BODY_BEGINNING])
    beginning, folded = hide_what_is_no_code(beginning, fold(beginning))
    beginning, folded = take_brands(beginning, folded, patterns)
    find = (find_sure_customer, find_sure_order) if sure else (find_labelled_customer, find_labelled_order)
    customer, order = (one(beginning, folded, patterns) for one in find)
    return customer.code if customer else None, order.code if order else None
