"""What belongs to this installation and to no ticket: values under names, made once."""

from collections.abc import Callable

from sqlalchemy import insert, select

from store.database import Database
from store.schema import installation


def read_or_make(database: Database, name: str, make: Callable[[], str]) -> str:
    """The value called `name`; made and kept where there is none yet."""
    wanted = select(installation.c.value).where(installation.c.name == name)
    with database.writing(turn="installation") as connection:
        value: str | None = connection.scalar(wanted)
        if value is None:
            value = make()
            connection.execute(insert(installation).values(name=name, value=value))
        return value
