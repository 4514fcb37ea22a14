"""Watching mailboxes: a thread for each keeps a session open and fetches whatever comes, as long as the daemon runs.

New mail is announced by IDLE (RFC 2177), renewed every nine minutes because routers forget quiet connections; without
IDLE the mailbox is polled. Whatever fails, the thread waits and connects anew: after a lost connection a second, then
doubling up to five minutes; where somebody has to act, as for a folder that is missing, from five seconds up to half an
hour, and from a minute after a refused login, because servers lock out who is too eager. No mail is lost by it: the
next round takes in what was missed.

`stop` ends a watcher at once, in the middle of whatever it waits for. An error that nobody foresaw ends the thread; it
is handed to `died`, so that the daemon stops instead of living on without its mailbox.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from intake.mailboxes.batches import Suspects
from intake.mailboxes.fetching import MAX_MAIL_BYTES, Fetcher
from intake.mailboxes.imap import Session, Timeouts
from intake.mailboxes.mailbox_errors import CommandRefused, LoginRefused, MailboxError
from intake.settings.config import Mailbox
from store.errors import StoreError
from store.ledger import Ledger
from store.spool import Spool

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How long a watcher waits, in seconds."""

    idle: float = 540.0  # before IDLE is renewed
    retry: float = 1.0  # after the first failure that may pass by itself
    longest_retry: float = 300.0
    blocked_retry: float = 5.0  # after the first failure that waits for a person, who may be at work on it
    login_retry: float = 60.0  # after the first login that was refused
    longest_blocked_retry: float = 1800.0
    standstill: float = 900.0  # without a finished round, until it is called a standstill


class Backoff:
    """Waiting times that double with each failure in a row, each shortened by up to half at random."""

    def __init__(self, pace: Pace, draw: Callable[[], float] = random.random) -> None:
        self._pace = pace
        self._draw = draw
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    def next_delay(self, *, is_temporary: bool, is_login: bool = False) -> float:
        pace = self._pace
        first = pace.retry if is_temporary else pace.login_retry if is_login else pace.blocked_retry
        longest = pace.longest_retry if is_temporary else pace.longest_blocked_retry
        delay = min(longest, first * 2.0 ** min(self._failures, 30))
        self._failures += 1
        return delay * (1 - self._draw() / 2)


class Watcher:
    """Watches one mailbox in a thread of its own. `arrived` and `died` are called from other threads."""

    def __init__(
        self,
        mailbox: Mailbox,
        spool: Spool,
        ledger: Ledger,
        *,
        arrived: Callable[[], None],
        died: Callable[[BaseException], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        max_mail_bytes: int = MAX_MAIL_BYTES,
        pace: Pace | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._mailbox = mailbox
        self._spool = spool
        self._ledger = ledger
        self._arrived = arrived
        self._died = died
        self._now = now
        self._monotonic = monotonic
        self._max_mail_bytes = max_mail_bytes
        self._pace = pace or Pace()
        self._timeouts = timeouts
        self._backoff = Backoff(self._pace)
        self._suspects = Suspects()
        self._stopping = threading.Event()
        self._session: Session | None = None
        self._moved_at = monotonic()  # when a round or a batch was last finished
        self._has_looked = False
        self._thread = threading.Thread(target=self._run, name=f"watch-{mailbox.name}", daemon=True)

    def start(self) -> None:
        self._moved_at = self._monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Ask the watcher to end; returns at once. What is being entered is finished, what is being read is dropped."""
        self._stopping.set()
        if session := self._session:
            session.interrupt()

    def join(self, seconds: float) -> bool:
        """Wait for the end; whether it came. The thread holds nothing that a dying process could spoil."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def has_looked(self) -> bool:
        """Whether the mailbox was looked through since the start, or could not be; before, mail may lie unread."""
        return self._has_looked

    def standstill(self) -> float | None:
        """Seconds since anything was finished, where that is too long ago; None where all is well."""
        still = self._monotonic() - self._moved_at
        return still if still > max(self._pace.standstill, 3 * self._mailbox.poll.total_seconds()) else None

    def check(self) -> None:
        """To be called every minute or so: reports a standstill and cuts a connection that trickles without end."""
        still = self.standstill()
        if still is None or not self._thread.is_alive():
            return
        _log.error("mailbox %s: intake has stood still for %d minutes", self._mailbox.name, still // 60)
        if session := self._session:
            session.interrupt()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._stay_connected()
        except BaseException as error:
            self._died(error)
            raise

    def _stay_connected(self) -> None:
        """One session, to its end; then the wait before the next."""
        try:
            self._session = Session(self._mailbox, self._timeouts)
            if self._stopping.is_set():
                return
            with self._session as session:
                self._serve(session)
        except MailboxError as error:
            self._wait_after(error, is_temporary=error.is_temporary)
        except StoreError as error:
            self._wait_after(error, is_temporary=error.is_temporary)
        except OSError as error:  # the disk
            self._wait_after(error, is_temporary=True)
        finally:
            self._session = None

    def _serve(self, session: Session) -> None:
        fetcher = Fetcher(
            session,
            self._mailbox,
            self._spool,
            self._ledger,
            suspects=self._suspects,
            arrived=self._note_arrival,
            now=self._now,
            max_mail_bytes=self._max_mail_bytes,
        )
        has_idle = session.has_idle
        while not self._stopping.is_set():
            fetched = fetcher.fetch_new()
            if fetched.new or fetched.known:
                _log.info("mailbox %s: %d new mails, %d known ones", self._mailbox.name, fetched.new, fetched.known)
            self._moved_at = self._monotonic()
            self._has_looked = True
            self._backoff.reset()
            if session.has_news:
                continue
            has_idle = has_idle and self._idle(session)
            if not has_idle:
                self._stopping.wait(self._mailbox.poll.total_seconds())

    def _note_arrival(self) -> None:
        self._moved_at = self._monotonic()
        self._arrived()

    def _idle(self, session: Session) -> bool:
        """Wait for news; whether the server allows that."""
        try:
            session.wait_for_news(self._pace.idle)
        except CommandRefused as refusal:
            _log.warning("mailbox %s: polling instead: %s", self._mailbox.name, refusal)
            return False
        return True

    def _wait_after(self, error: Exception, *, is_temporary: bool) -> None:
        if self._stopping.is_set():
            return
        self._has_looked = True
        delay = self._backoff.next_delay(is_temporary=is_temporary, is_login=isinstance(error, LoginRefused))
        is_loud = not is_temporary or self.standstill() is not None
        _log.log(
            logging.ERROR if is_loud else logging.WARNING,
            "mailbox %s: no mail is taken in, next attempt in %.0f s: %s",
            self._mailbox.name,
            delay,
            error,
        )
        self._stopping.wait(delay)
