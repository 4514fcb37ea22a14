"""Rounds over real mailboxes: nothing is lost, nothing is doubled, and one bad mail costs the others nothing."""

import os
import resource
import shutil
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.mailboxes.batches import SMALL_BYTES, Suspects
from intake.mailboxes.fetching import Fetched, Fetcher, fetch_mailbox
from intake.mailboxes.imap import Session, Timeouts
from intake.mailboxes.mailbox_errors import AccessRefused, ConnectionLost, MailboxError
from intake.settings.config import Mailbox, Processed, Security
from intake.settings.secrets import Secret
from store.database import Database
from store.ledger import Arrival, Ledger
from store.schema import metadata
from store.spool import Spool
from tests.servers import dovecot as dovecot_server
from tests.servers import scripted_imap as scripted_server

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
QUICK = Timeouts(connect=5.0, read=0.5)
KEYWORD = "$TiepNhan"


def raw_mail(number: int, size_bytes: int = 0) -> bytes:
    header = f"From: khach{number}@example.com\r\nMessage-ID: <{number}@example.com>\r\nSubject: Thiếu ốc vít\r\n\r\n"
    return header.encode() + (b"x" * 76 + b"\r\n") * (size_bytes // 78) + b"Het.\r\n"


class RecordingLedger(Ledger):
    """The real ledger; remembers what was entered and can be told to fail."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, lambda: NOON, lambda one, other: False)
        self.arrivals: list[Arrival] = []
        self.fail_before_commit: Exception | None = None
        self.fail_after_commit: Exception | None = None

    def enter(self, arrivals: Sequence[Arrival]) -> int:
        if self.fail_before_commit:
            raise self.fail_before_commit
        new = super().enter(arrivals)
        self.arrivals += arrivals
        if self.fail_after_commit:
            raise self.fail_after_commit
        return new


class Killed(Exception):
    """The program ends here."""


class Desk:
    """Spool and ledger in one folder, as a daemon has them; `restart` is what a new process finds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._databases: list[Database] = []
        self.spool: Spool
        self.ledger: RecordingLedger
        self.restart()

    def restart(self) -> None:
        database = Database(f"sqlite:///{self._folder / 'ledger.db'}")
        metadata.create_all(database.engine)
        self._databases.append(database)
        self.spool = Spool(self._folder / "spool")
        self.spool.remove_leftovers()
        self.ledger = RecordingLedger(database)

    def close(self) -> None:
        for database in self._databases:
            database.close()

    def fetch(self, mailbox: Mailbox, **options: Any) -> Fetched:
        return fetch_mailbox(mailbox, self.spool, self.ledger, **options)

    def fetcher(self, session: Session, mailbox: Mailbox, arrived: Callable[[], None] = lambda: None) -> Fetcher:
        return Fetcher(session, mailbox, self.spool, self.ledger, suspects=Suspects(), arrived=arrived)

    def content(self, arrival: Arrival) -> bytes:
        with self.spool.open(arrival.sha256) as raw:
            return raw.read()

    def contents(self) -> list[bytes]:
        return [self.content(arrival) for arrival in self.ledger.arrivals]

    def unfinished(self) -> list[Path]:
        return list((self._folder / "spool" / "new").iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


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


def moved_to(folder: str) -> Processed:
    return Processed(action="move", folder=folder)


FLAG = Processed(action="flag")


# What is taken in.


def test_new_mails_come_byte_for_byte_with_the_servers_time(desk: Desk, dovecot: dovecot_server.Mailbox, mailbox):
    mails = [raw_mail(1), raw_mail(2, 400_000), raw_mail(3, 3 * SMALL_BYTES), raw_mail(4)]
    uids = [dovecot.append(raw, internaldate=NOON) for raw in mails]
    assert desk.fetch(mailbox) == Fetched(new=4)
    assert desk.contents() == mails
    assert [arrival.uid for arrival in desk.ledger.arrivals] == uids
    assert {arrival.received_at for arrival in desk.ledger.arrivals} == {NOON}
    assert desk.ledger.arrivals[0].message_id == "<1@example.com>"
    assert desk.ledger.arrivals[0].sender == "khach1@example.com"
    assert desk.unfinished() == []


@pytest.mark.parametrize("size_bytes", [SMALL_BYTES - 1, SMALL_BYTES, SMALL_BYTES + 1, 2 * SMALL_BYTES])
def test_a_mail_at_the_edge_of_a_chunk_comes_whole(desk: Desk, scripted_imap, scripted: Mailbox, size_bytes: int):
    raw = raw_mail(1) + b"y" * (size_bytes - len(raw_mail(1)))
    scripted_imap.add(raw)
    assert desk.fetch(scripted) == Fetched(new=1)
    assert desk.contents() == [raw]


def test_a_second_round_brings_nothing(desk: Desk, dovecot, mailbox: Mailbox):
    dovecot.append(raw_mail(1))
    desk.fetch(mailbox)
    desk.restart()
    assert desk.fetch(mailbox) == Fetched()


def test_later_rounds_of_a_session_look_only_above_what_is_dealt_with(desk: Desk, scripted_imap, scripted: Mailbox):
    for number in range(1, 4):
        scripted_imap.add(raw_mail(number))
    with Session(scripted) as session:
        fetcher = desk.fetcher(session, scripted)
        fetcher.fetch_new()
        scripted_imap.add(raw_mail(4))
        assert fetcher.fetch_new() == Fetched(new=1)
    searches = [command for command in scripted_imap.commands if "SEARCH" in command]
    assert searches == ["UID SEARCH UID 1:*", "UID SEARCH UID 4:*"]


def test_a_mail_somebody_read_before_the_poll_is_taken_in(desk: Desk, dovecot, mailbox: Mailbox):
    dovecot.append(raw_mail(1), flags=[r"\Seen"])
    assert desk.fetch(mailbox) == Fetched(new=1)


@pytest.mark.parametrize("processed", [Processed(), FLAG], ids=["keep", "flag"])
def test_fetching_never_marks_a_mail_as_read(desk: Desk, dovecot, mailbox: Mailbox, processed: Processed):
    uids = [dovecot.append(raw_mail(1)), dovecot.append(raw_mail(2, 2 * SMALL_BYTES))]
    desk.fetch(replace(mailbox, processed=processed))
    assert all(r"\Seen" not in dovecot.flags()[uid] for uid in uids)


def test_renumbering_after_deleted_mails_confuses_nobody(desk: Desk, dovecot, mailbox: Mailbox):
    uids = [dovecot.append(raw_mail(number)) for number in range(1, 6)]
    with Session(mailbox) as session:
        fetcher = desk.fetcher(session, mailbox)
        assert fetcher.fetch_new() == Fetched(new=5)
        client = dovecot.connect()
        client.select_folder("INBOX")
        client.delete_messages(uids[:2])
        client.expunge()
        dovecot.append(raw_mail(6))
        assert fetcher.fetch_new() == Fetched(new=1)
    assert desk.contents() == [raw_mail(number) for number in range(1, 7)]


def test_a_mail_marked_deleted_and_not_yet_expunged_is_taken_in(desk: Desk, dovecot, mailbox: Mailbox):
    dovecot.append(raw_mail(1), flags=[r"\Deleted"])
    assert desk.fetch(mailbox) == Fetched(new=1)


@pytest.mark.parametrize("processed", [Processed(), FLAG, moved_to("Done")], ids=["keep", "flag", "move"])
def test_after_a_changed_uidvalidity_all_mails_are_known(desk: Desk, dovecot, mailbox: Mailbox, processed: Processed):
    for number in range(1, 4):
        dovecot.append(raw_mail(number))
    with Session(mailbox) as session:
        assert desk.fetcher(session, mailbox).fetch_new() == Fetched(new=3)
    dovecot.change_uidvalidity(77_777_777)
    dovecot.append(raw_mail(4))
    assert desk.fetch(replace(mailbox, processed=processed)) == Fetched(new=1, known=3)


def test_a_uidvalidity_that_changes_between_rounds_of_a_session_is_noticed(
    desk: Desk, scripted_imap, scripted: Mailbox
):
    scripted_imap.add(raw_mail(1))
    with Session(scripted) as session:
        fetcher = desk.fetcher(session, scripted)
        fetcher.fetch_new()
        scripted_imap.uidvalidity = 2
        assert fetcher.fetch_new() == Fetched(known=1)
    assert {arrival.uidvalidity for arrival in desk.ledger.arrivals} == {1, 2}


# `since`.


def fill_maildir(dovecot: dovecot_server.Mailbox, raws: Sequence[bytes], received_at: datetime) -> None:
    """Far quicker than APPEND; a Maildir file's time is the mail's INTERNALDATE."""
    maildir = dovecot.server.maildir(dovecot.username)
    owner = dovecot_server.mail_owner() if os.geteuid() == 0 else None
    for folder in (maildir.parent, maildir, *(maildir / name for name in ("cur", "new", "tmp"))):
        folder.mkdir(parents=True, exist_ok=True)
        if owner:
            shutil.chown(folder, *owner)
    for number, raw in enumerate(raws):
        path = maildir / "new" / f"{int(received_at.timestamp())}.M{number}.test"
        path.write_bytes(raw)
        os.utime(path, (received_at.timestamp(), received_at.timestamp()))
        if owner:
            shutil.chown(path, *owner)


def test_ten_thousand_old_mails_at_the_first_connect_are_left_alone(desk: Desk, dovecot, mailbox: Mailbox):
    fill_maildir(dovecot, [raw_mail(number) for number in range(10_000)], NOON - timedelta(days=90))
    dovecot.append(raw_mail(10_001), internaldate=NOON)
    assert desk.fetch(replace(mailbox, since=date(2026, 11, 1))) == Fetched(new=1)
    assert desk.contents() == [raw_mail(10_001)]


@pytest.mark.parametrize(
    ("received_at", "is_taken"),
    [
        pytest.param("2026-11-01T00:00:00+07:00", True, id="midnight in Vietnam"),
        pytest.param("2026-10-31T23:59:59+07:00", False, id="a second before"),
        pytest.param("2026-10-31T17:00:00+00:00", True, id="midnight in Vietnam, told in UTC"),
        pytest.param("2026-10-31T05:00:00-12:00", True, id="midnight in Vietnam, told from the date line"),
        pytest.param("2026-11-01T06:59:59+14:00", False, id="the day has begun elsewhere only"),
    ],
)
def test_since_is_a_day_in_vietnam(desk: Desk, dovecot, mailbox: Mailbox, received_at: str, is_taken: bool):
    dovecot.append(raw_mail(1), internaldate=datetime.fromisoformat(received_at))
    assert desk.fetch(replace(mailbox, since=date(2026, 11, 1))) == Fetched(new=int(is_taken))


def test_an_old_mail_copied_into_the_mailbox_later_is_left_alone(desk: Desk, scripted_imap, scripted: Mailbox):
    scripted_imap.add(raw_mail(1), internaldate=NOON)
    scripted_imap.add(raw_mail(2), internaldate=NOON - timedelta(days=365))
    assert desk.fetch(replace(scripted, since=date(2026, 11, 1))) == Fetched(new=1)


# Killed, refused, broken.


def test_a_mail_entered_before_the_program_was_killed_is_not_entered_twice(desk: Desk, dovecot, mailbox: Mailbox):
    uid = dovecot.append(raw_mail(1))
    desk.ledger.fail_after_commit = Killed()
    flagging = replace(mailbox, processed=FLAG)
    with pytest.raises(Killed):
        desk.fetch(flagging)
    assert KEYWORD not in dovecot.flags()[uid]
    desk.restart()
    assert desk.fetch(flagging) == Fetched()
    assert KEYWORD in dovecot.flags()[uid]


def test_a_mail_spooled_before_the_program_was_killed_is_entered_once(desk: Desk, dovecot, mailbox: Mailbox):
    uid = dovecot.append(raw_mail(1))
    desk.ledger.fail_before_commit = Killed()
    with pytest.raises(Killed):
        desk.fetch(replace(mailbox, processed=FLAG))
    assert dovecot.flags()[uid] == set()
    desk.restart()
    assert desk.fetch(mailbox) == Fetched(new=1)
    assert desk.contents() == [raw_mail(1)]


@contextmanager
def disk_full_at(size_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size_bytes", [900_000, 3 * SMALL_BYTES], ids=["small", "large"])
def test_a_full_disk_enters_nothing_and_the_mail_comes_when_there_is_room(
    desk: Desk, scripted_imap, scripted: Mailbox, size_bytes: int
):
    scripted_imap.add(raw_mail(1, size_bytes))
    with disk_full_at(800_000), pytest.raises(OSError, match="File too large"):
        desk.fetch(scripted)
    assert desk.ledger.arrivals == []
    assert desk.unfinished() == []
    assert desk.fetch(scripted) == Fetched(new=1)


@pytest.mark.parametrize("fault", ["empty_fetches", "nil_fetches"])
def test_an_empty_fetch_is_an_error_and_tried_again(desk: Desk, scripted_imap, scripted: Mailbox, fault: str, caplog):
    scripted_imap.add(raw_mail(1))
    setattr(scripted_imap.script, fault, 1)
    with Session(scripted) as session:
        fetcher = desk.fetcher(session, scripted)
        assert fetcher.fetch_new() == Fetched(failed=1)
        assert desk.ledger.arrivals == []
        assert "mail with UID 1 is tried again" in caplog.text
        assert fetcher.fetch_new() == Fetched(new=1)


def test_one_mail_that_does_not_come_does_not_stop_the_others(desk: Desk, scripted_imap, scripted: Mailbox):
    for number in range(1, 4):
        scripted_imap.add(raw_mail(number))
    scripted_imap.script.nil_fetches = 1
    assert desk.fetch(scripted) == Fetched(new=2, failed=1)
    assert desk.contents() == [raw_mail(2), raw_mail(3)]


def test_a_mail_expunged_in_the_meantime_is_no_error(desk: Desk, scripted_imap, scripted: Mailbox, caplog):
    mails = [scripted_imap.add(raw_mail(number, 2 * SMALL_BYTES)) for number in range(1, 4)]

    def expunge_the_last() -> None:
        # Called when the first is entered; the second is being read, the third only after that.
        scripted_imap.mails[:] = mails[:2]

    with Session(scripted) as session:
        assert desk.fetcher(session, scripted, expunge_the_last).fetch_new() == Fetched(new=2)
    assert "tried again" not in caplog.text


@pytest.mark.parametrize(
    ("announced_size", "size_bytes"),
    [
        pytest.param(1_400_000_000, 2_000, id="announced 1.4 GB, 2 KB there"),
        pytest.param(1, 3 * SMALL_BYTES, id="announced 1 byte, 3 MiB there"),
        pytest.param(0, 2_000, id="announced empty"),
        pytest.param(2_100, 2_000, id="announced a little more"),
    ],
)
def test_an_announced_size_that_lies_is_read_to_the_real_end(
    desk: Desk, scripted_imap, scripted: Mailbox, announced_size: int, size_bytes: int
):
    mails = [raw_mail(1, size_bytes), raw_mail(2)]
    scripted_imap.add(mails[0], announced_size=announced_size)
    scripted_imap.add(mails[1])
    assert desk.fetch(scripted) == Fetched(new=2)
    assert sorted(desk.contents()) == sorted(mails)


@pytest.mark.parametrize("announced_size", [None, 100], ids=["announced so", "announced small"])
def test_a_mail_beyond_the_limit_is_not_fetched_and_stops_nobody(
    desk: Desk, scripted_imap, scripted: Mailbox, announced_size: int | None, caplog
):
    scripted_imap.add(raw_mail(1, 4 * SMALL_BYTES), announced_size=announced_size)
    scripted_imap.add(raw_mail(2))
    assert desk.fetch(scripted, max_mail_bytes=2 * SMALL_BYTES) == Fetched(new=1, failed=1)
    assert "larger than limits.mail_bytes" in caplog.text
    assert desk.unfinished() == []


def test_a_server_that_hangs_in_mid_fetch_is_cut_off(desk: Desk, scripted_imap, scripted: Mailbox):
    scripted_imap.add(raw_mail(1, 5_000))
    scripted_imap.script.hang_after = 2_000
    with Session(scripted, QUICK) as session, pytest.raises(ConnectionLost, match="does not answer"):
        desk.fetcher(session, scripted).fetch_new()
    scripted_imap.script.hang_after = None
    assert desk.fetch(scripted) == Fetched(new=1)


def test_a_connection_cut_in_mid_chunk_is_opened_again_and_the_mail_read_whole(
    desk: Desk, scripted_imap, scripted: Mailbox
):
    mails = [raw_mail(1), raw_mail(2, 3 * SMALL_BYTES), raw_mail(3)]
    for raw in mails:
        scripted_imap.add(raw)
    scripted_imap.script.cut_after = SMALL_BYTES // 2
    assert desk.fetch(scripted) == Fetched(new=3)
    assert scripted_imap.connections == 2
    assert sorted(desk.contents()) == sorted(mails)
    assert desk.unfinished() == []


def test_a_mail_that_always_breaks_the_connection_does_not_stop_the_others(desk: Desk, scripted_imap, scripted):
    for number in range(1, 6):
        scripted_imap.add(raw_mail(number))
    poison = scripted_imap.mails[0]
    poison.raw = PoisonBytes(poison.raw)
    fetched = desk.fetch(scripted)
    assert fetched.new == 4
    assert raw_mail(1) not in desk.contents()


class PoisonBytes(bytes):
    """A body at which the server falls over."""

    def __getitem__(self, index: Any) -> Any:
        raise OSError("the server's disk is broken here")


@pytest.mark.parametrize("processed", [FLAG, moved_to("Done")], ids=["flag", "move"])
def test_no_to_store_after_the_commit_doubles_nothing_and_is_tried_again(
    desk: Desk, scripted_imap, scripted: Mailbox, processed: Processed, caplog
):
    scripted_imap.script.refuse_store = True
    scripted_imap.add(raw_mail(1))
    filing = replace(scripted, processed=processed)
    assert desk.fetch(filing) == Fetched(new=1)
    assert desk.fetch(filing) == Fetched()
    assert "not filed, to be tried again" in caplog.text
    assert desk.ledger.unfiled("support", 1) == [1]
    scripted_imap.script.refuse_store = False
    assert desk.fetch(filing) == Fetched()
    assert desk.ledger.unfiled("support", 1) == []
    assert len(desk.ledger.arrivals) == 1


# Filing.


def test_flag_sets_the_keyword_on_every_mail(desk: Desk, dovecot, mailbox: Mailbox):
    uids = {dovecot.append(raw_mail(number)) for number in range(1, 4)}
    desk.fetch(replace(mailbox, processed=FLAG))
    assert {uid for uid, flags in dovecot.flags().items() if KEYWORD in flags} == uids
    assert desk.ledger.unfiled("support", desk.ledger.arrivals[0].uidvalidity) == []


def test_keep_changes_nothing_on_the_server(desk: Desk, scripted_imap, scripted: Mailbox):
    scripted_imap.add(raw_mail(1))
    desk.fetch(scripted)
    words = {word for command in scripted_imap.commands for word in command.split()}
    assert words.isdisjoint({"SELECT", "STORE", "MOVE", "COPY", "EXPUNGE"})


@pytest.mark.parametrize("folder", ["Done", "Đã xử lý", "Archive/2026"])
def test_move_makes_the_folder_and_moves_only_what_was_entered(desk: Desk, dovecot, mailbox: Mailbox, folder: str):
    dovecot.append(raw_mail(1))
    someone_elses = dovecot.append(raw_mail(2), internaldate=NOON - timedelta(days=365), flags=[r"\Deleted"])
    fetched = desk.fetch(replace(mailbox, processed=moved_to(folder), since=date(2026, 11, 1)))
    assert fetched == Fetched(new=1)
    assert list(dovecot.flags()) == [someone_elses]
    assert len(dovecot.flags(folder)) == 1


def test_without_move_and_uidplus_mails_are_taken_in_and_nothing_is_expunged(
    desk: Desk, scripted_imap, scripted: Mailbox, caplog
):
    scripted_imap.script.capabilities = "IMAP4rev1 IDLE"
    scripted_imap.add(raw_mail(1))
    assert desk.fetch(replace(scripted, processed=moved_to("Done"))) == Fetched(new=1)
    assert "neither MOVE nor UIDPLUS" in caplog.text
    assert not any("EXPUNGE" in command for command in scripted_imap.commands)


# Several mailboxes, large mails.


def test_several_mailboxes_at_once_share_spool_and_ledger(desk: Desk, dovecot, mailbox: Mailbox):
    users = [f"{dovecot.username}-{letter}" for letter in "abc"]
    boxes = [dovecot_server.Mailbox(dovecot.server, user) for user in users]
    for box in boxes:
        for number in range(30):
            box.append(raw_mail(number))
    results: list[Fetched] = []

    def fetch(user: str) -> None:
        results.append(desk.fetch(replace(mailbox, name=user, username=user)))

    threads = [threading.Thread(target=fetch, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for box in boxes:
        box.close()
    assert sum((one.new for one in results), 0) == 30
    assert sum((one.known for one in results), 0) == 60


def test_memory_does_not_grow_with_the_mail(desk: Desk, dovecot, mailbox: Mailbox):
    raw = raw_mail(1, 48 * SMALL_BYTES)
    fill_maildir(dovecot, [raw], NOON)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        assert desk.fetch(mailbox) == Fetched(new=1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert desk.ledger.arrivals[0].size_bytes == len(raw)
    assert peak - before < 6 * SMALL_BYTES


# Getting in.


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_is_verified(desk: Desk, dovecot, mailbox: Mailbox, security: Security):
    dovecot.append(raw_mail(1))
    port = dovecot.tls_port if security == "tls" else dovecot.port
    secure = replace(mailbox, security=security, port=port)
    with pytest.raises(AccessRefused, match="certificate refused"):
        desk.fetch(secure)
    assert desk.fetch(replace(secure, ca_file=dovecot.ca_file)) == Fetched(new=1)


def test_a_ca_file_that_cannot_be_read_is_named(desk: Desk, mailbox: Mailbox, tmp_path: Path):
    with pytest.raises(AccessRefused, match=r"ca_file .*absent\.pem"):
        desk.fetch(replace(mailbox, security="tls", ca_file=tmp_path / "absent.pem"))


def test_a_server_without_starttls_gets_no_password(desk: Desk, scripted_imap, scripted: Mailbox):
    with pytest.raises(AccessRefused, match="no STARTTLS"):
        desk.fetch(replace(scripted, security="starttls"))


@pytest.mark.parametrize("wrong", ["wrong", "mật khẩu"])
def test_a_wrong_password_is_said_in_one_line_that_does_not_show_it(
    desk: Desk, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, wrong: str
):
    monkeypatch.setenv("MAILBOX_PASSWORD", wrong)
    with pytest.raises(AccessRefused, match="check username and password") as refused:
        desk.fetch(mailbox)
    assert not refused.value.is_temporary
    assert wrong not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_secret_is_named(desk: Desk, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MAILBOX_PASSWORD")
    with pytest.raises(AccessRefused, match="MAILBOX_PASSWORD"):
        desk.fetch(mailbox)


def test_a_folder_that_does_not_exist_is_named(desk: Desk, mailbox: Mailbox):
    with pytest.raises(AccessRefused, match="opening the folder Khiếu nại"):
        desk.fetch(replace(mailbox, folder="Khiếu nại"))


def test_a_server_that_is_down_is_a_passing_error(desk: Desk, mailbox: Mailbox):
    with pytest.raises(MailboxError) as down:
        desk.fetch(replace(mailbox, port=1))
    assert down.value.is_temporary


def test_a_suspect_among_the_first_mails_comes_after_all_others_of_the_round(desk, scripted_imap, scripted):
    for number in range(120):
        scripted_imap.add(raw_mail(number))
    poison = scripted_imap.mails[0]
    poison.raw = PoisonBytes(poison.raw)
    suspects = Suspects()
    suspects.begin_round([1])
    suspects.blame(1)  # in an earlier round
    with Session(scripted, QUICK) as session:
        fetcher = Fetcher(session, scripted, desk.spool, desk.ledger, suspects=suspects, arrived=lambda: None)
        with pytest.raises(ConnectionLost):
            fetcher.fetch_new()
    assert len(desk.ledger.arrivals) == 119
