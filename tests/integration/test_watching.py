"""Watchers over real mailboxes: quick when mail comes, patient when nothing works, gone when told to stop."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.mailboxes.imap import Timeouts
from intake.mailboxes.watching import Pace, Watcher
from intake.settings.config import Mailbox, Processed
from intake.settings.secrets import Secret
from store.database import Database
from store.errors import StoreBusy
from store.ledger import Arrival, Ledger
from store.schema import metadata
from store.spool import Spool
from tests.servers import dovecot as dovecot_server
from tests.servers import scripted_imap as scripted_server

SECONDS = 10.0  # longest wait for something that must happen
EAGER = Pace(retry=0.01, longest_retry=0.05, blocked_retry=0.01, login_retry=0.01, longest_blocked_retry=0.05)


class CountingLedger(Ledger):
    """The real ledger; tells a waiting test what was entered, and fails as often as it is told."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, lambda: datetime.now(UTC), lambda one, other: False)
        self.entered: list[Arrival] = []
        self.failures: list[Exception] = []
        self._changed = threading.Condition()

    def enter(self, arrivals: Sequence[Arrival]) -> int:
        if self.failures:
            raise self.failures.pop()
        new = super().enter(arrivals)
        with self._changed:
            self.entered += arrivals
            self._changed.notify_all()
        return new

    def wait_for(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.entered) >= count, SECONDS)


class Watch:
    """Starts watchers on one spool and ledger, and stops them all at the end of the test."""

    def __init__(self, spool: Spool, database: Database) -> None:
        self.spool = spool
        self.database = database
        self.ledger = CountingLedger(database)
        self.arrivals = threading.Semaphore(0)
        self.deaths: list[BaseException] = []
        self.watchers: list[Watcher] = []

    def start(self, mailbox: Mailbox, pace: Pace = EAGER, **options: object) -> Watcher:
        watcher = Watcher(
            mailbox,
            self.spool,
            self.ledger,
            arrived=self.arrivals.release,
            died=self.deaths.append,
            pace=pace,
            **options,  # type: ignore[arg-type]
        )
        self.watchers.append(watcher)
        watcher.start()
        return watcher


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    metadata.create_all(database.engine)
    watch = Watch(Spool(tmp_path / "spool"), database)
    yield watch
    for watcher in watch.watchers:
        watcher.stop()
    assert all(watcher.join(SECONDS) for watcher in watch.watchers)
    database.close()


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> Secret:
    monkeypatch.setenv("MAILBOX_PASSWORD", dovecot_server.PASSWORD)
    return Secret(env="MAILBOX_PASSWORD")


@pytest.fixture
def mailbox(dovecot: dovecot_server.Mailbox, password: Secret) -> Mailbox:
    return Mailbox(
        name="support",
        host=dovecot.host,
        port=dovecot.port,
        security="plain",
        username=dovecot.username,
        password=password,
    )


@pytest.fixture
def scripted(scripted_imap: scripted_server.ScriptedImap, password: Secret) -> Mailbox:
    return Mailbox(
        name="support",
        host=scripted_imap.host,
        port=scripted_imap.port,
        security="plain",
        username=scripted_imap.username,
        password=password,
    )


def raw_mail(number: int) -> bytes:
    return b"From: khach@example.com\r\nMessage-ID: <%d@example.com>\r\n\r\nHang sai mau.\r\n" % number


