"""A changed copy of a record, as `dataclasses.replace` makes it, at less than half its cost.

A ticket has dozens of fields and is copied after each effect of a decision: that was a tenth of all the work on a mail.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")
_Read = Callable[[object], tuple[Any, ...]]

_FIELDS: dict[type, tuple[tuple[str, ...], _Read]] = {}  # of the records copied so far

_set = object.__setattr__  # past the guard of a frozen record, which nobody else has in hand yet


def replace(record: T, **changes: Any) -> T:
    """`record` with some fields changed; AttributeError for one it does not have. For records with slots that check
    nothing when they are made.
    """
    names, read = _FIELDS.get(type(record)) or _learn(type(record))
    copy = object.__new__(type(record))
    for name, value in zip(names, read(record), strict=True):
        _set(copy, name, value)
    for name, value in changes.items():
        _set(copy, name, value)
    return copy


def _learn(kind: type) -> tuple[tuple[str, ...], _Read]:
    names: tuple[str, ...] = kind.__slots__  # type: ignore[attr-defined]  # records have slots
    read = attrgetter(*names)
    _FIELDS[kind] = names, read if len(names) > 1 else lambda record: (read(record),)
    return _FIELDS[kind]
