"""The blobs: decoded attachments, each in a file named by its SHA-256, so that the same photo is kept once.

A blob is written to `new/` while its mail is being parsed. `settle` puts the blobs of a batch in their places, durably,
before the transaction that names them; a mail that is parsed again after a crash finds its blobs there or writes them
again. Errors of the disk go up as they are.
"""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from store.durable import Move, list_places, make_root, named, settle

_NUMBERS = count()


def place_of(sha256: str, root: Path) -> Path:
    """Where a blob lies below the folder of all."""
    return root / sha256[:2] / sha256


class BlobFile:
    """One blob being written; a `BlobWriter` of the parsers."""

    def __init__(self, path: Path, finished: list[tuple[Path, str]]) -> None:
        self._path = path
        self._finished = finished
        self._file = path.open("xb", buffering=0)

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:  # a nearly full disk takes a part, then says so
                view = view[self._file.write(view) :]
        except OSError as error:
            raise named(error, self._path) from error

    def finish(self, sha256: str) -> None:
        self._file.close()
        self._finished.append((self._path, sha256))

    def discard(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class Blobs:
    """All blobs below the folder `root`. One thread writes at a time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._new = root / "new"
        make_root(root)
        self._finished: list[tuple[Path, str]] = []

    def begin(self) -> BlobFile:
        """A writer for the next blob."""
        return BlobFile(self._new / f"{os.getpid()}-{next(_NUMBERS)}", self._finished)

    def settle(self) -> None:
        """Put everything that was finished in its place, durably; what is not in its place on an error is discarded."""
        batch, self._finished = self._finished, []
        settle([Move(waiting=path, place=self.path(sha256)) for path, sha256 in batch], self._root)

    def discard(self) -> None:
        """Remove everything that was finished and not settled."""
        batch, self._finished = self._finished, []
        for path, _ in batch:
            path.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the blob lies."""
        return place_of(sha256, self._root)

    def kept(self) -> Iterator[list[Path]]:
        """The files of all blobs that are in their places, folder by folder."""
        return list_places(self._root)

    def remove_leftovers(self) -> None:
        """Remove what a killed program left unfinished. Only at the start."""
        for path in self._new.iterdir():
            path.unlink(missing_ok=True)
