"""Numbers without gaps: counters that live and die with the transaction that takes from them.

A counter is locked by its first reader until the transaction ends; other transactions that need it wait.
"""

from sqlalchemy import Connection, select, text, update

from store.database import translated
from store.schema import counter


class Counters:
    """The counters of one transaction, held until its end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: dict[str, int] = {}

    def peek(self, name: str) -> int:
        """The number that `take` would give."""
        if name not in self._last:
            self._last[name] = self._read(name)
        return self._last[name] + 1

    def take(self, name: str) -> int:
        """The next number of the counter, beginning with 1."""
        self._last[name] = self.peek(name)
        return self._last[name]

    def _read(self, name: str) -> int:
        make = text("INSERT INTO counter (name, last) VALUES (:name, 0) ON CONFLICT DO NOTHING")
        wanted = select(counter.c.last).where(counter.c.name == name).with_for_update()
        with translated():
            self._connection.execute(make, {"name": name})
            last: int = self._connection.scalars(wanted).one()
        return last

    def flush(self) -> None:
        """Write what was taken."""
        for name, last in self._last.items():
            self._connection.execute(update(counter).where(counter.c.name == name).values(last=last))
