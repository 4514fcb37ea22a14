"""Where the decoded bytes of one part go: hashed, counted, its beginning kept, the rest handed to the blob writer."""

import hashlib

from parsers.blobs import BlobWriter


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
