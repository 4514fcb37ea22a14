"""Telephone numbers of Viet Nam and product codes in a text.

Telephone numbers by the numbering plan since 2018: mobile 03, 05, 07, 08, 09 and eight digits more, landlines 02 and
nine. Product codes stand behind a label that says so; order and customer codes are `codes`.
"""

import re
from typing import Final

from parsers.spelling import compile_words

_PHONE: Final = re.compile(
    r"(?=[+(08])(?:(?<![\d+/])(?:\(?\+\s?84\)?|0084|84(?=[\s.-]?[35789]\d))[\s.-]?(?:\(0\)"
    r"|0)?(?P<abroad>(?:[35789]|2\d)(?:[\s.-]?\d){8})(?![\d/])"
    r"|(?<![\w+/])\(?0(?P<home>(?:[35789]|2\d)\)?(?:[\s.-]?\d){8})(?![\d/]))"
)
_MOST: Final = 20
_LABEL: Final = compile_words(
    r"(?:mã|mã số|tên|số) (?:sản phẩm|sp|hàng hóa|hàng hoá|máy|model|mẫu)|msp|mã hàng|model(?: no\.?| number)?"
    r"|kiểu máy|sku"
    r"|(?:product|item|part|article) (?:code|no\.?|number|id)|p/n"
)
_CODE: Final = re.compile(
    r"(?:\s|[:#=.\"'([]|là\b|la\b|is\b|no\.){0,6}(?P<code>[a-z0-9](?:[a-z0-9._/-]{0,28}[a-z0-9])?)(?![^\W_])"
)
_NO_CODE: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{1,2}|[^\d]*")


def find_phones(text: str) -> tuple[str, ...]:
    """The numbers as "+84…", each once, in order."""
    found: dict[str, None] = {}
    for phone in _PHONE.finditer(text):
        digits = re.sub(r"[^0-9]", "", phone["abroad"] or phone["home"])
        if digits.isascii() and len(found) < _MOST:
            found[f"+84{digits}"] = None
    return tuple(found)


def find_product_codes(text: str, view: str) -> tuple[str, ...]:
    """The codes as written, each once, in order; `view` is the `view_text` of `text`."""
    found: dict[str, None] = {}
    for label in _LABEL.finditer(view):
        code = _CODE.match(view, label.end())
        if code and not _NO_CODE.fullmatch(code["code"]) and len(found) < _MOST:
            found[text[code.start("code") : code.end("code")]] = None
    return tuple(found)
