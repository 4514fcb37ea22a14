"""What the writer of a mail added this time, as opposed to what he quotes and what his mail program adds.

Rules of one kind each are asked in turn at every line; each names the lines it takes away. Nothing lost is the first
law: what no rule proves to be a quote or a signature stays, and what is forwarded to us stays whole. Pure, never
raises, linear in the size of the text.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from parsers.quote_blocks import find_block
from parsers.quote_headings import (
    Heading,
    find_heading,
    is_bare_title,
    is_forward_title,
    is_original_title,
    is_reply_line,
    is_rule,
)
from parsers.quote_lines import Lines, next_filled, read_lines, unmark
from parsers.signatures import (
    MAX_SIGNATURE,
    find_list_footer,
    is_added_line,
    is_delimiter,
    is_strict_delimiter,
    looks_like_signature,
)

MAX_ANSWER = 3  # filled lines that people squeeze between a heading and the quote it heads


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cut:
    """Lines `start` up to, not including, `end` that are not the writer's."""

    start: int
    end: int
    left: str = ""  # what stays of the first line
    is_quote: bool = True  # False for a signature
    is_sure: bool = True  # False for a quote without marks: where it ends is not known
    is_forward: bool = False  # nothing from `start` on is taken away


MAX_LIST = 40  # lines above a delimiter that may hold another

_Headings = dict[int, Heading]
_Rule = Callable[[Lines, int, _Headings], _Cut | None]


def strip_reply(text: str, *, forwarded: bool | None = None) -> str:
    """`text` without quotes, their headings and signatures; `text` itself where none is recognised.

    `forwarded` is what the subject says: True ("Fwd: …") keeps what the first heading heads; False ("Re: …") lets a
    mail that is nothing but a quote be empty; None, not known, keeps such a mail whole unless the quote is marked.
    """
    lines = read_lines(text)
    cuts = list(_find_cuts(lines, keep_headed=forwarded is True))
    if not cuts:
        return text
    kept = _join_kept(lines, cuts)
    if not kept and forwarded is not False and not all(cut.is_sure for cut in cuts):
        return text
    return kept


def _find_cuts(lines: Lines, *, keep_headed: bool) -> Iterator[_Cut]:
    headings = {found.start: found for last in range(len(lines.shown)) if (found := find_heading(lines, last))}
    index = 0
    while index < len(lines.shown):
        cut = _apply_rules(lines, index, headings) if lines.shown[index] else None
        if cut and (cut.is_forward or (keep_headed and cut.is_quote)):
            return
        if cut:
            yield cut
        index = max(cut.end, index + 1) if cut else index + 1


def _apply_rules(lines: Lines, index: int, headings: _Headings) -> _Cut | None:
    for rule in _RULES:
        if cut := rule(lines, index, headings):
            return cut
    return None


def _forwarded_mail(lines: Lines, index: int, _: _Headings) -> _Cut | None:
    """What a customer forwards to us stays, marked or not."""
    line = unmark(lines.shown[index]) if lines.quoted[index] else lines.shown[index]
    return _Cut(start=index, end=index, is_forward=True) if is_forward_title(line) else None


def _marked_lines(lines: Lines, index: int, _: _Headings) -> _Cut | None:
    if not lines.quoted[index]:
        return None
    end = index
    while end < len(lines.quoted) and lines.quoted[end]:
        end += 1
    return _Cut(start=index, end=end)


def _heading_in_words(lines: Lines, index: int, headings: _Headings) -> _Cut | None:
    heading = headings.get(index)
    if not heading:
        return None
    cut = _quote_below(lines, index, heading.end, headings)
    return _Cut(start=index, end=cut.end, left=heading.left, is_sure=cut.is_sure)


def _title_between_dashes(lines: Lines, index: int, headings: _Headings) -> _Cut | None:
    line = lines.shown[index]
    if is_original_title(line):
        below = next_filled(lines, index + 1)
        end = find_block(lines, below, titled=True) if below < len(lines.shown) else None
        return _quote_below(lines, index, end or index + 1, headings)
    return None


