"""What is wrong with a template, in the words of those who write templates rather than in Python's.

A name that does not exist is an error, never an empty word, and is told with the nearest name that does.
"""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import partial
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateNotFound, UndefinedError
from jinja2.utils import missing

_UNKNOWN_TOOL = re.compile(r"No (filter|test) named '([^']*)'\.")


class UnknownName(UndefinedError):
    """A template names something that there is not."""

    def __init__(self, message: str, *, name: str, owner: Any) -> None:
        super().__init__(message)
        self.name = name
        self.owner = owner  # what should have a field of this name; `missing` where a variable is meant


class Unknown(StrictUndefined):
    """What Jinja2 puts in the place of a name that there is not; any use of it raises UnknownName."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[Exception] = UndefinedError,
    ) -> None:
        told: Any = partial(UnknownName, name=name or "", owner=obj) if exc is UndefinedError and not hint else exc
        super().__init__(hint, obj, name, told)


def tell_mistake(error: Exception, variables: Iterable[str], environment: Environment) -> str:
    """One line about `error`, which arose in a template that could speak of `variables`."""
    match error:
        case UnknownName():
            return _tell_unknown(error, variables)
        case TemplateNotFound():
            name = str(error.name)
            return f'there is no file "{name}" to include{_advice(name, environment.list_templates())}'
        case UnicodeDecodeError():
            return "this is no UTF-8: save the file as UTF-8"
    words = " ".join(str(error).split())
    tool = _UNKNOWN_TOOL.fullmatch(words)
    if tool:
        known = environment.filters if tool[1] == "filter" else environment.tests
        return f'there is no {tool[1]} "{tool[2]}"{_advice(tool[2], known)}'
    return words


def _tell_unknown(error: UnknownName, variables: Iterable[str]) -> str:
    if error.owner is missing:
        return f'there is no variable "{error.name}"{_advice(error.name, sorted(variables), are_few=True)}'
    if error.owner is None:
        return f'there may be nothing here that has a "{error.name}": write {{% if … %}} around it'
    known = [str(key) for key in error.owner] if isinstance(error.owner, dict) else _fields(error.owner)
    return f'there is no field "{error.name}" here{_advice(error.name, known, are_few=True)}'


def _fields(owner: object) -> list[str]:
    return [name for name in dir(owner) if not name.startswith("_")]


def _advice(name: str, known: Collection[str], *, are_few: bool = False) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f': did you mean "{near[0]}"?'
    return f"; there is {', '.join(known)}" if known and are_few else ""
