"""The kind of a complaint, from the words that the policy lists for each kind.

A phrase begins with a word; it may hold "…" for up to three words that are no negation, and "#" for a number. Two
numbers are what was ordered and what came: "đặt # giao #" is found only where the second is the smaller.
Words are matched without accents and case, with the abbreviations and spelling mistakes of people who type on phones;
little words may stand between the words of a phrase. Where accents are typed they count: "giá" (price) is not "giả"
(fake), though "vở" is taken for "vỡ", as people write it.

Where several kinds match: a phrase inside a longer phrase does not count; what is wrong goes before what the writer
calls it ("lừa đảo, giao sai màu" is a wrong item), and that before what is wished ("đổi trả vì hàng lỗi" is a damage);
then the first kind of the policy wins.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from parsers.accents import fold
from parsers.syllables import is_syllable, is_unaccented_syllable
from parsers.vocabulary import Vocabulary

OTHER: Final = "other"

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_WORD_OF_PHRASE: Final = re.compile(r"[^\W\d_]+|\d+|#|…")
_GAP, _NUMBER = "…", "#"
_NEGATIONS: Final = frozenset(("khong", "chua", "not"))
_MOST_WORDS: Final = 60  # of a subject
_MOST_SKIPPED: Final = 3  # words between two of a phrase
_DATE: Final = re.compile(r"(?<![\w./])(?!1/1\b)\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?(?![\w/])")
_LONGEST_NUMBER: Final = 3  # digits; longer ones are codes
_NUMBER_WORDS: Final = {"mot": 1, "hai": 2, "ba": 3, "bon": 4}  # the others are other words too without accents

_SHORT_FORMS: Final = {
    "k": "không", "ko": "không", "kg": "không", "kh": "không", "khg": "không", "hok": "không", "hk": "không",
    "hông": "không", "hổng": "không", "hem": "không", "kô": "không", "dc": "được", "đc": "được",
    "đk": "được", "dk": "được", "nv": "nhân viên", "sp": "sản phẩm", "đt": "điện thoại", "dt": "điện thoại",
    "mh": "màn hình", "bh": "bảo hành", "sz": "size", "cl": "chất lượng", "dv": "dịch vụ",
    "vc": "vận chuyển", "hsd": "hạn sử dụng", "pk": "phụ kiện", "didn": "not", "doesn": "not", "isn": "not",
    "wasn": "not", "haven": "not", "hasn": "not", "won": "not", "never": "not", "t": "", "s": "",
}  # fmt: skip
_LITTLE_TEXT: Final = (
    "hang san pham don do mon cai chiec bo da dang bi duoc cho toi em minh tui ca rat qua kha hoi lai het luon "
    "roi nhieu mot hai vai nua con chi co thi la ma voi cua ve ben shop nay kia vao ra nhu so bua thay a an the "
    "my is was are were has been very so to of it yet still been from in on"
)
_LITTLE: Final = frozenset(_LITTLE_TEXT.split())
_WISHES_TEXT: Final = (
    "doi tra hoan huy tien don hang lai san pham moi muon yeu cau xin boi thuong den bu cho refund return "
    "exchange cancel order money back compensation replacement"
)
_WISHES: Final = frozenset(_WISHES_TEXT.split())
# What writers call a company whose goods or service was bad: it says nothing of what happened.
_BLAMES: Final = frozenset((
    "lua dao", "lua gat", "lua khach", "lua tien", "gian lan", "bip bom", "scam", "scammer", "scammed", "fraud",
    "cheat",
    "cheated", "cheating",
))  # fmt: skip
_TONES: Final = {
    letter: tone
    for tone, letters in enumerate(("àằầèềìòồờùừỳ", "áắấéếíóốớúứý", "ảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹ", "ạặậẹệịọộợụựỵ"))
    for letter in letters
}
# Accents typed in Telex that the phone did not take: "thieeus" for "thiếu", "nhaamf" for "nhầm".
_TELEX: Final = re.compile(r"([aeod])\1|w|[sfrxj]$")
_HOI_FOR_NGA: Final = str.maketrans("ãẵẫẽễĩõỗỡũữỹ", "ảẳẩẻểỉỏổởủửỷ")


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class _Phrase:
    folded: tuple[str, ...]
    written: tuple[str, ...]  # in lower case, "" where typed without accents
    words: frozenset[str]  # folded
    kind: int  # place in the policy
    weight: int  # 0: what is wrong; 1: what the writer calls it; 2: what he wishes

    @property
    def compares(self) -> bool:
        """Whether it names what was ordered and what came; "only # of #" names the smaller one first."""
        return self.folded.count(_NUMBER) == 2 and "of" not in self.words


@dataclass(frozen=True, kw_only=True, eq=False)
class PhraseIndex:
    """The phrases of one vocabulary, by their first word, then by their last."""

    slugs: tuple[str, ...]
    by_ends: dict[str, dict[str, list[_Phrase]]]
    words: frozenset[str]  # folded


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class _Match:
    phrase: _Phrase
    start: int
    end: int  # in words


def compile_categories(vocabulary: Vocabulary) -> PhraseIndex:
    compiled = (_compile_phrase(words, kind) for kind, one in enumerate(vocabulary.categories) for words in one.words)
    phrases = [phrase for phrase in compiled if phrase.folded and phrase.folded[0] in phrase.words]
    by_ends: dict[str, dict[str, list[_Phrase]]] = {}
    for phrase in phrases:
        last = next(word for word in reversed(phrase.folded) if word in phrase.words)
        by_ends.setdefault(phrase.folded[0], {}).setdefault(last, []).append(phrase)
    return PhraseIndex(
        slugs=tuple(one.slug for one in vocabulary.categories),
        by_ends=by_ends,
        words=frozenset(word for phrase in phrases for word in phrase.words),
    )


def _compile_phrase(words: str, kind: int) -> _Phrase:
    written = _WORD_OF_PHRASE.findall(unicodedata.normalize("NFC", words).lower())
    folded = tuple(fold(word) for word in written)
    return _Phrase(
        folded=folded,
        written=tuple("" if word.isascii() else word for word in written),
        words=frozenset(folded) - {_GAP, _NUMBER},
        kind=kind,
        weight=_weigh(folded),
    )


def _weigh(folded: tuple[str, ...]) -> int:
    if _WISHES.issuperset(folded):
        return 2
    return 1 if " ".join(folded) in _BLAMES else 0


@lru_cache(maxsize=4096)
def find_category(text: str, index: PhraseIndex) -> str:
    """The slug of the kind that `text` speaks of, or "other"."""
    written = _read_words(text)
    folded = [_correct(fold(word), word, index) for word in written]
    if any(" " in word for word in folded):  # "saimau" became two words
        folded = " ".join(folded).split()
        written = list(folded)
    return _choose(list(_find_matches(written, folded, index)), index)


def _read_words(text: str) -> list[str]:
    plain = _DATE.sub(" ", text[:1000].lower())
    words = (_SHORT_FORMS.get(word, word) for word in _WORD.findall(plain)[:_MOST_WORDS])
    return " ".join(words).split()


@lru_cache(maxsize=4096)
def _correct(folded: str, written: str, index: PhraseIndex) -> str:
    """The word of the policy that a misspelt word means; words that can be Vietnamese stay as they are."""
    if len(folded) < 4 or folded in index.words or is_syllable(written) or is_unaccented_syllable(written):
        return folded
    if (typed := _TELEX.sub(r"\1", folded)) in index.words:
        return typed
    return _find_nearest(folded, sorted(word for word in index.words if len(word) > 3)) or _split(folded, index)


def _find_nearest(folded: str, words: list[str]) -> str | None:
    """The word with the fewest letters changed, left out, added or swapped: one at most, in a long word two."""
    from rapidfuzz import process  # noqa: PLC0415  # takes long to load, and most subjects are spelt well
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    nearest = process.extractOne(folded, words, scorer=OSA.distance, score_cutoff=1 + (len(folded) > 7))
    return nearest[0] if nearest else None


def _split(folded: str, index: PhraseIndex) -> str:
    for cut in range(2, len(folded) - 1):
        if folded[:cut] in index.words and folded[cut:] in index.words:
            return f"{folded[:cut]} {folded[cut:]}"
    return folded


def _find_matches(written: list[str], folded: list[str], index: PhraseIndex) -> Iterator[_Match]:
    is_unaccented = all(map(str.isascii, written))
    present = frozenset(folded)
    for start, word in enumerate(folded):
        by_last = index.by_ends.get(word, {})
        for last in by_last.keys() & present:
            for phrase in by_last[last]:
                end = _match_phrase(written, folded, start, phrase, is_unaccented=is_unaccented)
                if end is not None:
                    yield _Match(phrase=phrase, start=start, end=end)


def _is_same_word(written: str, phrase: _Phrase, *, is_unaccented: bool) -> bool:
    """A single word is little to go by: its accents have to be right, or missing in the whole subject."""
    if not phrase.written[0]:
        return written.isascii()
    if written.isascii():
        return is_unaccented and len(written) >= 4
    return not _is_misspelt(written, phrase.written[0])


def _match_phrase(
    written: list[str], folded: list[str], start: int, phrase: _Phrase, *, is_unaccented: bool
) -> int | None:
    """The end of `phrase` from `start` on, little words inside skipped; None where it does not stand there."""
    if len(phrase.folded) == 1:
        return start + 1 if _is_same_word(written[start], phrase, is_unaccented=is_unaccented) else None
    position, skipped, misspelt, is_gap = start, 0, 0, False
    numbers: list[int] = []
    for wanted, accented in zip(phrase.folded, phrase.written, strict=True):
        if wanted == _GAP:
            is_gap = True
            continue
        while position < len(folded) and not _is_word(folded[position], wanted, compares=phrase.compares):
            if skipped == _MOST_SKIPPED or not _may_skip(folded[position], is_gap=is_gap):
                return None
            position, skipped = position + 1, skipped + 1
        if position == len(folded) or _is_other_word(written[position], accented):
            return None
        misspelt += _is_misspelt(written[position], accented)
        if wanted == _NUMBER:
            numbers.append(_NUMBER_WORDS.get(folded[position]) or int(folded[position]))
        position, skipped, is_gap = position + 1, 0, False
    if phrase.compares and numbers[0] <= numbers[1]:
        return None
    return position if 2 * misspelt <= len(phrase.folded) else None


def _is_word(folded: str, wanted: str, *, compares: bool) -> bool:
    if wanted != _NUMBER:
        return folded == wanted
    is_number = folded.isdecimal() and folded.isascii() and len(folded) <= _LONGEST_NUMBER
    return is_number or (compares and folded in _NUMBER_WORDS)


def _may_skip(folded: str, *, is_gap: bool) -> bool:
    if is_gap:
        return folded not in _NEGATIONS
    return folded in _LITTLE or folded.isdigit()


@lru_cache(maxsize=8192)
def _is_misspelt(written: str, wanted: str) -> bool:
    """Whether both carry accents and not the same ones; hỏi and ngã are one, as the South speaks them."""
    if written.isascii() or not wanted:
        return False
    return written.translate(_HOI_FOR_NGA) != wanted.translate(_HOI_FOR_NGA)


def _is_other_word(written: str, wanted: str) -> bool:
    """Whether both carry a tone and not the same one; a missing tone is a mistake, not another word."""
    if not _is_misspelt(written, wanted):
        return False
    tone, wanted_tone = _find_tone(written), _find_tone(wanted)
    return tone is not None and wanted_tone is not None and tone != wanted_tone


@lru_cache(maxsize=4096)
def _find_tone(word: str) -> int | None:
    return next((_TONES[letter] for letter in word if letter in _TONES), None)


def _choose(matches: list[_Match], index: PhraseIndex) -> str:
    outer = [match for match in matches if not any(_is_inside(match, other) for other in matches)]
    if not outer:
        return OTHER
    best = min(outer, key=lambda match: (match.phrase.weight, match.phrase.kind))
    return index.slugs[best.phrase.kind]


def _is_inside(match: _Match, other: _Match) -> bool:
    return other.start <= match.start and match.end <= other.end and len(match.phrase.folded) < len(other.phrase.folded)
