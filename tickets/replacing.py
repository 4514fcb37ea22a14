"""A changed copy of a record, as `dataclasses.replace` makes it, at a sixth of its cost.

A ticket has dozens of fields and is copied after each effect of a decision: that was a tenth of all the work on a mail.
Measured: 1.4 against 8.4 µs.
"""

from typing import Any, TypeVar

T = TypeVar("T")


def replace(record: T, **changes: Any) -> T:
    """`record` with some fields changed; AttributeError for one it does not have. For records without slots that hold
    nothing but their fields and check nothing when they are made.
    """
    copy = object.__new__(type(record))
    fields = vars(copy)  # past the guard of a frozen record, which nobody else has in hand yet
    fields.update(vars(record), **changes)
    if len(fields) > len(vars(record)):
        raise AttributeError(f"{type(record).__name__} has no {' and no '.join(changes.keys() - vars(record).keys())}")
    return copy
