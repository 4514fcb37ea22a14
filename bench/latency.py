"""How long a customer waits: from the arrival of a mail to its acknowledgement at the SMTP sink.

The daemon runs under IDLE while mails are appended one by one at random moments. Beside it a bare IMAPClient idles on
the same mailbox: when it is told of a mail is the server's own push delay, which no client can go below. A mail
arrives when its APPEND begins, so both figures include storing it.
"""

import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from imapclient import IMAPClient

from bench.mails import make_text_mail, sender_of
from bench.runs import SideError, product_command, running
from bench.sink import SinkProcess
from tests.servers.dovecot import PASSWORD, Dovecot

_READY_SECONDS = 60.0  # for the daemon to start and answer a first mail
_ANSWER_SECONDS = 30.0  # for the last answers to come
_PAUSE_SECONDS = (0.05, 0.8)
_FIRST_NUMBER = 90_000  # of our mails: not those of the other parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Latency:
    """Seconds per mail, in the order of arrival."""

    pushed: Sequence[float]  # until the bare client was told
    acknowledged: Sequence[float]  # until the acknowledgement was at the sink
    missing: int  # acknowledgements that never came


@dataclass(kw_only=True, slots=True)
class _Listener:
    """The bare client: notes when it is told of how many mails."""

    client: IMAPClient
    stop: threading.Event = field(default_factory=threading.Event)
    told: list[tuple[int, float]] = field(default_factory=list)  # (mails in the folder, when)

    def listen(self) -> None:
        while not self.stop.is_set():
            answers = self.client.idle_check(timeout=0.2)
            now = time.monotonic()
            self.told += [(int(answer[0]), now) for answer in answers if answer[1] == b"EXISTS"]

    def told_at(self, count: int) -> float | None:
        return next((when for exists, when in self.told if exists >= count), None)


def measure_latency(server: Dovecot, sink: SinkProcess, folder: Path, count: int, seed: int = 7) -> Latency:
    """Raises SideError where the daemon does not answer at all."""
    username = "latency"
    sink.reset()
    with (
        closing(_Connection(server, username)) as filler,
        closing(_Connection(server, username)) as bare,
        running(product_command(server, sink, username, folder)),
    ):
        filler.append(make_text_mail(_FIRST_NUMBER))
        if not sink.wait_for(1, _READY_SECONDS):
            raise SideError(f"no acknowledgement within {_READY_SECONDS:.0f} s")
        with _listening(bare.client) as listener:
            arrived = list(_append_all(filler, count, random.Random(seed)))
            acknowledged = {one.recipient: one.at for one in sink.wait_for(count + 1, _ANSWER_SECONDS)}
    return _compare(arrived, acknowledged, listener)


@contextmanager
def _listening(client: IMAPClient) -> Iterator[_Listener]:
    client.select_folder("INBOX", readonly=True)
    client.idle()
    listener = _Listener(client=client)
    thread = threading.Thread(target=listener.listen, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        listener.stop.set()
        thread.join()


class _Connection:
    def __init__(self, server: Dovecot, username: str) -> None:
        self.client = IMAPClient(server.host, server.port, ssl=False, timeout=30)
        self.client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.client.login(username, PASSWORD)

    def append(self, raw: bytes) -> None:
        self.client.append("INBOX", raw)

    def close(self) -> None:
        self.client.shutdown()


def _append_all(filler: _Connection, count: int, draw: random.Random) -> Iterator[tuple[str, float]]:
    """Yields the sender and the moment of arrival of each mail."""
    for number in range(1, count + 1):
        raw = make_text_mail(_FIRST_NUMBER + number)
        time.sleep(draw.uniform(*_PAUSE_SECONDS))
        arrived = time.monotonic()
        filler.append(raw)
        yield sender_of(raw), arrived


def _compare(arrived: Sequence[tuple[str, float]], acknowledged: dict[str, float], listener: _Listener) -> Latency:
    pushed = [
        told - at for number, (_, at) in enumerate(arrived, start=2) if (told := listener.told_at(number)) is not None
    ]  # the first mail of the folder woke the daemon
    answered = [acknowledged[sender] - at for sender, at in arrived if sender in acknowledged]
    return Latency(pushed=pushed, acknowledged=answered, missing=len(arrived) - len(answered))


def describe(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return "too few to tell"
    return f"median {median(seconds) * 1000:.0f} ms, p99 {quantiles(seconds, n=100)[98] * 1000:.0f} ms"
