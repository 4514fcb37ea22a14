"""What everything that decides and writes works with: one record, handed to each by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.clerk import Clerk
from responders.voice import Voice
from store.database import Database
from tickets.desk import Desk
from tickets.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class Workplace:
    """One company, its database, and who carries decisions out."""

    database: Database
    policy: Policy
    desk: Desk
    voice: Voice
    clerk: Clerk
    worker: str  # whose leases those of this process are
    automatic_per_day: int  # mails by machine, to one address
    now: Callable[[], datetime]
