"""Where the decoded bytes of an attachment go: a writer the caller opens, one for each attachment."""

from collections.abc import Callable
from typing import Protocol


class BlobWriter(Protocol):
    """Takes the bytes of one attachment; its errors (disk full) are the caller's own and reach the caller.

    After the last `write` comes either `finish` or, when the mail could not be read to its end, `discard`.
    """

    def write(self, data: bytes) -> None: ...

    def finish(self, sha256: str) -> None:
        """Keep what was written under `sha256`, its hexadecimal SHA-256."""

    def discard(self) -> None:
        """Forget what was written."""


class Discarded:
    """A writer that keeps nothing, for those who only want the facts."""

    def write(self, data: bytes) -> None:
        """Drop `data`."""

    def finish(self, sha256: str) -> None:
        """Nothing was kept."""

    def discard(self) -> None:
        """Nothing was kept."""


OpenBlob = Callable[[], BlobWriter]


def discard() -> BlobWriter:
    """Open a writer that keeps nothing."""
    return Discarded()
