"""What a customer answers to "were you satisfied?": a number, or a word or two, in Vietnamese or English.

An answer counts only where every word of it is understood, or where it stands on a line of its own before others;
all else is for people to read. "Tốt, nhưng chưa nhận được tiền" is no answer. Pure, never raises.
"""

import re
from dataclasses import dataclass
from typing import Final

from parsers.accents import fold, straighten
from parsers.plain_answers import fold_words, list_lines, read_core

_MOST: Final = 5
_MIDDLE: Final = 3  # says nothing against the outcome
_LONGEST_REMARK: Final = 12  # words beside a number that names its unit
_NUMBER: Final = r"(?P<number>10|\d)(?:[.,](?P<tenths>\d))?"
_UNIT: Final = r"(?:/\s?(?P<most>5|10)\b(?:\s?(?:sao|diem|stars?|points?))?|sao\b|diem\b|stars?\b|points?\b|\*)"
_RATED: Final = re.compile(rf"(?P<before>[^\d]{{0,40}}?)\b{_NUMBER}\s?{_UNIT}(?P<remark>.*)", re.DOTALL)
_BEFORE_NUMBER: Final = re.compile(r"(?:(?:cho|cham|danh gia|diem|score|rating|rate|khoang|tam) ?){0,3}")
_BARE: Final = re.compile(rf"[^\w]*(?:(?:diem|cham|cho|score|rating)\s?:?\s?)?{_NUMBER}(?P<most>)[^\w/]*")
_STARS: Final = re.compile(r"\s*((?:[★⭐🌟]\ufe0f?\s?){1,5})(?:☆\s?){0,4}\s*")

_NOT: Final = r"(?:khong|ko|k|kg|khg|hong|hok|chua|chang|cha|dau co|chang he|not|isnt|wasnt|never|dont|cant say)"
_DEGREE: Final = (
    r"(?:rat|qua|lam|kha|cuc|ki|ky|vo cung|hoan toan|that su|that|duoc|thay|cam thay|he|tuyet doi|cung|tam|han|very"
    r"|really|so|totally|completely|fully|quite|extremely|absolutely|pretty|at|100|much|deu|chut nao|chut)"
)
_GOOD: Final = (
    r"(?:hai long|man nguyen|oke?y?|okie|okay|okla|okela|tot|tuyet voi|tuyet|on|duoc|ung y|ung|vui|xuat sac|hoan hao"
    r"|co|yes|yeah|yep|vang|good|great|fine|perfect|excellent|satisfied|happy|pleased|awesome|wonderful|amazing|nice)"
)
_BAD: Final = (
    r"(?:toi te|te|kem|do|chan|that vong|buc xuc|buc minh|khong|ko|chua|no|nope|not|bad|poor|terrible|awful|horrible"
    r"|disappointed|disappointing|dissatisfied|unsatisfied|unhappy|unacceptable)"
)
_JUDGEMENT: Final = re.compile(
    rf"(?:(?P<denied>{_NOT}) )?(?:{_DEGREE} )*(?:(?P<good>{_GOOD})|(?P<bad>{_BAD}))(?: {_DEGREE})*(?: |$)"
)
_BECAUSE: Final = re.compile(r" (?:vi|boi vi|tai|because|since)\b")
# What takes back, in the lines below, what the first one says.
_RESERVATION: Final = re.compile(
    r"\b(?:nhung|tuy|song|ma|chua|khong|ko|van|but|however|not|still|yet|although|never|sao|bao gio|khi nao)\b"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Satisfaction:
    """A judgement."""

    score: int | None  # 1 to 5, where a number was given
    is_satisfied: bool
    words: str  # as the customer wrote it


def read_satisfaction(reply_text: str) -> Satisfaction | None:
    """The judgement in a short answer; None where it is none, or more than that."""
    lines = list_lines(reply_text)
    if not lines:
        return None
    said, below = lines[0], "\n".join(lines[1:])
    judged = _judge(said)
    if judged is None or (judged.is_satisfied and ("?" in below or _RESERVATION.search(fold_words(below)))):
        return None
    return judged


def _judge(said: str) -> Satisfaction | None:
    if "?" in said:
        return None
    if stars := _STARS.fullmatch(said):
        return _by_score(len(re.findall("[★⭐🌟]", stars[1])), said)
    if rated := _find_number(said):
        return _by_score(_scale(rated), said)
    core, _, reason = _BECAUSE.sub("\n", read_core(said), count=1).partition("\n")
    is_satisfied = _read_words(core)
    if is_satisfied is None or (is_satisfied and _RESERVATION.search(reason)):
        return None
    return Satisfaction(score=None, is_satisfied=is_satisfied, words=said)


def _find_number(said: str) -> re.Match[str] | None:
    plain = fold(straighten(said))
    if bare := _BARE.fullmatch(plain):
        return bare
    rated = _RATED.match(plain)
    if rated is None or not _BEFORE_NUMBER.fullmatch(read_core(rated["before"])):
        return None
    is_short = len(rated["remark"].split()) <= _LONGEST_REMARK and not re.search(r"\d", rated["remark"])
    return rated if is_short else None


def _scale(rated: re.Match[str]) -> int:
    """The number on a scale to five; above five, and with no scale said, it is one to ten."""
    number = float(f"{rated['number']}.{rated['tenths'] or 0}")
    most = int(rated["most"]) if rated["most"] else 10 if number > _MOST else _MOST
    return min(_MOST, max(1, int(number * _MOST / most + 0.5)))


def _by_score(score: int, said: str) -> Satisfaction:
    return Satisfaction(score=score, is_satisfied=score >= _MIDDLE, words=said)


def _read_words(core: str) -> bool | None:
    """What all words together say; None where one is not understood, or where they contradict each other."""
    found: set[bool] = set()
    at = 0
    while at < len(core):
        judgement = _JUDGEMENT.match(core, at)  # each takes the blank behind it
        if judgement is None:
            return None
        found.add((judgement["good"] is not None) != (judgement["denied"] is not None))
        at = judgement.end()
    return found.pop() if len(found) == 1 else None
