"""Tickets as rows: bulk reading by many keys, bulk writing of what changed. Used by the casebook and for reading."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, and_, bindparam, func, insert, select, update

from store.chunks import chunks
from store.errors import StaleTicket
from store.schema import clock, evidence, history, message, party, ticket
from tickets.ticket import Evidence, Party, RunningClock, Ticket

SENDER_TICKETS_READ = 20  # newest waiting ones of one sender

T = TypeVar("T")

TICKET_COLUMNS = [one.name for one in fields(Ticket) if one.name not in {"parties", "evidence", "clocks", "version"}]


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadedMessage:
    """Which ticket a Message-ID belongs to."""

    ticket_id: int
    email: str  # who wrote it, or whom we wrote it to
    is_ours: bool
    kind: str = ""  # of a mail of ours: its template


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Which tickets the keys of a batch lead to."""

    ticket_ids: set[int]
    by_message_id: Mapping[str, ThreadedMessage]


def find_tickets(
    connection: Connection, message_ids: Collection[str], numbers: Collection[str], senders: Collection[str]
) -> Found:
    """Look up tickets by Message-IDs of their messages, by number, and by customer where they wait for evidence."""
    threaded = dict(_threaded(connection, message_ids))
    found = {one.ticket_id for one in threaded.values()}
    for chunk in chunks(sorted(numbers)):
        found.update(connection.scalars(select(ticket.c.id).where(ticket.c.number.in_(chunk))))
    for chunk in chunks(sorted(senders)):
        found.update(connection.scalars(_newest_waiting(chunk)))
    return Found(ticket_ids=found, by_message_id=threaded)


def _newest_waiting(senders: Sequence[str]) -> Select[tuple[int]]:
    """The newest tickets of each sender: one who has very many must not hide those of the others."""
    is_waiting = and_(ticket.c.customer_email.in_(senders), ticket.c.state == "awaiting_evidence")
    place = func.row_number().over(partition_by=ticket.c.customer_email, order_by=ticket.c.id.desc())
    ranked = select(ticket.c.id, place.label("place")).where(is_waiting).subquery()
    return select(ranked.c.id).where(ranked.c.place <= SENDER_TICKETS_READ)


def _threaded(connection: Connection, message_ids: Collection[str]) -> Iterator[tuple[str, ThreadedMessage]]:
    """What each Message-ID belongs to; where several messages have the same, ours comes last, then the oldest."""
    columns = select(
        message.c.message_id, message.c.ticket_id, message.c.email, message.c.direction, message.c.kind
    ).order_by(message.c.direction, message.c.ticket_id.desc(), message.c.no.desc())
    for chunk in chunks(sorted(message_ids)):
        for message_id, ticket_id, email, direction, kind in connection.execute(
            columns.where(message.c.message_id.in_(chunk))
        ):
            yield message_id, ThreadedMessage(ticket_id=ticket_id, email=email, is_ours=direction == "out", kind=kind)


def read_thread(connection: Connection, ticket_id: int, email: str) -> list[str]:
    """Message-IDs exchanged with `email` about a ticket, oldest first."""
    wanted = select(message.c.message_id).where(
        message.c.ticket_id == ticket_id, message.c.email == email, message.c.message_id.is_not(None)
    )
    return [one for one in connection.scalars(wanted.order_by(message.c.no)) if one]


def read_failed(connection: Connection, ticket_id: int) -> set[str]:
    """Message-IDs of our mails about a ticket that bounced for good."""
    wanted = select(history.c.data).where(history.c.ticket_id == ticket_id, history.c.event == "bounced")
    return {data["message_id"] for data in connection.scalars(wanted) if data["permanent"]}


def load_tickets(connection: Connection, ticket_ids: Collection[int]) -> list[Ticket]:
    """The tickets with these ids, in the order of their ids."""
    wanted = sorted(ticket_ids)
    if not wanted:
        return []
    # The versions first: what another daemon changes while we read then makes our own change stale, never lost.
    rows = list(_ticket_rows(connection, wanted))
    parties = _grouped(connection, party, wanted, Party)
    filled = _grouped(connection, evidence, wanted, Evidence)
    clocks = _grouped(connection, clock, wanted, RunningClock)
    found = []
    for row in rows:
        key = row["id"]
        parts: dict[str, Any] = {
            "parties": tuple(parties[key]),
            "evidence": tuple(filled[key]),
            "clocks": tuple(clocks[key]),
        }
        found.append(Ticket(**row, **parts))
    return found


def _ticket_rows(connection: Connection, ticket_ids: Sequence[int]) -> Iterator[Mapping[str, Any]]:
    columns = [ticket.c[name] for name in (*TICKET_COLUMNS, "version")]
    for chunk in chunks(ticket_ids):
        wanted = select(*columns).where(ticket.c.id.in_(chunk)).order_by(ticket.c.id)
        yield from ({**row} for row in connection.execute(wanted).mappings())


