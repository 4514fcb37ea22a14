"""Files that no row names any more: raw mails of the spool, attachments among the blobs.

They are removed after the transaction that made them useless, and once more in the following night: what a crash left
in between is found by comparing folders with tables. A file that came in the meantime stays, even if it has the very
bytes of one that is to go: mails that somebody has in hand write their blobs before the rows that name them.

Ages are those of the files, in seconds since 1970 by the clock of the machine.
"""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, exists, select

from store.blobs import Blobs
from store.chunks import chunks
from store.database import Database
from store.durable import ASIDE, is_older, put_back, remove
from store.schema import attachment, inbox, ledger
from store.spool import Spool

IN_HAND_SECONDS = 24 * 3600.0  # from a blob to the row that names it, at the longest
_TICK_SECONDS = 0.02  # the times of files lag behind the clock


class DisusedFiles:
    """Removes them."""

    def __init__(self, database: Database, spool: Spool, blobs: Blobs) -> None:
        self._database = database
        self._spool = spool
        self._blobs = blobs

    def remove(self, raws: Collection[str], blobs: Collection[str], before: float) -> int:
        """Remove those of these, by SHA-256, that no row names; how many are too young, and stay for the night.

        `before`: what `safe_moment` said in the transaction that made them useless. Raises OSError, StoreError.
        """
        paths = self._unnamed([self._spool.place(one) for one in sorted(raws)], _is_raw_named)
        paths += self._unnamed([self._blobs.path(one) for one in sorted(blobs)], _is_blob_named)
        for path in paths:
            remove(path, before)
        return sum(path.exists() for path in paths)

    def sweep(self, now: float) -> int:
        """Remove everything that no row names and that nobody has in hand; how much there was."""
        before, removed = now - IN_HAND_SECONDS, 0
        for places, name in ((self._spool.kept(), _is_raw_named), (self._blobs.kept(), _is_blob_named)):
            for folder in places:
                for path in folder:
                    if path.suffix == ASIDE:  # left by a crash; it may be one that came in the meantime
                        put_back(path)
                old = [path for path in folder if is_older(path, before)]
                removed += sum(remove(path, before) for path in self._unnamed(old, name))
        return removed

    def _unnamed(self, paths: Sequence[Path], is_named: "Callable[[Collection[str]], Named]") -> list[Path]:
        """Those whose SHA-256 no row names."""
        named: set[str] = set()
        with self._database.reading() as connection:
            for chunk in chunks(sorted({path.stem for path in paths})):
                column, condition = is_named(chunk)
                named.update(connection.scalars(select(column).where(condition)))
        return [path for path in paths if path.stem not in named]


Named = tuple[ColumnElement[str], ColumnElement[bool]]


def _is_raw_named(hashes: Collection[str]) -> Named:
    """A mail that is known as another one was needed for comparison only."""
    is_first = ledger.c.known_as.is_(None)
    return ledger.c.sha256, ledger.c.sha256.in_(hashes) & is_first & ledger.c.removed_at.is_(None)


def _is_blob_named(hashes: Collection[str]) -> Named:
    return attachment.c.sha256, attachment.c.sha256.in_(hashes) & attachment.c.removed_at.is_(None)


def safe_moment(connection: Connection, now: float) -> float:
    """Files written before this moment are named by the rows of `connection`'s transaction, or by none that will come.

    Asked before anything is deleted. While somebody has mails in hand, their blobs may be there and not the rows.
    """
    is_busy = connection.scalar(select(exists().where(inbox.c.leased_by.is_not(None))))
    return now - (IN_HAND_SECONDS if is_busy else _TICK_SECONDS)
