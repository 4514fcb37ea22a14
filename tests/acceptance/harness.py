"""The program, started by its command line as an administrator does, watched from outside, stopped or killed."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from tests.installation import Account, Installation
from tests.own_mails import write_mail
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink

PROGRAM = Path(sys.executable).parent / "tiepnhan"
SECONDS = 60.0  # longest wait for something that must happen
_GLANCE = 0.003  # seconds between two looks at something that nobody announces


class Running:
    """A process of the program; `log` is what it has said so far."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._log = log
        with log.open("wb") as file:
            self._process = subprocess.Popen(command, stdout=file, stderr=file)

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill_children(self, command: bytes) -> int:
        """Kill the child processes whose command line contains `command`; how many there were."""
        threads = Path(f"/proc/{self._process.pid}/task").iterdir()
        children = [child for thread in threads for child in (thread / "children").read_text("ascii").split()]
        meant = [int(child) for child in children if command in Path(f"/proc/{child}/cmdline").read_bytes()]
        for child in meant:
            os.kill(child, signal.SIGKILL)
        return len(meant)

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self, seconds: float = SECONDS) -> int:
        """The exit code."""
        return self._process.wait(timeout=seconds)

    def wait_until(self, condition: Callable[[], bool], seconds: float = SECONDS) -> bool:
        """Whether `condition` came to hold while the process ran."""
        deadline = time.monotonic() + seconds
        while not condition():
            if self.has_ended or time.monotonic() > deadline:
                return condition()
            time.sleep(_GLANCE)
        return True

    def kill(self) -> None:
        """As `kill -9` or a loss of power to the process."""
        self._process.kill()
        self._process.wait()

    def interrupt(self) -> int:
        """As Ctrl-C; the exit code. Raises TimeoutExpired."""
        self._process.send_signal(signal.SIGINT)
        return self.wait()

    def terminate(self) -> float:
        """As a supervisor stops it; the seconds it took. Raises TimeoutExpired."""
        started = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=SECONDS)
        return time.monotonic() - started


class Site(Installation):
    """An installation whose program is started for real."""

    def __init__(self, folder: Path, mailbox: Mailbox, sink: SmtpSink, account: str = "") -> None:
        super().__init__(folder, [Account.of(mailbox, more=account)], sink)
        self.mailbox = mailbox
        self.customers: list[str] = []
        self._started = 0

    def receive(self, count: int) -> None:
        """Complaints of customers who never wrote before arrive at the server."""
        for _ in range(count):
            customer = f"khach{len(self.customers):04d}@khach.example"
            self.mailbox.append(write_mail(sender=customer))
            self.customers.append(customer)

    @contextmanager
    def running(self, *options: str) -> Iterator[Running]:
        """`tiepnhan run`, for as long as the context is open at the longest."""
        process = Running([str(PROGRAM), "run", "--config", str(self.config), *options], self._new_log())
        try:
            yield process
        finally:
            process.kill()

    def run_once(self, now: datetime | None = None) -> Running:
        """`tiepnhan run --once`, to its end."""
        options = ["--once", *(["--now", now.isoformat()] if now else [])]
        with self.running(*options) as process:
            process.wait()
        return process

    def run_once_limited(self, *, file_kibibytes: int) -> None:
        """The same, by a shell that lets no file grow beyond a size (ulimit counts blocks of 512 bytes in POSIX)."""
        command = f'ulimit -f {2 * file_kibibytes}; exec "$0" run --once --config "$1"'
        process = Running(["/bin/sh", "-c", command, str(PROGRAM), str(self.config)], self._new_log())
        assert process.wait() == 1, process.log

    def _new_log(self) -> Path:
        self._started += 1
        return self.folder / f"run-{self._started:03d}.log"

    def count(self, table: str, condition: str = "1") -> int:
        """Rows of the database, read from outside; 0 while there is none."""
        path = self.data / "tiepnhan.db"
        if not path.exists():
            return 0
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as connection:
            try:
                found: int = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]
            except sqlite3.OperationalError:  # not made yet
                return 0
        return found

    def lost(self) -> list[str]:
        """What was promised and is not so, one line each: a ticket and one acknowledgement for every customer."""
        owners = [one["customer_email"] for one in self.tickets()]
        problems = [f"{one} has {owners.count(one)} tickets" for one in self.customers if owners.count(one) != 1]
        problems += [f"ticket of a stranger: {one}" for one in owners if one not in self.customers]
        problems += [f"in quarantine: {one.sender}: {one.error}" for one in self.quarantined()]
        for customer in self.customers:
            different = {one.raw for one in self.sink.received if customer in one.recipients}
            if len(different) != 1:
                problems.append(f"{customer} got {len(different)} different acknowledgements")
        return problems

    @property
    def repeated(self) -> int:
        """Mails that came more than once, byte for byte the same."""
        return len(self.sink.received) - len({(one.recipients, one.raw) for one in self.sink.received})


def pause(draw: random.Random, longest: float) -> None:
    """A moment of random length: what is tested is that it does not matter when."""
    time.sleep(draw.uniform(0.0, longest))
