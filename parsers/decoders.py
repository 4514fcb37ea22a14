"""Content-Transfer-Encodings, decoded piece by piece (RFC 2045 §6), and uuencode.

Nothing raises: what cannot be decoded is left out or left as it stands, and named in the decoder's `defects`.
"""

import binascii
import re
from collections.abc import Callable
from typing import Protocol

from parsers.base64_letters import decode_letters

_BASE64_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64_LETTERS))
_BASE64_LINE = re.compile(rb"(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)*")
_CUT_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=]*")
_MOST_PADDINGS = 10_000  # within one part: base64 glued together piece by piece does not have more
_LONGEST_LINE = 1_000
_PLAUSIBLE_SAMPLE = 400
_LONGER_THAN_WORDS = 24


class Decoder(Protocol):
    """Bytes in, decoded bytes out; `finish` gives what was held back."""

    defects: list[str]

    def decode(self, data: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


def open_decoder(encoding: str | None) -> Decoder:
    """The decoder for a Content-Transfer-Encoding as the header says it."""
    name = (encoding or "").partition(";")[0].strip().strip("\"'").lower()
    known: dict[str, Callable[[], Decoder]] = {
        "base64": Base64Decoder,
        "quoted-printable": QuotedPrintableDecoder,
        "x-uuencode": UuDecoder,
        "x-uue": UuDecoder,
        "uuencode": UuDecoder,
    }
    if name in known:
        return known[name]()
    plain = PlainDecoder()
    if name not in ("", "7bit", "8bit", "binary", "7-bit", "8-bit"):
        plain.defects.append("encoding-unknown")
    return plain


class PlainDecoder:
    """7bit, 8bit and binary: the bytes as they are."""

    def __init__(self) -> None:
        self.defects: list[str] = []

    def decode(self, data: bytes) -> bytes:
        return data

    def finish(self) -> bytes:
        return b""


class Base64Decoder:
    """RFC 2045 §6.8. Survives junk between the letters, padding in mid-stream and padding that is missing."""

    def __init__(self) -> None:
        self.defects: list[str] = []
        self._carried = b""  # letters that do not fill a group of four yet
        self._waiting = b""  # bytes that are looked at together with those that follow
        self._is_plain: bool | None = None  # no base64 at all, whatever the header says; None: not decided yet
        self._paddings = 0
        self._has_ended = False

    def decode(self, data: bytes) -> bytes:
        data = self._waiting + data if self._waiting else data
        self._waiting = b""
        if self._is_plain is None and len(data) < _PLAUSIBLE_SAMPLE:
            self._waiting = data
            return b""
        return self._decode(data, is_last=False)

    def finish(self) -> bytes:
        data, self._waiting = self._waiting, b""
        return self._decode(data, is_last=True) + self._finish_group()

    def _decode(self, data: bytes, *, is_last: bool) -> bytes:
        if self._is_plain is None:
            self._is_plain = not _looks_like_base64(data)
            if self._is_plain:
                self._name("base64-missing")
        if self._is_plain:
            return data
        if b"=" not in data and not self._paddings:
            return self._decode_lines(data)
        line = len(data) if is_last else data.rfind(b"\n") + 1
        if len(data) - line <= _LONGEST_LINE:  # what follows padding is judged by whole lines
            data, self._waiting = data[:line], data[line:]
        return self._decode_padded(data)

    def _finish_group(self) -> bytes:
        """Padding that is missing is made up for; a single letter left over means something is lost."""
        rest, self._carried = self._carried, b""
        if len(rest) == 1:
            self._name("base64-damaged")
            return b""
        return binascii.a2b_base64(rest + b"=" * (-len(rest) % 4))

    def _decode_lines(self, data: bytes) -> bytes:
        """Line ends are nearly always all that stands between the letters, and are taken out fastest by themselves."""
        carried = self._carried
        try:
            return self._decode_letters(data.translate(None, b"\r\n"))
        except binascii.Error:
            self._carried = carried
            return self._decode_letters(data.translate(None, _NOT_BASE64))

    def _decode_letters(self, letters: bytes) -> bytes:
        """Raises binascii.Error where there are others than letters."""
        letters = self._carried + letters
        whole = len(letters) & ~3
        self._carried = letters[whole:].translate(None, _NOT_BASE64)  # nobody has looked at these yet
        return decode_letters(memoryview(letters)[:whole])

    def _decode_padded(self, data: bytes) -> bytes:
        """What follows padding is either more base64, which starts afresh, or no base64, such as a list's footer."""
        pieces: list[bytes] = []
        at = 0
        while at < len(data) and not self._has_ended:
            if self._paddings and not self._carried and not _goes_on_as_base64(data, at):
                self._end()
                break
            padding = data.find(b"=", at)
            pieces.append(
                self._decode_letters(data[at : padding if padding >= 0 else None].translate(None, _NOT_BASE64))
            )
            if padding < 0:
                break
            pieces.append(self._finish_group())
            self._paddings += 1
            at = padding + 1
            if self._paddings > _MOST_PADDINGS:
                self._end()
        return b"".join(pieces)

    def _end(self) -> None:
        self._name("base64-trailing")
        self._has_ended = True

    def _name(self, defect: str) -> None:
        if defect not in self.defects:
            self.defects.append(defect)


def _looks_like_base64(data: bytes) -> bool:
    """Text sent under a wrong header has points and blanks all over; base64 has line ends, and a list's footer."""
    sample = data[:_PLAUSIBLE_SAMPLE].strip()
    line = sample.partition(b"\n")[0].rstrip()
    if _BASE64_LINE.fullmatch(line) and (line.endswith(b"=") or len(line) >= _LONGER_THAN_WORDS):
        return True
    strange = sample.translate(None, _BASE64_LETTERS + b"\r\n \t>")
    return (len(strange) + sample.count(b" ")) * 10 <= len(sample)


def _goes_on_as_base64(data: bytes, at: int) -> bool:
    """Whether the next line that is not empty is base64 by itself."""
    ahead = data[at : at + _LONGEST_LINE].lstrip(b"=\r\n \t")
    line, line_end, _ = ahead.partition(b"\n")
    return bool((_BASE64_LINE if line_end else _CUT_BASE64_LINE).fullmatch(line.rstrip()))


class QuotedPrintableDecoder:
    """RFC 2045 §6.7. `=` that starts no code stands for itself."""

    _BLANKS_AFTER_SOFT_BREAK = re.compile(rb"=[ \t]{1,76}(?=\r?\n)")

    def __init__(self) -> None:
        self.defects: list[str] = []
        self._carried = b""

    def decode(self, data: bytes) -> bytes:
        data = self._carried + data if self._carried else data
        cut = data.find(b"=", max(0, len(data) - 3))  # a code or a soft break may go on in the next piece
        self._carried = data[cut:] if cut >= 0 else b""
        return self._decode(data[:cut] if cut >= 0 else data)

    def finish(self) -> bytes:
        rest, self._carried = self._carried, b""
        return self._decode(rest)

    def _decode(self, data: bytes) -> bytes:
        if b"= " in data or b"=\t" in data:  # blanks that gateways added; RFC 2045 §6.7 (3)
            data = self._BLANKS_AFTER_SOFT_BREAK.sub(b"=", data)
        return binascii.a2b_qp(data)


class UuDecoder:
    """The lines between `begin` and `end` of uuencode (POSIX.1); the lines around them are left out."""

    def __init__(self) -> None:
        self.defects: list[str] = []
        self._carried = b""
        self._is_open = False

    def decode(self, data: bytes) -> bytes:
        lines = (self._carried + data).split(b"\n")
        self._carried = lines.pop()
        return b"".join(map(self._decode_line, lines))

    def finish(self) -> bytes:
        rest, self._carried = self._carried, b""
        return self._decode_line(rest)

    def _decode_line(self, line: bytes) -> bytes:
        line = line.rstrip(b"\r")
        if not self._is_open:
            self._is_open = line.startswith(b"begin ")
            return b""
        if line == b"end":
            self._is_open = False
        elif line:
            return self._decode_data(line)
        return b""

    def _decode_data(self, line: bytes) -> bytes:
        decoded = decode_uu_line(line)
        if decoded is None:
            if "uuencode-damaged" not in self.defects:
                self.defects.append("uuencode-damaged")
            return b""
        return decoded


def decode_uu_line(line: bytes) -> bytes | None:
    """One line of uuencode, also one with letters too many at its end; None where it is none."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    expected = (((line[0] - 32) & 63) * 4 + 5) // 3  # letters that the first one announces, and the first one
    try:
        return binascii.a2b_uu(line[:expected])
    except binascii.Error:
        return None
