"""Headings of quotes in running words: "On Monday, Lan wrote:", on one line or folded, in any language; titles
between dashes; and the line above which a help desk asks people to write.

A heading is recognised by what it says together: a verb of writing, an address, a date. One of them alone is a
sentence of the writer's. Never raises; every pattern meets at most six joined lines of bounded width.
"""

import re
from dataclasses import dataclass
from itertools import islice

from parsers.accents import has_any
from parsers.quote_lines import Lines, next_filled
from parsers.quote_words import (
    FORWARD_SENTENCES,
    FORWARD_STEMS,
    HEADING_OPENERS,
    INNER_VERBS,
    ORIGINAL_TITLES,
    REPLY_LINES,
    WRITING_VERBS,
)

MAX_FOLDS = 5  # lines above the last one that may belong to a heading

MAX_HEADING = 320  # characters of a heading, its lines joined
MAX_SHARED = 200  # characters of one that shares its line with other words
MAX_VERB = 40  # characters a verb and the signs around it take
MAX_OPENINGS = 2  # places within one line where a heading may begin

_DASHES = "-_=*#~—–─━ "
_DASH_SIGNS = frozenset(_DASHES)


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_VERBS = tuple(verb for verbs in WRITING_VERBS.values() for verb in verbs)
_CASED_VERBS = tuple(verb for verb in _VERBS if verb.lower() != verb.upper())
_SCRIPT_VERBS = tuple(verb for verb in _VERBS if verb.lower() == verb.upper())
_FOLDED_VERBS = tuple(verb.casefold() for verb in _VERBS)
_VERB_AT_END = re.compile(
    rf"(?:(?<!\w)(?:{_any_of(_CASED_VERBS)})|(?:{_any_of(_SCRIPT_VERBS)}))(?!\w)[\s:\"'”.]*$", re.IGNORECASE
)
_VERB_INSIDE = re.compile(rf"(?<!\w)(?:{_any_of(INNER_VERBS)})(?!\w)", re.IGNORECASE)
_ADDRESS = re.compile(r"\S@\w")
_BARE_SENDER = re.compile(r"[^<>@:]{0,60}<[^<>\s]+@[^<>\s]+>,?$")
_TIME = re.compile(r"\d{1,2}\s?[:.hH時时시]\s?\d{2}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}(?!\d)")
_OPENING = rf"(?:{_any_of(HEADING_OPENERS)})(?![^\W\d_])[\s,.]*(?:[^\s\d]{{1,15}}\s+){{0,4}}[^\s\d]{{0,3}}\d"
_OPENS_WITH_WORD = re.compile(_OPENING)
_OPENS = re.compile(rf"{_OPENING}|\W{{0,3}}(?:\w{{1,12}}[.,]?\s+){{0,1}}\d")
_OPENS_WITHIN = re.compile(rf"(?<=[\s\-–—>.!?])(?=[^\W\d_]){_OPENING}")
_NAME_BEFORE_VERB = re.compile(r"(.{2,80}?)\s(?:đã viết|viết|wrote|writes)\s?:?$", re.IGNORECASE)

