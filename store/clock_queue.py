"""The queue of clocks: which tickets have a step due. What it costs grows with what is due, not with what exists."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, func, or_, select, update

from store.database import Database
from store.schema import clock


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
        with self._database.reading() as connection:
            earliest: datetime | None = connection.scalar(select(func.min(clock.c.wakes_at)))
            return earliest
