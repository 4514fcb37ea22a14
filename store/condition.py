"""What state the memory is in, for people who look after it. Looks only: nothing is made, upgraded or kept.

Raises StoreError where the database cannot be asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Column, ColumnElement, Connection, and_, func, insert, inspect, make_url, select

from store.database import Database
from store.migrating import NEWEST, current_revision
from store.schema import clock, inbox, installation, ledger, metadata, outbox

State = Literal["empty", "current", "older", "newer", "foreign"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """What waits longer than it should, and since when."""

    what: Literal["mails to take in", "mails to send", "deadlines"]
    count: int
    since: datetime
    error: str = ""  # of the last attempt, where there was one


def database_file(url: str) -> Path | None:
    """The SQLite file that the URL names; None for a database server."""
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def with_patience(url: str, seconds: int) -> str:
    """The URL of a database server that is given up after so long; that of a file as it is."""
    if database_file(url):
        return url
    parts = make_url(url).update_query_dict({"connect_timeout": str(seconds)})
    return parts.render_as_string(hide_password=False)


def find_state(database: Database) -> State:
    """Whether the tables are those of this release."""
    revision = current_revision(database)
    if revision is None:
        with database.reading() as connection:
            return "foreign" if inspect(connection).get_table_names() else "empty"
    if revision == NEWEST:
        return "current" if _has_all_tables(database) else "foreign"
    if len(revision) != len(NEWEST) or not revision.isdecimal():  # ours are numbered 0001, 0002, …
        return "foreign"
    return "older" if revision < NEWEST else "newer"


def _has_all_tables(database: Database) -> bool:
    with database.reading() as connection:
        return set(metadata.tables) <= set(inspect(connection).get_table_names())


def try_writing(database: Database) -> None:
    """Write into the tables of this release and take it back. Raises StoreError where that is not possible."""
    with database.writing() as connection, connection.begin_nested() as savepoint:
        connection.execute(insert(installation).values(name="written by tiepnhan check", value=""))
        savepoint.rollback()


def find_backlog(database: Database, now: datetime, patience: timedelta) -> list[Backlog]:
    """What has waited for more than `patience`."""
    before = now - patience
    unsent = and_(outbox.c.state == "queued", outbox.c.created_at < before)
    with database.reading() as connection:
        found = [
            _oldest(connection, "mails to take in", ledger.c.entered_at, _is_waiting(before)),
            _oldest(connection, "mails to send", outbox.c.created_at, unsent),
            _oldest(connection, "deadlines", clock.c.wakes_at, clock.c.wakes_at < before),
        ]
        errors = connection.scalars(select(outbox.c.error).where(unsent, outbox.c.error != "").order_by(outbox.c.id))
        error = errors.first() or ""
    return [
        Backlog(what=one.what, count=one.count, since=one.since, error=error if one.what == "mails to send" else "")
        for one in found
        if one
    ]


def _is_waiting(before: datetime) -> ColumnElement[bool]:
    return and_(ledger.c.id.in_(select(inbox.c.mail_id)), ledger.c.entered_at < before)


def _oldest(
    connection: Connection,
    what: Literal["mails to take in", "mails to send", "deadlines"],
    moment: Column[datetime],
    condition: ColumnElement[bool],
) -> Backlog | None:
    row = connection.execute(select(func.count(), func.min(moment)).where(condition)).one()
    return Backlog(what=what, count=row[0], since=row[1]) if row[0] else None
