"""Numbers without gaps: counters that live and die with the transaction that takes from them."""

from sqlalchemy import Connection, insert, select, update

from store.database import translated
from store.schema import counter


class Counters:
    """The counters of one transaction, held until its end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: dict[str, int] = {}
        self._new: set[str] = set()

    def take(self, name: str) -> int:
        """The next number of the counter, beginning with 1."""
        if name not in self._last:
            wanted = select(counter.c.last).where(counter.c.name == name).with_for_update()
            with translated():
                stored = self._connection.scalar(wanted)
            if stored is None:
                self._new.add(name)
            self._last[name] = stored or 0
        self._last[name] += 1
        return self._last[name]

    def flush(self) -> None:
        """Write what was taken."""
        for name, last in self._last.items():
            if name in self._new:
                self._connection.execute(insert(counter).values(name=name, last=last))
            else:
                self._connection.execute(update(counter).where(counter.c.name == name).values(last=last))
