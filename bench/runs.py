"""Running one side of the comparison as a child process, and what that cost."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bench.sink import SinkProcess
from tests.servers.dovecot import PASSWORD, Dovecot

SUPPORT = "support@hakago.example"
_STOP_SECONDS = 15.0
_ERROR_LINES = 5  # of a failed side's last words

_CONFIG = """
[service]
name = "Hakago"
address = "{support}"
policy = "hakago"
language = "vi"
data = "{folder}/var"
database = "sqlite:///{folder}/var/tiepnhan.db"

[[mailbox]]
name = "support"
host = "{imap_host}"
port = {imap_port}
security = "plain"
username = "{username}"
password = {{ env = "TIEPNHAN_IMAP_PASSWORD" }}
folder = "INBOX"
poll = "60s"
processed = "keep"
since = "2000-01-01"

[smtp]
host = "{smtp_host}"
port = {smtp_port}
security = "plain"
connections = 4

[limits]
automatic_per_hour = 1000000
"""


class SideError(RuntimeError):
    """One side failed; carries its last words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    wall: float  # seconds
    cpu: float  # seconds, user and system, of the process and its children
    peak_rss: int  # bytes, of the largest single process


def reference_command(server: Dovecot, sink: SinkProcess, username: str, folder: Path) -> list[str]:
    command = [sys.executable, "-m", "bench.reference", "--username", username, "--database", str(folder / "plain.db")]
    return [*command, "--imap-port", str(server.port), "--smtp-port", str(sink.port)]


def product_command(server: Dovecot, sink: SinkProcess, username: str, folder: Path) -> list[str]:
    """Writes a config file and returns the command of the daemon; `--once` is for the caller to add."""
    config = folder / "config.toml"
    text = _CONFIG.format(
        support=SUPPORT,
        folder=folder,
        imap_host=server.host,
        imap_port=server.port,
        username=username,
        smtp_host=sink.host,
        smtp_port=sink.port,
    )
    config.write_text(text, encoding="utf-8")
    (folder / "var").mkdir(exist_ok=True)
    return [str(Path(sys.executable).parent / "tiepnhan"), "run", "--config", str(config)]


def measure(command: Sequence[str]) -> Cost:
    """Runs `command` to its end; raises SideError where it fails. It does not outlive this call."""
    with tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=_environment())
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            _end(process)
            raise
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SideError(f"{command[0]} ended with {process.returncode}: {_last_words(errors)}")
    return Cost(wall=wall, cpu=used.ru_utime + used.ru_stime, peak_rss=used.ru_maxrss * 1024)


@contextmanager
def running(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Runs `command` while the context is open, then stops it as an administrator would (SIGTERM)."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=_environment())
        try:
            yield process
            if process.poll() is not None:
                raise SideError(f"{command[0]} ended with {process.returncode}: {_last_words(errors)}")
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_words(errors: BinaryIO) -> str:
    errors.seek(0)
    return "\n".join(errors.read().decode("utf-8", "replace").splitlines()[-_ERROR_LINES:])


def _environment() -> dict[str, str]:
    return {**os.environ, "TIEPNHAN_IMAP_PASSWORD": PASSWORD}
