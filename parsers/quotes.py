"""What the writer of a mail added this time, as opposed to what he quotes and what his mail program adds.

Rules of one kind each are asked in turn at every line; each names the lines it takes away. Nothing lost is the first
law: what no rule proves to be a quote or a signature stays, and what is forwarded to us stays whole. Pure, never
raises, linear in the size of the text.
"""

from collections.abc import Callable
from dataclasses import dataclass

from parsers.quote_blocks import find_block
from parsers.quote_headings import (
    Heading,
    find_heading,
    is_bare_title,
    is_forward_title,
    is_marked_after,
    is_name_heading,
    is_original_title,
    is_reply_line,
    is_rule,
)
from parsers.quote_lines import Lines, next_filled, read_lines, unmark
from parsers.signatures import (
    is_added_line,
    is_delimiter,
    is_list_footer,
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


MAX_FOOTERS = 4  # one below the other
MAX_FOOTER_LINES = 30  # blank ones counted

_Headings = dict[int, Heading]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """A line and what the rules know when they come to it."""

    lines: Lines
    index: int
    headings: _Headings  # by their first line
    follows_cut: bool  # the line before is taken away


_Rule = Callable[[_Place], _Cut | None]


def strip_reply(text: str, *, forwarded: bool | None = None) -> str:
    """`text` without quotes, their headings and signatures; `text` itself where none is recognised.

    `forwarded` is what the subject says: True ("Fwd: …") keeps what the first heading heads; False ("Re: …") lets a
    mail that is nothing but a quote be empty; None, not known, keeps such a mail whole unless the quote is marked.
    """
    lines = read_lines(text)
    cuts = _find_cuts(lines, keep_headed=forwarded is True)
    if not cuts:
        return text
    kept = _join_kept(lines, cuts)
    if not kept and forwarded is not False and not all(cut.is_sure for cut in cuts):
        return text
    return kept


def _find_cuts(lines: Lines, *, keep_headed: bool) -> list[_Cut]:
    headings = {found.start: found for last in range(len(lines.shown)) if (found := find_heading(lines, last))}
    cuts: list[_Cut] = []
    index = 0
    while index < len(lines.shown):
        follows_cut = bool(cuts) and cuts[-1].end == index
        cut = _apply_rules(_Place(lines=lines, index=index, headings=headings, follows_cut=follows_cut))
        if cut and (cut.is_forward or (keep_headed and cut.is_quote)):
            break
        if cut:
            cuts.append(cut)
        index = max(cut.end, index + 1) if cut else index + 1
    return _add_last_cuts(lines, cuts, index)


def _add_last_cuts(lines: Lines, cuts: list[_Cut], end: int) -> list[_Cut]:
    """`cuts` with what is known only by standing at the end of all that the other rules leave."""
    for _ in range(MAX_FOOTERS):
        last = _footer_of_a_list(lines, cuts, end) or _loose_signature(lines, cuts, end)
        if not last:
            break
        cuts = _add_cut(cuts, last)
    return cuts


def _apply_rules(place: _Place) -> _Cut | None:
    if not place.lines.shown[place.index]:
        return None
    for rule in _RULES:
        if cut := rule(place):
            return cut
    return None


def _forwarded_mail(place: _Place) -> _Cut | None:
    """What a customer forwards to us stays, marked or not."""
    line = place.lines.shown[place.index]
    if not is_forward_title(unmark(line) if place.lines.quoted[place.index] else line):
        return None
    return _Cut(start=place.index, end=place.index, is_forward=True)


def _marked_lines(place: _Place) -> _Cut | None:
    quoted = place.lines.quoted
    if not quoted[place.index]:
        return None
    end = place.index
    while end < len(quoted) and quoted[end]:
        end += 1
    return _Cut(start=place.index, end=end)


def _heading_in_words(place: _Place) -> _Cut | None:
    heading = place.headings.get(place.index)
    return _quote_below(place, heading.end, left=heading.left) if heading else None


def _name_alone(place: _Place) -> _Cut | None:
    """K-9 and old Android name who wrote and nothing else, in a paragraph of its own or right above the marks."""
    if not is_name_heading(place.lines.shown[place.index]):
        return None
    above = place.lines.shown[place.index - 1] if place.index else ""
    if not above or place.follows_cut or is_rule(above) or is_marked_after(place.lines, place.index):
        return _quote_below(place, place.index + 1)
    return None


def _title_between_dashes(place: _Place) -> _Cut | None:
    if not is_original_title(place.lines.shown[place.index]):
        return None
    below = next_filled(place.lines, place.index + 1)
    end = find_block(place.lines, below, titled=True) if below < len(place.lines.shown) else None
    return _quote_below(place, end or place.index + 1)


def _block_of_fields(place: _Place) -> _Cut | None:
    lines, first = place.lines, place.index
    if is_rule(lines.shown[first]) or is_bare_title(lines.shown[first]):
        first = next_filled(lines, first + 1)
    end = find_block(lines, first) if first < len(lines.shown) else None
    return _quote_below(place, end) if end else None


def _line_to_reply_above(place: _Place) -> _Cut | None:
    if not is_reply_line(place.lines.shown[place.index]):
        return None
    return _Cut(start=place.index, end=len(place.lines.shown), is_sure=False)


def _signature(place: _Place) -> _Cut | None:
    if not is_strict_delimiter(place.lines.raw[place.index]):
        return None
    return _Cut(start=place.index, end=_next_quote(place), is_quote=False)


def _line_of_a_program(place: _Place) -> _Cut | None:
    if not is_added_line(place.lines.shown[place.index]):
        return None
    return _Cut(start=place.index, end=place.index + 1, is_quote=False)


# In this order: what is forwarded is not a quote, and a heading is not a signature.
_RULES: tuple[_Rule, ...] = (
    _forwarded_mail,
    _marked_lines,
    _heading_in_words,
    _name_alone,
    _title_between_dashes,
    _block_of_fields,
    _line_to_reply_above,
    _signature,
    _line_of_a_program,
)


def _footer_of_a_list(lines: Lines, cuts: list[_Cut], end: int) -> _Cut | None:
    """The footer a mailing list puts below what is left by the other rules."""
    if end < len(lines.shown) or lines.rest or not any(line[:2] == "__" for line in lines.shown):
        return None
    kept = _list_kept(cuts, 0, end)[-MAX_FOOTER_LINES:]
    for number, start in enumerate(kept):
        if is_list_footer([lines.shown[index] for index in kept[number:]]):
            return _Cut(start=start, end=end, is_quote=False)
    return None


def _loose_signature(lines: Lines, cuts: list[_Cut], end: int) -> _Cut | None:
    """What follows a "--" that has lost its blank, if it is the only one: people draw two between things listed."""
    if not any(map(is_delimiter, lines.shown)):
        return None
    delimiters = [index for index in _list_kept(cuts, 0, end) if is_delimiter(lines.shown[index])]
    if len(delimiters) != 1:
        return None
    start = delimiters[0]
    end = next((cut.start for cut in cuts if cut.start > start and cut.is_quote), end)
    if not looks_like_signature([lines.shown[index] for index in _list_kept(cuts, start + 1, end)]):
        return None
    return _Cut(start=start, end=end, is_quote=False)


def _list_kept(cuts: list[_Cut], start: int, end: int) -> list[int]:
    taken = {index for cut in cuts for index in range(cut.start, cut.end)}
    return [index for index in range(start, end) if index not in taken]


def _add_cut(cuts: list[_Cut], new: _Cut | None) -> list[_Cut]:
    """`cuts` in order with `new`, which replaces those within it."""
    if not new:
        return cuts
    outside = [cut for cut in cuts if not new.start <= cut.start < new.end]
    return sorted([*outside, new], key=lambda cut: cut.start)


def _quote_below(place: _Place, end: int, *, left: str = "") -> _Cut:
    """A quote with its heading, which ends before `end`: marked lines have a rule of their own, else to the end."""
    lines, index, answers = place.lines, end, 0
    while answers <= MAX_ANSWER and (index := next_filled(lines, index)) < len(lines.shown):
        if lines.quoted[index]:
            return _Cut(start=place.index, end=end, left=left)
        if index in place.headings:
            break
        index, answers = index + 1, answers + 1
    return _Cut(start=place.index, end=len(lines.shown), left=left, is_sure=False)


def _next_quote(place: _Place) -> int:
    """Where a signature ends: at a quote, a heading, or something forwarded."""
    lines = place.lines
    for index in range(place.index + 1, len(lines.shown)):
        line = lines.shown[index]
        if lines.quoted[index] or index in place.headings or is_forward_title(line) or is_original_title(line):
            return index
        if find_block(lines, index):
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
