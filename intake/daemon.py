"""The daemon: watchers fetch, one thread works off inbox and clocks, the event loop delivers; each wakes the next.

    watcher threads --arrived--> worker thread --written--> event loop (SMTP)
                                      ^
             APScheduler, at the next due clock and once a minute

When nothing else is left to do, the worker lets go what is kept no longer, once a night, one piece at a time.
A disk that is full, a database that is busy or a server that is down is waited out. An error that nobody foresaw ends
the whole daemon, so that a supervisor starts it again; it never lives on half dead.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

from intake.alarm import Alarm
from intake.assembly import Assembly
from intake.mailboxes.watching import Watcher
from store.errors import StoreError

GRACE_SECONDS = 9.0  # for the mail in hand, after SIGTERM; the process is gone within ten
TICK = timedelta(seconds=60)
LONGEST_PAUSE_SECONDS = 60.0  # between attempts while disk or database fail

_log = logging.getLogger(__name__)


class Worker:
    """Works off inbox, clocks and notices in a thread, whenever it is woken."""

    def __init__(
        self,
        parts: Assembly,
        *,
        has_looked: Callable[[], bool],  # whether every mailbox was looked through since the start
        written: Callable[[], None],
        died: Callable[[BaseException], None],
    ) -> None:
        self._parts = parts
        self._has_looked = has_looked
        self._written = written
        self._died = died
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    def join(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        pause = 0.0
        try:
            while not self._stopping:
                self._wake.wait(pause or None)
                self._wake.clear()
                pause = self._work_until_idle(pause)
        except BaseException as error:
            self._died(error)
            raise

    def _work_until_idle(self, last_pause: float) -> float:
        """Work until nothing is left; the seconds to wait before trying again where something failed, else 0."""
        try:
            while not self._stopping and (
                self._parts.work_once(with_clocks=self._has_looked()) or self._parts.nightly.work()
            ):
                self._written()
        except (StoreError, OSError) as error:
            pause = min(LONGEST_PAUSE_SECONDS, max(1.0, last_pause * 2))
            _log.error("work waits %d s: %s", pause, error)
            return pause
        return self._seconds_to_next_mail()

    def _seconds_to_next_mail(self) -> float:
        """Until a mail that failed is due again; 0 where none waits."""
        due_at = self._parts.inbox.next_due_at()
        return max(0.1, (due_at - self._parts.now()).total_seconds()) if due_at else 0.0


class Daemon:
    """All of it, for as long as it runs."""

    def __init__(self, parts: Assembly) -> None:
        self._parts = parts
        self._alarm = Alarm()
        self._deliver = asyncio.Event()
        self._ended = asyncio.Event()
        self._error: BaseException | None = None

    async def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises what ended a thread that nobody foresaw."""
        loop = asyncio.get_running_loop()

        def from_thread(call: Callable[..., object], *arguments: object) -> None:
            loop.call_soon_threadsafe(call, *arguments)

        worker = Worker(
            self._parts,
            has_looked=lambda: all(watcher.has_looked for watcher in watchers),
            written=lambda: from_thread(self._deliver.set),
            died=lambda error: from_thread(self._end, error),
        )
        watchers = [
            Watcher(
                mailbox,
                self._parts.spool,
                self._parts.ledger,
                arrived=worker.wake,
                died=lambda error: from_thread(self._end, error),
                now=self._parts.now,
                max_mail_bytes=self._parts.config.limits.mail_bytes,
            )
            for mailbox in self._parts.config.mailboxes
        ]
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end, None)
        self._alarm.start()
        self._alarm.ring_every("tick", TICK, lambda: self._tick(worker, watchers))
        delivering = asyncio.create_task(self._keep_delivering(worker))
        worker.start()
        for watcher in watchers:
            watcher.start()
        self._set_alarm(worker)
        _log.info("started", extra={"mailboxes": len(watchers), "policy": self._parts.policy.name})
        await self._ended.wait()
        await self._stop(worker, watchers, delivering)

    def _end(self, error: BaseException | None) -> None:
        self._error = self._error or error
        self._ended.set()

    def _tick(self, worker: Worker, watchers: list[Watcher]) -> None:
        worker.wake()
        self._deliver.set()
        self._set_alarm(worker)
        for watcher in watchers:
            watcher.check()

    def _set_alarm(self, worker: Worker) -> None:
        """Ring when the next clock is due, if that is before the next tick."""
        try:
            due_at = self._parts.clocks.next_due_at()
        except StoreError as error:
            _log.warning("the clocks could not be asked: %s", error)
            return
        if due_at and due_at < self._parts.now() + TICK:
            self._alarm.ring_at("clock", due_at, worker.wake)

    async def _keep_delivering(self, worker: Worker) -> None:
        later: asyncio.TimerHandle | None = None
        while True:
            await self._deliver.wait()
            self._deliver.clear()
            if later:
                later.cancel()
            try:
                if await self._parts.deliverer.deliver_due(self._parts.now):
                    worker.wake()  # failed deliveries are told to staff
                wait = await asyncio.to_thread(self._seconds_to_next_delivery)
            except StoreError as error:
                _log.error("delivery waits: %s", error)
                wait = 5.0
            if wait is not None:
                later = asyncio.get_running_loop().call_later(wait, self._deliver.set)

    def _seconds_to_next_delivery(self) -> float | None:
        due_at = self._parts.outbox.next_due_at()
        return max(1.0, (due_at - self._parts.now()).total_seconds()) if due_at else None

    async def _stop(self, worker: Worker, watchers: list[Watcher], delivering: "asyncio.Task[None]") -> None:
        """Finish what is in hand, for at most GRACE_SECONDS; what is cut off then is done again at the next start."""
        _log.info("stopping")
        deadline = asyncio.get_running_loop().time() + GRACE_SECONDS
        for watcher in watchers:
            watcher.stop()
        worker.stop()
        self._alarm.stop()

        def left() -> float:
            return max(0.0, deadline - asyncio.get_running_loop().time())

        try:
            async with asyncio.timeout(left()):
                await self._parts.deliverer.close()
        except TimeoutError:
            _log.warning("a mail was being sent when time was up; it is sent again at the next start")
        delivering.cancel()
        threads: list[Watcher | Worker] = [*watchers, worker]
        are_done = [await asyncio.to_thread(thread.join, left()) for thread in threads]
        if not all(are_done):
            _log.warning("work was cut off after %d s; it is done again at the next start", GRACE_SECONDS)
            os._exit(1 if self._error else 0)
        if self._error:
            raise self._error


def run_daemon(parts: Assembly) -> None:
    """Run until a signal ends it."""

    async def run() -> None:
        await Daemon(parts).run()

    asyncio.run(run())
