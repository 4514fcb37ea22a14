"""What stands below a mail without having been written for it: signatures after "-- " (RFC 3676 §4.3), the lines of
telephones and mail programs, the footers of mailing lists and virus scanners.

Closings ("Trân trọng, …") are the writer's. A line that could be a sentence stays. Never raises; each rule looks at
one line of bounded width or at the few lines after a delimiter.
"""

import re

from parsers.accents import has_any
from parsers.quote_words import (
    ADVERTISED,
    ADVERTISING_VERBS,
    EXCUSES,
    FOOTER_BEGINNINGS,
    GLUE_WORDS,
    PRODUCTS,
    SCANNER_SITES,
    SENT_FROM,
)

_DELIMITERS = ("--", "—", "–")

MAX_SIGNATURE = 8  # filled lines after a delimiter that has lost its blank, where nothing else proves a signature
MAX_SIGNATURE_WIDTH = 80
MAX_WORDS = 20  # of a line that a program adds
MAX_CLAIM_WORDS = 12  # of the sentence in it that names the product
MAX_FOOTER = 6  # filled lines of a mailing list's footer

_LINK = re.compile(r"[<(\[]\s?(?:https?|mailto):[^<>()\[\]]{0,300}[>)\]]")
_SENTENCE_END = re.compile(r"[^.!?]{30,}[.!?]$")
_OWN_PHRASE = (
    r"(?:sent (?:from|via|using|with)"
    r"|(?:thư này )?(?:được |đã |đã được )?gửi (?:đi )?từ(?: phiên bản)?"
    r"|(?:được |đã |đã được )?gửi (?:bằng|với|qua)(?= (?:zoho|k-9|yahoo|outlook|proton|gmail|thunderbird|ứng dụng)))\s"
)
_OWN_PHRASES = re.compile(_OWN_PHRASE, re.IGNORECASE)
_MY_DEVICE = re.compile(r"sent from my (?:[^\s,.;:!?]+\s?){1,5}$", re.IGNORECASE)
_LIST_WORDS = ("mailing list", "mailing-list", "/listinfo", "danh sách thư", "google groups", "unsubscribe")


_PHRASES = tuple(phrase.split("{}") for phrases in SENT_FROM.values() for phrase in phrases)
_BEFORE_PRODUCT = tuple(before for before, _ in _PHRASES if before)
_AFTER_PRODUCT = tuple(after for _, after in _PHRASES if after)

_DRAWN = " *_|[]<>\t"  # around lines that programs add
_BEGINNING = re.compile(
    rf"[{re.escape(_DRAWN)}]*(?:{'|'.join(map(re.escape, _BEFORE_PRODUCT + FOOTER_BEGINNINGS))}|{_OWN_PHRASE})"
)
_ANYWHERE = ("http", "mailto", *ADVERTISED, *SCANNER_SITES, *_AFTER_PRODUCT)


def is_delimiter(line: str) -> bool:
    return line in _DELIMITERS


def is_strict_delimiter(raw: str) -> bool:
    """Whether the line has the blank that makes it a delimiter and nothing else."""
    return raw.rstrip("\r\n") in ("-- ", "--\u00a0")


def looks_like_signature(below: list[str]) -> bool:
    """Whether lines after a delimiter without its blank are few and short, and no sentences."""
    filled = _list_filled(below)
    return len(filled) <= MAX_SIGNATURE and not any(
        len(line) > MAX_SIGNATURE_WIDTH or _SENTENCE_END.match(line) for line in filled
    )


def is_list_footer(lines: list[str]) -> bool:
    """Whether `lines`, the last of a text, are a line drawn of underscores and the words of a mailing list."""
    below = _list_filled(lines[1:])
    if len(lines[0]) < 2 or lines[0].strip("_") or len(below) > MAX_FOOTER:
        return False
    return any(word in line.casefold() for line in below for word in _LIST_WORDS)


def _list_filled(lines: list[str]) -> list[str]:
    """The lines that hold more than a drawn line."""
    return [line for line in lines if any(map(str.isalnum, line))]


def may_have_added_lines(folded: str) -> bool:
    """Whether `is_added_line` may be true of a line of a whole casefolded text: a cheap look that most texts fail."""
    return has_any(folded, _ANYWHERE) or any(map(_BEGINNING.match, folded.split("\n")))


def is_added_line(line: str) -> bool:
    """Whether a telephone, a mail program or a virus scanner wrote `line`."""
    if not 6 < len(line) <= 300:
        return False
    plain = (_LINK.sub(" ", line) if "http" in line or "mailto" in line else line).strip(_DRAWN)
    if plain.count(" ") > MAX_WORDS:
        return False
    folded = plain.casefold()
    return _is_device_line(plain, folded) or _is_advertisement(folded) or _is_scanner_line(folded)


def _is_device_line(plain: str, folded: str) -> bool:
    """ "Được gửi từ iPhone của tôi" in any language, with an excuse for brevity or without."""
    own = _OWN_PHRASES.match(plain)
    if not own and not folded.startswith(_BEFORE_PRODUCT) and not folded.rstrip(".").endswith(_AFTER_PRODUCT):
        return False
    claim, _, excuse = plain.partition(". ")
    claim = claim.rstrip(" .")
    if (excuse and not excuse.casefold().startswith(EXCUSES)) or "," in claim:
        return False
    if own:
        return bool(_MY_DEVICE.match(claim)) or _names_product(claim[own.end() :])
    return claim.count(" ") < MAX_CLAIM_WORDS and _has_product(claim.casefold())


def _names_product(text: str) -> bool:
    """Whether `text` is the name of a product and nothing more: any other small word makes it the writer's."""
    words = text.split()
    named = all(word.casefold() in GLUE_WORDS or not word[0].islower() for word in words)
    return named and len(words) <= MAX_CLAIM_WORDS and _has_product(text.casefold())


def _has_product(folded: str) -> bool:
    return has_any(folded, PRODUCTS)


def _is_advertisement(folded: str) -> bool:
    """ "Tải Outlook cho iOS" in any language."""
    if not has_any(folded, ADVERTISED) or folded.count(" ") > MAX_CLAIM_WORDS:
        return False
    return has_any(folded, ADVERTISING_VERBS) and has_any(folded, ("ios", "android"))


def _is_scanner_line(folded: str) -> bool:
    if folded.startswith(FOOTER_BEGINNINGS):
        return True
    return has_any(folded, SCANNER_SITES) and folded.count(" ") < MAX_CLAIM_WORDS