def becomes_true(condition: Callable[[], bool]) -> bool:
    """Whether `condition` comes to hold; for what nobody announces."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.005)
    return True


def test_mail_that_comes_during_idle_is_taken_in_at_once(watch: Watch, dovecot, mailbox: Mailbox):
    watch.start(mailbox)
    for number in range(1, 4):
        dovecot.append(raw_mail(number))
        assert watch.ledger.wait_for(number)
        assert watch.arrivals.acquire(timeout=SECONDS)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_idle_works_over_tls(watch: Watch, dovecot, mailbox: Mailbox, security):
    port = dovecot.tls_port if security == "tls" else dovecot.port
    watch.start(replace(mailbox, security=security, port=port, ca_file=dovecot.ca_file))
    for number in range(1, 4):
        dovecot.append(raw_mail(number))
        assert watch.ledger.wait_for(number)


def test_no_mail_is_missed_between_a_round_and_idle(watch: Watch, scripted_imap, scripted: Mailbox):
    watch.start(scripted)
    for number in range(1, 101):
        scripted_imap.add(raw_mail(number))
    assert watch.ledger.wait_for(100)
    assert sorted(arrival.uid for arrival in watch.ledger.entered) == list(range(1, 101))


def test_mail_the_server_tells_of_while_an_earlier_one_is_filed_is_not_missed(watch: Watch, dovecot, mailbox: Mailbox):
    class AppendingLedger(CountingLedger):
        """While the first mail is committed, the second one comes."""

        def enter(self, arrivals: Sequence[Arrival]) -> int:
            if not self.entered:
                dovecot.append(raw_mail(2))
            return super().enter(arrivals)

    watch.ledger = AppendingLedger(watch.database)
    dovecot.append(raw_mail(1))
    watch.start(replace(mailbox, processed=Processed(action="flag")))
    assert watch.ledger.wait_for(2)


def test_without_idle_the_mailbox_is_polled(watch: Watch, scripted_imap, scripted: Mailbox):
    scripted_imap.script.capabilities = "IMAP4rev1"
    watch.start(replace(scripted, poll=timedelta(seconds=0.01)))
    scripted_imap.add(raw_mail(1))
    assert watch.ledger.wait_for(1)
    assert "IDLE" not in scripted_imap.commands


def test_idle_is_renewed(watch: Watch, scripted_imap, scripted: Mailbox):
    watch.start(scripted, replace(EAGER, idle=0.01))
    assert becomes_true(lambda: scripted_imap.commands.count("IDLE") >= 3)
    assert scripted_imap.connections == 1


def test_a_cut_connection_is_opened_again(watch: Watch, scripted_imap, scripted: Mailbox):
    watch.start(scripted)
    assert becomes_true(lambda: "IDLE" in scripted_imap.commands)
    scripted_imap.cut_connections()
    scripted_imap.add(raw_mail(1))
    assert watch.ledger.wait_for(1)


def test_a_kicked_session_comes_back(watch: Watch, dovecot, mailbox: Mailbox):
    watch.start(mailbox)
    dovecot.append(raw_mail(1))
    assert watch.ledger.wait_for(1)
    dovecot.kick_sessions()
    dovecot.append(raw_mail(2))
    assert watch.ledger.wait_for(2)
    assert len(watch.ledger.entered) == 2


def test_a_server_that_hangs_in_mid_fetch_is_left_and_tried_again(watch: Watch, scripted_imap, scripted: Mailbox):
    scripted_imap.script.hang_after = 40
    scripted_imap.add(raw_mail(1))
    watch.start(scripted, timeouts=Timeouts(connect=1, read=0.1))
    assert becomes_true(lambda: scripted_imap.connections >= 2)
    scripted_imap.script.hang_after = None
    assert watch.ledger.wait_for(1)


def test_a_busy_database_delays_mail_and_loses_none(watch: Watch, scripted_imap, scripted: Mailbox):
    watch.ledger.failures = [StoreBusy("database is locked"), StoreBusy("database is locked")]
    scripted_imap.add(raw_mail(1))
    watch.start(scripted)
    assert watch.ledger.wait_for(1)
    assert watch.deaths == []


def test_a_full_disk_delays_mail_and_loses_none(watch: Watch, scripted_imap, scripted: Mailbox):
    watch.ledger.failures = [OSError(28, "No space left on device")]
    scripted_imap.add(raw_mail(1))
    watch.start(scripted)
    assert watch.ledger.wait_for(1)


def test_a_wrong_password_is_said_loudly_and_tried_again(
    watch: Watch, scripted_imap, scripted: Mailbox, caplog: pytest.LogCaptureFixture
):
    scripted_imap.script.refuse_login = "wrong password"
    scripted_imap.add(raw_mail(1))
    watch.start(scripted)
    assert becomes_true(lambda: scripted_imap.connections >= 3)
    assert any(record.levelno == logging.ERROR and "wrong password" in record.message for record in caplog.records)
    assert "secret" not in caplog.text
    scripted_imap.script.refuse_login = None
    assert watch.ledger.wait_for(1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_unforeseen_error_ends_the_watcher_and_is_handed_on(watch: Watch, scripted_imap, scripted: Mailbox):
    unforeseen = RuntimeError("a mistake in the program")
    watch.ledger.failures = [unforeseen]
    scripted_imap.add(raw_mail(1))
    watcher = watch.start(scripted)
    assert watcher.join(SECONDS)
    assert watch.deaths == [unforeseen]


def test_several_mailboxes_are_watched_at_once(watch: Watch, dovecot, mailbox: Mailbox):
    users = [f"{dovecot.username}-{letter}" for letter in "abc"]
    with ExitStack() as boxes:
        for user in users:
            watch.start(replace(mailbox, name=user, username=user))
        for number, user in enumerate(users, start=1):
            boxes.enter_context(closing(dovecot_server.Mailbox(dovecot.server, user))).append(raw_mail(number))
        assert watch.ledger.wait_for(3)
    assert {arrival.mailbox for arrival in watch.ledger.entered} == set(users)


# Stopping.


def stops_within_a_second(watcher: Watcher) -> bool:
    watcher.stop()
    return watcher.join(1.0)


def test_a_watcher_in_idle_stops_at_once(watch: Watch, scripted_imap, scripted: Mailbox):
    watcher = watch.start(scripted)
    assert becomes_true(lambda: "IDLE" in scripted_imap.commands)
    assert stops_within_a_second(watcher)


def test_a_watcher_in_mid_fetch_stops_at_once(watch: Watch, scripted_imap, scripted: Mailbox):
    scripted_imap.script.hang_after = 40
    scripted_imap.add(raw_mail(1))
    watcher = watch.start(scripted)
    assert becomes_true(lambda: any("BODY.PEEK" in command for command in scripted_imap.commands))
    assert stops_within_a_second(watcher)
    assert watch.ledger.entered == []


def test_a_watcher_between_attempts_stops_at_once(watch: Watch, scripted_imap, scripted: Mailbox):
    scripted_imap.script.refuse_login = "wrong password"
    watcher = watch.start(scripted, Pace())
    assert becomes_true(lambda: scripted_imap.connections == 1)
    assert stops_within_a_second(watcher)


@pytest.mark.parametrize("security", ["plain", "tls"])
def test_a_watcher_that_waits_for_a_greeting_stops_at_once(watch: Watch, scripted: Mailbox, security):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        watcher = watch.start(replace(scripted, port=silent.getsockname()[1], security=security))
        connection, _ = silent.accept()
        with closing(connection):
            assert stops_within_a_second(watcher)


# Standing still.


def test_a_standstill_is_reported_and_the_connection_cut(
    watch: Watch, scripted_imap, scripted: Mailbox, caplog: pytest.LogCaptureFixture
):
    clock = [0.0]
    watcher = watch.start(scripted, monotonic=lambda: clock[0])
    assert becomes_true(lambda: "IDLE" in scripted_imap.commands)
    watcher.check()
    assert "stood still" not in caplog.text
    clock[0] = 16 * 60
    watcher.check()
    assert "intake has stood still for 16 minutes" in caplog.text
    assert becomes_true(lambda: scripted_imap.connections == 2)
    assert becomes_true(lambda: watcher.standstill() is None)
