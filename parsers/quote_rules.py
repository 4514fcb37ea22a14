"""The rules that tell what is not the writer's: one kind of quote or signature each, asked in turn at a line.

A rule that fires names the lines it takes away; what no rule proves stays. Beside each stands a cheap look at the whole
text, which spares most mails the rule. Never raises; no rule looks at a line more than a bounded number of times.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from parsers.quote_blocks import find_block, may_have_block
from parsers.quote_headings import (
    Heading,
    has_dashes,
    has_forward_sentence,
    has_reply_words,
    is_bare_title,
    is_forward_title,
    is_marked_after,
    is_name_heading,
    is_original_title,
    is_reply_line,
    is_rule,
)
from parsers.quote_lines import Lines, next_filled, unmark
from parsers.signatures import is_added_line, is_strict_delimiter, may_have_added_lines

MAX_ANSWER = 3  # filled lines that people squeeze between a heading and the quote it heads


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """Lines `start` up to, not including, `end` that are not the writer's."""

    start: int
    end: int
    left: str = ""  # what stays of the first line
    is_quote: bool = True  # False for a signature
    is_sure: bool = True  # False for a quote without marks: where it ends is not known
    is_forward: bool = False  # nothing from `start` on is taken away
    rule: str = ""  # that fired, such as "marked-lines"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A line and what the rules know when they come to it."""

    lines: Lines
    index: int
    headings: dict[int, Heading]  # by their first line
    follows_cut: bool  # the line before is taken away


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """A whole text at a glance."""

    lines: Lines
    headings: dict[int, Heading]
    folded: str  # all lines as compared, casefolded


Rule = Callable[[Place], Cut | None]
Glance = Callable[[Overview], bool]


def choose_rules(lines: Lines, headings: dict[int, Heading]) -> tuple[Rule, ...]:
    """Those that may fire somewhere in `lines`, in their order."""
    text = Overview(lines=lines, headings=headings, folded="\n".join(lines.shown).casefold())
    return tuple(rule for rule, may_fire in RULES if may_fire(text))


def apply_rules(rules: tuple[Rule, ...], place: Place) -> Cut | None:
    """What the first rule that fires takes away from `place` on; None where the line stays."""
    if not place.lines.shown[place.index]:
        return None
    for rule in rules:
        if cut := rule(place):
            return replace(cut, rule=rule.__name__.strip("_").replace("_", "-"))
    return None


def _forwarded_mail(place: Place) -> Cut | None:
    """What a customer forwards to us stays, marked or not; below a heading it is what another one forwarded."""
    line, is_quoted = place.lines.shown[place.index], place.lines.quoted[place.index]
    if (is_quoted and place.follows_cut) or not is_forward_title(unmark(line) if is_quoted else line):
        return None
    return Cut(start=place.index, end=place.index, is_forward=True)


def _marked_lines(place: Place) -> Cut | None:
    quoted = place.lines.quoted
    if not quoted[place.index]:
        return None
    end = place.index
    while end < len(quoted) and quoted[end]:
        end += 1
    return Cut(start=place.index, end=end)


def _heading_in_words(place: Place) -> Cut | None:
    heading = place.headings.get(place.index)
    return _quote_below(place, heading.end, left=heading.left) if heading else None


def _name_alone(place: Place) -> Cut | None:
    """K-9 and old Android name who wrote and nothing else, in a paragraph of its own or right above the marks."""
    if not is_name_heading(place.lines.shown[place.index]):
        return None
    above = place.lines.shown[place.index - 1] if place.index else ""
    if not above or place.follows_cut or is_rule(above) or is_marked_after(place.lines, place.index):
        return _quote_below(place, place.index + 1)
    return None


def _title_between_dashes(place: Place) -> Cut | None:
    if not is_original_title(place.lines.shown[place.index]):
        return None
    below = next_filled(place.lines, place.index + 1)
    end = find_block(place.lines, below, titled=True) if below < len(place.lines.shown) else None
    return _quote_below(place, end or place.index + 1)


def _block_of_fields(place: Place) -> Cut | None:
    lines, first = place.lines, place.index
    if is_rule(lines.shown[first]) or is_bare_title(lines.shown[first]):
        first = next_filled(lines, first + 1)
    end = find_block(lines, first) if first < len(lines.shown) else None
    return _quote_below(place, end) if end else None


def _line_to_reply_above(place: Place) -> Cut | None:
    if not is_reply_line(place.lines.shown[place.index]):
        return None
    return Cut(start=place.index, end=len(place.lines.shown), is_sure=False)


def _signature(place: Place) -> Cut | None:
    if not is_strict_delimiter(place.lines.raw[place.index]):
        return None
    return Cut(start=place.index, end=_next_quote(place), is_quote=False)


def _line_of_a_program(place: Place) -> Cut | None:
    if not is_added_line(place.lines.shown[place.index]):
        return None
    return Cut(start=place.index, end=place.index + 1, is_quote=False)


def _quote_below(place: Place, end: int, *, left: str = "") -> Cut:
    """A quote with its heading, which ends before `end`: marked lines have a rule of their own, else to the end."""
    lines, index, answers = place.lines, end, 0
    while answers <= MAX_ANSWER and (index := next_filled(lines, index)) < len(lines.shown):
        if lines.quoted[index]:
            return Cut(start=place.index, end=end if answers else index, left=left)
        if index in place.headings:
            break
        index, answers = index + 1, answers + 1
    return Cut(start=place.index, end=len(lines.shown), left=left, is_sure=False)


def _next_quote(place: Place) -> int:
    """Where a signature ends: at a quote, a heading, or something forwarded."""
    lines = place.lines
    for index in range(place.index + 1, len(lines.shown)):
        line = lines.shown[index]
        if lines.quoted[index] or index in place.headings or is_forward_title(line) or is_original_title(line):
            return index
        if find_block(lines, index):
            return index
    return len(lines.shown)


def _has_marks(text: Overview) -> bool:
    return True in text.lines.quoted


def _may_be_forwarded(text: Overview) -> bool:
    return True in text.lines.quoted or has_dashes(text.lines) or has_forward_sentence(text.folded)


def _has_headings(text: Overview) -> bool:
    return bool(text.headings)


def _may_name_somebody(text: Overview) -> bool:
    return any(line[-1:] == ":" for line in text.lines.shown) or has_dashes(text.lines)


def _may_have_titles(text: Overview) -> bool:
    return has_dashes(text.lines)


def _may_have_fields(text: Overview) -> bool:
    return may_have_block(text.lines)


def _may_have_reply_line(text: Overview) -> bool:
    return has_reply_words(text.folded)


def _has_delimiter(text: Overview) -> bool:
    return any(map(is_strict_delimiter, text.lines.raw))


def _may_have_added_lines(text: Overview) -> bool:
    return may_have_added_lines(text.folded)


# In this order: what is forwarded is not a quote, and a heading is not a signature.
RULES: tuple[tuple[Rule, Glance], ...] = (
    (_forwarded_mail, _may_be_forwarded),
    (_marked_lines, _has_marks),
    (_heading_in_words, _has_headings),
    (_name_alone, _may_name_somebody),
    (_title_between_dashes, _may_have_titles),
    (_block_of_fields, _may_have_fields),
    (_line_to_reply_above, _may_have_reply_line),
    (_signature, _has_delimiter),
    (_line_of_a_program, _may_have_added_lines),
)
