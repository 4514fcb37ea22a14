"""Tables with plots, as a report is made of, and how a terminal shows one. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from unicodedata import east_asian_width

_LABEL_WIDTH = 52  # columns of a terminal

Row = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A table with its title, and plots that show the same."""

    title: str
    head: Row  # of the columns with figures; empty where one needs none
    rows: Sequence[Row]  # what it is, then the figures
    plots: Sequence[Callable[[], str]] = ()  # SVG, drawn when it is needed


def tell_part(part: Part) -> Iterator[str]:
    """A table for a terminal: what it is on the left, figures below each other on the right."""
    rows = [("", *part.head), *part.rows] if part.head and part.rows else [*part.rows] or [("–",)]
    widths = [max(map(_width, column)) for column in zip(*(row[1:] for row in rows), strict=True)]
    yield ""
    yield part.title
    for label, *figures in rows:
        told = "  ".join(_padded(one, -width) for one, width in zip(figures, widths, strict=True))
        yield f"  {_padded(label, _LABEL_WIDTH)}  {told}".rstrip()


def _padded(text: str, width: int) -> str:
    """To the right where `width` is negative; cut where it is too long for it."""
    told = text if width < 0 else _cut(text, width)
    blanks = " " * max(abs(width) - _width(told), 0)
    return f"{blanks}{told}" if width < 0 else f"{told}{blanks}"


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    return f"{''.join(letter for _, letter in takewhile(lambda one: one[0] < width, _ends(text)))}…"


def _ends(text: str) -> Iterator[tuple[int, str]]:
    """Each letter with the column behind it."""
    end = 0
    for letter in text:
        end += _width(letter)
        yield end, letter


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
