"""Reads a TOML file into frozen dataclasses, or says everything that is wrong with it at once.

The dataclasses are plain ones of the standard library; their types and defaults are the whole schema. Understood are
nested records, tuples of records (`[[table]]`), mappings, `Literal`, enums, dates, times, paths (relative ones count
from the folder of the file), `timedelta` ("60s", "5m", "2h", "3d"), and records that are written as one text (their
class has `parse(text)`, raising ValueError). Field metadata: `alias` (the key, where it is not the field's name), `ge`,
`le`, `min_length`, `pattern`. A table takes no key that is no field.

When a file cannot be read or is wrong, `Mistakes` is raised and nothing else; no value is changed silently to fit.
"""

import dataclasses
import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError

from intake.settings.shapes import inner_shape, is_text
from intake.settings.toml_lines import KeyPath, find_lines, line_of
from intake.settings.wording import describe_error, describe_syntax, name_place

Record = TypeVar("Record")
Value = TypeVar("Value")
Document = Mapping[str, Any]  # a TOML file as `tomllib` gives it; nothing is known of its shape yet
Rule = Callable[[Document], Iterator[tuple[KeyPath, str]]]  # yields what is wrong, each with its place

_ROOT = "file"
_CONFIG = ConfigDict(extra="forbid", strict=True)
_LARGEST_BITS = 63  # of a number (TOML 1.0, "Integer")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """One thing that is wrong in a file, in words for the person who wrote it."""

    path: Path
    line: int | None  # counted from 1; None where it is about the whole file
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.message}"


class Mistakes(ValueError):
    """All that is wrong in one file; `str()` gives one line for each."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def read_record(path: Path, record: type[Record], rules: Iterable[Rule] = ()) -> Record:
    """Read the TOML file at `path`. `rules` see the document as written, so that they speak even where types are wrong.

    Raises Mistakes.
    """
    text = _read_text(path)
    document = _parse_toml(path, text)
    found: dict[KeyPath, str] = {}  # the first words about a place are the best ones: rules, texts, types
    for rule in rules:
        for place, message in rule(document):
            found.setdefault(place, message)
    try:
        plain = _to_json(document, record, (), found, record)
        value = _validate(plain, record, found)
    except RecursionError as error:
        raise _too_deep(path) from error
    if found:
        raise Mistakes(_with_lines(path, found, find_lines(text)))
    assert value is not None, "without a mistake there is a value"
    placed: Record = _with_paths_below(path.absolute().parent, value)
    return placed


def checked_by(check: Callable[[Value], Value]) -> object:
    """Marks a type, as in `Annotated[str, checked_by(check_host)]`: `check` returns the value or raises ValueError."""
    return AfterValidator(check)


def parse_duration(text: str) -> timedelta:
    """Read "60s", "5m", "2h" or "3d". Raises ValueError."""
    match = re.fullmatch(r"([0-9]{1,6})\s*([smhd])", text)
    if match is None:
        raise ValueError('must be a number and a unit in quotation marks, such as "60s", "5m", "2h" or "3d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _read_text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise Mistakes([Mistake(path=path, line=None, message=f"cannot be read: {reason.lower()}")]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Mistakes([Mistake(path=path, line=line, message="this is no UTF-8: save the file as UTF-8")]) from error
    return unicodedata.normalize("NFC", text)


def _parse_toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column", str(error))
        line = int(at[1]) if at else text.rstrip().count("\n") + 1
        raise Mistakes([Mistake(path=path, line=line, message=describe_syntax(str(error)))]) from error
    except RecursionError as error:
        raise _too_deep(path) from error
    except ValueError as error:  # Python reads no number of more than 4300 digits
        raise Mistakes([Mistake(path=path, line=None, message="a number in it is too large")]) from error


def _too_deep(path: Path) -> Mistakes:
    return Mistakes([Mistake(path=path, line=None, message="lists or tables are nested too deeply")])


def _to_json(value: Any, shape: Any, place: KeyPath, found: dict[KeyPath, str], record: type) -> Any:
    """`value` as JSON has it, so that it can be validated strictly; what `shape` cannot read goes to `found`."""
    has_text_form = is_text(shape) or shape is timedelta or shape in _MOMENTS
    if isinstance(value, dict) and not has_text_form:
        return {key: _to_json(one, inner_shape(shape, key), (*place, key), found, record) for key, one in value.items()}
    if isinstance(value, list) and not has_text_form:
        return [_to_json(one, inner_shape(shape, i), (*place, i), found, record) for i, one in enumerate(value)]
    try:
        return _read_scalar(value, shape)
    except ValueError as error:
        found.setdefault(place, f"{name_place(place, record)}: {error}")
        return None


def _read_scalar(value: Any, shape: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > _LARGEST_BITS:
        raise ValueError("the number is too large")
    if shape is timedelta:
        return f"PT{parse_duration(str(value)).total_seconds():.0f}S"
    if shape in _MOMENTS:
        return _read_moment(value, shape)
    if is_text(shape):
        return dataclasses.asdict(shape.parse(_text_of(value)))
    return _tell_moment(value) if isinstance(value, date | time) else value


def _tell_moment(value: date | time) -> str:
    return value.isoformat()


def _text_of(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text in quotation marks")  # noqa: TRY004 - a mistake of the file, not of the program
    return value


_MOMENTS: dict[Any, str] = {
    date: 'must be a date, such as "2026-11-01"',
    time: 'must be a time, such as "08:30"',
    datetime: 'must be a moment with offset, such as "2026-11-01T08:30:00+07:00"',
}


def _read_moment(value: Any, shape: type[date] | type[time] | type[datetime]) -> str:
    text = value.isoformat() if isinstance(value, date | time) else str(value)
    try:
        moment = shape.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_MOMENTS[shape]) from error
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise ValueError(_MOMENTS[shape])
    return moment.isoformat()


def _validate(plain: Any, record: type[Record], found: dict[KeyPath, str]) -> Record | None:
    # Held in a mapping because a configuration reaches plain dataclasses only from what contains them.
    adapter: TypeAdapter[dict[str, Record]] = TypeAdapter(dict[str, record], config=_CONFIG)  # type: ignore[valid-type]
    try:
        return adapter.validate_json(json.dumps({_ROOT: plain}, default=_tell_moment))[_ROOT]
    except ValidationError as error:
        for one in error.errors(include_url=False):
            place = one["loc"][1:]
            if not _is_consequence(one["type"], place, found):
                found.setdefault(place, describe_error(one, place, record))
        return None


def _is_consequence(kind: str, place: KeyPath, found: Iterable[KeyPath]) -> bool:
    """A list counts its right items only, so a wrong item makes it seem too short."""
    return kind == "too_short" and any(len(one) > len(place) and one[: len(place)] == place for one in found)


def _with_lines(path: Path, found: Mapping[KeyPath, str], lines: Mapping[KeyPath, int]) -> list[Mistake]:
    mistakes = [Mistake(path=path, line=line_of(place, lines), message=words) for place, words in found.items()]
    return sorted(mistakes, key=lambda mistake: mistake.line or 0)


def _with_paths_below(folder: Path, value: Any) -> Any:
    """The same record with every relative path in it counted from `folder`."""
    if isinstance(value, Path):
        return folder / value
    if isinstance(value, tuple):
        return tuple(_with_paths_below(folder, one) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = {one.name: _with_paths_below(folder, getattr(value, one.name)) for one in dataclasses.fields(value)}
        return dataclasses.replace(value, **members)
    return value
