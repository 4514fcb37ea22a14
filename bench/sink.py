"""A cheap SMTP sink in a process of its own, so that the sink is not what is measured (RFC 5321).

It accepts everything, notes for each mail its recipient and the moment its last line came, and keeps the mails
themselves only with `--keep FOLDER`. It obeys one command a line on standard input, answers each with one JSON line
(`report`, `reset`), and ends when standard input closes, thus with the benchmark.
"""

import argparse
import asyncio
import json
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HOST = "127.0.0.1"
_END_OF_DATA = b"\r\n.\r\n"
_EXTENSIONS = b"250-localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 1000000000\r\n"
_ADDRESS = re.compile(rb"<([^>]*)>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    recipient: str
    at: float  # seconds of time.monotonic(), which all processes of one machine share


class SinkProcess:
    """The sink as a context manager of the process that measures."""

    def __init__(self, keep: Path | None = None) -> None:
        self.host = HOST
        self.port = 0
        self._keep = keep

    def reset(self) -> None:
        """Forgets what has come so far."""
        self._ask("reset")

    def report(self) -> list[Arrival]:
        """What has come since the last reset, in order."""
        return [Arrival(recipient=recipient, at=at) for recipient, at in self._ask("report")]

    def wait_for(self, count: int, timeout: float) -> list[Arrival]:
        """What has come, when it is `count` mails or `timeout` seconds are over."""
        deadline = time.monotonic() + timeout
        while len(found := self.report()) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "bench.sink"]
        command += ["--keep", str(self._keep)] if self._keep else []
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self._read())["port"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait(timeout=10)

    def _ask(self, command: str) -> Any:
        if self._process.stdin:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()
        return json.loads(self._read())

    def _read(self) -> str:
        return self._process.stdout.readline() if self._process.stdout else ""


class _Dialogue(asyncio.Protocol):
    """One connection. Commands may come many at a time (RFC 2920)."""

    def __init__(self, arrivals: list[tuple[str, float]], keep: Path | None) -> None:
        self._arrivals = arrivals
        self._keep = keep
        self._buffer = bytearray()
        self._is_data = False
        self._recipients: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 localhost\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._take_content() if self._is_data else self._take_command():
            pass

    def _take_content(self) -> bool:
        end = self._buffer.find(_END_OF_DATA)
        if end < 0:
            return False
        now = time.monotonic()
        if self._keep:
            raw = bytes(self._buffer[: end + 2]).replace(b"\r\n..", b"\r\n.")
            (self._keep / f"{len(self._arrivals):05d}.eml").write_bytes(raw)
        self._arrivals += [(recipient, now) for recipient in self._recipients]
        del self._buffer[: end + len(_END_OF_DATA)]
        self._is_data, self._recipients = False, []
        self._transport.write(b"250 2.0.0 OK\r\n")
        return True

    def _take_command(self) -> bool:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        self._transport.write(self._answer(line[:4].upper(), line))
        if line[:4].upper() == b"QUIT":
            self._transport.close()
        return True

    def _answer(self, command: bytes, line: bytes) -> bytes:
        if command == b"EHLO":
            return _EXTENSIONS
        if command == b"DATA":
            self._is_data = True
            return b"354 go on\r\n"
        if command in (b"MAIL", b"RSET"):
            self._recipients = []
        if command == b"RCPT" and (address := _ADDRESS.search(line)):
            self._recipients.append(address[1].decode("utf-8", "replace"))
        return b"221 bye\r\n" if command == b"QUIT" else b"250 2.0.0 OK\r\n"


async def _serve(keep: Path | None) -> None:
    arrivals: list[tuple[str, float]] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Dialogue(arrivals, keep), HOST, 0)
    _say({"port": server.sockets[0].getsockname()[1]})
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        _say(arrivals if line.strip() == b"report" else {})
        if line.strip() == b"reset":
            arrivals.clear()


def _say(told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description="an SMTP sink that accepts everything")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the benchmark, which then ends the sink
    with suppress(BrokenPipeError):
        asyncio.run(_serve(parser.parse_args().keep))


if __name__ == "__main__":
    main()
