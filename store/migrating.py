"""Brings the database to the schema of this release. Safe to run again and again, and by several daemons at once.

An empty database gets the tables of this release at once. One of an earlier release goes through Alembic's migrations;
Alembic is loaded only then, because it takes longer to load than most commands take to run.
"""

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from store.database import Database
from store.errors import WrongDatabase
from store.schema import metadata

NEWEST = "0002"  # revision of the tables in `store.schema`

# Alembic's own table, of the form that Alembic gives it.
_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True, nullable=False))
_FOLDER = Path(__file__).with_name("migrations")


def migrate(database: Database) -> None:
    """Create or upgrade the tables. Raises WrongDatabase where a newer release wrote them, StoreError otherwise."""
    if is_current(database):
        return
    with database.writing(turn="schema") as connection:
        revision = _read_revision(connection)
        if revision is None:
            _create(connection)
        elif revision != NEWEST:  # nobody else was faster
            _upgrade(connection)


def is_current(database: Database) -> bool:
    """Whether the tables are those of this release."""
    return current_revision(database) == NEWEST


def current_revision(database: Database) -> str | None:
    """The revision of the tables; None for an empty database."""
    with database.reading() as connection:
        return _read_revision(connection)


def _read_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_version.name):
        return None
    revision: str | None = connection.scalar(select(_version.c.version_num))
    return revision


def _create(connection: Connection) -> None:
    metadata.create_all(connection)
    _version.create(connection)
    connection.execute(insert(_version).values(version_num=NEWEST))


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # see the top of this file
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise WrongDatabase(f"the database was written by a newer release: {error}") from error
