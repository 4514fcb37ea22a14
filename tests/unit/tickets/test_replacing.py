"""A changed copy is what `dataclasses.replace` makes of the same record."""

import dataclasses
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.replacing import replace


@dataclass(frozen=True, kw_only=True)
class Record:
    name: str
    count: int = 0
    parts: tuple[str, ...] = ()


RECORDS = st.builds(Record, name=st.text(), count=st.integers(), parts=st.tuples(st.text()))
CHANGES = st.fixed_dictionaries({}, optional={"name": st.text(), "count": st.integers(), "parts": st.just(())})


@given(RECORDS, CHANGES)
def test_copy_is_the_one_that_the_standard_library_makes(record, changes):
    before = dataclasses.replace(record)
    assert replace(record, **changes) == dataclasses.replace(record, **changes)
    assert record == before


def test_copy_is_frozen_as_the_record_is():
    with pytest.raises(dataclasses.FrozenInstanceError):
        replace(Record(name="a"), count=1).count = 2  # type: ignore[misc]


def test_field_that_does_not_exist_is_refused():
    with pytest.raises(AttributeError, match="colour"):
        replace(Record(name="a"), colour="red")
