"""Files that stand within a text, as uuencode (POSIX.1), its base64 variant or yEnc (draft 1.3) writes them.

The text is read in pieces and never as a whole; a file that does not end goes on to the end of the text. Nothing
raises.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from parsers.charsets import decode_text
from parsers.decoders import Base64Decoder, Decoder, decode_uu_line
from parsers.encoded_words import decode_words, make_line

_LONGEST_LINE = 1_000
_START = re.compile(
    rb"^(?:begin(?P<base64>-base64)? [0-7]{3,4} (?P<uu_name>[^\r\n]{1,255})\r?\n(?=(?P<first>[^\n]*)\n?)"
    rb"|=ybegin [^\r\n]{0,200}?name=(?P<y_name>[^\r\n]{1,255})\r?\n)",
    re.MULTILINE,
)
_END = {
    "uuencode": re.compile(rb"^end[ \t]*\r?(?:\n|\Z)", re.MULTILINE),
    "base64": re.compile(rb"^====[ \t]*\r?(?:\n|\Z)", re.MULTILINE),
    "yenc": re.compile(rb"^=yend[^\r\n]*\r?(?:\n|\Z)", re.MULTILINE),
}
_YENC_PART = re.compile(rb"^=ypart [^\r\n]*\r?\n", re.MULTILINE)
_YENC_ESCAPE = re.compile(rb"=(.)", re.DOTALL)
_YENC_SHIFT = bytes((value - 42) % 256 for value in range(256))


@dataclass(kw_only=True, eq=False)
class EmbeddedFile:
    """One file found in a text."""

    name: str
    encoding: str  # uuencode, base64, yenc
    defects: list[str] = field(default_factory=list)


Piece = tuple[EmbeddedFile | None, bytes]


def separate_files(chunks: Iterator[bytes]) -> Iterator[Piece]:
    """The pieces of a text in order: its own (None) and the decoded ones of the files that stand in it."""
    separator = _Separator()
    for chunk in chunks:
        yield from separator.feed(chunk, is_last=False)
    yield from separator.feed(b"", is_last=True)


class _Separator:
    """Cuts a text into its own pieces and those of files, line by line only where a file is."""

    def __init__(self) -> None:
        self._rest = b""  # the end of the last piece, not decided yet
        self._file: EmbeddedFile | None = None
        self._decoder: Decoder = _YencDecoder()

    def feed(self, data: bytes, *, is_last: bool) -> Iterator[Piece]:
        data = self._rest + data
        at, end = 0, len(data) if is_last else _decided_end(data)
        while at < end:
            if self._file is None:
                start = _find_start(data, at, end)
                if before := data[at : start.start() if start else end]:
                    yield None, before
                at = end
                if start:
                    at = start.end()
                    yield self._open_file(start), b""
            else:
                stop = _END[self._file.encoding].search(data, at, end)
                yield self._file, self._decoder.decode(data[at : stop.start() if stop else end])
                at = stop.end() if stop else end
                if stop:
                    yield self._close_file(self._file)
        self._rest = data[end:]
        if is_last and self._file:
            self._file.defects.append("uuencode-unfinished")
            yield self._close_file(self._file)

    def _open_file(self, start: re.Match[bytes]) -> EmbeddedFile:
        encoding = "yenc" if start["y_name"] else "base64" if start["base64"] else "uuencode"
        name = decode_words(decode_text(start["y_name"] or start["uu_name"], None)[0])
        self._file = EmbeddedFile(name=make_line(name), encoding=encoding)
        self._decoder = _DECODERS[encoding]()
        return self._file

    def _close_file(self, file: EmbeddedFile) -> Piece:
        self._file = None
        rest = self._decoder.finish()
        file.defects += self._decoder.defects
        return file, rest


def _decided_end(data: bytes) -> int:
    """Up to where lines are whole; a first line of a file waits for the line that follows it."""
    end = data.rfind(b"\n") + 1
    line = data.rfind(b"\n", 0, max(end - 1, 0)) + 1
    if data.startswith((b"begin", b"=ybegin"), line):
        end = line
    return end if len(data) - end <= 2 * _LONGEST_LINE else len(data)


def _find_start(data: bytes, at: int, end: int) -> re.Match[bytes] | None:
    if data.find(b"begin", at, end) < 0:
        return None
    for start in _START.finditer(data, at, end):
        if start["y_name"] or start["base64"] or _is_uu_line(start["first"].rstrip(b"\r")):
            return start
    return None


def _is_uu_line(line: bytes) -> bool:
    """Whether the length that the first letter announces is the line's; "begin 644 words" stands in prose too."""
    if not line or not 33 <= line[0] <= 96:
        return line == b"end"
    groups = (((line[0] - 32) & 63) + 2) // 3
    return groups * 4 - 2 <= len(line) - 1 <= groups * 4 + 2


class _UuLinesDecoder:
    """Whole lines of uuencode."""

    def __init__(self) -> None:
        self.defects: list[str] = []

    def decode(self, data: bytes) -> bytes:
        decoded = [decode_uu_line(line) if line else b"" for line in data.replace(b"\r", b"").split(b"\n")]
        if None in decoded and not self.defects:
            self.defects.append("uuencode-damaged")
        return b"".join(filter(None, decoded))

    def finish(self) -> bytes:
        return b""


class _YencDecoder:
    """Whole lines of yEnc: each byte 42 higher, critical ones 64 higher still after `=`."""

    def __init__(self) -> None:
        self.defects: list[str] = []

    def decode(self, data: bytes) -> bytes:
        data = _YENC_PART.sub(b"", data).translate(None, b"\r\n")
        return _YENC_ESCAPE.sub(_unescape, data).translate(_YENC_SHIFT)

    def finish(self) -> bytes:
        return b""


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "uuencode": _UuLinesDecoder,
    "base64": Base64Decoder,
    "yenc": _YencDecoder,
}


def _unescape(escaped: re.Match[bytes]) -> bytes:
    return bytes(((escaped[1][0] - 64) % 256,))
