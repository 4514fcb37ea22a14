"""Brings the database to the schema of this release. Safe to run again and again, and by several daemons at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from store.database import Database
from store.errors import WrongDatabase

_FOLDER = Path(__file__).with_name("migrations")


def migrate(database: Database) -> None:
    """Create or upgrade the tables. Raises WrongDatabase where a newer release wrote them, StoreError otherwise."""
    with database.writing() as connection:
        config = _config()
        if current_revision(database) == _newest(config):
            return
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise WrongDatabase(f"the database was written by a newer release: {error}") from error


def current_revision(database: Database) -> str | None:
    """The revision of the tables; None for an empty database."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    """Whether the tables are those of this release."""
    return current_revision(database) == _newest(_config())


def _newest(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
