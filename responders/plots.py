"""Plots of a report as SVG, to stand within one HTML page and need nothing else.

Text stays text: it can be searched and read aloud, and is shown in the reader's own fonts, Vietnamese and Chinese
alike. Letters are readable on a phone. The same figures give the same markup; names within one plot never meet those of
another, and no style leaks into the page. A plot without figures says so; no text breaks one.

The plotting library takes a second to load and is loaded with the first plot, not with the program.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import StringIO
from itertools import accumulate
from math import isfinite, nan
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from responders.embedding import embed
from responders.lettering import plain
from responders.paper_words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Values = Sequence[float | None]  # None where nothing is known

WIDTH = 420.0  # points; a phone is about 360 wide
ACCENT = "#1f6feb"

_INK, _GREY, _GRID = "#1f2328", "#656d76", "#e1e4e8"
_LINES = ((ACCENT, "-"), ("#8c959f", "-"), ("#424a53", "--"), ("#8c959f", ":"))  # one colour that speaks, and greys
_ROW = 17.0  # points, from line to line
_LABELS = 168.0  # points, for what stands beside the bars
_LABEL_CHARACTERS, _LABEL_LINES = 24, 3
_WIDE_CHARACTERS = 52  # in a line as wide as the plot
_SHORTEST = 40.0  # points, that are left for the longest bar
_LETTER = 7.2  # points, at most, on average
_TICKS = 5
_LONG_SPAN = 366  # days; from there on only months are told
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",  # it is measured with; readers' fonts are narrower
    "font.size": 11,
    "text.color": _INK,
    "text.parse_math": False,  # somebody's "$" is a dollar
    "axes.axisbelow": True,
    "xtick.color": _GREY,
    "ytick.color": _GREY,
    "grid.color": _GRID,
    "grid.linewidth": 0.8,
}
_EMPTY = {"vi": "Chưa có số liệu.", "en": "No figures yet."}
_DAY = {"vi": "{0.day}/{0.month}", "en": "{0.day} {0:%b}"}
_MONTH = {"vi": "{0.month}/{0.year}", "en": "{0:%b} {0.year}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    """What stands above the figures, and how far these are from the edges, in points."""

    title: str
    keys: Sequence[str] = ()  # what the lines are called
    left: float = 0
    right: float = 0
    bottom: float = 0
    height: float = _ROW  # of the figures

    @property
    def head(self) -> list[str]:
        return wrap(self.title, _WIDE_CHARACTERS)

    @property
    def top(self) -> float:
        return _ROW * (len(self.head) + len(self.keys)) + 10

    @property
    def total(self) -> float:
        return self.top + self.height + self.bottom

    @property
    def place(self) -> tuple[float, float, float, float]:
        """Of the figures: left, bottom, width and height as shares of the whole."""
        width = WIDTH - self.left - self.right
        return self.left / WIDTH, self.bottom / self.total, width / WIDTH, self.height / self.total


def bar_plot(title: str, labels: Sequence[str], values: Values, unit: str = "", *, language: Language = "vi") -> str:
    """One bar for each label, from the top down, with its value beside it."""
    names = [_break(label) for label in labels]
    lengths = [_finite(value, 0.0) for value in values]
    told = [_tell(value, unit, language) for value in values]
    heights = [_ROW * max(len(name), 1.5) for name in names]
    places = [end - height / 2 for end, height in zip(accumulate(heights), heights, strict=True)]
    room = min(_LETTER * max(map(len, told), default=0) + 8, WIDTH - _LABELS - _SHORTEST)
    sheet = _Sheet(title=_line(title), left=_LABELS, right=room, bottom=4, height=sum(heights))

    def draw(axes: "Axes") -> None:
        axes.barh(places, lengths, height=_ROW * 0.7, color=ACCENT)
        axes.set_axis_off()
        axes.set_xlim(min(0.0, *lengths, 0.0), max(0.0, *lengths, 0.0) or 1)
        axes.set_ylim(sum(heights), 0)
        for place, length, name, words in zip(places, lengths, names, told, strict=True):
            axes.annotate(words, (max(length, 0), place), (5, 0), textcoords="offset points", va="center")
            for number, line in enumerate(name):  # one by one: fonts differ in width, and each line ends at the bar
                at = place + 14 * (number - (len(name) - 1) / 2)
                axes.annotate(line, (0, at), (-7, 0), xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                              ha="right", va="center")  # fmt: skip

    return _plot(sheet, draw if names else None, language, [*map(str, names), *told])


def line_plot(
    title: str, days: Sequence[date], series: Mapping[str, Values], unit: str = "", *, language: Language = "vi"
) -> str:
    """A line for each series, with a value for each day, the first one in colour; None leaves a gap."""
    keys = [_shorten(name, _WIDE_CHARACTERS) for name in series] if len(series) > 1 else []
    lines = [[_finite(value, nan) for value in values] for values in series.values()]
    sheet = _Sheet(title=_line(title), keys=keys, left=46, right=30, bottom=26, height=170)
    known = [value for line in lines for value in line if isfinite(value)]
    places = [day.toordinal() for day in days]

    def draw(axes: "Axes") -> None:
        for line, (colour, dashes) in zip(lines, _styles(len(lines)), strict=True):
            marker = "o" if _has_lonely(line) else ""
            axes.plot(places, line, color=colour, linestyle=dashes, linewidth=2, marker=marker, markersize=4)
        axes.grid(axis="y")
        axes.set_ylim(min(0, *known), max(0, *known) * 1.05 or 1)
        axes.margins(x=0.01)
        axes.locator_params(axis="y", nbins=_TICKS, integer=all(value.is_integer() for value in known))
        axes.yaxis.set_major_formatter(lambda value, _: _tell(value, "", language))
        shown = _spread(len(days))
        axes.set_xticks([places[at] for at in shown], labels=[_tell_day(days[at], days, language) for at in shown])
        if unit:
            axes.annotate(_line(unit), (0, 1), (-6, 6), xycoords="axes fraction", textcoords="offset points",
                          ha="right", color=_GREY)  # fmt: skip

    told = [str(day) for day in days] + [str(value) for line in lines for value in line] + [*series, unit]
    return _plot(sheet, draw if known else None, language, told)


def _plot(sheet: _Sheet, draw: Callable[["Axes"], None] | None, language: Language, told: Sequence[str]) -> str:
    """`told` makes the names within the plot its own."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # a service without a home is no news
    from matplotlib import rc_context  # noqa: PLC0415  # see the top of this file
    from matplotlib.figure import Figure  # noqa: PLC0415

    sheet = sheet if draw else _Sheet(title=sheet.title, bottom=4)
    name = f"p{sha256(repr((sheet, told)).encode(errors='replace')).hexdigest()[:10]}"
    with rc_context({**_SETTINGS, "svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph [0-9]+ ")  # what DejaVu lacks the reader's fonts have
        figure = Figure(figsize=(WIDTH / 72, sheet.total / 72))
        for number, line in enumerate(sheet.head):
            figure.text(0, 1 - _ROW * (number + 0.8) / sheet.total, line, weight="bold", size=12)
        axes = figure.add_axes(sheet.place, frameon=False)
        axes.tick_params(length=0, pad=6)
        if draw:
            draw(axes)
            _tell_keys(axes, sheet)
        else:
            axes.set_axis_off()
            figure.text(0, 8 / sheet.total, _EMPTY[language], color=_GREY)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return embed(drawn.getvalue(), name=name, title=sheet.title)


def _tell_keys(axes: "Axes", sheet: _Sheet) -> None:
    """What each line is called, one below the other, between title and figures."""
    styles = _styles(len(sheet.keys))
    for number, (key, (colour, dashes)) in enumerate(zip(sheet.keys, styles, strict=True)):
        at = 1 + (_ROW * (len(sheet.keys) - number) - 2) / sheet.height
        axes.plot(
            [0.0, 0.05], [at, at], color=colour, linestyle=dashes, linewidth=2, transform=axes.transAxes, clip_on=False
        )
        axes.text(0.07, at, key, transform=axes.transAxes, va="center")


def _styles(count: int) -> Iterator[tuple[str, str]]:
    return (_LINES[number % len(_LINES)] for number in range(count))


def _finite(value: float | None, otherwise: float) -> float:
    return otherwise if value is None or not isfinite(value) else float(value)


def _has_lonely(line: Sequence[float]) -> bool:
    """Whether a value has no neighbour to draw a line to."""
    gaps = [True, *(not isfinite(value) for value in line), True]
    return any(before and after and not here for before, here, after in zip(gaps, gaps[1:], gaps[2:], strict=False))


def _spread(count: int) -> list[int]:
    """At most `_TICKS` places of `count`, from the first to the last."""
    steps = min(_TICKS, count) - 1
    return sorted({round(step * (count - 1) / steps) for step in range(steps + 1)}) if steps else [0]


def _tell(value: float | None, unit: str, language: Language) -> str:
    if value is None or not isfinite(value):
        return "–"
    digits = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1_000 else f"{value:,.1f}"
    told = digits.translate(str.maketrans(",.", ".,")) if language == "vi" else digits
    return f"{told} {_line(unit)}".strip()


def _tell_day(day: date, days: Sequence[date], language: Language) -> str:
    is_long = abs((max(days) - min(days)).days) > _LONG_SPAN
    return (_MONTH if is_long else _DAY)[language].format(day)


def _break(label: str) -> list[str]:
    lines = wrap(_line(label), _LABEL_CHARACTERS)
    rest = " ".join(lines[_LABEL_LINES - 1 :])
    return [*lines[: _LABEL_LINES - 1], _shorten(rest, _LABEL_CHARACTERS)] if len(lines) > _LABEL_LINES else lines


def _shorten(text: str, characters: int) -> str:
    line = _line(text)
    return line if len(line) <= characters else f"{line[: characters - 1].rstrip()}…"


def _line(text: str) -> str:
    """One line of what XML can hold."""
    return " ".join(plain(text).replace("\ufffe", "").replace("\uffff", "").split())
