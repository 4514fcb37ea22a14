"""Migrations and models describe the same tables, on both databases, whichever way a database came to them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text

import store
from store.database import Database
from store.errors import WrongDatabase
from store.migrating import NEWEST, current_revision, is_current, migrate
from store.schema import installation, metadata

FOLDER = Path(store.__file__).with_name("migrations")


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as database:
        yield database


def config(connection: Any = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["connection"] = connection
    return made


def upgrade(database: Database, revision: str = "head") -> None:
    """Step by step, as a database of an earlier release is brought up to date."""
    with database.writing() as connection:
        command.upgrade(config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    with database.writing() as connection:
        command.downgrade(config(connection), revision)


def differences(database: Database) -> list[Any]:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))


def describe(database: Database) -> dict[str, Any]:
    """Everything that the database says of its tables, names of constraints included."""
    with database.reading() as connection:
        asked = inspect(connection)
        return {
            table: {
                "columns": [(one["name"], str(one["type"]), one["nullable"]) for one in asked.get_columns(table)],
                "key": asked.get_pk_constraint(table),
                "foreign": sorted(map(str, asked.get_foreign_keys(table))),
                "unique": sorted(map(str, asked.get_unique_constraints(table))),
                "indexes": sorted(map(str, asked.get_indexes(table))),
            }
            for table in asked.get_table_names()
            if table != "alembic_version"
        }


@pytest.mark.parametrize("make", [upgrade, migrate], ids=["step-by-step", "at-once"])
def test_the_tables_are_those_of_the_models(empty: Database, make: Any):
    make(empty)
    assert differences(empty) == []
    assert is_current(empty)


def test_a_database_made_at_once_is_one_that_was_migrated(empty: Database, tmp_path: Path):
    migrate(empty)
    made_at_once = describe(empty)
    downgrade(empty, "base")
    upgrade(empty)
    assert describe(empty) == made_at_once
    assert made_at_once.keys() == metadata.tables.keys()


def test_a_difference_would_be_noticed(empty: Database):
    migrate(empty)
    with empty.writing() as connection:
        connection.execute(text("DROP INDEX ix_history_ticket_id_id"))
        connection.execute(text("ALTER TABLE ticket ADD COLUMN mood TEXT"))
    assert {change[0] for change in differences(empty)} == {"add_index", "remove_column"}


def test_going_down_leaves_nothing_and_going_up_again_works(empty: Database):
    migrate(empty)
    downgrade(empty, "base")
    assert describe(empty) == {}
    assert current_revision(empty) is None
    upgrade(empty)
    assert differences(empty) == []


def test_migrating_again_keeps_what_is_there(empty: Database):
    migrate(empty)
    with empty.writing() as connection:
        connection.execute(insert(installation).values(name="token-key", value="x"))
    migrate(empty)
    upgrade(empty)
    with empty.reading() as connection:
        assert connection.scalar(select(installation.c.value)) == "x"


def test_a_database_of_a_newer_release_is_refused_and_left_alone(empty: Database):
    migrate(empty)
    with empty.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongDatabase, match="newer release") as refused:
        migrate(empty)
    assert not refused.value.is_temporary
    assert current_revision(empty) == "9999"


def test_every_revision_leads_to_the_one_that_the_models_belong_to():
    scripts = ScriptDirectory.from_config(config())
    assert scripts.get_heads() == [NEWEST]
    assert [script.revision for script in scripts.walk_revisions()][-1] == "0001"


def test_every_constraint_and_index_has_a_name_that_postgresql_keeps_whole():
    constraints = [str(one.name) for table in metadata.sorted_tables for one in table.constraints]
    indexes = [str(one.name) for table in metadata.sorted_tables for one in table.indexes]
    assert "None" not in constraints + indexes
    assert max(map(len, constraints + indexes)) <= 63
