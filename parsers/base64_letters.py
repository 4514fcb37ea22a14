"""Base64 (RFC 4648 §4) as fast as the processor allows: letters to bytes, and bytes to the lines of a mail."""

import pybase64


def decode_letters(letters: bytes | memoryview) -> bytes:
    """Whole groups of letters, decoded. Raises binascii.Error where there are others than letters and padding."""
    return pybase64.b64decode(letters, validate=True)


def encode_lines(data: bytes) -> bytes:
    """Lines of 76 letters that end in CRLF (RFC 2045 §6.8)."""
    return pybase64.encodebytes(data).replace(b"\n", b"\r\n")
