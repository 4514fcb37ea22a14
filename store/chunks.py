"""Long lists of values in pieces that fit an IN list of any database."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

QUERY_CHUNK = 500

T = TypeVar("T")


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in pieces of at most QUERY_CHUNK."""
    for start in range(0, len(values), QUERY_CHUNK):
        yield values[start : start + QUERY_CHUNK]
