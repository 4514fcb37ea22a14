"""From the outbox to the SMTP server: mails of one ticket to one person in order, all others side by side.

What fails, and what then happens:

- the server refuses a mail for now: that mail is tried again by `MAIL_RETRIES`, the next mails go on;
- it refuses a mail for good, or for longer than that policy lasts: the mail has failed, with the server's words;
- the server cannot be used at all: the whole queue waits by `SERVER_PAUSES`, no mail counts as tried;
- a result cannot be recorded: nothing more is sent until it is; StoreError goes up;
- the process dies: what was sent and not recorded goes out again with the same Message-ID, after its lease.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from zlib import crc32

from responders.outages import Outage, ServerWatch
from responders.refusals import ConnectionBroke, DeliveryError, MailRefused, ServerUnavailable
from responders.retries import MAIL_RETRIES, SERVER_PAUSES, RetryPolicy
from responders.smtp import SmtpConnection, SmtpServer
from store.errors import StoreError
from store.outbox import DeliveryResult, Outbox, OutgoingMail

_log = logging.getLogger(__name__)

CLAIM = 100  # mails at a time: a second's work on a server nearby, and few to repeat after a crash
RECORD_EVERY = 0.05  # seconds; many mails share one commit
IDLE = 30.0  # seconds; servers end connections without work after a minute or more


class Deliverer:
    """Delivers what is due. One at a time in a process; several processes may share an outbox."""

    def __init__(
        self,
        outbox: Outbox,
        server: SmtpServer,
        *,
        connections: int,
        worker: str,  # names this process in the leases
        retries: RetryPolicy = MAIL_RETRIES,
        pauses: RetryPolicy = SERVER_PAUSES,
        idle: float = IDLE,  # seconds until connections without work are closed
    ) -> None:
        self._outbox = outbox
        self._connections = [SmtpConnection(server) for _ in range(connections)]
        self._worker = worker
        self._retries = retries
        self._watch = ServerWatch(pauses, seed=crc32(worker.encode()))
        self._longest = timedelta(seconds=server.timeout + server.content_timeout)  # one mail in hand
        self._busy = asyncio.Lock()
        self._is_leaving = False
        self._results: list[DeliveryResult] = []  # not yet recorded
        self._idle_after = idle
        self._idle: asyncio.Task[None] | None = None

    @property
    def outage(self) -> Outage | None:
        """Why nothing is being sent; None while the server can be used."""
        return self._watch.outage

    async def deliver_due(self, now: Callable[[], datetime]) -> int:
        """Sends until nothing is due or the server cannot be used; returns how many mails were sent.

        Raises StoreError where the outbox cannot be read or written.
        """
        sent = 0
        async with self._busy:
            self._stop_idling()
            try:
                await self._write_down()
                while self._may_send(now()) and (mails := await self._claim(now())):
                    sent += await self._deliver(_Round(mails, time_left=self._longest), now)
            finally:
                if not self._is_leaving:
                    self._idle = asyncio.create_task(self._close_when_idle())
        return sent

    async def close(self) -> None:
        """Finishes the mails in hand, records them and takes leave of the server. Nothing is sent afterwards."""
        self._is_leaving = True
        async with self._busy:
            self._stop_idling()
            await self._write_down()
            await self._disconnect()

    def _may_send(self, now: datetime) -> bool:
        return not self._is_leaving and not self._watch.is_paused(now)

    async def _claim(self, now: datetime) -> Sequence[OutgoingMail]:
        # Half of the lease to begin a mail, the other half to end the last one begun.
        return await asyncio.to_thread(self._outbox.claim_due, now, CLAIM, 2 * self._longest, self._worker)

    # One round: what was claimed at once.

    async def _deliver(self, work: "_Round", now: Callable[[], datetime]) -> int:
        is_done = asyncio.Event()
        recorder = asyncio.create_task(self._keep_recording(work, is_done))
        try:
            await self._send_all(work, now)
        finally:
            is_done.set()
            await recorder
            await self._write_down()
            await asyncio.to_thread(self._outbox.release, sorted(work.untried))
        return work.sent

    async def _send_all(self, work: "_Round", now: Callable[[], datetime]) -> None:
        open_first = sorted(self._connections, key=lambda connection: not connection.is_open)
        first, *others = open_first[: len(work.groups)]
        try:
            await first.open()  # before the others, so that a dead server is asked once
        except ServerUnavailable as error:
            self._watch.see_outage(error, now())
            return
        await asyncio.gather(*(self._send_groups(connection, work, now) for connection in (first, *others)))

    async def _send_groups(self, connection: SmtpConnection, work: "_Round", now: Callable[[], datetime]) -> None:
        while not self._is_leaving and (group := work.next_group()):
            try:
                await self._send_group(connection, group, work, now)
            except ServerUnavailable as error:
                work.put_back(group)
                # Where another connection is open, the server only wants fewer of them.
                if work.may_begin and not any(one.is_open for one in self._connections):
                    work.is_stopped = True
                    self._watch.see_outage(error, now())
                return

    async def _send_group(
        self, connection: SmtpConnection, group: deque[OutgoingMail], work: "_Round", now: Callable[[], datetime]
    ) -> None:
        while group and work.may_begin and not self._is_leaving:
            error = await self._send(connection, group[0])
            result = self._make_result(group.popleft(), error, now())
            self._results.append(result)
            work.note(result)
            if not isinstance(error, ConnectionBroke):
                self._watch.see_answer()
            elif work.may_begin:
                work.is_stopped = self._watch.see_break(error, now())
            if result.outcome == "retry":
                return  # what comes after it must not overtake it

    async def _send(self, connection: SmtpConnection, mail: OutgoingMail) -> DeliveryError | None:
        """None: sent. Raises ServerUnavailable."""
        try:
            await connection.send(mail)
        except (MailRefused, ConnectionBroke) as error:
            _log.warning("mail was not sent: %s", error, extra=_named(mail))
            return error
        except ServerUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # one mail that nobody foresaw must not stop the others
            _log.exception("mail could not be sent", extra=_named(mail))
            return DeliveryError(f"{type(error).__name__}: {error}")
        _log.info("mail was sent", extra=_named(mail))
        return None

    def _make_result(self, mail: OutgoingMail, error: DeliveryError | None, at: datetime) -> DeliveryResult:
        if error is None:
            return DeliveryResult(mail_id=mail.id, outcome="sent", at=at, next_attempt_at=None, error="")
        words = str(error)
        if isinstance(error, MailRefused) and error.is_permanent:
            return DeliveryResult(mail_id=mail.id, outcome="failed", at=at, next_attempt_at=None, error=words)
        next_at = self._retries.next_attempt(at, failures=mail.attempts + 1, seed=mail.id)
        if next_at is None:
            words = f"given up after {mail.attempts + 1} attempts: {words}"
            return DeliveryResult(mail_id=mail.id, outcome="failed", at=at, next_attempt_at=None, error=words)
        return DeliveryResult(mail_id=mail.id, outcome="retry", at=at, next_attempt_at=next_at, error=words)

    # Recording.

    async def _keep_recording(self, work: "_Round", is_done: asyncio.Event) -> None:
        while not is_done.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(is_done.wait(), RECORD_EVERY)
            try:
                await self._write_down()
            except StoreError as error:
                _log.error("what was sent could not be recorded; sending stops: %s", error)
                work.is_stopped = True
                return

    async def _write_down(self) -> None:
        """Records the results so far. They are kept until that has worked: to forget one is to send a mail twice."""
        results, self._results = self._results, []
        is_recorded = False
        try:
            if results:
                await asyncio.to_thread(self._outbox.record, results)
            is_recorded = True
        finally:
            if not is_recorded:
                self._results = results + self._results

    # Connections.

    async def _close_when_idle(self) -> None:
        await asyncio.sleep(self._idle_after)
        async with self._busy:
            await self._disconnect()

    def _stop_idling(self) -> None:
        if self._idle:
            self._idle.cancel()
            self._idle = None

    async def _disconnect(self) -> None:
        await asyncio.gather(*(connection.close() for connection in self._connections))


def _named(mail: OutgoingMail) -> dict[str, str]:
    """What the log may say of a mail: no address, no subject."""
    ticket = {"ticket": mail.number} if mail.number else {}
    return {"template": mail.kind, **ticket, "message_id": mail.message_id}


class _Round:
    """Mails claimed at once, in groups that must keep their order, and what became of them."""

    def __init__(self, mails: Sequence[OutgoingMail], *, time_left: timedelta) -> None:
        groups: dict[object, deque[OutgoingMail]] = {}
        for mail in mails:
            key = mail.id if mail.ticket_id is None else (mail.ticket_id, mail.recipient)
            groups.setdefault(key, deque()).append(mail)
        self.groups = deque(groups.values())
        self.untried = {mail.id for mail in mails}
        self.sent = 0
        self.is_stopped = False
        self._until = time.monotonic() + time_left.total_seconds()  # then the lease is too short to begin a mail

    @property
    def may_begin(self) -> bool:
        return not self.is_stopped and time.monotonic() < self._until

    def next_group(self) -> deque[OutgoingMail] | None:
        return self.groups.popleft() if self.groups and self.may_begin else None

    def put_back(self, group: deque[OutgoingMail]) -> None:
        self.groups.appendleft(group)

    def note(self, result: DeliveryResult) -> None:
        self.untried.discard(result.mail_id)
        self.sent += result.outcome == "sent"
