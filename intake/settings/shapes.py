"""What may stand at which place of a TOML file, told from the dataclasses it is read into.

A key is the name of a field, or the `alias` of its metadata: `slots: tuple[Slot, ...] = field(metadata={"alias":
"slot"})` is written `[[slot]]`.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from intake.settings.toml_lines import KeyPath


@cache
def keys_of(record: Any) -> dict[str, Any]:
    """The keys of the table that `record` is read from, in the order of its fields, each with its type."""
    if not dataclasses.is_dataclass(record):
        return {}
    hints = typing.get_type_hints(record)
    return {one.metadata.get("alias", one.name): bare(hints[one.name]) for one in dataclasses.fields(record)}


def shape_at(record: Any, place: KeyPath) -> Any:
    """The type of what stands at `place`; None where nothing is known."""
    shape = record
    for step in place:
        shape = inner_shape(shape, step)
    return shape


def inner_shape(shape: Any, step: str | int) -> Any:
    """The type of the member `step` of a table, mapping or list."""
    if dataclasses.is_dataclass(shape):
        return keys_of(typing.cast("type", shape)).get(str(step))
    arguments = typing.get_args(shape)
    if is_mapping(shape):
        return bare(arguments[1])
    return bare(arguments[0]) if is_list(shape) and arguments else None


def bare(shape: Any) -> Any:
    """The type without `| None`."""
    if typing.get_origin(shape) in {types.UnionType, typing.Union}:
        others = [one for one in typing.get_args(shape) if one is not type(None)]
        return others[0] if len(others) == 1 else shape
    return shape


def is_mapping(shape: Any) -> bool:
    return typing.get_origin(shape) in {dict, Mapping}


def is_list(shape: Any) -> bool:
    return typing.get_origin(shape) in {tuple, list, frozenset}


def is_table(shape: Any) -> bool:
    return is_mapping(shape) or (dataclasses.is_dataclass(shape) and not is_text(shape))


def is_list_of_tables(shape: Any) -> bool:
    return is_list(shape) and is_table(inner_shape(shape, 0))


def is_text(shape: Any) -> bool:
    """Whether a record is written as one text, such as "24 hours": its class reads it with `parse(text)`."""
    return dataclasses.is_dataclass(shape) and hasattr(shape, "parse")