_TITLES = frozenset(title.casefold() for titles in ORIGINAL_TITLES.values() for title in titles)
_SENTENCES = frozenset(sentence.casefold() for sentence in FORWARD_SENTENCES)
_STEMS = tuple(stem.casefold() for stems in FORWARD_STEMS.values() for stem in stems)
# People speak of themselves and of others by these; programs put names.
_ROLES = frozenset(("người", "khách", "nhân", "shop", "anh", "chị", "em", "tôi", "bạn", "mình", "họ", "bên", "i", "he"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """Lines `start` up to, not including, `end` that head a quote."""

    start: int
    end: int
    left: str = ""  # what stands left of the heading on its first line: the writer's words


def find_heading(lines: Lines, last: int) -> Heading | None:
    """The heading whose last line is `last`, or None."""
    if not _may_close(lines, last):
        return None
    start = _find_opening(lines, last)
    joined = " ".join(part for part in lines.shown[start : last + 1] if part).strip(_DASHES)
    if start == last and not _OPENS.match(joined) and (within := _find_within(lines, last)):
        return within
    if _is_heading(joined, marked=is_marked_after(lines, last)):
        return Heading(start=start, end=last + 1)
    return None


def is_marked_after(lines: Lines, last: int) -> bool:
    """Whether what follows line `last` is marked with ">"."""
    following = next_filled(lines, last + 1)
    return following < len(lines.quoted) and lines.quoted[following]


def is_name_heading(line: str) -> bool:
    """Whether `line` is a name and a verb, half of a heading: "Nguyễn Văn An đã viết:", "---- Lan wrote ----"."""
    if not line.endswith(":") and not (line.endswith("-") and _is_between_dashes(line)):
        return False
    match = _NAME_BEFORE_VERB.match(line.strip(_DASHES))
    return match is not None and _is_name(match[1].split())


def is_original_title(line: str) -> bool:
    """Whether `line` is such as "-----Original Message-----"."""
    return _is_between_dashes(line) and line.strip(_DASHES).casefold() in _TITLES


def is_bare_title(line: str) -> bool:
    """Whether `line` says "Original Message" without dashes: a title only where fields follow."""
    return line.casefold() in _TITLES


def is_forward_title(line: str) -> bool:
    """Whether something forwarded begins after `line`."""
    if len(line) > 120:
        return False
    if _is_between_dashes(line):
        folded = line.casefold()
        return has_any(folded, _STEMS)
    return line.rstrip(" :").casefold() in _SENTENCES


def is_reply_line(line: str) -> bool:
    """Whether `line` is such as "-- Vui lòng trả lời phía trên dòng này --"."""
    return len(line) <= 120 and has_reply_words(line.casefold())


def has_dashes(lines: Lines) -> bool:
    """Whether any line begins with what titles are drawn of."""
    return any(line[:1] in _DASH_SIGNS for line in lines.shown)


def has_forward_sentence(folded: str) -> bool:
    """Whether a whole casefolded text has the words that head something forwarded without dashes."""
    return has_any(folded, _SENTENCES)


def has_reply_words(folded: str) -> bool:
    """Whether a whole casefolded text has the words of a line to reply above."""
    return has_any(folded, REPLY_LINES)


def is_rule(line: str) -> bool:
    """Whether `line` is drawn of dashes, underscores and the like."""
    return len(line) >= 3 and not line.strip(_DASHES)


def _is_between_dashes(line: str) -> bool:
    return 5 < len(line) <= 120 and line[:2].strip(_DASHES) == "" and line[-2:].strip(_DASHES) == ""


def _may_close(lines: Lines, last: int) -> bool:
    """A cheap look that nearly every line of a mail fails."""
    tail = lines.shown[last].rstrip(_DASHES)[-MAX_VERB:]
    if not tail or lines.quoted[last]:
        return False
    if tail[-1] == ">" or tail.casefold().endswith(_FOLDED_VERBS):
        return True
    if tail[-1] != ":":
        return False
    tail = tail.rstrip(": \"'”.")
    return tail.endswith((">", ")", "]")) or not tail or _says_writing(lines, last, tail)


def _says_writing(lines: Lines, last: int, tail: str) -> bool:
    if tail.casefold().endswith(_FOLDED_VERBS):
        return True
    nearby = [line for line in lines.shown[max(last - 1, 0) : last + 1] if len(line) <= MAX_HEADING]
    return any(_VERB_INSIDE.search(line) for line in nearby)


def _find_opening(lines: Lines, last: int) -> int:
    """The first line of the heading that ends on `last`; `last` itself where none above opens one."""
    for index in range(last, max(last - MAX_FOLDS - 1, -1), -1):
        line = lines.shown[index].lstrip(_DASHES)
        if len(line) > MAX_HEADING or lines.quoted[index]:
            break
        if not line and not lines.shown[index + 1].startswith("<"):
            break
        if _OPENS_WITH_WORD.match(line) or (_OPENS.match(line) and _YEAR.search(line)):
            return _take_sender_above(lines, index, last)
        if index < last and _ADDRESS.search(line) and _YEAR.search(line):
            return index
    return last


def _take_sender_above(lines: Lines, index: int, last: int) -> int:
    """Some languages name the sender before the date, on a line of his own."""
    if not index or lines.quoted[index - 1] or any(_ADDRESS.search(one) for one in lines.shown[index : last + 1]):
        return index
    return index - 1 if _BARE_SENDER.match(lines.shown[index - 1]) else index


def _find_within(lines: Lines, index: int) -> Heading | None:
    """A heading that shares its line with the end of the reply: "Thanks On Wed, Apr 4, 2012, bob@a.example wrote:"."""
    line = lines.shown[index]
    for opening in islice(_OPENS_WITHIN.finditer(line, max(len(line) - MAX_SHARED, 0)), MAX_OPENINGS):
        if _is_heading(line[opening.start() :], marked=is_marked_after(lines, index)):
            left = line[: opening.start()].rstrip(_DASHES)
            return None if _ends_with_address(left) else Heading(start=index, end=index + 1, left=left)
    return None


def _is_heading(joined: str, *, marked: bool) -> bool:
    """Whether the words prove a heading; `marked`: what follows is quoted with ">", which proves half of it."""
    if len(joined) > MAX_HEADING:
        return False
    opens, has_year = bool(_OPENS.match(joined)), bool(_YEAR.search(joined))
    if _has_verb(joined):
        is_timed = has_year and bool(_TIME.search(joined))
        return (
            _names_sender(joined, dated=opens or has_year)
            or (opens and (is_timed or marked))
            or (is_timed and _begins_with_name(joined))
        )
    if not _ends_with_address(joined.removesuffix(":").rstrip()):
        return False
    return has_year and (joined.endswith(":") or (marked and opens))


def _has_verb(joined: str) -> bool:
    if _VERB_AT_END.search(joined, max(len(joined) - MAX_VERB, 0)):
        return True
    if joined.endswith("):") and "írta (" in joined:  # Hungarian: "Lan ezt írta (időpont: 2026. nov. 12.):"
        return True
    return joined.endswith(":") and bool(_VERB_INSIDE.search(joined))


def _begins_with_name(joined: str) -> bool:
    """Whether a name stands before the verb and the date after it: "Lan wrote on 26.11.2026 10:00:"."""
    verb = _VERB_INSIDE.search(joined)
    return verb is not None and _is_name(joined[: verb.start()].split())


def _names_sender(joined: str, *, dated: bool) -> bool:
    """An address right before the verb, or beside a date: one that a sentence mentions proves nothing."""
    if dated:
        return bool(_ADDRESS.search(joined))
    verb = _VERB_AT_END.search(joined, max(len(joined) - MAX_VERB, 0))
    before = joined[: verb.start() if verb else 0].rstrip(" ,")
    return bool(_ADDRESS.search(before[before.rfind(" ") + 1 :])) or _ends_with_address(before)


def _ends_with_address(text: str) -> bool:
    """Whether the last brackets of `text`, which they end, hold an address."""
    if not text.endswith((">", ")", "]")):
        return False
    opened = max(text.rfind("<", 0, _before_link(text)), text.rfind("("), text.rfind("["))
    return opened >= 0 and bool(_ADDRESS.search(text[opened:]))


def _before_link(text: str) -> int:
    """Where to look for the bracket: Outlook repeats an address as "<a@b.example<mailto:a@b.example>>"."""
    link = text.rfind("<mailto:")
    return link if link > 0 else len(text)


def _is_name(words: list[str]) -> bool:
    return 0 < len(words) <= 6 and not any(word[0].islower() for word in words) and words[0].casefold() not in _ROLES
