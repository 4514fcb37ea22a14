"""How a mail within a mail is kept as a file of its own (RFC 2046 §5.2.1).

Servers change line ends and fold header lines anew (RFC 5322 §2.2.3); neither is part of what was written. A nested
mail is therefore kept in one form, the one that Python's email package writes: line feeds, header lines folded at 78
(RFC 5322 §2.1.1), a blank line below the header, no "From " line of an mbox file. So one mail has one hash whichever
way it came, and the same hash in other programs that read mail with that package. The bytes as they were sent stand
in the raw mail that it came in; one that was sent encoded, as a file, is kept to the byte.

Never raises: a header that cannot be written anew stays as it is. Holds one header block up to its limit.
"""

import re
from email.errors import MessageError
from email.parser import BytesHeaderParser

from parsers.decoders import Decoder, PlainDecoder, open_decoder

_MULTIPART = re.compile(rb"^content-type:\s*multipart/", re.IGNORECASE | re.MULTILINE)
_PARSER = BytesHeaderParser()


def open_form(encoding: str | None, header_bytes: int) -> Decoder:
    """What brings a nested mail with this Content-Transfer-Encoding into the form it is kept in, piece by piece."""
    is_encoded = not isinstance(open_decoder(encoding), PlainDecoder)
    return PlainDecoder() if is_encoded else NestedMailForm(header_bytes)


class NestedMailForm:
    """Bytes of a nested mail in, its form out."""

    def __init__(self, header_bytes: int) -> None:
        self.defects: list[str] = []
        self._limit = header_bytes
        self._is_in_header = True
        self._is_multipart = False
        self._held = b""  # of the header; after it a carriage return that a line feed may follow
        self._last = b""

    def decode(self, data: bytes) -> bytes:
        data = self._held + data
        cut = len(data) - data.endswith(b"\r")
        self._held = data[cut:]
        return self._write(_straighten(data[:cut]), is_last=False)

    def finish(self) -> bytes:
        """What was held back, with the line end that the delimiter around the mail takes from the mail's own last."""
        data, self._held = _straighten(self._held), b""
        rest = self._write(data, is_last=True)
        return rest + b"\n" if self._is_multipart and self._last not in (b"\n", b"") else rest

    def _write(self, data: bytes, *, is_last: bool) -> bytes:
        if self._is_in_header:
            end = data.find(b"\n\n") + 2
            if end < 2 and not is_last and len(data) <= self._limit:
                self._held = data + self._held
                return b""
            self._is_in_header = False
            end = end if end >= 2 else len(data)
            self._is_multipart = _MULTIPART.search(data, 0, end) is not None
            data = (_fold_header(data[:end]) if end <= self._limit else data[:end]) + data[end:]
        self._last = data[-1:] or self._last
        return data


def _straighten(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _fold_header(block: bytes) -> bytes:
    try:
        return _PARSER.parsebytes(block).as_bytes()
    # What looks like a header within a header, for example; AttributeError: a type whose body has to be there too.
    except (MessageError, ValueError, LookupError, AttributeError):
        return block
