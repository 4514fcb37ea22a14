"""Patterns of Vietnamese words that match what people type: with accents, without tones, or without any accents.

A pattern is written once, fully accented. Where the writer did type accents, they count: "nhận" is also found as "nhan"
and "nhân", never in "nhắn" or "nhãn", which a comparison of folded texts would take for it. The patterns are for texts
that `view_text` made: they keep their length, so that what is found can be cut from the original.
"""

import re
import unicodedata
from itertools import pairwise, product
from typing import Final

from parsers.accents import fold, straighten

_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")  # huyền sắc ngã hỏi nặng
# A blank that one may type twice, an accented letter; what stands in brackets is left alone.
_LOOSE: Final = re.compile(r"\[[^\]]*\]| |[^\W\d_a-zA-Z]")
_BOUND_BEFORE: Final = r"(?<![^\W_])"
_BOUND_AFTER: Final = r"(?![^\W_])"
_TYPOGRAPHY: Final = re.compile(
    r"[\t\r\v\f\x1c-\x1f\x85\xa0\u2000-\u2015\u2028-\u203a\u2212\u3000-\u303f\uff00-\uffef]"
)
_WRAPPED: Final = 55  # characters: a shorter line ended because its writer ended it
_FRESH: Final = re.compile(r"\s*(?:[-+*>•·●▪◦–—]|\d{1,2}[.)]|$)")  # what begins a line of its own


def compile_words(pattern: str) -> re.Pattern[str]:
    """`pattern` between word boundaries, each accented letter standing for its barer forms too."""
    return re.compile(f"{_BOUND_BEFORE}(?:{loosen(pattern)}){_BOUND_AFTER}")


def loosen(pattern: str) -> str:
    return _LOOSE.sub(_loosen_one, unicodedata.normalize("NFC", pattern))


def _loosen_one(match: re.Match[str]) -> str:
    one = match.group()
    if one == " ":
        return r"(?:\s{1,3})"
    return one if one.startswith("[") else f"[{''.join(_list_forms(one))}]"


def _list_forms(letter: str) -> tuple[str, ...]:
    toneless = "".join(mark for mark in unicodedata.normalize("NFD", letter) if mark not in _TONES)
    return tuple(dict.fromkeys((letter, unicodedata.normalize("NFC", toneless), fold(letter))))


def list_spellings(*words: str) -> tuple[str, ...]:
    """Every form of `words` that `compile_words` would find: a search for plain texts is the cheapest first look."""
    forms = (product(*map(_list_forms, unicodedata.normalize("NFC", word))) for word in words)
    return tuple(dict.fromkeys("".join(letters) for one in forms for letters in one))


def view_text(text: str) -> str:
    """`text`, which is NFC, in lower case with plain blanks and dashes, character for character.

    Lines that a mail program wrapped are one line; a line break that is left was meant by the writer.
    """
    lowered = text.replace("İ", "I").lower()  # the one letter whose lower case is longer
    lines = lowered.split("\n")
    if _TYPOGRAPHY.search(lowered):
        lines = [straighten(line) for line in lines]
    ends = (" " if len(line) >= _WRAPPED and not _FRESH.match(after) else "\n" for line, after in pairwise(lines))
    return "".join(line + end for line, end in zip(lines, (*ends, ""), strict=True))
