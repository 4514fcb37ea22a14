"""A full disk, a locked database, servers that are gone: mail waits, nothing is lost, nobody is told twice."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.acceptance.harness import Site
from tests.installation import LAN, noon_in
from tests.own_mails import TUAN, File, write_mail

MEBIBYTE = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MiB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = [shutil.which("mount") or "false", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only root may mount a small disk; the limit on file sizes is tested in its place")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


class Ballast:
    """Fills a disk to the last byte and empties it again."""

    def __init__(self, disk: Path) -> None:
        self._file = disk / "ballast"

    def fill(self) -> None:
        with self._file.open("wb", buffering=0) as file:
            for size in (MEBIBYTE, 4096, 1):
                while True:
                    try:
                        file.write(b"x" * size)
                    except OSError:
                        break

    def empty(self) -> None:
        self._file.unlink()


def test_full_disk_ends_a_pass_with_one_line_and_loses_nothing(site: Site, small_disk: Path):
    site.configure(data=small_disk / "var")
    site.receive(5)
    site.run_once()
    ballast = Ballast(small_disk)
    ballast.fill()
    site.receive(10)
    failed = site.run_once()
    assert failed.wait() == 1
    assert "Traceback" not in failed.log
    ballast.empty()
    assert site.run_once().wait() == 0
    assert site.lost() == []


def test_daemon_waits_out_a_full_disk_and_then_takes_in_what_came(site: Site, small_disk: Path):
    site.configure(data=small_disk / "var")
    site.receive(3)
    ballast = Ballast(small_disk)
    with site.running() as daemon:
        assert daemon.wait_until(lambda: len(site.sink.received) == 3), daemon.log
        ballast.fill()
        site.receive(10)
        assert daemon.wait_until(lambda: "No space left" in daemon.log or "is full" in daemon.log), daemon.log
        ballast.empty()
        assert daemon.wait_until(lambda: len(site.sink.received) >= 13), daemon.log
        assert daemon.terminate() < 10
    assert "Traceback" not in daemon.log
    assert site.lost() == []


def test_large_mail_that_the_disk_has_no_room_for_delays_only_itself(site: Site, small_disk: Path):
    site.configure(data=small_disk / "var")
    video = File(name="mở hộp.mp4", type="video/mp4", content=os.urandom(4 * MEBIBYTE))
    site.mailbox.append(write_mail(sender="lon@khach.example", files=[video]))
    ballast = Ballast(small_disk)
    ballast.fill()
    Path(small_disk / "ballast").open("r+b").close()
    os.truncate(small_disk / "ballast", (small_disk / "ballast").stat().st_size - 3 * MEBIBYTE)
    failed = site.run_once()
    assert failed.wait() == 1
    assert "Traceback" not in failed.log
    assert not list((site.data / "spool" / "new").glob("*"))
    ballast.empty()
    site.customers.append("lon@khach.example")
    assert site.run_once().wait() == 0
    assert site.lost() == []


def test_mail_beyond_the_limit_on_file_sizes_is_taken_in_when_the_limit_is_gone(site: Site):
    """`ulimit -f` makes large writes fail as a quota does, for everybody."""
    video = File(name="mở hộp.mp4", type="video/mp4", content=os.urandom(4 * MEBIBYTE))
    site.mailbox.append(write_mail(files=[video]))
    site.run_once_limited(file_kibibytes=2048)
    assert site.tickets() == []
    site.run_once()
    site.customers.append(TUAN)
    assert site.lost() == []


def test_database_locked_by_another_program_for_seconds_delays_mail_and_loses_none(site: Site):
    site.receive(2)
    with site.running() as daemon:
        assert daemon.wait_until(lambda: len(site.sink.received) == 2), daemon.log
        with closing(sqlite3.connect(site.data / "tiepnhan.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            site.receive(10)
            assert not daemon.wait_until(lambda: len(site.sink.received) > 2, seconds=3)
            other.execute("ROLLBACK")
        assert daemon.wait_until(lambda: len(site.sink.received) == 12), daemon.log
        assert daemon.terminate() < 10
    assert site.lost() == []


@pytest.mark.soak
def test_database_locked_for_longer_than_anybody_waits_delays_mail_and_loses_none(site: Site):
    site.receive(2)
    with site.running() as daemon:
        assert daemon.wait_until(lambda: len(site.sink.received) == 2), daemon.log
        with closing(sqlite3.connect(site.data / "tiepnhan.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            site.receive(10)
            assert not daemon.wait_until(lambda: len(site.sink.received) > 2, seconds=45)
            other.execute("ROLLBACK")
        assert daemon.wait_until(lambda: len(site.sink.received) == 12, seconds=120), daemon.log
    assert site.lost() == []


def test_smtp_server_that_is_down_keeps_every_answer_until_it_is_back(site: Site):
    site.sink.go_down()
    site.receive(10)
    with site.running() as daemon:
        assert daemon.wait_until(lambda: site.count("outbox", "state = 'queued'") == 10), daemon.log
        assert daemon.wait_until(lambda: "nothing can be sent" in daemon.log), daemon.log
        site.sink.come_up()
        assert daemon.wait_until(lambda: len(site.sink.received) == 10), daemon.log
    assert site.lost() == []
    assert site.count("outbox", "attempts > 1") == 0


def test_pass_with_the_smtp_server_down_takes_in_all_mails_and_says_so(site: Site):
    site.sink.go_down()
    site.receive(5)
    done = site.run_once()
    assert done.wait() == 1
    assert "Traceback" not in done.log
    assert len(site.tickets()) == 5
    site.sink.come_up()
    assert site.run_once().wait() == 0
    assert site.lost() == []


def test_servers_that_are_unknown_end_a_pass_with_words_and_no_traceback(site: Site):
    text = site.config.read_text(encoding="utf-8").replace('host = "127.0.0.1"', 'host = "nowhere.invalid"')
    site.config.write_text(text.replace('security = "plain"', 'security = "tls"'), encoding="utf-8")
    done = site.run_once()
    assert done.wait() == 1
    assert "mailbox support" in done.log
    assert "Traceback" not in done.log


def test_imap_sessions_that_are_cut_again_and_again_lose_nothing(site: Site):
    with site.running() as daemon:
        for round_ in range(4):
            site.receive(5)
            daemon.wait_until(lambda round_=round_: len(site.sink.received) > 5 * round_)  # type: ignore[misc]
            site.mailbox.kick_sessions()
        assert daemon.wait_until(lambda: len(site.sink.received) >= 20), daemon.log
    assert site.lost() == []


def test_parsing_process_that_was_killed_between_two_floods_is_replaced_and_loses_nothing(site: Site):
    """As the kernel kills what takes most memory."""
    site.receive(200)
    with site.running() as daemon:
        assert daemon.wait_until(lambda: len(site.sink.received) == 200), daemon.log
        assert daemon.kill_children(b"spawn_main") == 1
        site.receive(40)
        assert daemon.wait_until(lambda: len(site.sink.received) == 240), daemon.log
    assert site.lost() == []


def test_daemon_stopped_in_a_flood_leaves_all_that_waits_to_the_next_pass(site: Site):
    site.receive(200)
    with site.running() as daemon:
        assert daemon.wait_until(lambda: site.count("ticket") > 0), daemon.log
        assert daemon.terminate() < 10
    assert site.count("inbox", "leased_by IS NOT NULL") == 0
    assert site.run_once().wait() == 0
    assert site.lost() == []


def test_pass_ended_by_the_keyboard_leaves_all_that_waits_to_the_next_one(site: Site):
    site.receive(200)
    with site.running("--once") as interrupted:
        assert interrupted.wait_until(lambda: site.count("ticket") > 0), interrupted.log
        assert interrupted.interrupt() == 130
    assert "Traceback" not in interrupted.log
    assert site.count("inbox", "leased_by IS NOT NULL") == 0
    assert site.run_once().wait() == 0
    assert site.lost() == []


def test_two_daemons_on_one_database_share_the_work_and_double_nothing(site: Site):
    site.configure(staff=[LAN])
    site.receive(20)
    with site.running() as one, site.running() as other:
        site.receive(20)
        assert one.wait_until(lambda: site.count("outbox", "state = 'sent'") == 80), one.log + other.log
        assert not other.has_ended, other.log
    assert site.lost() == []
    assert site.repeated == 0


def test_reminders_missed_in_a_week_without_the_program_come_as_one(site: Site):
    site.receive(5)
    site.run_once()
    site.run_once(now=noon_in(days=6))
    assert len(site.sink.received) == 10
