"""Whether our SMTP server can be used, as seen from what became of the mails; while it cannot, the whole queue waits.

An outage costs the mails nothing: they are not counted as tried. It lives in memory only; a new process asks the server
anew. It is said loudly when it begins, each time it goes on, and once when it is over.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from responders.refusals import ConnectionBroke, DeliveryError, ServerUnavailable
from responders.retries import RetryPolicy

_log = logging.getLogger(__name__)

BREAKS = 2  # broken connections in a row that mean the server rather than a mail


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """The server cannot be used; the queue waits."""

    since: datetime
    failures: int  # in a row
    until: datetime  # when it is tried again
    words: str
    is_ours_to_mend: bool  # in our configuration or account: waiting alone will not help


class ServerWatch:
    """Knows the outage there is, if any."""

    def __init__(self, pauses: RetryPolicy, *, seed: int) -> None:
        self._pauses = pauses
        self._seed = seed
        self._breaks = 0  # in a row
        self.outage: Outage | None = None

    def is_paused(self, now: datetime) -> bool:
        return self.outage is not None and now < self.outage.until

    def see_answer(self) -> None:
        """Whatever a server answers to a mail shows that it works."""
        self._breaks = 0
        if self.outage:
            _log.warning("SMTP works again; nothing could be sent since %s", _shown(self.outage.since))
            self.outage = None

    def see_break(self, error: ConnectionBroke, now: datetime) -> bool:
        """Whether too many connections broke; that is an outage then."""
        self._breaks += 1
        if self._breaks < BREAKS:
            return False
        self._begin(error, now, is_ours_to_mend=False)
        return True

    def see_outage(self, error: ServerUnavailable, now: datetime) -> None:
        self._begin(error, now, is_ours_to_mend=error.is_ours_to_mend)

    def _begin(self, error: DeliveryError, now: datetime, *, is_ours_to_mend: bool) -> None:
        failures = self.outage.failures + 1 if self.outage else 1
        until = self._pauses.next_attempt(now, failures=failures, seed=self._seed)
        self.outage = Outage(
            since=self.outage.since if self.outage else now,
            failures=failures,
            until=until or now,
            words=str(error),
            is_ours_to_mend=is_ours_to_mend,
        )
        level = logging.ERROR if is_ours_to_mend else logging.WARNING
        _log.log(level, "SMTP: nothing can be sent, all mails wait until %s: %s", _shown(self.outage.until), error)


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
