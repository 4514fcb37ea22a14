"""Files that survive a power failure: written elsewhere, synced, then renamed to their places.

A file is synced before it takes the place of another, so that no durable file is ever replaced by one that is not.
Folders, and in a flood all else, are synced at the end, once for the batch: many small fsyncs cost more than one
syncfs (measured at 200 mails of 2 KB: 0.37 against 0.05 ms a mail).
"""

import ctypes
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ASIDE = ".aside"  # suffix of what is about to be removed
_FLOOD_FILES = 4  # from so many on, one sync of the whole file system is cheaper than two for each file

_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A finished file and where it belongs."""

    waiting: Path
    place: Path


def settle(moves: Sequence[Move], root: Path) -> None:
    """Put all files, which lie below `root`, in their places; durable on return.

    Raises OSError; what is not in its place is discarded then.
    """
    try:
        _settle(moves, root)
    except OSError as error:
        for move in moves:
            move.waiting.unlink(missing_ok=True)
        raise error if error.filename else named(error, root) from error


def _settle(moves: Sequence[Move], root: Path) -> None:
    is_flood = len(moves) >= _FLOOD_FILES and hasattr(_LIBC, "syncfs")
    for move in moves:
        if not is_flood or move.place.exists():
            _sync(move.waiting)
    folders = {move.place.parent for move in moves}
    for folder in folders:
        if not folder.is_dir():
            folder.mkdir(exist_ok=True, mode=0o700)
    for move in moves:
        move.waiting.replace(move.place)
    if is_flood:
        _sync_file_system(root)
    else:
        # The root too, though all folders were there: one was perhaps made a moment ago, by another thread that has
        # not come to sync it or by an attempt that failed.
        for folder in (*folders, root):
            _sync(folder)


def named(error: OSError, path: Path) -> OSError:
    """The same error with the path in its words: which disk is full is what an admin has to know."""
    return OSError(error.errno, error.strerror, str(path))


def make_root(root: Path) -> None:
    """The folder `root`, durable, and `new` in it for what is being written."""
    make_folder(root / "new")


def make_folder(folder: Path) -> None:
    """The folder and those above it, where they are missing, for our user alone: customers' mails lie in them.

    Their names survive a power failure. Raises OSError.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True, mode=0o700)
    for one in missing:
        _sync(one.parent)


def list_places(root: Path) -> Iterator[list[Path]]:
    """The files in each of the folders `00` to `ff` below `root`, as far as there are any."""
    folders = (root / f"{number:02x}" for number in range(256))
    return (list(folder.iterdir()) for folder in folders if folder.exists())


def is_older(path: Path, moment: float) -> bool:
    """Whether the file was written before then (seconds since 1970); not if it is not there."""
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def remove(path: Path, before: float) -> bool:
    """Remove a file that was written before a moment (seconds since 1970); whether anything was removed.

    A file that takes its place in the meantime stays: what is removed is set aside first, and looked at once more.
    """
    if not is_older(path, before):
        return False
    aside = path.with_name(path.name + ASIDE)
    path.replace(aside)
    if is_older(aside, before):
        aside.unlink(missing_ok=True)
        return True
    put_back(aside)
    return False


def put_back(aside: Path) -> None:
    """What was set aside is in its place again, unless something else is."""
    with suppress(FileExistsError, FileNotFoundError):
        os.link(aside, aside.with_suffix(""))
    aside.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_file_system(path: Path) -> None:
    """syncfs(2): everything on the file system of `path`; says what could not be written (Linux 5.8 and later)."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if _LIBC.syncfs(handle):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(path))
    finally:
        os.close(handle)
