"""The language of a text: Vietnamese with or without accents, English, or another.

Only the beginning is looked at. Vietnamese is told by letters that no other language has, and, where accents are
missing, by words that are Vietnamese syllables; English by its commonest words. "other" also means: too little to tell.
"""

import re
import unicodedata
from typing import Final

from parsers.syllables import is_syllable, is_unaccented_syllable

_BEGINNING: Final = 600  # characters
_WORD: Final = re.compile(r"[^\W_]+(?:['’](?=[^\W_])[^\W_]+)?")
# Romanian and Croatian words have some of these too, so the word has to be a syllable as well.
_VIETNAMESE_LETTERS: Final = frozenset("ăđơư") | frozenset(map(chr, range(ord("ạ"), ord("ỹ") + 1)))

_ENGLISH_TEXT: Final = (
    "the be to of and a an in that have has had i it its it's for not on with he as you do does did don't didn't "
    "at this but his by from they we say her she or will my one all would there their what so up out if about who "
    "get which go me when make can can't cannot like time no just him know take people into year your some could "
    "them see other than then now only come over also back after use how our work well way even new want because "
    "any these give day most us is are was were been am i'm i've isn't wasn't doesn't hello hi dear please thanks "
    "thank regards best sincerely kind order orders item items product received receive broken damaged missing "
    "wrong color colour size late delivery delivered refund return exchange warranty customer code number package "
    "parcel arrived never still yet bought payment paid money photo video attached attachment sorry issue problem "
    "help need sent send email box fake counterfeit complaint support team described lost shipping shipped got"
)
_ENGLISH: Final = frozenset(_ENGLISH_TEXT.split())
# Words of complaints and talk as typed without accents, that are no English words.
_VIETNAMESE_TEXT: Final = (
    "toi khong ko khg hok dc duoc nhan hang cua bi va cho voi nay la da mua mot cac nhung chua giao tra loi minh "
    "em chi ban anh xin chao cam kinh gui san pham dat khach don nha roi vay thi mau sac thieu nham vo hong hu "
    "doi hoan tien yeu cau ngay hom qua sau truoc lam sao nhu the gi ai biet hieu vui long giup phan hoi som kiem "
    "thay moi cu dien thoai hinh anh thung hop mop rach gay tre lau qua oi ah nhe vang da duoc het con hay tot "
    "xau gia nhai chinh bao hanh huy mat that lac tai xe thai do nhan vien dich vu chat luong khieu nai ma so "
    "nguoi rat trong ngoai khi vao ra den tu luc gio tuan thang nam lien he toan bo alo"
)
_VIETNAMESE: Final = frozenset(_VIETNAMESE_TEXT.split()) - _ENGLISH
_IN_BOTH_TEXT: Final = "ok shop ship shipper size sale admin ad order video"
_IN_BOTH: Final = frozenset(_IN_BOTH_TEXT.split())


def detect_language(text: str) -> str:
    """ "vi", "en" or "other"."""
    words = _list_words(unicodedata.normalize("NFC", text[:_BEGINNING]).lower())
    if not words:
        return "other"
    if _is_accented_vietnamese(words):
        return "vi"
    english = sum(word.replace("’", "'") in _ENGLISH for word in words)
    vietnamese = _count_unaccented_vietnamese(words)
    if vietnamese > english:
        return "vi"
    return "en" if english and english >= 0.3 * len(words) else "other"


def _list_words(text: str) -> list[str]:
    """The words of `text` that are no addresses and no codes."""
    if "@" in text or "://" in text:
        text = " ".join(word for word in text.split() if "@" not in word and "http" not in word)
    return [word for word in _WORD.findall(text) if word.isalpha() or not any(map(str.isdecimal, word))]


def _is_accented_vietnamese(words: list[str]) -> bool:
    """At least a tenth of the words are syllables with Vietnamese letters, and most accented words are syllables."""
    accented = [word for word in words if not word.isascii()]
    syllables = list(filter(is_syllable, accented))
    own = len(syllables) - sum(map(_VIETNAMESE_LETTERS.isdisjoint, syllables))
    if own:
        return len(syllables) >= 0.6 * len(accented) and own >= 0.1 * len(words)
    # "là", "quá", "nhé": letters that other languages have too, so every word has to be a syllable.
    return bool(syllables) and all(map(is_syllable, words))


def _count_unaccented_vietnamese(words: list[str]) -> int:
    """How many words are known Vietnamese ones, if nearly all words can be Vietnamese; else 0."""
    known = sum(word in _VIETNAMESE for word in words)
    possible = sum(word in _IN_BOTH or is_unaccented_syllable(word) or is_syllable(word) for word in words)
    return known if possible >= 0.65 * len(words) and known >= 0.25 * len(words) else 0
