"""Migrations and models describe the same tables, on both databases, whichever way a database came to them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, inspect, select, text

import store
from store.clock_queue import ClockQueue
from store.database import Database
from store.errors import WrongDatabase
from store.migrating import NEWEST, current_revision, is_current, migrate
from store.quarantine import Quarantine
from store.schema import installation, metadata
from store.statistics import open_statistics
from tests.complaints import MORNING, NUMBER, TUAN
from tests.memory import read

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
                "columns": [
                    (one["name"], str(one["type"]), one["nullable"], one["default"]) for one in asked.get_columns(table)
                ],
                "key": asked.get_pk_constraint(table),
                "foreign": sorted(map(str, asked.get_foreign_keys(table))),
                "unique": sorted(map(str, asked.get_unique_constraints(table))),
                "indexes": sorted(map(_describe_index, asked.get_indexes(table))),
            }
            for table in asked.get_table_names()
            if table != "alembic_version"
        }


def _describe_index(index: Any) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


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


# From 0001 to 0002.

OF_FIRST_RELEASE: dict[str, dict[str, Any]] = {
    "ledger": {"id": 7, "mailbox": "support", "uidvalidity": 1, "uid": 1, "size_bytes": 9, "sha256": "a" * 64,
               "sender": TUAN, "received_at": MORNING, "entered_at": MORNING, "disposition": "quarantined",
               "is_filed": False},
    "ticket": {"id": 1, "number": NUMBER, "version": 3, "state": "awaiting_evidence", "category": "wrong-item",
               "customer_email": TUAN, "customer_name": "Tuấn", "language": "vi", "subject": "Sai hàng",
               "received_at": MORNING, "is_late": False, "messages": 2},
    "party": {"ticket_id": 1, "email": TUAN, "role": "customer", "name": "Tuấn"},
    "evidence": {"ticket_id": 1, "slot": "video", "position": 0, "status": "doubtful", "message_no": 1,
                 "what": "mở.mp4"},
    "quarantine": {"mail_id": 7, "stage": "parse", "error": "ValueError: tệ", "at": MORNING, "is_told": True},
}  # fmt: skip
STEPS: dict[str, tuple[int, datetime | None, datetime | None]] = {
    # the step it stood at, when it was to wake, up to when its steps are taken now
    "no step taken": (0, MORNING, None),
    "one step taken": (1, MORNING, MORNING - timedelta(microseconds=1)),
    "nothing left to do": (3, None, None),
}


def fill_first_release(database: Database) -> None:
    clocks = [
        {"ticket_id": 1, "name": name, "state": "running", "started_at": MORNING - timedelta(days=1),
         "due_at": MORNING, "step": step, "wakes_at": wakes_at}
        for name, (step, wakes_at, _) in STEPS.items()
    ]  # fmt: skip
    with database.writing() as connection:
        command.upgrade(config(connection), "0001")
        tables = MetaData()
        tables.reflect(connection)
        for name, row in OF_FIRST_RELEASE.items():
            connection.execute(insert(tables.tables[name]).values(_in_utc(row)))
        connection.execute(insert(tables.tables["clock"]), [_in_utc(one) for one in clocks])


def _in_utc(row: dict[str, Any]) -> dict[str, Any]:
    return {name: one.astimezone(UTC) if isinstance(one, datetime) else one for name, one in row.items()}


def test_a_filled_memory_of_the_first_release_has_the_tables_of_this_one_after_the_upgrade(empty: Database):
    fill_first_release(empty)
    migrate(empty)
    assert is_current(empty)
    assert differences(empty) == []


def test_a_ticket_of_the_first_release_is_as_it_was(empty: Database):
    fill_first_release(empty)
    migrate(empty)
    found = read(empty, 1)
    assert (found.number, found.state, found.version, found.messages) == (NUMBER, "awaiting_evidence", 3, 2)
    assert (found.customer_email, found.received_at, found.status_of("video")) == (TUAN, MORNING, "doubtful")
    assert (found.channel, found.rounds, found.offer, found.flags, found.figures) == ("mail", 0, None, (), {})


def test_a_clock_of_the_first_release_takes_no_step_twice_and_leaves_none_out(empty: Database):
    fill_first_release(empty)
    migrate(empty)
    found = {one.name: one for one in read(empty, 1).clocks}
    assert {name: one.stepped_to for name, one in found.items()} == {
        name: taken for name, (_, _, taken) in STEPS.items()
    }
    assert {one.lost for one in found.values()} == {timedelta()}
    assert ClockQueue(empty).next_due_at() == MORNING


def stop_in_first_release(database: Database) -> None:
    """Three clocks that were stopped: one once, one again after it had started anew, one that the history omits."""
    day = timedelta(days=1)
    stopped = ("once", "again", "untold")
    told = [("clock-stopped", "once", MORNING), ("clock-stopped", "again", MORNING - 3 * day),
            ("clock-started", "again", MORNING - 2 * day), ("clock-stopped", "again", MORNING - day),
            ("clock-started", "untold", MORNING)]  # fmt: skip
    clocks = [
        {"ticket_id": 1, "name": name, "state": "stopped", "started_at": MORNING - 2 * day, "due_at": MORNING + day,
         "step": 0, "wakes_at": None}
        for name in stopped
    ]  # fmt: skip
    rows = [
        {"ticket_id": 1, "at": at, "actor": "test", "event": event, "data": {"name": name, "why": "test"}}
        for event, name, at in told
    ]
    with database.writing() as connection:
        tables = MetaData()
        tables.reflect(connection)
        connection.execute(insert(tables.tables["clock"]), [_in_utc(one) for one in clocks])
        connection.execute(insert(tables.tables["history"]), [_in_utc(one) for one in rows])


def test_a_clock_that_the_first_release_stopped_ended_when_the_history_says(empty: Database):
    fill_first_release(empty)
    stop_in_first_release(empty)
    migrate(empty)
    assert {one.name: one.ended_at for one in read(empty, 1).clocks} == {
        "once": MORNING,
        "again": MORNING - timedelta(days=1),
        "untold": MORNING + timedelta(days=1),
    } | dict.fromkeys(STEPS)


def test_no_clock_that_the_first_release_stopped_counts_as_late(empty: Database):
    fill_first_release(empty)
    stop_in_first_release(empty)
    migrate(empty)
    with open_statistics(empty, MORNING - timedelta(days=1), MORNING + timedelta(days=1)) as statistics:
        found = {one.clock: one for one in statistics.promises(MORNING + timedelta(days=30))}
    assert {name: (one.kept, one.broken) for name, one in found.items() if name not in STEPS} == {
        "again": (1, 0), "once": (1, 0), "untold": (1, 0)
    }  # fmt: skip


def test_a_mail_that_the_first_release_set_aside_is_still_in_quarantine(empty: Database):
    fill_first_release(empty)
    migrate(empty)
    (aside,) = Quarantine(empty).read()
    assert (aside.reason, aside.error, aside.is_told) == ("parse", "ValueError: tệ", True)


def test_a_filled_memory_can_go_back_to_the_first_release(empty: Database):
    fill_first_release(empty)
    before = describe(empty)
    migrate(empty)
    downgrade(empty, "0001")
    assert {name: sorted(str(one[:3]) for one in table["columns"]) for name, table in describe(empty).items()} == {
        name: sorted(str(one[:3]) for one in table["columns"]) for name, table in before.items()
    }
    migrate(empty)
    assert read(empty, 1).number == NUMBER


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
