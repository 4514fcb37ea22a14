"""The one connection pool, its transactions, and who is first when several threads write.

SQLite runs in WAL mode with synchronous=FULL: a commit that returned survives a power failure. Within the process
writers queue on a lock of their own (SQLite's busy handler polls and is not fair); for other processes they wait by the
busy timeout.

PostgreSQL lets writers work side by side. Those who first look and then write what must not be there twice say which
turn they take; the same turn is taken by one at a time, in whatever process, until its transaction ends.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, func, make_url, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError

from store.durable import make_folder
from store.errors import RefusedValue, StoreBusy, StoreError

BUSY_TIMEOUT_MS = 20_000


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Database:
    """An SQLite file or a PostgreSQL database, by URL.

    With `may_write` false nothing is changed, and a file that is not there is not made.
    """

    def __init__(self, url: str, *, may_write: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database and may_write:
            make_folder(Path(self.url.database).parent)
            _make_file(Path(self.url.database))
        opened = self.url if may_write or not self.is_sqlite else _only_to_read(self.url)
        self.engine: Engine = create_engine(opened, json_serializer=_to_json)
        self._writers = threading.Lock()
        # PostgreSQL shows each statement another state unless told otherwise; in WAL mode SQLite does not.
        self._readers = (
            self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            event.listen(self.engine, "handle_error", _name_file)

    @contextmanager
    def writing(self, turn: str = "") -> Iterator[Connection]:
        """One transaction that may write: committed at the end of the block, rolled back on any error.

        What names the same `turn` runs one after the other, each seeing all that those before it did. Raises
        RefusedValue for what no other attempt will store, StoreBusy or another StoreError where one may help.
        """
        with self._writers if self.is_sqlite else nullcontext(), translated():
            connection = self.engine.connect().execution_options(is_writing=True)
            with connection, connection.begin():
                if turn and not self.is_sqlite:
                    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"tiepnhan {turn}"))))
                yield connection

    @contextmanager
    def erasing(self) -> Iterator[Connection]:
        """As `writing`. SQLite writes zeros over what is deleted, and does not only call its place free."""
        with self.writing() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("PRAGMA secure_delete = ON")  # for as long as the connection lives
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads, on a consistent state of the database."""
        with translated(), self._readers.connect() as connection, connection.begin():
            yield connection

    def compact(self) -> bool:
        """Write the SQLite file anew, without what was deleted; whether the log beside it is rid of it too.

        Somebody who reads at the same time holds the log back. Raises StoreBusy. PostgreSQL has its autovacuum.
        """
        if not self.is_sqlite:
            return True
        try:
            with self._writers, closing(self.engine.raw_connection()) as raw:
                raw.execute("VACUUM")
                is_held_back, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            raise StoreBusy(f"{self.url.database}: {error}") from error
        return not is_held_back

    def close(self) -> None:
        self.engine.dispose()


def _make_file(path: Path) -> None:
    """Empty, for our user alone: SQLite would let everybody read it. What stands in the way it tells itself."""
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def _only_to_read(url: URL) -> URL:
    """The same file for a connection that SQLite refuses to write by.

    WAL mode needs two more files; where they neither are nor can be made, nobody writes, and none are needed.
    """
    path = Path(url.database or "").absolute()
    is_still = not os.access(path.parent, os.W_OK) and not os.access(f"{path}-wal", os.F_OK)
    query = {"uri": "true", "mode": "ro"} | ({"immutable": "1"} if is_still else {})
    return url.set(database=f"file:{quote(str(path))}", query=query)


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the database as errors of ours."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:  # locked, disk full, connection lost, server shutting down
        raise StoreBusy(_words(error)) from error
    except (DataError, IntegrityError) as error:
        raise RefusedValue(str(error.orig)) from error
    except UnicodeEncodeError as error:  # half a surrogate pair
        raise RefusedValue(str(error)) from error
    except DBAPIError as error:
        raise StoreError(_words(error)) from error


def storable(words: str) -> str:
    """Words of others, such as an error's, in a form that every database takes."""
    return words.replace("\0", "�").encode("utf-8", "replace").decode("utf-8")


def _words(error: DBAPIError) -> str:
    return ": ".join([*error.detail, str(error.orig)])


def _name_file(context: ExceptionContext) -> None:
    """SQLite says what failed, and not in which file."""
    if context.sqlalchemy_exception and context.engine:
        context.sqlalchemy_exception.add_detail(str(context.engine.url.database))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    _switch_to_wal(cursor)
    cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    """SQLite does not wait by itself where two open a new file at once and both come to switch its mode."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that read first can otherwise fail when it comes to write.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
