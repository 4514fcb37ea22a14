"""Where the decoded bytes of the parts go: hashed, counted, their beginnings kept, the rest handed to blob writers."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from parsers.blobs import BlobWriter, OpenBlob
from parsers.decoders import Decoder
from parsers.limits import Limits

_REPORT_HEAD_BYTES = 64 * 1024  # of reports and other texts that are no body


class PartSink:
    """Takes the bytes of one part. The writer's errors pass through."""

    def __init__(self, *, writer: BlobWriter | None, head_bytes: int) -> None:
        self._writer = writer
        self._room = head_bytes
        self._heads: list[bytes] = []
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    @property
    def head(self) -> bytes:
        return b"".join(self._heads)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        self.size_bytes += len(data)
        self._hash.update(data)
        if self._room:
            kept = data[: self._room]
            self._room -= len(kept)
            self._heads.append(kept)
        if self._writer and data:
            self._writer.write(data)

    def finish(self) -> None:
        if self._writer:
            self._writer.finish(self.sha256)

    def discard(self) -> None:
        if self._writer:
            self._writer.discard()


class Sinks:
    """Opens the sinks of one mail and keeps all of them together within the limits; what is cut is told to `note`."""

    def __init__(self, open_blob: OpenBlob, limits: Limits, note: Callable[[str], None]) -> None:
        self._open_blob = open_blob
        self._limits = limits
        self._note = note
        self._text_room = limits.text_bytes
        self._decoded_room = limits.decoded_bytes

    @contextmanager
    def open(self, head_bytes: int, *, has_blob: bool = True) -> Iterator[PartSink]:
        """A sink that is finished at the end, or, when anything is raised, discarded."""
        sink = PartSink(writer=self._open_blob() if has_blob else None, head_bytes=head_bytes)
        try:
            yield sink
        except BaseException:
            sink.discard()
            raise
        sink.finish()

    @contextmanager
    def open_for_text(self) -> Iterator[PartSink]:
        """A sink that keeps all there is room for, without a blob."""
        with self.open(self._text_room, has_blob=False) as sink:
            yield sink
        self._text_room -= min(self._text_room, sink.size_bytes)
        if len(sink.head) < sink.size_bytes:
            self._note("limit-text")

    @contextmanager
    def open_for(self, content_type: str) -> Iterator[PartSink]:
        """A sink with a blob. Of reports and their like more is kept than of others, for they are read later."""
        is_report = content_type.startswith(("message/", "text/"))
        with self.open(min(_REPORT_HEAD_BYTES, self._text_room) if is_report else self._limits.head_bytes) as sink:
            yield sink
        if is_report:
            self._text_room -= len(sink.head)

    def write(self, sink: PartSink, data: bytes) -> None:
        if len(data) > self._decoded_room:
            self._note("limit-decoded")
            data = data[: self._decoded_room]
        self._decoded_room -= len(data)
        sink.write(data)

    def write_all(self, sink: PartSink, pieces: Iterable[bytes]) -> None:
        for data in pieces:
            self.write(sink, data)

    def pass_through(self, decoded: Iterator[bytes], sink: PartSink, form: Decoder | None = None) -> Iterator[bytes]:
        """The pieces as they are, while they are written to `sink`, in another form where one is wanted."""
        for data in decoded:
            self.write(sink, form.decode(data) if form else data)
            yield data
        if form:
            self.write(sink, form.finish())
