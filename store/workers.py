"""Who holds which lease: each process has a name that its locked file proves alive.

A process that was killed leaves its leases behind. They expire by themselves; but a daemon that starts again on the
same data need not wait: a worker whose file nobody holds locked is dead, and what it held is free at once. One that
ends in good order takes its file away, unless something is still leased to it: then it counts as dead.
"""

import fcntl
import os
import secrets
from pathlib import Path
from typing import Self

from sqlalchemy import and_, exists, or_, select, update

from store.database import Database
from store.durable import make_folder
from store.errors import StoreError
from store.schema import clock, inbox, outbox


class Worker:
    """This process, as the leases name it."""

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self.name = secrets.token_hex(8)
        self._folder = folder
        unlocked = folder / f"{self.name}.new"  # under this name nobody takes it for that of a dead worker
        self._file = unlocked.open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        unlocked.rename(folder / f"{self.name}.lock")

    def free_leases_of_the_dead(self, database: Database) -> list[str]:
        """Release what dead workers held; their names."""
        dead = [path for path in self._folder.glob("*.lock") if path.stem != self.name and _is_abandoned(path)]
        names = [path.stem for path in dead]
        if names:
            with database.writing() as connection:
                for table in (inbox, outbox, clock):
                    held = update(table).where(table.c.leased_by.in_(names))
                    connection.execute(held.values(leased_until=None, leased_by=None))
        for path in dead:
            path.unlink(missing_ok=True)
        return names

    @property
    def is_alone(self) -> bool:
        """Whether no other process works on this data folder. Asked after the dead ones were swept away."""
        return all(path.stem == self.name for path in self._folder.glob("*.lock"))

    def close(self, database: Database | None = None) -> None:
        """End. Raises nothing of the database: the file stays where that does not say that all is given back."""
        is_in_debt = database is not None and self._may_hold_leases(database)
        self._file.close()
        if not is_in_debt:
            (self._folder / f"{self.name}.lock").unlink(missing_ok=True)

    def _may_hold_leases(self, database: Database) -> bool:
        """Asked by index where tables grow: of mails that are not sent yet, and of clocks that will wake."""
        held = (
            exists().where(inbox.c.leased_by == self.name),
            exists().where(and_(outbox.c.state == "queued", outbox.c.leased_by == self.name)),
            exists().where(and_(clock.c.wakes_at.is_not(None), clock.c.leased_by == self.name)),
        )
        try:
            with database.reading() as connection:
                return bool(connection.scalar(select(or_(*held))))
        except StoreError:
            return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_abandoned(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
