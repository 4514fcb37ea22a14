"""When to try again, as a value that is computed and then stored: no timer holds it, a restart changes nothing.

Waits are spread a little, each by its own seed, so that a crowd of mails refused at once does not come back at once.
The spread comes from the seed and the number of failures alone: the same question always has the same answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """How long to wait after the first, second, … failure."""

    waits: tuple[timedelta, ...]  # after the first failures, one each
    then: timedelta  # after every later failure
    give_up_after: timedelta | None  # of waiting in all; None: never
    spread: float  # 0.2: each wait may be 20 % shorter or longer

    def wait_after(self, failures: int) -> timedelta | None:
        """The wait after that many failures (1 or more), not spread; None: no further try."""
        waited = sum(self.waits[: failures - 1], timedelta()) + self.then * max(0, failures - 1 - len(self.waits))
        if self.give_up_after is not None and waited >= self.give_up_after:
            return None
        return self.waits[failures - 1] if failures <= len(self.waits) else self.then

    def next_attempt(self, now: datetime, *, failures: int, seed: int) -> datetime | None:
        """When to try again; None: no further try."""
        wait = self.wait_after(failures)
        return None if wait is None else now + wait * (1 + self.spread * _between_minus_one_and_one(seed, failures))


def _between_minus_one_and_one(seed: int, failures: int) -> float:
    return crc32(b"%d:%d" % (seed, failures)) / 0x7FFFFFFF - 1


# One mail that its server refused for now. RFC 5321 §4.5.4.1 asks for at least 30 minutes between tries in the long
# run and for several days in all; the first tries come sooner, because customers wait.
MAIL_RETRIES = RetryPolicy(
    waits=(
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
    ),
    then=timedelta(hours=2),
    give_up_after=timedelta(days=3),
    spread=0.2,
)

# The whole queue, while our own server cannot be used. It costs the mails nothing, so it never ends.
SERVER_PAUSES = RetryPolicy(
    waits=(
        timedelta(seconds=5),
        timedelta(seconds=15),
        timedelta(seconds=30),
        timedelta(minutes=1),
        timedelta(minutes=2),
    ),
    then=timedelta(minutes=5),
    give_up_after=None,
    spread=0.2,
)
