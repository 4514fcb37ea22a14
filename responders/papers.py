"""Paper: A4 documents as PDF, set from top to bottom. Knows no complaint and no words of its own.

Only the glyphs that are used go into the file. What strangers wrote cannot break a document: a character that the type
face lacks becomes a box ("□"), never an error, and `has_boxes` tells that there is one. The same content and the same
moment give the same bytes.

The PDF library takes half a second to load and is loaded with the first document, not with the program.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, cast

from responders.lettering import (
    BODY,
    BOX,
    COLUMN,
    FILES,
    HAIRLINE,
    HEADING,
    INK,
    MARKS,
    QUIET,
    SMALL,
    STRONG,
    TITLE,
    Cell,
    Emphasis,
    Marked,
    Signature,
    Style,
    break_lines,
    plain,
    type_face_folder,
)

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

MARGIN = 20.0  # mm, on the left and on the right
TOP = 16.0
BOTTOM = 20.0
WIDTH = 210 - 2 * MARGIN  # mm between the margins of an A4 page

_FAMILY = "dejavu"
_GAP = 3.0  # mm between columns
_PAGES = "\x02" * 5  # stands for the number of pages until it is known; no text has it, for controls are left out


class Paper:
    """A document under way; `finish` gives its bytes."""

    def __init__(self, *, title: str, author: str, language: str, footer: str, page: str, made_at: datetime) -> None:
        """`footer` stands at the foot of each page, with `page`, such as "Page {number} of {count}"."""
        self._footer, self._page = footer, page
        self._pdf = _start(self)
        self._pdf.set_title(plain(title))
        self._pdf.set_author(plain(author))
        self._pdf.set_lang(language)
        self._pdf.set_creation_date(made_at)
        self._covered = {style: _font(self._pdf, style).cmap.keys() for style in FILES}
        self._running: tuple[Cell, ...] = ()  # columns' titles, set again on each new page of a table
        self._widths: dict[Style, dict[str, float]] = {}  # of characters, in mm
        self.has_boxes = False
        self._pdf.add_page()

    def letterhead(self, name: str, lines: Sequence[str], motto: Sequence[str] = ()) -> None:
        """Who speaks, on the left; a motto, on the right."""
        half = WIDTH / 2
        left = [Cell(text=name, width=half, style=replace(STRONG, size=11))]
        left += [Cell(text=line, width=half, style=SMALL) for line in lines]
        right = [Cell(text=line, width=half, style=replace(STRONG, size=8.5, align="C")) for line in motto]
        nothing = Cell(text="", width=half)
        for pair in zip_longest(left, right, fillvalue=nothing):
            self._row(pair)
        self.space(2)
        self._rule()

    def title(self, text: str, *lines: str) -> None:
        """The name of the document, and what stands right below it."""
        self.space(7)
        self._row([Cell(text=text, width=WIDTH, style=TITLE)])
        for line in lines:
            self.space(1)
            self._row([Cell(text=line, width=WIDTH, style=replace(BODY, align="C"))])
        self.space(3)

    def heading(self, text: str) -> None:
        """Never the last line of a page."""
        self.space(4.5)
        self._make_room(HEADING.leading + 4 * BODY.leading)
        self._row([Cell(text=text, width=WIDTH, style=HEADING)])
        self.space(1.5)

    def subheading(self, text: str) -> None:
        """Stays with the lines below it."""
        self.space(1.5)
        self._make_room(5 * BODY.leading)
        self._row([Cell(text=text, width=WIDTH, style=STRONG)])
        self.space(0.5)

    def paragraph(self, text: str, style: Style = BODY) -> None:
        self._row([Cell(text=text, width=WIDTH, style=style)], is_whole=False)
        self.space(1.5)

    def quote(self, text: str) -> None:
        """Somebody's words, with a bar beside them; they may go over several pages."""
        indent = 5.0
        cells = [Cell(text="", width=indent), Cell(text=text, width=WIDTH - indent)]
        self._row(cells, is_whole=False, has_bar=True)
        self.space(2)

    def fields(self, rows: Iterable[tuple[str, str]]) -> None:
        """What it is called, and what it is."""
        label = 50.0
        for name, value in rows:
            self._row([Cell(text=name, width=label, style=QUIET), Cell(text=value, width=WIDTH - label)])
            self.space(0.7)

    def checklist(self, items: Iterable[Marked]) -> None:
        mark, indent = 6.0, WIDTH - 6.0
        for item in items:
            style = replace(STRONG, colour=MARKS.get(item.mark, INK))
            self._row([Cell(text=item.mark, width=mark, style=style), Cell(text=item.text, width=indent)])
            for detail in item.details:
                self._row([Cell(text="", width=mark), Cell(text=detail, width=indent, style=SMALL)])
            self.space(0.9)

    def table(self, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]) -> None:
        """Columns with their width in mm; their titles stand again on each page."""
        style = replace(BODY, size=8.5)
        self._running = tuple(Cell(text=name, width=width, style=COLUMN) for name, width in columns)
        self._row(self._running)
        self._rule()
        for row in rows:
            texts = zip(row, columns, strict=True)
            self.space(0.6)
            self._row([Cell(text=text, width=width, style=style) for text, (_, width) in texts])
            self.space(0.6)
            self._rule()
        self._running = ()

    def signatures(self, places: Sequence[Signature]) -> None:
        """Side by side, never torn from each other by the end of a page."""
        width, height = WIDTH / len(places), 20.0
        self.space(6)
        self._make_room(height + 4 * BODY.leading)
        for style, texts in (
            (replace(STRONG, align="C"), [one.title for one in places]),
            (replace(SMALL, emphasis="I", align="C"), [one.hint for one in places]),
        ):
            self._row([Cell(text=text, width=width, style=style) for text in texts])
        self.space(height)
        names = [one.name or "." * 36 for one in places]
        self._row([Cell(text=name, width=width, style=replace(BODY, align="C")) for name in names])

    def space(self, height: float) -> None:
        """`height` in mm; none at the top of a page."""
        if self._pdf.get_y() > TOP:
            self._pdf.set_y(self._pdf.get_y() + height)

    def finish(self) -> bytes:
        """The whole document; nothing can be added to it any more."""
        made = bytes(self._pdf.output())
        for emphasis in FILES:
            _font(self._pdf, emphasis).ttfont.close()
        return made

    def write_foot(self) -> None:
        """At the end of each page, for the library."""
        self._pdf.set_y(-BOTTOM + 8)
        self._use(SMALL)
        footer = self._shown(" ".join(self._footer.split()), SMALL)
        page = self._page.format(number=self._pdf.page_no(), count=_PAGES)
        self._pdf.cell(WIDTH, text=f"{footer} · {page}")

    def _row(self, cells: Sequence[Cell], *, is_whole: bool = True, has_bar: bool = False) -> None:
        """Cells side by side, line by line; a row that is not `is_whole` may be torn by the end of a page."""
        columns = [self._break(cell) for cell in cells]
        leading = max(cell.style.leading for cell in cells)
        count = max(map(len, columns))
        if is_whole:
            self._make_room(count * leading)
        for number in range(count):
            self._make_room(leading)
            lines = [column[number] if number < len(column) else "" for column in columns]
            self._line(cells, lines, leading)
            if has_bar:
                self._bar(leading)
            self._pdf.set_y(self._pdf.get_y() + leading)

    def _line(self, cells: Sequence[Cell], lines: Sequence[str], leading: float) -> None:
        left, top = MARGIN, self._pdf.get_y()
        for cell, line in zip(cells, lines, strict=True):
            if line.strip():
                self._use(cell.style)
                self._pdf.set_xy(left, top)
                self._pdf.cell(cell.width, leading, line.rstrip(), align=cell.style.align)
            left += cell.width
        self._pdf.set_xy(MARGIN, top)

    def _break(self, cell: Cell) -> list[str]:
        self._use(cell.style)
        widths = self._widths.setdefault(cell.style, {})

        def width_of(character: str) -> float:
            if character not in widths:
                widths[character] = self._pdf.get_string_width(character)
            return widths[character]

        room = cell.width if cell.style.align != "L" else cell.width - _GAP
        return break_lines(self._shown(cell.text, cell.style), room, width_of)

    def _shown(self, text: str, style: Style) -> str:
        covered = self._covered[style.emphasis]
        shown = "".join(one if one == "\n" or ord(one) in covered else BOX for one in plain(text))
        self.has_boxes = self.has_boxes or shown.count(BOX) > text.count(BOX)
        return shown

    def _use(self, style: Style) -> None:
        self._pdf.set_font(_FAMILY, style.emphasis, style.size)
        self._pdf.set_text_color(*style.colour)

    def _make_room(self, height: float) -> None:
        """A new page where `height` is more than is left; what is higher than a page begins where it is."""
        page = self._pdf.h - TOP - BOTTOM
        if height > self._pdf.h - BOTTOM - self._pdf.get_y() and height <= page:
            running, self._running = self._running, ()
            self._pdf.add_page()
            if running:
                self._row(running)
                self._rule()
            self._running = running

    def _rule(self) -> None:
        self._pdf.set_draw_color(*HAIRLINE)
        self._pdf.set_line_width(0.2)
        self._pdf.line(MARGIN, self._pdf.get_y(), MARGIN + WIDTH, self._pdf.get_y())

    def _bar(self, height: float) -> None:
        self._pdf.set_fill_color(*HAIRLINE)
        self._pdf.rect(MARGIN, self._pdf.get_y(), 0.9, height, style="F")


def _start(paper: Paper) -> "FPDF":
    from fpdf import FPDF  # noqa: PLC0415  # see the top of this file

    class Sheets(FPDF):
        def footer(self) -> None:
            paper.write_foot()

    pdf = Sheets(format="A4")
    pdf.set_margins(MARGIN, TOP, MARGIN)
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    pdf.alias_nb_pages(_PAGES)
    for emphasis, name in FILES.items():
        pdf.add_font(_FAMILY, emphasis, type_face_folder() / name)
    return pdf


def _font(pdf: "FPDF", emphasis: Emphasis) -> "TTFFont":
    return cast("TTFFont", pdf.fonts[_FAMILY + emphasis])
