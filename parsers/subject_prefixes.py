"""What mail programs and gateways put around a subject: "Re:", "Trả lời:", "[External]", "(fwd)", and taking it off.

RFC 5256 §2.1, with the prefixes of mail programs in other languages added. Nothing here raises, and the time is linear
in the length of the subject.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from parsers.accents import fold, straighten

# Folded, without the colon. "Về việc" is what Yahoo writes for a reply; "ve viec" is also how people begin a letter.
_REPLY: Final = (
    "re", "tra loi", "tl", "phan hoi", "hoi am", "hoi dap", "ve viec", "reply", "response",  # Vietnamese, English
    "aw", "antw", "antwort", "antwoord", "betr",  # German, Dutch
    "sv", "svar", "vs", "vast", "ang",  # Nordic, Estonian
    "res", "resp", "r", "rif", "ref", "rs",  # Romance
    "odp", "ynt", "bls", "balas", "atb", "va", "ra", "απ", "σχετ", "ответ", "отв",
    "回复", "回覆", "答复", "答覆", "返信", "답장", "회신", "ตอบกลับ", "השב", "תגובה", "رد",
)  # fmt: skip
_FORWARD: Final = (
    "fw", "fwd", "forward", "forwarded", "chuyen tiep", "chuyen", "ct",
    "wg", "weitergeleitet", "doorst", "vl", "vb", "vidarebefordrat", "videresendt",
    "tr", "rv", "enc", "i", "inoltra", "pd", "ilt", "trs", "terusan", "tov", "πρθ", "пересл", "пер", "fs",
    "转发", "轉寄", "轉發", "転送", "전달", "ส่งต่อ", "הועבר",
)  # fmt: skip
_FORMAL: Final = ("v/v", "vv")  # "regarding", in letters; neither a reply nor a forward

_COUNT: Final = r"(?:\s?\[\d{1,4}\]|\s?\(\d{1,4}\)|[\^*]\d{1,4}|\d{1,2})?"


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


_PREFIX: Final = (
    rf"(?:(?P<reply>{_any_of(_REPLY)})|(?P<forward>{_any_of(_FORWARD)})|(?:{_any_of(_FORMAL)})){_COUNT}\s{{0,3}}:"
)
_PREFIX_OF_PILE: Final = re.compile(_PREFIX)
_UNNAMED_PREFIX: Final = re.sub(r"\?P<\w+>", "?:", _PREFIX)
_BLOB: Final = r"\[[^\[\]]{0,80}\]"  # RFC 5256 §5, subj-blob
_PILE: Final = re.compile(rf"(?:\s++|{_UNNAMED_PREFIX}|{_BLOB})*+")
_LEADERS: Final = re.compile(rf"(?:\s*+(?:{_BLOB}\s*+)*+{_UNNAMED_PREFIX})*+\s*+")
_TRAILER: Final = re.compile(r"(?:\s|\((?:fwd|fw|chuyen tiep)\))+$")
_LAST_BLOB: Final = re.compile(rf"{_BLOB}$")
_WRAPPER: Final = re.compile(r"\[\s*(?:fwd?|chuyen tiep)\s*:")

# Words that gateways and people in a hurry put into brackets; they say nothing about the complaint.
TAG: Final = re.compile(
    r"\[\s*(?:external|ext|ngoai|ben ngoai|outside|caution|warning|canh bao|khan|khan cap|gap|hoa toc|urgent|important"
    r"|quan trong|spam|suspected spam|bulk|thong bao)[^\[\]]{0,40}\]|\*{2,}\s*spam\s*\*{2,}"
)

# What mail programs put where the writer left the subject empty, and people who must put something.
_STAND_INS: Final = frozenset(("no subject", "khong co chu de", "khong tieu de", "none", "untitled"))

_LONGEST: Final = 4000  # characters; a header line ends at 998 (RFC 5322 §2.1.1), what follows is no subject
_UNWRAPPINGS: Final = 10  # "[Fwd: [Fwd: …]]" any deeper is no subject


@dataclass(frozen=True, kw_only=True, slots=True)
class Prefixes:
    """The pile of prefixes and bracketed words at the beginning of a subject."""

    spans: tuple[tuple[int, int], ...]  # of the prefixes; bracketed words between them are left out
    reply: bool
    forward: bool


def find_prefixes(folded: str) -> Prefixes:
    """The prefixes at the beginning of a folded subject."""
    pile = _PILE.match(folded)
    spans, reply, forward, position = [], False, False, 0
    end = pile.end() if pile else 0
    while position < end:
        prefix = _PREFIX_OF_PILE.match(folded, position, end)
        if prefix:
            spans.append(prefix.span())
            reply = reply or prefix["reply"] is not None
            forward = forward or prefix["forward"] is not None
            position = prefix.end()
        else:
            position = folded.index("]", position) + 1 if folded[position] == "[" else position + 1
    return Prefixes(spans=tuple(spans), reply=reply, forward=forward or folded.startswith("[fwd:"))


def base_subject(subject: str) -> str:
    """The subject without everything that replying and forwarding adds; case and accents are kept."""
    base = " ".join(unicodedata.normalize("NFC", subject[:_LONGEST]).split())
    folded = fold(straighten(base))
    start, end = 0, len(base)
    for _ in range(_UNWRAPPINGS):
        start, end = _strip(folded, start, end)
        wrapper = _WRAPPER.match(folded, start, end)
        if wrapper is None or folded[end - 1] != "]":
            break
        start, end = wrapper.end(), end - 1
    return base[start:end].strip()


def is_stand_in(subject: str) -> bool:
    """Whether there is a subject in form only: "(no subject)", "(Không có chủ đề)"."""
    return fold(straighten(base_subject(subject))).strip(" ()[]<>.-") in _STAND_INS


def _strip(folded: str, start: int, end: int) -> tuple[int, int]:
    """RFC 5256 §2.1 steps 2 to 5 on a span; a bracketed word stays where nothing else would be left."""
    while end > start and (trailer := _find_trailer(folded, start, end)) < end:
        end = trailer
    if _WRAPPER.match(folded, start, end):
        return start, end
    leaders = _LEADERS.match(folded, start, end)
    start = leaders.end() if leaders else start
    if _WRAPPER.match(folded, start, end):
        return start, end
    pile = _PILE.match(folded, start, end)
    rest = pile.end() if pile else start
    if rest < end:
        return rest, end
    last = _LAST_BLOB.search(folded, max(start, end - 82), end)
    return (last.start() if last else rest), end


def _find_trailer(folded: str, start: int, end: int) -> int:
    """Where the white space and one "(fwd)" at the end begin."""
    end = start + len(folded[start:end].rstrip())
    trailer = _TRAILER.search(folded, max(start, end - 20), end)
    return trailer.start() if trailer else end