def _block_of_fields(lines: Lines, index: int, headings: _Headings) -> _Cut | None:
    first = next_filled(lines, index + 1) if is_rule(lines.shown[index]) or is_bare_title(lines.shown[index]) else index
    end = find_block(lines, first) if first < len(lines.shown) else None
    return _quote_below(lines, index, end, headings) if end else None


def _line_to_reply_above(lines: Lines, index: int, _: _Headings) -> _Cut | None:
    return _Cut(start=index, end=len(lines.shown), is_sure=False) if is_reply_line(lines.shown[index]) else None


def _signature(lines: Lines, index: int, headings: _Headings) -> _Cut | None:
    if not is_delimiter(lines.shown[index]):
        return None
    is_proof = is_strict_delimiter(lines.raw[index])
    end = _next_boundary(lines, index + 1, headings, most=len(lines.shown) if is_proof else MAX_SIGNATURE + 1)
    if is_proof or (not _draws_list(lines, index, end) and looks_like_signature(lines.shown[index + 1 : end])):
        return _Cut(start=index, end=end, is_quote=False)
    return None


def _draws_list(lines: Lines, start: int, end: int) -> bool:
    """Whether such a line stands nearby once more: people draw one between the things they list."""
    above = lines.shown[max(start - MAX_LIST, 0) : start]
    return any(map(is_delimiter, above)) or (end < len(lines.shown) and is_delimiter(lines.shown[end]))


def _line_of_a_program(lines: Lines, index: int, _: _Headings) -> _Cut | None:
    return _Cut(start=index, end=index + 1, is_quote=False) if is_added_line(lines.shown[index]) else None


def _footer_of_a_list(lines: Lines, index: int, _: _Headings) -> _Cut | None:
    end = find_list_footer(lines, index)
    return _Cut(start=index, end=end, is_quote=False) if end else None


# In this order: what is forwarded is not a quote, and a heading is not a signature.
_RULES: tuple[_Rule, ...] = (
    _forwarded_mail,
    _marked_lines,
    _heading_in_words,
    _title_between_dashes,
    _block_of_fields,
    _line_to_reply_above,
    _signature,
    _line_of_a_program,
    _footer_of_a_list,
)


def _quote_below(lines: Lines, start: int, end: int, headings: _Headings) -> _Cut:
    """A quote whose heading is `start` up to `end`: marked lines have their own rule, else to the end."""
    index, answers = end, 0
    while answers <= MAX_ANSWER and (index := next_filled(lines, index)) < len(lines.shown):
        if lines.quoted[index]:
            return _Cut(start=start, end=end)
        if index in headings:
            break
        index, answers = index + 1, answers + 1
    return _Cut(start=start, end=len(lines.shown), is_sure=False)


def _next_boundary(lines: Lines, start: int, headings: _Headings, *, most: int) -> int:
    """Where a signature ends: at a quote, a heading, something forwarded, or past `most` filled lines."""
    filled = 0
    for index in range(start, len(lines.shown)):
        line = lines.shown[index]
        filled += bool(line)
        if filled > most or lines.quoted[index] or index in headings or is_delimiter(line):
            return index
        if is_forward_title(line) or is_original_title(line) or find_block(lines, index):
            return index
    return len(lines.shown)


def _join_kept(lines: Lines, cuts: list[_Cut]) -> str:
    """The lines outside `cuts`, a blank line in the place of each, none at the edges."""
    kept: list[str] = []
    start = 0
    for cut in cuts:
        _keep(kept, _before(lines, start, cut))
        start = cut.end
    _keep(kept, lines.raw[start:])
    return ("\n".join(kept) + (lines.rest if start < len(lines.raw) else "")).rstrip()


def _keep(kept: list[str], piece: list[str]) -> None:
    """Add `piece` after one blank line."""
    first = next((number for number, line in enumerate(piece) if line.strip()), len(piece))
    if kept and first < len(piece):
        kept.append("")
    kept += piece[first:]


def _before(lines: Lines, start: int, cut: _Cut) -> list[str]:
    """The lines kept before a cut, without what only separates them from it."""
    if cut.left:
        return [*lines.raw[start : cut.start], cut.left]
    index = cut.start - 1
    while index >= start and (not lines.shown[index] or is_rule(lines.shown[index])):
        index -= 1
    return lines.raw[start : index + 1]
