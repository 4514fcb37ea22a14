"""Short answers to a question of ours, without what politeness adds to them.

"Dạ, em rất hài lòng ạ, cảm ơn shop nhiều!" says "rất hài lòng". What is left, folded, is what an answer is read from.
Pure, never raises; at most the beginning of a text is looked at.
"""

import re
from typing import Final

from parsers.accents import fold, straighten

_BEGINNING: Final = 2_000  # characters
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['\"](?=\w)")  # `straighten` makes quotation marks of typographic ones
_SIGNS: Final = str.maketrans({
    "👍": " ok ", "👌": " ok ", "😊": " tot ", "😀": " tot ", "😃": " tot ", "😄": " tot ", "😁": " tot ", "🙂": " ok ",
    "😍": " tot ", "❤": " tot ", "👎": " te ", "😡": " te ", "😠": " te ", "😞": " te ", "🙁": " te ",
})  # fmt: skip
_SAYING: Final = re.compile(rf"[^\W_]|[★⭐🌟{''.join(map(chr, _SIGNS))}]")
# Words of thanks and of parting, which go before single words do.
_COURTESY: Final = re.compile(
    r"\b(?:(?:xin )?(?:chan thanh )?cam on(?: \w{1,5}){0,2}?(?: rat)?(?: nhieu| lam)?|tks|thanks? you (?:so|very) much"
    r"|thanks?(?: you)?(?: a lot)?|thx|many thanks|(?:best |kind )?regards|(?:xin )?tran trong(?: kinh chao| cam on)?"
    r"|(?:lan sau )?(?:toi |minh |em )?se (?:con |tiep tuc )?ung ho(?: tiep| shop| dai dai)*|chuc (?:\w{1,6} ){1,5}"
    r"|xin chao|kinh gui|chao(?= )|hello|hi|dear)\b"
)
_THANKS: Final = re.compile(r"\b(?:cam on|thanks?|thx|tks)\b")
_FILLERS_TEXT: Final = (
    "da vang a ah oi nhe nhen nha nhoa shop ad admin em e minh mik mk toi tui t anh chi ac bac co chu ban b ben cty "
    "cong ty quy khach hang nhan vien cskh cam on nhieu roi r thi la voi cach viec ket qua giai quyet xu ly phuc vu "
    "dich vu ho tro cau tra loi phan hoi cua the nay do ve kem theo va i im am we were was are is it its this that "
    "khieu nai de xuat phuong an thoi doi ngu hereby outcome my your our with the result results solution service "
    "team support everything all feel been be have has"
)
_FILLERS: Final = frozenset(_FILLERS_TEXT.split()) - {
    "co",
    "kem",
    "vang",
    "do",
    "on",
    "that",
}  # these can be the answer


def list_lines(reply_text: str) -> list[str]:
    """The filled lines at the beginning of an answer, greetings left out."""
    lines = (line.strip() for line in reply_text[:_BEGINNING].splitlines())
    return [line for line in lines if _SAYING.search(line) and not _is_greeting(line)]


def fold_words(text: str) -> str:
    """The words of `text`, folded, one blank between them."""
    plain = fold(straighten(text.translate(_SIGNS)))
    return " ".join(_WORD.findall(_APOSTROPHE.sub("", plain)))


def read_core(text: str) -> str:
    """What `fold_words` finds, less courtesy and the words that say nothing by themselves."""
    plain = _COURTESY.sub(" ", fold_words(text))
    return " ".join(word for word in plain.split() if word not in _FILLERS)


def is_thanks(text: str) -> bool:
    """Whether an answer thanks, and says nothing else: "Cảm ơn shop nhé"."""
    lines = list_lines(text)
    return bool(lines) and all(_THANKS.search(fold_words(line)) and not read_core(line) for line in lines)


def _is_greeting(line: str) -> bool:
    return line.endswith((",", ":")) and not read_core(line)
