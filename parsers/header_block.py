"""Reading a header block from its bytes (RFC 5322 §2.2, RFC 6532).

Never raises and loses no words. Lines before the first field that are none themselves are text. The first line after
it that is no field ends the header, as mail servers have it, and all below is text: that a blank line was forgotten is
the likeliest reason. Servers and gateways tear headers too, however, and a mail without sender or structure can neither
be answered nor be taken apart; so the fields below still count, except those that only hold words (RFC 5322 §3.6.5).
"""

import re

from parsers.charsets import decode_text
from parsers.encoded_words import make_storable
from parsers.headers import Headers

_FIELD_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322 §2.2: printable US-ASCII except the colon
_FIELD = re.compile(r"[!-9;-~]+[ \t]*:")
_DECLARED_CHARSET = re.compile(rb"charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_INFORMATIONAL = frozenset({"subject", "comments", "keywords"})  # RFC 5322 §3.6.5
_LINE_OF_AN_MBOX = (">From ", "From ")


def read_header_block(block: bytes) -> tuple[Headers, str]:
    """The fields of `block` in their order, and the text that stands between and below them; none in a sound header."""
    text = _decode(block)
    fields: list[tuple[str, str]] = []
    has_text = False
    for line in _unfold(text).split("\n"):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t").lower()  # RFC 5322 §4.5: blanks before the colon are obsolete, not wrong
        if colon and _FIELD_NAME.fullmatch(name):
            fields.append((name, value.strip()))
        elif line and not line.isspace() and not line.startswith(_LINE_OF_AN_MBOX):
            has_text = True
    return _separate(text, fields) if has_text else (Headers(fields), "")


def _separate(text: str, fields: list[tuple[str, str]]) -> tuple[Headers, str]:
    """The fields of a header with text in it, and that text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    begins = [_FIELD.match(line) for line in lines]
    first = next((at for at, begin in enumerate(begins) if begin), len(lines))
    torn = next((at for at in range(first, len(lines)) if _is_text(lines[at], begins[at])), len(lines))
    sound = len([begin for begin in begins[:torn] if begin])
    kept = [field for at, field in enumerate(fields) if at < sound or field[0] not in _INFORMATIONAL]
    before = [line for line in lines[:first] if not line.startswith(_LINE_OF_AN_MBOX)]
    return Headers(kept), "\n".join((*before, *lines[torn:])).strip("\n")


def _is_text(line: str, begin: re.Match[str] | None) -> bool:
    """Whether a line neither begins a field nor goes on with one (RFC 5322 §2.2.3).

    Where a header has text in it, "Size : L" is a person's: programs leave no blank before the colon any more.
    """
    if begin:
        return begin.group()[-2].isspace()
    return bool(line) and not line.startswith((" ", "\t", *_LINE_OF_AN_MBOX))


def _unfold(text: str) -> str:
    """RFC 5322 §2.2.3: a line end before a blank goes, the blank stays."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n ", " ").replace("\n\t", "\t")


def _decode(block: bytes) -> str:
    """All of the block as UTF-8, or else line by line, the odd ones by the charset that the block declares."""
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        declared = _DECLARED_CHARSET.search(block)
        charset = declared[1].decode("ascii", "replace") if declared else None
        text = "\n".join(_decode_line(line, charset) for line in block.split(b"\n"))
    return text if text.isascii() and "\0" not in text else make_storable(text)


def _decode_line(line: bytes, charset: str | None) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return decode_text(line, charset)[0].replace("\n", " ")
