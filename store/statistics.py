"""Figures over many tickets, read in one state of the database. Grouped where the database can, else row by row.

Memory does not grow with the number of tickets.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from store.database import Database
from store.schema import automatic, clock, evidence, history, message, outbox, party, ticket
from tickets.course import ACKNOWLEDGE
from tickets.report import AGES, FINAL, Mails, Promise, Seller, SlotFilled, TicketFigures

ROWS_READ = 1000
SELLERS_SHOWN = 10


@contextmanager
def open_statistics(database: Database, since: datetime, until: datetime) -> Iterator["Statistics"]:
    """Of the tickets received from `since` until before `until`. Raises StoreError."""
    with database.reading() as connection:
        yield Statistics(connection, since, until)


class Statistics:
    """One state of the database."""

    def __init__(self, connection: Connection, since: datetime, until: datetime) -> None:
        self._connection = connection
        self._since = since
        self._until = until
        self._is_meant = self._within(ticket.c.received_at)

    def _within(self, column: ColumnElement[datetime]) -> ColumnElement[bool]:
        return and_(column >= self._since, column < self._until)

    def tickets(self) -> Iterator[TicketFigures]:
        """One by one, in no order."""
        names = TicketFigures.__slots__
        wanted = select(*(ticket.c[name] for name in names)).where(self._is_meant)
        for row in self._connection.execute(wanted, execution_options={"yield_per": ROWS_READ}):
            yield TicketFigures(**dict(zip(names, row, strict=True)))

    def promises(self, now: datetime) -> list[Promise]:
        """By clock, in the order of their names; each run of a clock that started anew is a promise of its own.

        One that was stopped at the moment it was started promised nothing: two events fell together. Only the answer by
        machine can be that quick.
        """
        is_run = or_(clock.c.ended_at != clock.c.started_at, clock.c.name == ACKNOWLEDGE)
        is_ended = and_(clock.c.ended_at.is_not(None), is_run)
        is_open = and_(clock.c.ended_at.is_(None), clock.c.state != "stopped")
        is_overdue = and_(is_open, clock.c.state != "paused", clock.c.due_at < now)
        is_kept = and_(is_ended, clock.c.ended_at <= clock.c.due_at)
        is_broken = or_(and_(is_ended, clock.c.ended_at > clock.c.due_at), is_overdue)
        is_running = and_(is_open, ~is_overdue)
        counted = select(
            clock.c.name,
            func.sum(clock.c.kept) + _how_many(is_kept),
            func.sum(clock.c.broken) + _how_many(is_broken),
            _how_many(is_running),
        ).select_from(clock.join(ticket, ticket.c.id == clock.c.ticket_id))
        rows = self._connection.execute(counted.where(self._is_meant).group_by(clock.c.name).order_by(clock.c.name))
        made = [Promise(clock=name, kept=kept, broken=broken, running=running) for name, kept, broken, running in rows]
        return [one for one in made if one.kept or one.broken or one.running]

    def slots(self) -> list[SlotFilled]:
        """What came for each slot, by category; what staff refused did not come."""
        first = func.min(evidence.c.message_no).label("first")
        each = (
            select(ticket.c.category, evidence.c.slot, first)
            .select_from(evidence.join(ticket, ticket.c.id == evidence.c.ticket_id))
            .where(self._is_meant, evidence.c.status != "refused")
            .group_by(evidence.c.ticket_id, evidence.c.slot, ticket.c.category)
            .subquery()
        )
        counted = select(each.c.category, each.c.slot, _how_many(each.c.first == 1), func.count())
        rows = self._connection.execute(counted.group_by(each.c.category, each.c.slot))
        return [SlotFilled(category=category, slot=slot, at_once=at_once, ever=ever)
                for category, slot, at_once, ever in rows]  # fmt: skip

    def reopened(self) -> int:
        """Tickets that were taken up again after the outcome or the end."""
        state = history.c.data["state"].as_string()
        ended = func.min(case((state.in_(FINAL), history.c.id)))
        went_on = func.max(case((state.not_in(FINAL), history.c.id)))
        each = (
            select(history.c.ticket_id)
            .select_from(history.join(ticket, ticket.c.id == history.c.ticket_id))
            .where(self._is_meant, history.c.event == "state-changed")
            .group_by(history.c.ticket_id)
            .having(went_on > ended)
        )
        return self._connection.scalar(select(func.count()).select_from(each.subquery())) or 0

    def sellers(self) -> list[Seller]:
        """Those with most complaints."""
        count = func.count()
        wanted = (
            select(party.c.email, func.max(party.c.name), count)
            .select_from(party.join(ticket, ticket.c.id == party.c.ticket_id))
            .where(self._is_meant, party.c.role == "seller")
            .group_by(party.c.email)
            .order_by(count.desc(), party.c.email)
            .limit(SELLERS_SHOWN)
        )
        return [Seller(email=email, name=name, count=many) for email, name, many in self._connection.execute(wanted)]

    def mails(self) -> Mails:
        came = and_(message.c.direction == "in", self._within(message.c.at))
        is_failed = outbox.c.state == "failed"
        written = select(_how_many(outbox.c.is_automatic), _how_many(~outbox.c.is_automatic), _how_many(is_failed))
        ours, other, failed = self._connection.execute(written.where(self._within(outbox.c.created_at))).one()
        return Mails(
            received=self._connection.scalar(select(func.count()).select_from(message).where(came)) or 0,
            automatic=ours or 0,
            other=other or 0,
            failed=failed or 0,
            from_machines=self._machines(),
        )

    def _machines(self) -> dict[str, int]:
        counted = select(automatic.c.kind, func.count()).where(self._within(automatic.c.at))
        rows = self._connection.execute(counted.group_by(automatic.c.kind).order_by(automatic.c.kind))
        return {kind: count for kind, count in rows}  # noqa: C416 - rows are no pairs to the type checker

    def open_by_age(self, now: datetime) -> Mapping[str, int]:
        """All that wait for somebody, whenever they were received."""
        ages = [(ticket.c.received_at > now - timedelta(days=days), key) for key, days in AGES if days]
        oldest = AGES[-1][0]
        age = case(*ages, else_=oldest)
        counted = select(age, func.count()).where(ticket.c.state.not_in(FINAL)).group_by(age)
        found = {key: count for key, count in self._connection.execute(counted)}  # noqa: C416 - as above
        return {key: found.get(key, 0) for key, _ in AGES}


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
