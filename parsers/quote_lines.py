"""The lines of a text as the rules on quotes see them: as written, as compared, and whether marked with ">".

Never raises. Costs one pass: what is compared of a line is bounded, and so is the number of lines looked at.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_LINES = 10_000  # nobody writes more; the rest of such a text stays as it is
MAX_WIDTH = 500  # no heading and no signature is wider

# Controls that right-to-left mails, Outlook and copied text carry within words.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ODD = re.compile("[\u00a0\u00ad\u200b-\u202f\u2060-\u2069\u3000\ufe55\ufeff\uff1a]")
_TYPOGRAPHY = str.maketrans({"\u2019": "'", "\u00a0": " ", "\u202f": " ", "\u3000": " ", "：": ":", "﹕": ":"})

_MARKS = re.compile(r"\s{0,4}(?:[>＞]\s?)+")
_EMOTICON = re.compile(r"[>＞][._,\-~oO0ω﹏]{0,3}[<＜](?![\w/@])|[>＞]_[>\"'^]")  # ">_<", ">.<", ">_>"
_DECORATED = re.compile(r"<<\s*$")  # ">>> advertisement <<<"
_TAIL = re.compile(r"[>＞]\s?[^\s>:]{0,12}(?:\s[^\s>:]{1,12})?\s?:$")  # "> wrote:"
_BRACKET_OPEN = re.compile(r"<(?:https?:|mailto:|[^\s<>]+@)[^<>]*$")
_ALONE = re.compile(r"[>＞]\s?\d|[>＞]From ")  # ">30 ngày", or "From " as mbox files write it
_LINK_OPEN = re.compile(r"[(<]\s?https?://[^\s)>]*$")
_LINK_REST = re.compile(r"\s?(?:\(https?://\S+\)|<https?://\S+>|[^\s()<>]+[)>])\s?>?$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """A text line by line; the three lists run side by side."""

    raw: list[str]  # as written, without line ends
    shown: list[str]  # as compared: NFC, no invisible controls, plain apostrophes, blanks around taken off
    quoted: list[bool]  # marked with ">"
    rest: str  # what lies beyond MAX_LINES, with the line end before it


def read_lines(text: str) -> Lines:
    raw = text.split("\n", MAX_LINES)
    rest = "\n" + raw.pop() if len(raw) > MAX_LINES else ""
    is_plain = text.isascii() or (unicodedata.is_normalized("NFC", text) and not _ODD.search(text))
    shown = [line[:MAX_WIDTH].strip() for line in raw] if is_plain else [_show(line) for line in raw]
    return Lines(raw=raw, shown=shown, quoted=_find_quoted(shown), rest=rest)


def unmark(line: str) -> str:
    """A quoted line without its marks."""
    return _MARKS.sub("", line, count=1).strip()


def next_filled(lines: Lines, start: int) -> int:
    """The first line from `start` on that is not blank, or the number of lines."""
    for index in range(start, len(lines.shown)):
        if lines.shown[index]:
            return index
    return len(lines.shown)


def _show(line: str) -> str:
    if len(line) > MAX_WIDTH:
        line = line[:MAX_WIDTH]
    if line.isascii():
        return line.strip()
    line = unicodedata.normalize("NFC", line)
    return (_INVISIBLE.sub("", line).translate(_TYPOGRAPHY) if _ODD.search(line) else line).strip()


def _find_quoted(shown: list[str]) -> list[bool]:
    quoted = [line[:1] in (">", "＞") and not _is_decoration(line) for line in shown]
    marked = [index for index, is_marked in enumerate(quoted) if is_marked]
    for index in marked:
        quoted[index] = not _closes_bracket(shown, quoted, index)
    if len(marked) == 1 and _ALONE.match(shown[marked[0]]):
        quoted[marked[0]] = False
    for index in marked:
        if _is_rest_of_link(shown, quoted, index + 1):
            quoted[index + 1] = True
    return quoted


def _is_decoration(line: str) -> bool:
    return bool(_EMOTICON.match(line) or _DECORATED.search(line))


def _closes_bracket(shown: list[str], quoted: list[bool], index: int) -> bool:
    """Whether the ">" belongs to an address or a link that began on the line before."""
    if not index or quoted[index - 1]:
        return False
    before = shown[index - 1]
    return bool(_BRACKET_OPEN.search(before)) or (before.startswith("mailto:") and bool(_TAIL.match(shown[index])))


def _is_rest_of_link(shown: list[str], quoted: list[bool], index: int) -> bool:
    """Whether a line between quoted ones only ends a link of theirs: mail programs wrap links without marking."""
    if index + 1 >= len(shown) or quoted[index] or not quoted[index + 1] or not quoted[index - 1]:
        return False
    line = shown[index]
    return bool(_LINK_REST.match(line) and (line[0] in "(<" or _LINK_OPEN.search(shown[index - 1])))
