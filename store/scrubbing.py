"""Takes an address out of every text of the database: whatever column it stands in, as a word of its own.

Every text and every JSON column of every table is looked through, also those that are added one day. Where a record
names somebody by address and name, the name goes too. `STAND_IN` takes the place of the address, so that everything
that expects one goes on working (RFC 2606 §2: nobody has it).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    TypeDecorator,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from store.schema import (
    automatic,
    counter,
    erasure,
    inbox,
    installation,
    ledger,
    message,
    metadata,
    quarantine,
    ticket,
)

STAND_IN = "erased@erased.invalid"

_NOBODYS = (counter, erasure, installation)


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """Where the address stood."""

    mail_ids: set[int] = field(default_factory=set)  # of mails that came
    message_ids: set[str] = field(default_factory=set)  # of mails of ours


def find_address(address: str) -> "re.Pattern[str]":
    """The address as a word of its own: an@x.vn is no part of lan@x.vn, nor of an@x.vn.example."""
    return re.compile(rf"(?<![\w.+%-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)


def scrub(connection: Connection, address: str, kept: Collection[int]) -> Touched:
    """Replace the address everywhere but in the cases `kept`."""
    touched, pattern = Touched(), find_address(address)
    for table in metadata.sorted_tables:
        if table in _NOBODYS:
            continue
        for row in _rows(connection, table, address, kept):
            new = _changes(table, row, pattern)
            if new:
                _note(touched, table, row)
                connection.execute(update(table).where(*_same(table, row)).values(new))
    return touched


def _rows(connection: Connection, table: Table, address: str, kept: Collection[int]) -> list[dict[str, Any]]:
    """Rows that hold the letters of the address somewhere, JSON as plain values."""
    columns = [*table.primary_key.columns, *_texts(table), *_values(table)]
    columns += [table.c.mail_id] if table is message else []
    holds = [
        func.lower(cast(one, Text)).contains(address, autoescape=True) for one in (*_texts(table), *_values(table))
    ]
    plain = {one.name: type_coerce(one, JSON) if _is_json(one) else one for one in columns}
    wanted = select(*(one.label(name) for name, one in plain.items())).where(or_(*holds), _may_change(table, kept))
    return [dict(row) for row in connection.execute(wanted).mappings()]


def _texts(table: Table) -> Iterator[Column[Any]]:
    return (one for one in table.columns if isinstance(one.type, Text))


def _values(table: Table) -> Iterator[Column[Any]]:
    return (one for one in table.columns if _is_json(one))


def _is_json(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, JSON)


def _may_change(table: Table, kept: Collection[int]) -> ColumnElement[bool]:
    if table is ticket:
        return ticket.c.id.not_in(kept)
    mails = select(message.c.mail_id).where(message.c.ticket_id.in_(kept), message.c.mail_id.is_not(None))
    if table is ledger:
        return ledger.c.id.not_in(mails)
    if table in (inbox, quarantine):
        return table.c.mail_id.not_in(mails)
    return or_(table.c.ticket_id.is_(None), table.c.ticket_id.not_in(kept))


def _changes(table: Table, row: Mapping[str, Any], pattern: "re.Pattern[str]") -> dict[str, Any]:
    new: dict[str, Any] = {}
    for one in (*_texts(table), *_values(table)):
        value = _without(row[one.name], pattern)
        if value != row[one.name]:
            new[one.name] = literal(value, JSON()) if _is_json(one) else value
    return new


def _without(value: Any, pattern: "re.Pattern[str]") -> Any:
    match value:
        case str():
            return pattern.sub(STAND_IN, value)
        case list():
            return [_without(one, pattern) for one in value]
        case dict():
            is_he = any(isinstance(one, str) and pattern.fullmatch(one) for one in value.values())
            nameless = value | {"name": ""} if is_he and "name" in value else value
            return {name: _without(one, pattern) for name, one in nameless.items()}
        case _:
            return value


def _note(touched: Touched, table: Table, row: Mapping[str, Any]) -> None:
    if table in (message, automatic) and row["mail_id"] is not None:
        touched.mail_ids.add(row["mail_id"])
    elif table is message and row["message_id"]:
        touched.message_ids.add(row["message_id"])


def _same(table: Table, row: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [one == row[one.name] for one in table.primary_key.columns]
