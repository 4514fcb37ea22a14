"""`tiepnhan demo` as somebody who sees the product for the first time runs it: by its command line."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

COMMAND = [sys.executable, "-P", "-m", "intake.commands", "demo"]
PATIENCE = 60.0
STAFF, CUSTOMER, SUPPORT, PASSWORD = "lan@hakago.example", "tuan@khach.example", "support@hakago.example", "demo"


class RunningDemo:
    """The demonstration in a session of its own, its output read line by line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            COMMAND,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            env=os.environ | {"TMPDIR": str(folder), "PYTHONUTF8": "1"},
            start_new_session=True,
        )
        self.shown: list[str] = []

    def read_until(self, words: str) -> str:
        """The first line with these words; fails where the demonstration ends without it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.shown.append(line)
            if words in line:
                return line
        pytest.fail("".join(self.shown))

    def port(self, protocol: str) -> int:
        return int(self.read_until(f"{protocol} 127.0.0.1 port").split("port ")[1].split(",")[0])

    def children(self) -> list[int]:
        """The processes that it started: found by the parent they name (proc(5))."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid:
                found.append(int(stat.parent.name))
        return found

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.communicate(timeout=PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningDemo]:
    running = RunningDemo(tmp_path)
    yield running
    running.end()


def wait_until_gone(processes: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := [one for one in processes if is_running(one)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def is_running(process: int) -> bool:
    """Whether it works still: one that ended and that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_played_once_it_shows_every_mail_and_ends_well(tmp_path: Path):
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    ended = subprocess.run(
        [*COMMAND, "--once"],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        cwd=tmp_path,
        env=environment,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    for words in (
        "Mã khách hàng “Hakago Tuan668” - 012345",
        "✗ Video mở hàng: quay từ lúc",
        "Khiếu nại mới",
        "attached mở hàng.mp4",
        "✓ Video mở hàng (mở hàng.mp4)",
        "Hồ sơ đã đủ",
        "s later",
        "Every mail came as it should: case HKG-26-000001 is complete.",
    ):
        assert words in ended.stdout
    assert not any(tmp_path.iterdir()), "nothing is left behind"


def test_a_mail_client_can_log_in_and_its_mails_are_answered(demo: RunningDemo):
    imap_port, smtp_port = demo.port("IMAP"), demo.port("SMTP")
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=PATIENCE) as server:
        server.login(CUSTOMER, PASSWORD)
        mail = (
            f"From: {CUSTOMER}\r\nTo: {SUPPORT}\r\nSubject: Mai123 - 998877 - broken\r\n\r\nThe lamp came broken.\r\n"
        )
        server.sendmail(CUSTOMER, [SUPPORT], mail)
    demo.read_until(f"Came to {CUSTOMER}")
    assert "Received: Mai123 - 998877 - broken" in demo.read_until("Subject")
    with IMAPClient("127.0.0.1", imap_port, ssl=False, timeout=PATIENCE) as client:
        client.login(STAFF, PASSWORD)
        assert client.select_folder("INBOX")[b"EXISTS"] >= 2


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda one: one.name)
def test_a_signal_ends_it_with_everything_it_started(demo: RunningDemo, ending: signal.Signals):
    demo.read_until("Ctrl-C stops")
    children = demo.children()
    assert len(children) == 2, "servers and daemon"
    demo.process.send_signal(ending)
    assert "stopped" in demo.read_until("Everything is")
    assert demo.process.wait(timeout=PATIENCE) == 0
    wait_until_gone(children)
    assert not any(demo.folder.iterdir()), "nothing is left behind"


def test_killed_it_takes_servers_and_daemon_along(demo: RunningDemo):
    demo.read_until("Ctrl-C stops")
    children = demo.children()
    demo.process.kill()
    demo.process.wait(timeout=PATIENCE)
    wait_until_gone(children)


def test_a_daemon_that_ends_is_told_in_one_line_with_its_log(demo: RunningDemo):
    demo.read_until("Ctrl-C stops")
    for one in demo.children():
        if b"intake.demo.daemon" in Path(f"/proc/{one}/cmdline").read_bytes():
            os.kill(one, signal.SIGKILL)
    line = demo.read_until("the daemon ended")
    assert line.startswith("demo: the daemon ended with exit code -9; the daemon's log: ")
    assert Path(line.strip().rpartition(" ")[2]).is_file()
    assert demo.process.wait(timeout=PATIENCE) == 1
