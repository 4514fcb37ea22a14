"""On which line of a TOML text each key stands, so that a mistake can be shown where it was made.

`tomllib` gives values without lines. This scanner walks the same text by the TOML 1.0 grammar and keeps lines without
values. It reads text that `tomllib` has accepted; for any other text the result means nothing.
"""

import re
import tomllib
from collections.abc import Mapping

KeyPath = tuple[str | int, ...]  # ("mailbox", 0, "host"); numbers count the elements of arrays

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_GAP = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_SCALAR = re.compile(
    r'''"""(?:[^\\]|\\[\s\S])*?""""{0,2}'''  # up to two quotation marks may stand before the closing ones
    r"""|'''[\s\S]*?''''{0,2}"""
    r'''|"(?:[^"\\\n]|\\.)*"'''
    r"""|'[^'\n]*'"""
    r"""|[^,\]}#\n]+"""  # numbers, dates, true and false
)


def find_lines(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, of every key, table and array element of `text`."""
    scanner = _Scanner(text)
    scanner.read_document()
    return scanner.lines


def line_of(place: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """The line of the place, or of the table that lacks it."""
    return next((lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), None)


class _Scanner:
    """One pass over the text; `_at` is the place reached."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._elements: dict[KeyPath, int] = {}  # how many [[tables]] of a name were seen
        self.lines: dict[KeyPath, int] = {}

    def read_document(self) -> None:
        table: KeyPath = ()
        while self._skip(_BLANK):
            if self._text[self._at] == "[":
                table = self._read_header()
            else:
                self._read_pair(table)

    def _read_header(self) -> KeyPath:
        """`[a.b]` or `[[a.b]]`; returns the path of the table that begins."""
        line = self._line()
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        *parents, last = self._read_key()
        table: KeyPath = ()
        for parent in parents:
            table = self._latest_element((*table, parent))
            self.lines.setdefault(table, line)
        table = (*table, last)
        if is_array:
            self.lines.setdefault(table, line)
            self._elements[table] = self._elements.get(table, 0) + 1
            table = self._latest_element(table)
        self.lines[table] = line
        self._at = self._text.index("]", self._at) + (2 if is_array else 1)
        return table

    def _latest_element(self, table: KeyPath) -> KeyPath:
        """A name of an array of tables stands for its latest element (TOML 1.0, "Array of Tables")."""
        count = self._elements.get(table)
        return (*table, count - 1) if count else table

    def _read_pair(self, table: KeyPath) -> None:
        line = self._line()
        path = table
        for name in self._read_key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._read_value(path)

    def _read_key(self) -> list[str]:
        """The names of a key, dotted or not; stops at what follows it."""
        names = []
        while True:
            self._skip(_SPACE)
            names.append(_unquoted(self._take(_KEY)))
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return names
            self._at += 1

    def _read_value(self, path: KeyPath) -> None:
        match self._text[self._at]:
            case "[":
                self._read_array(path)
            case "{":
                self._read_inline_table(path)
            case _:
                self._take(_SCALAR)

    def _read_array(self, path: KeyPath) -> None:
        self._at += 1
        index = 0
        while self._has_item("]"):
            self.lines[(*path, index)] = self._line()
            self._read_value((*path, index))
            index += 1

    def _read_inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while self._has_item("}"):
            self._read_pair(path)

    def _has_item(self, closing: str) -> bool:
        """Passes what stands between items; False once the closing bracket is passed."""
        self._take(_GAP)
        if self._text[self._at] != closing:
            return True
        self._at += 1
        return False

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Whether anything is left after what was skipped."""
        self._take(pattern)
        return self._at < len(self._text)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        assert found is not None, "tomllib has accepted this text"
        self._at = found.end()
        return found.group()

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1


def _unquoted(name: str) -> str:
    return next(iter(tomllib.loads(f"{name} = 0"))) if name[0] in "\"'" else name
