"""Whether a customer's answer takes what he was offered: "tôi đồng ý", "chưa đồng ý", "I agree".

Money hangs on it, so everything doubtful is neither: a condition ("đồng ý nếu …"), a "nhưng", a question, words about
what somebody else agreed to, yes and no side by side. Then people read the mail. Pure, never raises.
"""

import re
from typing import Final

from parsers.plain_answers import fold_words, read_core

_LONGEST: Final = 150  # words; who writes more says more than yes or no
_LONGEST_TEXT: Final = 4_000  # characters
_CLAUSE_END: Final = re.compile(r"[.,;:!\n()]+|(?<=\s)[-–—]+(?=\s)")
_AGREE: Final = r"(?:dong y|dong tinh|nhat tri|chap nhan|chap thuan|agree[ds]?|accept(?:ed|s)?|tan thanh)"
_NOT: Final = r"(?:khong|ko|k|kg|khg|hong|hok|chua|chang|cha|dau|not|dont|cant|cannot|wont|never|didnt|no)"
_REFUSALS: Final = re.compile(
    rf"\b(?:{_NOT} (?:\w+ ){{0,3}}?{_AGREE}|(?:tu choi|phan doi|bac bo|disagree[ds]?|refuse[ds]?|reject(?:ed)?"
    rf"|decline[ds]?))\b"
)
_AGREEMENTS: Final = re.compile(rf"\b{_AGREE}\b")
_ME: Final = (
    r"(?:toi|tui|minh|mik|em|e|chung toi|chung minh|ben minh|ben toi|i|we|dong y|da|vang|yes|ok|cung|hoan toan|xin)"
)
# "xác nhận" is asked for more often than given, so it has to begin its clause.
_CONFIRMS: Final = re.compile(
    rf"(?:{_ME} )*(?:xac nhan|confirm(?:ed)?)(?! (?:giup|ho|lai|dum|gium|cho (?:toi|minh|em|tui|me)|don|dat|da nhan"
    rf"|receipt"
    r"|order|that you|whether|if))\b"
)
# What makes one hesitate: who asks, sets terms, or speaks of others.
_DOUBTS: Final = re.compile(
    r"\b(?:(?:khong|ko|chua|not|dont) (?:he |co )?(?:tu choi|phan doi|disagree|object|refuse)|neu|voi dieu kien"
    r"|mien la|tru khi|chi khi|nhung|tuy nhien|tuy|song|suy nghi|can nhac|xem xet|phan van"
    r"|khong phai|chua biet|khong biet|chua chac|khong chac|co nen|dang le|if|unless|provided|but|however|though"
    r"|think about|maybe"
    r"|perhaps|not sure|depends)\b"
)
_OTHERS: Final = re.compile(
    r"\b(?:shop|ben ban|ben do|ben shop|cong ty|quy cong ty|cua hang|nguoi ban|nhan vien|shipper|tai xe|he thong|sep"
    r"|ngan hang"
    r"|ho|you|they|seller|company|staff|bank|he|she|bi|duoc|cho|mong|doi|nho|vui long|please|mail|email|thu"
    r"|ma)(?: \w+){0,3}$"
)
_YES: Final = frozenset((
    "ok", "oke", "okie", "okay", "oki", "yes", "yeah", "yep", "vang", "duoc", "co", "ok duoc", "duoc ok", "ok vang",
    "vang ok", "vang duoc", "deal",
))  # fmt: skip
_NO: Final = frozenset(
    ("khong", "ko", "no", "nope", "khong duoc", "khong chiu", "khong ok", "not ok", "no deal", "chua")
)


def read_agreement(reply_text: str) -> bool | None:
    """True: he agrees; False: he does not; None: neither is said, or it is not beyond doubt."""
    if len(reply_text) > _LONGEST_TEXT:
        return None
    plain = fold_words(reply_text)
    if len(plain.split()) > _LONGEST or _DOUBTS.search(plain):
        return None
    core = read_core(reply_text)
    if "?" not in reply_text and core in _YES | _NO:
        return core in _YES
    said = {answer for clause in _list_clauses(reply_text) if (answer := _read_clause(clause)) is not None}
    return said.pop() if len(said) == 1 else None


def _list_clauses(text: str) -> list[str]:
    """The clauses that state something, folded; a question states nothing."""
    sentences = (one for one in re.split(r"(?<=[.!?\n])", text) if "?" not in one)
    return [fold_words(clause) for sentence in sentences for clause in _CLAUSE_END.split(sentence)]


def _read_clause(clause: str) -> bool | None:
    if refusal := _REFUSALS.search(clause):
        return None if _OTHERS.search(clause[: refusal.start()].rstrip()) else False
    agreement = _AGREEMENTS.search(clause)
    if agreement and not _OTHERS.search(clause[: agreement.start()].rstrip()):
        return True
    return True if _CONFIRMS.match(clause) else None
