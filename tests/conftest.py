"""Servers as fixtures. A test whose server is not installed is skipped with the name of the Debian package; where
the environment says CI it fails instead, so that nothing is left out unseen."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.database import Database
from store.migrating import migrate
from tests.servers.dovecot import PACKAGE as DOVECOT_PACKAGE
from tests.servers.dovecot import Dovecot, Mailbox, find_dovecot, running_dovecot
from tests.servers.postgres import PACKAGE as POSTGRES_PACKAGE
from tests.servers.postgres import Postgres, find_postgres, running_postgres
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.sink import SmtpSink
from tests.servers.tls import Certificate, make_certificate

_missing_packages = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_missing_packages] = set()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long runs are for `make soak`."""
    if os.environ.get("TIEPNHAN_SOAK"):
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    items[:] = [item for item in items if item not in long]
    config.hook.pytest_deselected(items=long)


def _need(package: str, found: str | None, config: pytest.Config) -> None:
    if found:
        return
    config.stash[_missing_packages].add(package)
    reason = f"the Debian package {package} is not installed"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of several tells what it missed; see `pytest_testnodedown`."""
    told: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        missing: set[str] = session.config.stash[_missing_packages]
        told["missing packages"] = sorted(missing)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_missing_packages].update(getattr(node, "workeroutput", {}).get("missing packages", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing: set[str] = config.stash[_missing_packages]
    for package in sorted(missing):
        terminalreporter.write_line(f"NOT TESTED: what needs {package}. To install it: apt-get install {package}")


@pytest.fixture(scope="session")
def _running_dovecot(pytestconfig: pytest.Config) -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def dovecot(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Iterator[Mailbox]:
    """The mailbox of a user nobody has used before, on a Dovecot that all tests share."""
    _need(DOVECOT_PACKAGE, find_dovecot(), pytestconfig)
    _need("openssl", shutil.which("openssl"), pytestconfig)
    mailbox = Mailbox(request.getfixturevalue("_running_dovecot"), f"support-{uuid.uuid4().hex[:12]}")
    yield mailbox
    mailbox.close()


@pytest.fixture(scope="session")
def _running_postgres(pytestconfig: pytest.Config) -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database on a PostgreSQL that all tests share."""
    _need(POSTGRES_PACKAGE, find_postgres(), pytestconfig)
    server: Postgres = request.getfixturevalue("_running_postgres")
    with server.new_database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'tiepnhan.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database; the test runs once for each kind of database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty memory, once on SQLite and once on PostgreSQL."""
    with closing(Database(database_url)) as database:
        migrate(database)
        yield database


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """An SMTP server that accepts everything until the test scripts it otherwise; no TLS, no login."""
    with SmtpSink() as server:
        yield server


@pytest.fixture
def scripted_imap() -> Iterator[ScriptedImap]:
    with ScriptedImap() as server:
        yield server


@pytest.fixture(scope="session")
def _certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def certificate(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Certificate:
    """For servers on loopback; clients that are not told of it must refuse them."""
    _need("openssl", shutil.which("openssl"), pytestconfig)
    found: Certificate = request.getfixturevalue("_certificate")
    return found
