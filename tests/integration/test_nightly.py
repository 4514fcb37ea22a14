"""Retention as an admin and the daemon run it: by the policy of the installation, once a night."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from intake.cases.retention import Nightly, Retention
from intake.settings.config import read_config
from intake.settings.policies import read_policy
from store.database import Database
from tests.installation import LAN
from tests.mailroom import Mailroom
from tests.own_mails import ALL_FILES, write_mail
from tests.servers.sink import SmtpSink

DAY = timedelta(days=1)
ALMOST_A_YEAR, YEARS = timedelta(days=360), timedelta(days=6 * 365)


@pytest.fixture
def room(tmp_path: Path, sink: SmtpSink) -> Mailroom:
    """A case with files that was closed at the beginning."""
    made = Mailroom(tmp_path, sink)
    made.take_in(write_mail(files=ALL_FILES))
    made.do(*made.numbers(), "resolve", "refund", text="Đã hoàn tiền.")
    if made.ticket()["state"] != "closed":
        made.do(*made.numbers(), "close")
    return made


class Night:
    """What a night does, as the daemon asks for it until nothing is left to do."""

    def __init__(self, room: Mailroom, database: Database) -> None:
        config = read_config(room.config)
        policy = read_policy(config.service.policy)
        retention = Retention(config, policy, database, lambda: room.now)
        self._nightly = Nightly(retention, database, policy, lambda: room.now)

    def work(self) -> int:
        total = 0
        while done := self._nightly.work():
            total += done
        return total


@contextmanager
def started(room: Mailroom) -> Iterator[Night]:
    with closing(room.database()) as database:
        yield Night(room, database)


def files(room: Mailroom) -> int:
    return sum(path.is_file() for folder in ("spool", "blobs") for path in (room.data / folder).rglob("*"))


def test_files_go_after_their_time_and_the_case_after_its_own(room: Mailroom):
    room.now += ALMOST_A_YEAR
    assert "0 cases, files of 0 more, 0 records" in room.command("retention", "run", "--dry-run")
    assert room.command("retention", "run") == "nothing to delete\n"
    room.now += 10 * DAY
    assert "its files" in room.command("retention", "run", "--dry-run")
    assert files(room) == 5
    assert "attachment 4" in room.command("retention", "run")
    assert files(room) == 0
    assert len(room.tickets()) == 1
    room.now += YEARS
    assert "the whole case" in room.command("retention", "run", "--dry-run")
    assert '"ticket": 1' in room.command("retention", "run", "--json")
    assert room.tickets() == []


def test_the_daemon_does_it_once_a_night_and_a_restart_does_not_repeat_it(room: Mailroom):
    room.now += YEARS
    with started(room) as first:
        assert first.work() == 0  # the first night is for looking
        room.now += DAY
        assert first.work() > 0
        assert room.tickets() == []
    room.take_in(write_mail(sender="la@noikhac.example"))
    room.do(*room.numbers(), "close")
    room.configure(staff=[LAN])
    with started(room) as again:
        assert again.work() == 0
        monthly = []
        for _ in range(YEARS // (30 * DAY)):
            room.now += 30 * DAY
            monthly.append(again.work())
        assert sum(monthly) > 0
        assert monthly[0] == 0


def test_a_clock_that_jumps_years_ahead_deletes_nothing_in_its_first_night(
    room: Mailroom, caplog: pytest.LogCaptureFixture
):
    with started(room) as daemon:
        daemon.work()
        right = room.now
        room.now += YEARS
        assert daemon.work() == 0
        assert [record.message.partition(":")[0] for record in caplog.records] == ["retention waits a night"]
        room.now = right + DAY  # the clock is put right: nothing is due, nothing is gone
        assert daemon.work() == 0
    assert len(room.tickets()) == 1


def test_the_night_begins_at_three(room: Mailroom):
    room.now += YEARS
    with started(room) as daemon:
        daemon.work()
        room.now = (room.now + DAY).replace(hour=2, minute=59)
        assert daemon.work() == 0
        room.now += timedelta(minutes=1)
        assert daemon.work() > 0


def test_a_night_that_fails_is_told_and_the_next_one_does_its_work(room: Mailroom, caplog: pytest.LogCaptureFixture):
    room.now += YEARS
    with started(room) as daemon:
        daemon.work()
        room.now += DAY
        folder = room.data / "blobs" / "00"
        folder.write_text("no folder")
        with caplog.at_level(logging.ERROR):
            daemon.work()
            assert daemon.work() == 0
        assert [record.message.partition(":")[0] for record in caplog.records] == [
            "retention failed, and is tried again next night"
        ]
        folder.unlink()
        caplog.clear()
        room.now += DAY
        daemon.work()
        assert caplog.records == []
