"""Base64 (RFC 4648 §4) as fast as the processor allows: letters to bytes, and bytes to the lines of a mail."""

from binascii import b2a_base64

import pybase64

_LINE = 76  # letters
_SHORT_BYTES = 10_000


def decode_letters(letters: bytes | memoryview) -> bytes:
    """Whole groups of letters, decoded. Raises binascii.Error where there are others than letters and padding."""
    return pybase64.b64decode(letters, validate=True)


def encode_lines(data: bytes) -> bytes:
    """Lines of 76 letters that end in CRLF (RFC 2045 §6.8)."""
    if len(data) > _SHORT_BYTES:
        return pybase64.encodebytes(data).replace(b"\n", b"\r\n")
    # pybase64 gives up the interpreter's lock, and waits for it longer than a short text takes.
    letters = b2a_base64(data, newline=False)
    return b"".join([letters[start : start + _LINE] + b"\r\n" for start in range(0, len(letters), _LINE)])
