"""Lets go what the policy keeps no longer: on demand, and every night in the daemon.

Cases count from the moment they were closed, records from their receipt. Deletion goes in small pieces between which
mails are taken in; what fails or is cut off is done the next night, or by the next `retention run`.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from intake.settings.config import Config
from store.blobs import Blobs
from store.database import Database
from store.disused import DisusedFiles
from store.errors import StoreError
from store.expired import Expired, Limits
from store.installation import read_value, write_value
from store.spool import Spool
from tickets.durations import Duration
from tickets.policy import Policy

NIGHT_BEGINS = timedelta(hours=3)  # by the clock of the policy's zone
LONGEST_ABSENCE = timedelta(days=31)  # after a longer one the clock has to be right for two nights
LAST_NIGHT = "retention-night"  # name of the value: the day of the last run

_log = logging.getLogger(__name__)


class Retention:
    """What the rules of one policy let go."""

    def __init__(self, config: Config, policy: Policy, database: Database, now: Callable[[], datetime]) -> None:
        self._policy = policy
        self._now = now
        self._files = disused_files(config, database)
        self._expired = Expired(database, self._files)

    def find(self) -> tuple[list[str], list[str], int]:
        """Cases that would go, cases whose files would go, and how many records."""
        limits = self._limits()
        return (
            self._expired.find_tickets("tickets", limits),
            self._expired.find_tickets("evidence", limits),
            self._expired.count_records(limits),
        )

    def erase_some(self, by: str) -> Counter[str]:
        """A piece of what is due; nothing once all is done. `by`: a command. Raises StoreError, OSError."""
        return Counter(self._expired.erase_some(self._limits(), by=by, now=self._now(), wall=time.time))

    def erase_all(self, by: str) -> Counter[str]:
        """Everything that is due, and files that a crash left behind. Raises StoreError, OSError."""
        total: Counter[str] = Counter()
        while done := self.erase_some(by):
            total += done
        self.sweep()
        return total

    def sweep(self) -> int:
        """Files that nothing names: those of mails that belong to no case, and what a crash left behind."""
        return self._files.sweep(time.time())

    def _limits(self) -> Limits:
        rules = self._policy.retention
        return Limits(
            evidence=self._before(rules.evidence),
            tickets=self._before(rules.tickets),
            automatic=self._before(rules.automatic),
            keep_outcomes=rules.keep_outcomes,
        )

    def _before(self, kept: Duration | None) -> datetime | None:
        return self._policy.time.subtract(self._now(), kept) if kept else None


class Nightly:
    """Runs it once a night, from three o'clock on; a machine that was off at that time makes up for it later.

    What is new to a database waits for its second night: an admin can look first (`retention run --dry-run`). After a
    long absence it waits too: it may be a clock that jumped, and what a wrong date deletes is gone.
    """

    def __init__(self, retention: Retention, database: Database, policy: Policy, now: Callable[[], datetime]) -> None:
        self._retention = retention
        self._database = database
        self._zone = policy.time.zone
        self._now = now
        self._done = ""  # the last night, as far as this process knows

    def work(self) -> int:
        """One piece; how much it deleted, and 0 when the night's work is done. Raises StoreError."""
        today = (self._now().astimezone(self._zone) - NIGHT_BEGINS).date()
        night = today.isoformat()
        last = self._last(night)
        if night <= last:
            return 0
        if today - date.fromisoformat(last) > LONGEST_ABSENCE:
            _log.warning("retention waits a night: the last one was %s. Is the clock of this machine right?", last)
            self._remember(night)
            return 0
        try:
            deleted = self._retention.erase_some("run")
            if deleted:
                return deleted.total()
            self._retention.sweep()
        except (StoreError, OSError) as error:
            _log.error("retention failed, and is tried again next night: %s", error)
        self._remember(night)
        return 0

    def _last(self, night: str) -> str:
        """The night of the last run; this one where there was none yet."""
        self._done = self._done or read_value(self._database, LAST_NIGHT) or ""
        if not self._done:
            self._remember(night)
        return self._done

    def _remember(self, night: str) -> None:
        self._done = night
        write_value(self._database, LAST_NIGHT, night)


def disused_files(config: Config, database: Database) -> DisusedFiles:
    """The files of an installation."""
    data = config.service.data
    return DisusedFiles(database, Spool(data / "spool"), Blobs(data / "blobs"))
