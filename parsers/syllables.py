"""Vietnamese syllables: which words can be Vietnamese at all.

A syllable is one of the 28 onsets or none, one of the 160 rimes, and a tone; a rime that ends in a stop takes only the
tones sắc and nặng. That is enough to tell a text read in the right charset from one read in a wrong charset, and
Vietnamese typed without accents from other languages.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ONSETS_TEXT: Final = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_ONSETS: Final = ["", *_ONSETS_TEXT.split()]
_OPEN_RIMES_TEXT: Final = (
    "a ai ao au ay âu ây e eo ê êu i ia iu o oa oai oao oay oe oeo oi ô ôi ơ ơi u ua uê ui uơ uy uya uyu uây uôi "
    "ư ưa ưi ưu ươi ươu y yêu iêu am ăm âm em êm im om ôm ơm um ươm iêm yêm uôm oam oăm an ăn ân en ên in on ôn "
    "ơn un iên yên uôn ươn oan oăn oen uân uyên uyn ang ăng âng eng ong ông oong ung ưng iêng yêng uông ương oang "
    "oăng uâng anh ênh inh ynh oanh uynh uênh"
)
_OPEN_RIMES: Final = _OPEN_RIMES_TEXT.split()
_STOPPED_RIMES_TEXT: Final = (
    "ac ăc âc ec oc ôc ooc uc ưc iêc uôc ươc oac oăc ach êch ich oach uêch uych ych ap ăp âp ep êp ip op ôp ơp up "
    "iêp ươp oap uyp at ăt ât et êt it ot ôt ơt ut ưt iêt yêt uôt ươt oat oăt oet uât uyêt uyt"
)
_STOPPED_RIMES: Final = _STOPPED_RIMES_TEXT.split()

_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"  # huyền sắc ngã hỏi nặng
_STOP_TONES: Final = "\u0301\u0323"
_VOWELS: Final = "aăâeêioôơuưy"
_TONELESS: Final = {ord(unicodedata.normalize("NFC", vowel + tone)): vowel for vowel in _VOWELS for tone in _TONES}
_SLOW_TONES: Final = frozenset(
    unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES if tone not in _STOP_TONES
)
_BARE: Final = str.maketrans("ăâđêôơư", "aadeoou")

_OPEN: Final = frozenset(onset + rime for onset in _ONSETS for rime in _OPEN_RIMES)
_STOPPED: Final = frozenset(onset + rime for onset in _ONSETS for rime in _STOPPED_RIMES)
_UNACCENTED: Final = frozenset(syllable.translate(_BARE) for syllable in _OPEN | _STOPPED)

WORD: Final = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether `word`, in lower case and NFC, can be one written Vietnamese syllable."""
    toneless = word.translate(_TONELESS)
    if toneless in _STOPPED:
        return _SLOW_TONES.isdisjoint(word)
    return toneless in _OPEN


def is_unaccented_syllable(word: str) -> bool:
    """Whether `word`, in lower case and without accents, can be a Vietnamese syllable typed so."""
    return word in _UNACCENTED


def rate_accented_words(text: str) -> tuple[int, int]:
    """How many words of `text` have letters beyond ASCII, and how many of those can be Vietnamese.

    Single letters are not counted: in a wrong charset, bullets and dashes that stand alone look like them.
    """
    lowered = unicodedata.normalize("NFC", text).lower()
    accented = [word for word in WORD.findall(lowered) if len(word) > 1 and not word.isascii()]
    return len(accented), sum(map(is_syllable, accented))
