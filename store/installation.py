"""What belongs to this installation and to no ticket: values under names."""

from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from store.database import Database
from store.schema import installation


def read_or_make(database: Database, name: str, make: Callable[[], str]) -> str:
    """The value called `name`; made and kept where there is none yet."""
    with database.writing(turn="installation") as connection:
        value = _read(connection, name)
        if value is None:
            value = make()
            connection.execute(insert(installation).values(name=name, value=value))
        return value


def read_value(database: Database, name: str) -> str | None:
    """The value called `name`; None where there is none yet."""
    with database.reading() as connection:
        return _read(connection, name)


def write_value(database: Database, name: str, value: str) -> None:
    """Keep a value in place of what there was."""
    with database.writing(turn="installation") as connection:
        changed = connection.execute(update(installation).where(installation.c.name == name).values(value=value))
        if not changed.rowcount:
            connection.execute(insert(installation).values(name=name, value=value))


def _read(connection: Connection, name: str) -> str | None:
    value: str | None = connection.scalar(select(installation.c.value).where(installation.c.name == name))
    return value
