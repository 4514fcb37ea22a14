"""Reading a header block from its bytes (RFC 5322 §2.2, RFC 6532).

Never raises. A line that is no field is skipped and named ("header-malformed"); a block in which no field at all can
be found is no header block, which the caller is told.
"""

import re

from parsers.charsets import decode_text
from parsers.encoded_words import make_storable
from parsers.headers import Headers

_FIELD_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322 §2.2: printable US-ASCII except the colon
_DECLARED_CHARSET = re.compile(rb"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


def read_header_block(block: bytes) -> tuple[Headers, tuple[str, ...]]:
    """The fields of `block` in their order, and the defects found."""
    fields: list[tuple[str, str]] = []
    malformed = False
    for line in _unfold(_decode(block)).split("\n"):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")  # RFC 5322 §4.5: blanks before the colon are obsolete, not wrong
        if colon and _FIELD_NAME.fullmatch(name):
            fields.append((name.lower(), value.strip()))
        elif line and not line.isspace() and not line.startswith((">From ", "From ")):  # of mbox files
            malformed = True
    return Headers(fields), ("header-malformed",) if malformed else ()


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
