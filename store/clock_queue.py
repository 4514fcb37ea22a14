"""The queue of clocks: which tickets have a step due. What it costs grows with what is due, not with what exists.

Every question goes by the index on `wakes_at`, which holds only clocks that will wake.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, or_, select, update

from store.database import Database
from store.installation import read_value, write_value
from store.schema import clock

POLICY_DIGEST = "policy-digest"  # of the policy file that the clocks were last wound by


@dataclass(frozen=True, kw_only=True, slots=True)
class DueClock:
    """A clock whose next step is due."""

    ticket_id: int
    name: str


class ClockQueue:
    """Clocks of all tickets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim_due(self, now: datetime, limit: int, lease: timedelta, worker: str) -> list[DueClock]:
        """Up to `limit` clocks that are due, the longest overdue first, leased to `worker`."""
        is_due = and_(clock.c.wakes_at <= now, or_(clock.c.leased_until.is_(None), clock.c.leased_until <= now))
        wanted = (
            select(clock.c.ticket_id, clock.c.name)
            .where(is_due)
            .order_by(clock.c.wakes_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.reading() as connection:
            if not connection.scalar(select(exists().where(is_due))):
                return []
        with self._database.writing() as connection:
            found = [DueClock(ticket_id=row.ticket_id, name=row.name) for row in connection.execute(wanted)]
            if found:
                same = and_(clock.c.ticket_id == bindparam("of_ticket"), clock.c.name == bindparam("of_name"))
                take = update(clock).where(same).values(leased_until=now + lease, leased_by=worker)
                connection.execute(take, [{"of_ticket": one.ticket_id, "of_name": one.name} for one in found])
        return found

    def next_due_at(self) -> datetime | None:
        """When the next step of any clock falls due."""
        earliest = select(clock.c.wakes_at).where(clock.c.wakes_at.is_not(None)).order_by(clock.c.wakes_at).limit(1)
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(earliest)
            return found

    def wake_all(self, now: datetime) -> int:
        """Wake every clock that has anything left to do, so that it looks for its next step anew; how many."""
        with self._database.writing() as connection:
            return connection.execute(update(clock).where(clock.c.wakes_at > now).values(wakes_at=now)).rowcount

    def rewind(self, policy_digest: str, now: datetime) -> int:
        """Wake all where the policy file is not the one they were wound by; how many.

        A crash in between wakes them again, which does no harm.
        """
        if read_value(self._database, POLICY_DIGEST) == policy_digest:
            return 0
        woken = self.wake_all(now)
        write_value(self._database, POLICY_DIGEST, policy_digest)
        return woken
