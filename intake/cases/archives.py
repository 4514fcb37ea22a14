"""A ZIP archive that is written as a stream, with the SHA-256 of everything in it.

Memory stays the same however large the files are, and 64-bit entries hold what is larger than 4 GiB. Media are stored
as they are, for they do not get smaller. The same content gives the same bytes: entries have no time of their own.
`SHA256SUMS` is the last entry; `sha256sum -c SHA256SUMS` checks what was unpacked.
"""

import errno
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from intake.cases.file_names import Names
from responders.case_summary import EnclosedFile

SUMS = "SHA256SUMS"

_CHUNK_BYTES = 1024 * 1024
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time, in ZIP
_SMALLER_PACKED = frozenset({".json", ".eml", ".txt", ""})


class Archive:
    """One archive being written."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = ZipFile(file, "w")
        self._names = Names()
        self.files: list[EnclosedFile] = []  # so far

    def add(self, path: str, content: bytes) -> EnclosedFile:
        """A file of these bytes."""
        return self._add(path, BytesIO(content), len(content))

    def add_json(self, path: str, value: Any) -> EnclosedFile:
        return self.add(path, (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode())

    def add_file(self, path: str, source: Path) -> EnclosedFile | None:
        """A file of the disk; None where it is not there any more. Raises OSError."""
        try:
            with source.open("rb") as file:
                return self._add(path, file, source.stat().st_size)
        except FileNotFoundError:
            return None

    def _add(self, path: str, source: BinaryIO, size_bytes: int) -> EnclosedFile:
        entry = ZipInfo(self._names.take(path), _BEGINNING)
        is_packed = PurePosixPath(path).suffix in _SMALLER_PACKED and size_bytes <= _CHUNK_BYTES
        entry.compress_type = ZIP_DEFLATED if is_packed else ZIP_STORED
        entry.create_system = 3  # Unix, wherever it is written
        entry.external_attr = (stat.S_IFREG | 0o644) << 16
        entry.file_size = size_bytes  # decides whether it needs a 64-bit entry
        digest, written = sha256(), 0
        with self._zip.open(entry, "w") as target:
            while chunk := source.read(_CHUNK_BYTES):
                target.write(chunk)
                digest.update(chunk)
                written += len(chunk)
        self.files.append(EnclosedFile(path=entry.filename, size_bytes=written, sha256=digest.hexdigest()))
        return self.files[-1]

    def close(self) -> None:
        """Write the sums, and what ends a ZIP."""
        sums = "".join(f"{one.sha256}  {one.path}\n" for one in sorted(self.files, key=lambda one: one.path))
        self.add(SUMS, sums.encode())
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.close()
            return
        with suppress(OSError):  # what is left of it is thrown away, and the disk may be full
            self._zip.close()


@contextmanager
def new_archive(target: Path, *, may_replace: bool) -> Iterator[Archive]:
    """An archive that is in its place when it is whole; nobody else may read it.

    Raises FileExistsError where something is there that may not be replaced, OSError.
    """
    if target.exists() and not may_replace:
        raise FileExistsError(errno.EEXIST, "is there already", str(target))
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    private = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(private, "wb") as file, Archive(file) as archive:  # noqa: PTH123  # a descriptor
            yield archive
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
