"""Words from templates: a file for each mail and language, its first line the subject, the rest the text.

Templates are Jinja2 in its sandbox; a name that does not exist is an error, never an empty word. A file in the
company's own folder wins over ours. The HTML form is made from the finished text: every character of it is escaped, so
nothing that a customer wrote can become markup.
"""

import html
import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from responders.template_mistakes import Unknown, tell_mistake

SUBJECT_CHARACTERS = 200
_GLANCE_SECONDS = 1.0
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_MOMENT_FORMATS = {"vi": "%H:%M ngày %d/%m/%Y", "en": "%d %B %Y, %H:%M"}
_MISTAKES = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
_DAY_FORMATS = {"vi": "%d/%m/%Y", "en": "%d %B %Y"}
_WARNING = "⚠"  # a line that begins with it is set in bold
_MARKS = {"✓": "#1a7f37", "✗": "#b42318", _WARNING: "#b54708"}  # the mark that a line begins with has its colour


class BrokenTemplate(Exception):
    """A template cannot be read or filled in; says which one, where, and what is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """A mail in words."""

    subject: str
    text: str
    html: str


class _Loader(FileSystemLoader):
    """Looks at most once in a second whether a file has changed: a mail is made of half a dozen."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, path, is_current = super().get_source(environment, template)
        looked_at = monotonic()

        def was_current() -> bool:
            nonlocal looked_at
            if monotonic() < looked_at + _GLANCE_SECONDS:
                return True
            looked_at = monotonic()
            return is_current()

        return source, path, was_current


class Templates:
    """The templates of a folder, and those of ours that it does not replace."""

    def __init__(self, folders: Sequence[Path], zone: ZoneInfo) -> None:
        """`folders`: the first one that has a file wins."""
        self._folders = [str(folder) for folder in folders]
        self._zone = zone
        self._by_language = {language: self._environment(language) for language in _MOMENT_FORMATS}

    def _environment(self, language: str) -> SandboxedEnvironment:
        def moment(value: datetime) -> str:
            return _moment_of(value).astimezone(self._zone).strftime(_MOMENT_FORMATS[language])

        def day(value: datetime) -> str:
            return _moment_of(value).astimezone(self._zone).strftime(_DAY_FORMATS[language])

        folders = [f"{folder}/{language}" for folder in self._folders] + self._folders
        # Mails are plain text; the HTML form escapes the finished text as a whole, see `to_html`.
        environment = SandboxedEnvironment(
            loader=_Loader(folders, encoding="utf-8-sig"),  # Windows' Notepad begins files with a mark
            undefined=Unknown,
            autoescape=lambda name: bool(name) and name.endswith(".html"),
            keep_trailing_newline=False,
        )
        environment.filters["moment"] = moment
        environment.filters["day"] = day
        environment.filters["money"] = _MONEY[language]
        environment.filters["quoted"] = quote
        return environment

    def languages(self) -> tuple[str, ...]:
        return tuple(self._by_language)

    def names(self, language: str) -> list[str]:
        """The templates that exist in a language."""
        found = self._by_language[language].list_templates(filter_func=lambda name: name.endswith(".txt"))
        return sorted({name.removesuffix(".txt") for name in found if "/" not in name})

    def render(self, name: str, language: str, facts: Mapping[str, Any]) -> Rendered:
        """The mail `name` in `language`. Raises BrokenTemplate."""
        environment = self._by_language[language]
        try:
            filled = environment.get_template(f"{name}.txt").render(facts)
            subject, text = _split(filled)
            body = Markup(to_html(text))  # noqa: S704 - to_html has escaped all of it
            page = environment.get_template("layout.html").render(title=subject, body=body, language=language)
        except _MISTAKES as error:
            place = self._place(error) or f"{language}/{name}.txt"
            raise BrokenTemplate(f"template {place}: {tell_mistake(error, facts, environment)}") from error
        return Rendered(subject=subject, text=text, html=page)

    def page(self, name: str, language: str, facts: Mapping[str, Any]) -> str:
        """The page `name`, for a browser. Raises BrokenTemplate."""
        environment = self._by_language[language]
        try:
            return environment.get_template(f"{name}.html").render(facts)
        except _MISTAKES as error:
            place = self._place(error) or f"{name}.html"
            raise BrokenTemplate(f"template {place}: {tell_mistake(error, facts, environment)}") from error

    def _place(self, error: Exception) -> str | None:
        """File and line of a template where the error arose; None where no template shows it."""
        if isinstance(error, TemplateSyntaxError):
            return f"{error.filename or error.name}:{error.lineno}"
        # Jinja2 writes files and lines of templates into tracebacks.
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if frame.filename.startswith(tuple(self._folders))]
        return f"{ours[-1].filename}:{ours[-1].lineno}" if ours else None


def _moment_of(value: object) -> datetime:
    if not isinstance(value, datetime):
        shown = "nothing" if value is None else f'"{value}"'
        raise ValueError(f"a time is told here, and there may be {shown}: write {{% if … %}} around it")  # noqa: TRY004 - of the template, not of the program
    return value


def _money_vi(amount: int, currency: str = "VND") -> str:
    return f"{amount:,}".replace(",", ".") + (" đồng" if currency == "VND" else f" {currency}")


def _money_en(amount: int, currency: str = "VND") -> str:
    return f"{currency} {amount:,}"


_MONEY = {"vi": _money_vi, "en": _money_en}


def _split(filled: str) -> tuple[str, str]:
    first, _, rest = filled.lstrip().partition("\n")
    word, colon, subject = first.partition(":")
    if not colon or word.strip().lower() != "subject":
        raise ValueError('the first line must be "Subject: …"')
    text = _BLANK_LINES.sub("\n\n", rest.strip())  # what an {% if %} leaves behind where it says nothing
    return " ".join(subject.split())[:SUBJECT_CHARACTERS], f"{text}\n"


def quote(text: str) -> str:
    """The text as a quotation: each line begins with "> "."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def to_html(text: str) -> str:
    """Text as HTML: blank lines part paragraphs, every other line end is a break; everything is escaped."""
    paragraphs = [part for part in html.escape(text).split("\n\n") if part.strip()]
    return "\n".join(f"<p>{'<br>'.join(map(_coloured, part.strip().splitlines()))}</p>" for part in paragraphs)


def _coloured(line: str) -> str:
    colour = _MARKS.get(line[:1])
    if line.startswith(_WARNING):
        return f'<strong style="color:{colour}">{line}</strong>'
    return f'<span style="color:{colour}">{line[0]}</span>{line[1:]}' if colour else line
