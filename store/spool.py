"""The spool: every raw mail as it came, in a file named by its SHA-256.

A mail is written to `new/` while it is being fetched (`begin`, `write`, `finish`), and moves to its place
`<first two digits>/<sha256>.eml` by `keep`, which returns only when files and folders are on the disk: after that, and
not before, the ledger may name it. The same bytes are kept once; a mail fetched again after a crash replaces its like.

When the disk is full, the OSError goes up as it is, the unfinished file is gone and nothing else has changed. What a
killed program left behind in `new/` is swept away by `remove_leftovers`.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import BinaryIO

from store.durable import Move, list_places, make_root, named, settle

HEAD_BYTES = 64 * 1024  # enough for the header of any ordinary mail

_NUMBERS = count()


@dataclass(frozen=True, kw_only=True, slots=True)
class SpooledMail:
    """A mail written to the end, not yet kept."""

    sha256: str  # hexadecimal; names the mail from now on
    size_bytes: int
    head: bytes = field(repr=False)  # its first HEAD_BYTES
    waiting: Path  # where it lies until it is kept


class SpoolFile:
    """One mail being written. Whoever begins it calls `finish` or `discard`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._hash = hashlib.sha256()
        self._size_bytes = 0
        self._head = b""

    def write(self, data: bytes) -> None:
        """Append bytes. Raises OSError; the file is discarded then."""
        if len(self._head) < HEAD_BYTES:
            self._head += data[: HEAD_BYTES - len(self._head)]
        self._hash.update(data)
        self._size_bytes += len(data)
        try:
            self._write_all(data)
        except OSError as error:
            self.discard()
            raise named(error, self._path) from error

    def _write_all(self, data: bytes) -> None:
        written = os.write(self._file, data)
        while written < len(data):  # a nearly full disk takes a part, then says so
            written += os.write(self._file, memoryview(data)[written:])

    def finish(self) -> SpooledMail:
        self._close()
        return SpooledMail(
            sha256=self._hash.hexdigest(), size_bytes=self._size_bytes, head=self._head, waiting=self._path
        )

    def discard(self) -> None:
        """Remove what was written; harmless when repeated."""
        self._close()
        self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class Spool:
    """Raw mails below the folder `root`; for any number of threads at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._new = root / "new"
        make_root(root)

    def begin(self) -> SpoolFile:
        return SpoolFile(self._new / f"{os.getpid()}-{next(_NUMBERS)}")

    def keep(self, mails: Iterable[SpooledMail]) -> None:
        """Put finished mails in their places, durably. Raises OSError; what is not in its place is discarded then."""
        settle([Move(waiting=mail.waiting, place=self.place(mail.sha256)) for mail in mails], self._root)

    def discard(self, mails: Iterable[SpooledMail]) -> None:
        """Remove finished mails that nobody will keep."""
        for mail in mails:
            mail.waiting.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        """The raw mail. Raises FileNotFoundError."""
        return self.place(sha256).open("rb")

    def delete(self, sha256: str) -> None:
        """Remove a kept mail; harmless when repeated."""
        self.place(sha256).unlink(missing_ok=True)

    def kept(self) -> Iterator[list[Path]]:
        """The files of all kept mails, folder by folder; each is called by its SHA-256."""
        return list_places(self._root)

    def remove_leftovers(self) -> int:
        """Remove what a killed program left unfinished; how many. Only while nobody fetches: at the start."""
        leftovers = list(self._new.iterdir())
        for path in leftovers:
            path.unlink(missing_ok=True)
        return len(leftovers)

    def place(self, sha256: str) -> Path:
        """Where the mail lies."""
        return self._root / sha256[:2] / f"{sha256}.eml"
