"""Plain words for what is wrong at a place of a TOML file. The words never repeat a value that could be a secret."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from intake.settings.shapes import is_list_of_tables, is_table, keys_of, shape_at
from intake.settings.toml_lines import KeyPath

_WRONG_TYPE = {
    "string_type": "must be text in quotation marks",
    "path_type": "must be text in quotation marks",
    "int_type": "must be a whole number without quotation marks",
    "int_from_float": "must be a whole number without quotation marks",
    "float_type": "must be a number without quotation marks",
    "bool_type": "must be true or false, without quotation marks",
    "tuple_type": 'must be a list, such as ["a", "b"]',
    "list_type": 'must be a list, such as ["a", "b"]',
    "frozen_set_type": 'must be a list, such as ["a", "b"]',
    "dict_type": "must be a table",
    "mapping_type": "must be a table",
    "string_too_short": "must not be empty",
    "too_short": "must name at least {min_length}",
    "too_long": "must name at most {max_length}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "string_pattern_mismatch": "must look like {pattern}",
}
_NOT_TOML = {
    "Invalid value": "this value is not understood: text stands in quotation marks",
    "Invalid statement": "this line is not understood: a key begins with a letter, a digit or a quotation mark",
    "Cannot overwrite a value": "this key is given twice",
    "Cannot declare": "this table is given twice",
    "Expected '=' after a key": 'there must be "=" between a key and its value',
    "Expected newline": "there is more on this line than a key and its value",
    "Unterminated string": "the closing quotation mark is missing",
    "Illegal character": "a text ends on the line it begins on: the closing quotation mark is missing",
    "Unclosed": "a closing bracket is missing",
}


def describe_error(error: Mapping[str, Any], place: KeyPath, record: type) -> str:
    """`error` is one of pydantic's error details, `place` its position in the file that is read into `record`."""
    match error["type"]:
        case "unexpected_keyword_argument":
            return _unknown_key(place, record)
        case "missing":
            return _missing(place, record)
        case "value_error":
            return f"{name_place(place, record)}: {error['ctx']['error']}"
        case "literal_error" | "enum":
            return f"{name_place(place, record)} {_wrong_choice(error)}"
        case "dataclass_type":
            return f"{name_place(place, record)} {_no_table(place, error['input'], record)}"
        case "tuple_type" | "list_type" if is_list_of_tables(shape_at(record, place)):
            return f"{name_place(place, record)} can stand several times: write it with double brackets"
        case "dict_type" | "mapping_type" if isinstance(error["input"], str) and _is_by_language(
            shape_at(record, place)
        ):
            return f'{name_place(place, record)} must give the words by language: {{ vi = "…", en = "…" }}'
    words = _WRONG_TYPE.get(error["type"], error["msg"])
    return f"{name_place(place, record)} {words.format_map(error.get('ctx', {}))}"


def _is_by_language(shape: object) -> bool:
    """Whether it is text in each language."""
    return get_args(shape)[1:] == (str,)


def describe_syntax(message: str) -> str:
    """The words of `tomllib`, made plain where we know what people get wrong."""
    words = re.sub(r" \(at .*\)$", "", message, flags=re.DOTALL)
    return next((plain for start, plain in _NOT_TOML.items() if words.startswith(start)), f"this is no TOML: {words}")


def name_place(place: KeyPath, record: type) -> str:
    """How people call a place: `[smtp]`, `[[mailbox]]`, `"port" in [smtp]`."""
    shape = shape_at(record, place)
    if is_list_of_tables(shape):
        return _heading((*place, 0))
    if is_table(shape) and (len(place) == 1 or isinstance(place[-1], int)):
        return _heading(place)
    if place and isinstance(place[-1], int):
        return f"an item of {name_place(place[:-1], record)}"
    return f'"{place[-1]}"' + _within(place[:-1]) if place else "the file"


def nearest(word: str, known: Iterable[str]) -> str | None:
    found = difflib.get_close_matches(word.lower(), known, n=1)
    return found[0] if found else None


def _heading(table: KeyPath) -> str:
    names = ".".join(str(step) for step in table if isinstance(step, str))
    return f"[[{names}]]" if isinstance(table[-1], int) else f"[{names}]"


def _within(table: KeyPath) -> str:
    return f" in {_heading(table)}" if table else ""


def _unknown_key(place: KeyPath, record: type) -> str:
    known = keys_of(shape_at(record, place[:-1]))
    near = nearest(str(place[-1]), known)
    advice = f'did you mean "{near}"?' if near else f"known here: {', '.join(known)}"
    return f'unknown key "{place[-1]}"{_within(place[:-1])}: {advice}'


def _missing(place: KeyPath, record: type) -> str:
    shape = shape_at(record, place)
    if len(place) == 1 or is_list_of_tables(shape):
        return f"{name_place(place, record)} is missing"
    return f'{_heading(place[:-1])} needs the key "{place[-1]}"'


def _wrong_choice(error: Mapping[str, Any]) -> str:
    choices = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    given = error["input"]
    listed = " or ".join(f'"{choice}"' for choice in choices)
    if not isinstance(given, str):
        return f"must be {listed}"
    near = nearest(given, choices)
    return f'must be {listed}, not "{given}"' + (f': did you mean "{near}"?' if near else "")


def _no_table(place: KeyPath, given: object, record: type) -> str:
    if isinstance(given, list):
        return "stands only once: write it with single brackets"
    return f"must be a table with the keys {', '.join(keys_of(shape_at(record, place)))}"
