"""A throw-away PostgreSQL on a UNIX socket: no port, no password, nothing that outlives the tests.

The server lives as long as a pipe to this process is open, so it ends even if this process is killed; everything it
writes is in one folder with a short path, which is removed with it. PostgreSQL refuses to run as root: it gets the
account of the Debian package then. Commits are not synced to disk: what is tested is what transactions see.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

PACKAGE = "postgresql"  # Debian's name
_BINARIES = Path("/usr/lib/postgresql")  # Debian keeps them out of PATH, one folder for each version
_OWNER = "tester"
_START_SECONDS = 20.0
_SETTINGS = (
    "listen_addresses= fsync=off synchronous_commit=off full_page_writes=off max_connections=100 shared_buffers=32MB"
)
# The shell outlives this process by a moment: it reads until the pipe closes, then stops the server and cleans up.
_GUARD = 'server="$1" folder="$2"; shift 2; "$server" -D "$folder/data" -k "$folder" "$@" >"$folder/log" 2>&1 & '
_GUARD += 'read -r _; kill -INT $! 2>/dev/null; wait $!; rm -rf "$folder"'


class PostgresError(RuntimeError):
    """The server did not start; carries what it said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Postgres:
    """A running server."""

    folder: Path

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=str(self.folder), user=_OWNER, dbname=database, autocommit=True)

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """The URL of an empty database that nobody else has; dropped at the end, whoever is still connected."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+psycopg://{_OWNER}@/{name}?host={self.folder}"
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, command: str) -> None:
        with closing(self.connect()) as connection:
            connection.execute(command.encode("ascii"))


def find_postgres() -> str | None:
    """The path of the server program of the newest version there is, or None where none is installed."""
    folders = sorted(_BINARIES.glob("*/bin"), key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    return shutil.which("postgres", path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]))


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Starts a server and stops it again; raises PostgresError with its log where it does not come up."""
    program = find_postgres()
    if program is None:
        raise PostgresError(f"no postgres program; Debian has it in {PACKAGE}")
    server = Postgres(folder=_make_folder(Path(program)))
    guard = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "sh", program, str(server.folder), *_options()],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        user=_account(),
        cwd="/",
    )
    try:
        _wait_until_up(server)
        yield server
    finally:
        if guard.stdin:
            guard.stdin.close()
        guard.wait(timeout=30)


def _options() -> list[str]:
    return [part for setting in _SETTINGS.split() for part in ("-c", setting)]


def _account() -> str | None:
    """Whom the server runs as; None for ourselves."""
    if os.geteuid() != 0:
        return None
    known = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _make_folder(program: Path) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if os.access("/tmp", os.W_OK) else None))
    account = _account()
    if account:
        shutil.chown(folder, account)
    command = [str(program.with_name("initdb")), "-D", str(folder / "data"), "-U", _OWNER, "-A", "trust"]
    command += ["-E", "UTF8", "--no-locale", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, user=account, cwd="/")
    if done.returncode:
        shutil.rmtree(folder)
        raise PostgresError(f"initdb: {done.stderr.strip()}")
    return folder


def _wait_until_up(server: Postgres) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                log = server.folder / "log"
                said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else str(error)
                raise PostgresError(f"postgres did not come up: {said}") from error
            time.sleep(0.02)
        else:
            return
