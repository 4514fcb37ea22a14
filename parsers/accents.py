"""Text without accents, case and typography, character for character.

`straighten` and `fold` keep the length of the text, so that what is found in the result can be cut from the original.
Both want NFC.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_DASHES: Final = "‐‑‒–—―−﹘﹣－­·•∙⁃"
_QUOTES: Final = "“”„‟«»″＂‘’‚‛′´`"
_BLANKS: Final = "\t\r\n\v\f\x00\x1c\x1d\x1e\x1f\x85\u2028\u2029"


# What stays as it is: for a character that is not in its table, `str.translate` raises and catches an error.
_AS_IT_IS: Final = {code: chr(code) for code in (*range(0x250), *range(0x1E00, 0x1F00))}


def _list_straight() -> dict[int, str]:
    full_width = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    blanks = dict.fromkeys((*map(ord, _BLANKS), 160, *range(8192, 8206), 8239, 8287, 12288, 65279), " ")
    brackets = dict(zip(map(ord, "【】〔〕「」『』《》｛｝"), "[][][][][]{}", strict=True))
    return (
        full_width | blanks | brackets | dict.fromkeys(map(ord, _DASHES), "-") | dict.fromkeys(map(ord, _QUOTES), '"')
    )


def _list_bare() -> dict[int, str]:
    letters = {ord("đ"): "d", ord("Đ"): "d", ord("ð"): "d", ord("Ð"): "d"}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = unicodedata.normalize("NFD", chr(code))[0].lower()
        if letter.isascii():
            letters.setdefault(code, letter)
    return letters


_NOT_STRAIGHT: Final = re.compile(f"[{re.escape(''.join(map(chr, _list_straight())))}]")
_STRAIGHT: Final = _AS_IT_IS | _list_straight()
_BARE: Final = _AS_IT_IS | _list_bare()


def straighten(text: str) -> str:
    """Full-width forms as ASCII, every dash as "-", every quotation mark as '"', every blank as " "."""
    return text.translate(_STRAIGHT) if _NOT_STRAIGHT.search(text) else text  # looking is far cheaper


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of `words` stands anywhere in `text`: the cheapest first look there is."""
    return any(map(text.__contains__, words))


def fold(text: str) -> str:
    """Lower case without accents; "Đơn hàng" becomes "don hang"."""
    lowered = text.lower()
    return (lowered if len(lowered) == len(text) else text).translate(_BARE)
