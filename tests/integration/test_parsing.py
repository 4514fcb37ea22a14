"""The parsing process: the same results as parsing here, and nothing lost when it dies."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intake.parsing import BATCH_WORTH_IT, Failure, Parser, ParserDied, attempt, parse_batch
from intake.parsing_process import ParsingProcess
from intake.reception import PreparedMail, Reception
from intake.settings.policies import read_policy
from parsers.limits import Limits
from responders.tokens import Tokens
from store.blobs import Blobs
from store.records import WaitingMail
from store.spool import Spool
from tests.own_mails import ALL_FILES, SUPPORT, write_mail

DEADLINE = 20.0  # seconds


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def reception(spool: Spool, blobs: Blobs) -> Reception:
    policy = read_policy("hakago")
    return Reception(
        spool=spool,
        open_blob=blobs.begin,
        vocabulary=policy.vocabulary(),
        zone=ZoneInfo(policy.zone),
        tokens=Tokens(b"key", SUPPORT, "+"),
        limits=Limits(),
        own_addresses=frozenset({SUPPORT}),
    )


@pytest.fixture
def parser(reception: Reception, blobs: Blobs) -> Iterator[Parser]:
    parser = Parser(reception, blobs)
    yield parser
    parser.close()


def put(spool: Spool, number: int, claims: int = 0) -> WaitingMail:
    file = spool.begin()
    file.write(write_mail(text=f"Mail số {number}: hàng nhận được bị sai màu.\n", files=ALL_FILES[:2]))
    mail = file.finish()
    spool.keep([mail])
    return WaitingMail(
        mail_id=number,
        sha256=mail.sha256,
        size_bytes=mail.size_bytes,
        mailbox="support",
        uid=number,
        sender="tuan@khach.example",
        received_at=datetime(2026, 11, 22, tzinfo=UTC),
        attempts=0,
        claims=claims,
    )


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.01)


def children() -> set[int]:
    return {child.pid for child in multiprocessing.active_children() if child.pid}


def test_other_process_finds_what_is_found_here(spool, blobs, reception, parser):
    batch = [put(spool, number, claims=1) for number in range(BATCH_WORTH_IT)]
    there = parser.begin(batch)()
    assert children()
    assert there == parse_batch(reception, blobs, batch)
    assert all(isinstance(one, PreparedMail) and len(one.received.facts.attachments) == 2 for one in there)


def test_blobs_of_the_other_process_are_in_their_places(spool, blobs, parser):
    parser.begin([put(spool, 1, claims=1)])()
    for file in ALL_FILES[:2]:
        assert any(path.read_bytes() == file.content for path in blobs.path("00" * 32).parent.parent.glob("??/*"))


def test_mail_without_its_raw_bytes_is_that_mails_failure_only(spool, parser):
    batch = [put(spool, number, claims=1) for number in range(3)]
    spool.delete(batch[1].sha256)
    first, lost, last = parser.begin(batch)()
    assert isinstance(first, PreparedMail)
    assert isinstance(last, PreparedMail)
    assert isinstance(lost, Failure)
    assert "spool" in lost.words


def test_killed_process_is_told_and_the_next_batch_has_a_new_one(spool, parser):
    before = children()
    batch = [put(spool, number, claims=1) for number in range(3)]
    parser.begin(batch)()
    (killed,) = children() - before
    os.kill(killed, signal.SIGKILL)
    with pytest.raises(ParserDied):
        parser.begin(batch)()
    assert len(parser.begin(batch)()) == 3
    assert killed not in children()


def test_process_that_was_killed_while_it_loaded_is_done_without(spool, blobs, reception):
    before = children()
    process = ParsingProcess()
    (killed,) = children() - before
    os.kill(killed, signal.SIGKILL)
    process.wait_until_ready()
    with closing(Parser(reception, blobs, process)) as parser:
        assert len(parser.begin([put(spool, 1)])()) == 1
        assert len(parser.begin([put(spool, 2, claims=1)])()) == 1


def test_full_disk_in_the_middle_of_a_batch_leaves_no_blob_of_it(spool, blobs, reception, tmp_path: Path):
    batch = [put(spool, number) for number in range(3)]
    (spool.place(batch[2].sha256)).unlink()
    spool.place(batch[2].sha256).symlink_to(spool.place(batch[2].sha256))  # reading it fails, and not for want of it
    with pytest.raises(OSError, match="symbolic links"):
        parse_batch(reception, blobs, batch)
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    assert all(isinstance(one, PreparedMail) for one in parse_batch(reception, blobs, batch[:2]))
    assert len([path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]) == 2


def test_small_batch_needs_no_other_process(spool, parser):
    before = children()  # one of another test may still be ending
    parser.begin([put(spool, 1)])()
    assert children() <= before


@pytest.mark.parametrize("by_fork", [True, False], ids=["forked", "spawned"])
def test_process_ends_when_its_parent_is_killed(tmp_path, by_fork: bool):
    script = (
        "import sys, time\n"
        "from intake.parsing_process import ParsingProcess\n"
        "if __name__ == '__main__':\n"
        f"    process = ParsingProcess(by_fork={by_fork})\n"
        "    print(process._started.result(), flush=True)\n"
        "    time.sleep(60)\n"
    )
    path = tmp_path / "parent.py"
    path.write_text(script)
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, str(path)], stdout=subprocess.PIPE, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2])


def test_a_library_that_cannot_be_loaded_is_no_fault_of_the_mail():
    with pytest.raises(OSError, match="a library cannot be loaded: No module named 'no_such_library'"):
        attempt(lambda: import_module("no_such_library"))