def _grouped(connection: Connection, table: Table, ticket_ids: Sequence[int], record: type[T]) -> dict[int, list[T]]:
    names = [one.name for one in fields(record)]  # type: ignore[arg-type]  # of all records that have a table
    columns = [table.c[name] for name in names]
    # Evidence in the order it came, the rest by name.
    order = [table.c.position] if "position" in table.c else list(table.primary_key.columns)
    grouped: dict[int, list[T]] = defaultdict(list)
    for chunk in chunks(ticket_ids):
        wanted = select(table.c.ticket_id, *columns).where(table.c.ticket_id.in_(chunk)).order_by(*order)
        for ticket_id, *values in connection.execute(wanted):
            grouped[ticket_id].append(record(**dict(zip(names, values, strict=True))))
    return grouped


def save_tickets(connection: Connection, stored: Mapping[int, Ticket], current: Mapping[int, Ticket]) -> None:
    """Write what differs. Raises StaleTicket where a stored row is not the one that was read."""
    new = [one for key, one in current.items() if key not in stored]
    changed = [(stored[key], one) for key, one in current.items() if key in stored and one is not stored[key]]
    if new:
        connection.execute(insert(ticket), [_ticket_row(one) | {"version": 1} for one in new])
    _update_tickets(connection, changed)
    pairs = [(None, one) for one in new] + [*changed]
    _insert(connection, party, (row for before, after in pairs for row in _party_rows(before, after)))
    _update_parties(connection, changed)
    _insert(connection, evidence, (row for before, after in pairs for row in _evidence_rows(before, after)))
    _update_evidence(connection, [row for before, after in changed for row in _judged_rows(before, after)])
    _insert(connection, clock, (row for before, after in pairs for row in _clock_rows(before, after, is_new=True)))
    _update_clocks(connection, [row for before, after in changed for row in _clock_rows(before, after, is_new=False)])


def _update_tickets(connection: Connection, changed: Iterable[tuple[Ticket, Ticket]]) -> None:
    """Columns that stay as they are are left alone: the database would look after their indexes."""
    for before, one in changed:
        known = _ticket_row(before)
        values = {name: value for name, value in _ticket_row(one).items() if value != known[name]}
        same = and_(ticket.c.id == one.id, ticket.c.version == one.version)
        if connection.execute(update(ticket).where(same).values(version=one.version + 1, **values)).rowcount != 1:
            raise StaleTicket(f"{one.number} was changed by somebody else at the same moment; try again")


def _ticket_row(one: Ticket) -> dict[str, Any]:
    return {name: getattr(one, name) for name in TICKET_COLUMNS}


def _party_rows(before: Ticket | None, after: Ticket) -> Iterator[dict[str, Any]]:
    known = {one.email for one in before.parties} if before else set()
    for one in after.parties:
        if one.email not in known:
            yield {"ticket_id": after.id, **vars(one)}


def _update_parties(connection: Connection, changed: Iterable[tuple[Ticket, Ticket]]) -> None:
    for before, after in changed:
        for one in after.parties:
            if one not in before.parties and before.party(one.email):
                same = and_(party.c.ticket_id == after.id, party.c.email == one.email)
                connection.execute(update(party).where(same).values(role=one.role, name=one.name))


def _evidence_rows(before: Ticket | None, after: Ticket) -> Iterator[dict[str, Any]]:
    known = len(before.evidence) if before else 0
    for position, one in enumerate(after.evidence):
        if position >= known:
            yield {"ticket_id": after.id, "position": position, **vars(one)}


def _judged_rows(before: Ticket, after: Ticket) -> Iterator[dict[str, Any]]:
    for position, (was, now) in enumerate(zip(before.evidence, after.evidence, strict=False)):
        if now.status != was.status:
            yield {"of_ticket": after.id, "of_slot": now.slot, "of_position": position, "status": now.status}


def _update_evidence(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    same = and_(
        evidence.c.ticket_id == bindparam("of_ticket"),
        evidence.c.slot == bindparam("of_slot"),
        evidence.c.position == bindparam("of_position"),
    )
    connection.execute(update(evidence).where(same), rows)


def _clock_rows(before: Ticket | None, after: Ticket, *, is_new: bool) -> Iterator[dict[str, Any]]:
    for one in after.clocks:
        known = before.clock(one.name) if before else None
        if one != known and (known is None) == is_new:
            yield {"ticket_id": after.id, **vars(one)}


def _update_clocks(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    same = and_(clock.c.ticket_id == bindparam("of_ticket"), clock.c.name == bindparam("of_name"))
    named = [row | {"of_ticket": row.pop("ticket_id"), "of_name": row.pop("name")} for row in rows]
    connection.execute(update(clock).where(same).values(leased_until=None, leased_by=None), named)


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    collected = list(rows)
    if collected:
        connection.execute(insert(table), collected)
