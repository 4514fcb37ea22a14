"""Lettering: our documents' type face, the pieces that texts are set in, what of a stranger's text can be set at all.

Vietnamese is written in NFC with DejaVu Sans, which matplotlib brings along. Control characters, marks that turn the
direction of writing and invisible joiners are left out, so that no text can steer or fake what stands around it.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

Colour = tuple[int, int, int]
Emphasis = Literal["", "B", "I"]

BOX = "\u25a1"  # stands for a character that cannot be shown
FILES: dict[Emphasis, str] = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf"}
INK: Colour = (31, 35, 40)
GREY: Colour = (101, 109, 118)
HAIRLINE: Colour = (216, 222, 228)
MARKS: dict[str, Colour] = {"✓": (26, 127, 55), "?": (154, 103, 0), "✗": (180, 35, 24)}

_MM_OF_POINT = 25.4 / 72
# Cc, Cf, Cs: controls, formats, surrogates; Zl, Zp: separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How a text is set."""

    emphasis: Emphasis = ""
    size: float = 9.5  # points
    colour: Colour = INK
    align: Literal["L", "C", "R"] = "L"

    @property
    def leading(self) -> float:
        """From line to line, in mm."""
        return self.size * _MM_OF_POINT * 1.42


BODY = Style()
STRONG = Style(emphasis="B")
QUIET = Style(colour=GREY)
SMALL = Style(size=8, colour=GREY)
TITLE = Style(emphasis="B", size=15, align="C")
HEADING = Style(emphasis="B", size=11)
COLUMN = Style(emphasis="B", size=8, colour=GREY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A text in a column of its own."""

    text: str
    width: float  # mm
    style: Style = BODY


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """A place to sign."""

    title: str
    hint: str
    name: str  # printed below; empty leaves a line to write on


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """A line of a checklist."""

    mark: str  # ✓ ? ✗
    text: str
    details: Sequence[str] = field(default=())  # set small below


def plain(text: str) -> str:
    """NFC, blanks for tabs, and nothing that steers or cannot be seen."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4))
    return "".join(one for one in lines if one == "\n" or not _is_unseen(one))


def _is_unseen(character: str) -> bool:
    # The variation selectors only choose among glyphs.
    return unicodedata.category(character) in _UNSEEN or "\ufe00" <= character <= "\ufe0f"


def break_lines(text: str, room: float, width_of: Callable[[str], float]) -> list[str]:
    """The lines of `text` where none is wider than `room`; `width_of` a character, in the same unit."""
    return [line for given in text.split("\n") for line in _break(given, room, width_of)]


def _break(line: str, room: float, width_of: Callable[[str], float]) -> Iterator[str]:
    """At the last blank that leaves words before it, or else within a word. Linear in the length of the line."""
    start, blank, used = 0, 0, 0.0
    for at, character in enumerate(line):
        used += width_of(character)
        if character == " ":
            blank = at
            continue
        while used > room and at > start:  # what follows the blank can be too wide by itself
            is_word = bool(line[start:blank].strip())
            yield line[start : blank if is_word else at]
            start = blank + 1 if is_word else at
            used = sum(map(width_of, line[start : at + 1]))
    yield line[start:]


def type_face_folder() -> Path:
    """Where matplotlib keeps DejaVu; found without loading matplotlib."""
    found = find_spec("matplotlib")
    assert found is not None, "matplotlib is a dependency"
    assert found.submodule_search_locations, "matplotlib is a package"
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
