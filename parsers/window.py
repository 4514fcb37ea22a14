"""A sliding window over the bytes of a mail: header blocks and bodies out of a stream that is read once, in chunks.

Boundaries are looked for with one search per chunk and boundary, never line by line, so base64 runs through at the
speed of memory. Each byte is searched at most once per open boundary, whatever the mail looks like. The window holds
one chunk and at most one header block. Errors of the stream itself reach the caller.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SHORT_AHEAD = 64 * 1024  # look at more when the window has less
_USUAL_HEADER = 4 * 1024
_BEGINNING = 4 * 1024  # enough to see what line ends a mail has
_MANY_MISSES = 100
_FIRST_FIELD = re.compile(
    rb"[\r\n]+(?:Return-Path|Received|Delivered-To|DKIM-Signature|Message-ID|MIME-Version|Date|From|To|Subject|X-[\w-]+):",
    re.IGNORECASE,
)
_LONGEST_DELIMITER_LINE = 2_000  # RFC 5322 §2.1.1 allows 998; a line that goes on is no delimiter


@dataclass(kw_only=True, slots=True)
class _Boundary:
    marker: bytes  # line end, two hyphens, boundary (RFC 2046 §5.1.1)
    searched: int  # offset in the stream before which there is nothing left to find
    found: int = -1  # offset of the next candidate, -1 where none is known
    misses: int = 0  # candidates that were only the beginning of a line
    line: re.Pattern[bytes] | None = None  # the whole delimiter line, looked for after many misses


@dataclass(frozen=True, kw_only=True, slots=True)
class Delimiter:
    """The line that ended a body."""

    level: int  # which of the open boundaries, 0 for the outermost
    is_closing: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    begin: int  # indexes in the window of the line end before the delimiter line
    end: int  # and of its own
    delimiter: Delimiter


class Window:
    """Reads one stream. Calls alternate: `read_header`, then `read_body` to its end, then the next part."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._bytes = b"\n"  # a line end before the first line makes every delimiter look the same
        self._at = 0  # index of the line end before what comes next
        self._header_at = 0  # index of the line end before the last header block
        self._start = 0  # offset in the stream of the window's first byte
        self._has_ended = False
        self._boundaries: list[_Boundary] = []
        self.delimiter: Delimiter | None = None  # what ended the last body; None: the stream

    @property
    def level(self) -> int:
        """How many boundaries are open."""
        return len(self._boundaries)

    def open_boundary(self, boundary: bytes) -> None:
        self._boundaries.append(_Boundary(marker=b"\n--" + boundary, searched=self._start + self._at))

    def close_boundary(self) -> None:
        self._boundaries.pop()

    def peek(self) -> bytes:
        """What of the body is in the window, up to where it may end: all of a small one, the beginning of others."""
        while len(self._bytes) - self._at < _SHORT_AHEAD and not self._has_ended:
            self._read_more()
        delimiter = self._find_delimiter()
        return self._bytes[self._at : delimiter.begin + 1 if delimiter else None]

    def read_header(self, limit: int) -> tuple[bytes, bool]:
        """The header block before the next blank line or delimiter, and whether it was cut at `limit` bytes.

        Where no blank line follows before the end, the block is all there is.
        """
        while True:
            end, after = self._find_blank_line()
            if end >= 0 or self._has_ended or len(self._bytes) - self._at > limit:
                break
            self._read_more()
        if end < 0 and not self._has_ended:
            return self._cut_header(limit)
        if end < 0:
            end = after = len(self._bytes)
        end, after = self._stop_at_delimiter(end, after)
        block = self._bytes[self._at + 1 : end]
        self._header_at, self._at = self._at, after
        return (block[:limit], True) if len(block) > limit else (block, False)

    def unread_header(self) -> None:
        """Put back what the last `read_header` took, uncut, because it was no header."""
        self._at = self._header_at

    def read_body(self) -> Iterator[bytes]:
        """The bytes up to the next delimiter or the end, which `delimiter` then tells."""
        begin = self._at + 1
        while True:
            found = self._find_delimiter()
            if found:
                end = found.begin - 1 if self._bytes[found.begin - 1 : found.begin] == b"\r" else found.begin
                if end > begin:
                    yield self._bytes[begin:end]
                self._at = found.end
                self.delimiter = found.delimiter
                return
            if self._has_ended:
                self.delimiter = None
                rest = self._bytes[begin:]
                self._at = len(self._bytes)
                if rest:
                    yield rest
                return
            safe = self._safe_end()
            if safe > begin:
                yield self._bytes[begin:safe]
                begin = self._at = safe
            kept = begin - self._at
            self._read_more()
            begin = self._at + kept

    def _read_more(self) -> None:
        """Let go of what was used and take the next chunk."""
        chunk = next(self._chunks, b"")
        if not chunk:
            self._has_ended = True
            return
        self._bytes = self._bytes[self._at :] + chunk
        self._start += self._at
        self._at = 0

    def _find_blank_line(self) -> tuple[int, int]:
        """The index of the line end before the next blank line and of the blank line's own; -1 where there is none."""
        for end in (self._at + _USUAL_HEADER, len(self._bytes)):  # most are short; a long search costs
            plain = self._bytes.find(b"\n\n", self._at, end)
            with_return = self._bytes.find(b"\n\r\n", self._at, end if plain < 0 else plain)
            if with_return >= 0:
                return with_return, with_return + 2
            if plain >= 0:
                return plain, plain + 1
        return -1, -1

    def _cut_header(self, limit: int) -> tuple[bytes, bool]:
        block = self._bytes[self._at + 1 : self._at + 1 + limit]
        while True:
            end, after = self._find_blank_line()
            if end >= 0 or self._has_ended:
                break
            self._at = max(self._at, len(self._bytes) - 2)
            self._read_more()
        self._at = after if end >= 0 else len(self._bytes)
        return block, True

    def _stop_at_delimiter(self, end: int, after: int) -> tuple[int, int]:
        """A delimiter ends a header block that has no blank line; the body is empty then."""
        for boundary in self._boundaries:
            position = self._bytes.find(boundary.marker, self._at, end + 1)
            if position >= 0 and self._read_delimiter_line(position, boundary) is not None:
                return position, position
        return end, after

    def _safe_end(self) -> int:
        """Up to where no delimiter, and no line end that belongs to one, can begin."""
        undecided = [one.found - self._start for one in self._boundaries if one.found >= 0]
        longest = max((len(one.marker) for one in self._boundaries), default=0)
        end = min([len(self._bytes) - longest, *undecided])
        return end - 1 if self._boundaries else len(self._bytes)

    def _find_delimiter(self) -> _Found | None:
        """The next delimiter in the window whose line is there to its end."""
        while True:
            level, position = self._find_candidate(len(self._bytes))
            if level < 0:
                return None
            boundary = self._boundaries[level]
            line_end = self._bytes.find(b"\n", position + 1, position + _LONGEST_DELIMITER_LINE)
            is_cut = line_end < 0 and len(self._bytes) < position + _LONGEST_DELIMITER_LINE
            if is_cut and not self._has_ended:
                return None
            is_closing = self._read_delimiter_line(position, boundary)
            if is_closing is not None:
                end = line_end if line_end >= 0 else len(self._bytes)
                return _Found(begin=position, end=end, delimiter=Delimiter(level=level, is_closing=is_closing))
            boundary.searched, boundary.found = self._start + position + 1, -1
            boundary.misses += 1
            if boundary.misses == _MANY_MISSES:
                boundary.line = re.compile(re.escape(boundary.marker) + rb"-{0,2}[ \t\r]{0,80}(?:\n|\Z)")

    def _find_candidate(self, end: int) -> tuple[int, int]:
        """The first place in the window where a boundary stands at the start of a line: its level and index."""
        best, best_level = end, -1
        for level, boundary in enumerate(self._boundaries):
            position = self._search(boundary, best)
            if position >= 0 and (position < best or position == best != end):
                best, best_level = position, level
        return best_level, best

    def _search(self, boundary: _Boundary, end: int) -> int:
        """Index of the boundary's next candidate that begins at `end` or before, or -1."""
        here = self._start + self._at
        if boundary.found >= here:
            return boundary.found - self._start
        begin = max(boundary.searched, here) - self._start
        last = min(end + len(boundary.marker), len(self._bytes))
        if boundary.line is None:
            position = self._bytes.find(boundary.marker, begin, last)
        else:
            hit = boundary.line.search(self._bytes, begin, len(self._bytes))
            position = hit.start() if hit else -1
        boundary.found = self._start + position if position >= 0 else -1
        if position < 0:
            boundary.searched = self._start + max(begin, last - len(boundary.marker) + 1)
        return position

    def _read_delimiter_line(self, position: int, boundary: _Boundary) -> bool | None:
        """Whether the line closes the multipart; None where the boundary is only the beginning of its line."""
        begin = position + len(boundary.marker)
        line_end = self._bytes.find(b"\n", begin, position + _LONGEST_DELIMITER_LINE)
        rest = self._bytes[begin : line_end if line_end >= 0 else position + _LONGEST_DELIMITER_LINE]
        tail = rest.rstrip(b" \t\r")  # RFC 2046 §5.1.1: padding that gateways added
        return {b"": False, b"--": True}.get(tail)


def straighten_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks of a mail. Line ends that are bare carriage returns become line feeds; blank lines before the header,
    which careless storage leaves, go.
    """
    first = b""
    while len(first) < _BEGINNING and (chunk := next(chunks, b"")):
        first += chunk
    if b"\r" in first and b"\n" not in first:
        chunks = (chunk.replace(b"\r", b"\n") for chunk in chunks)
        first = first.replace(b"\r", b"\n")
    if first[:1].isspace() and _FIRST_FIELD.match(first):
        first = first.lstrip()
    yield first
    yield from chunks
