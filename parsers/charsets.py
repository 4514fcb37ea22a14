"""Bytes to text, whatever charset they are in and whatever the mail says about it.

`decode_text` never raises. A declaration is believed unless the bytes speak against it: bytes that are valid UTF-8 are
UTF-8, and bytes that only make Vietnamese syllables in a Vietnamese charset are in that charset, even where something
else is declared. Charset names: RFC 2978 and the IANA registry, and those found in real mail.
"""

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import Final

from parsers.legacy_vietnamese import LEGACY_CHARSETS, decode_legacy
from parsers.syllables import rate_accented_words

UNKNOWN: Final = "charset-unknown"  # a charset is declared that nobody knows
WRONG: Final = "charset-wrong"  # the bytes are in another charset than the declared one
UNDECODABLE: Final = "charset-undecodable"  # some bytes mean nothing in the charset; U+FFFD stands for them

_SAMPLE_BYTES: Final = 8192  # enough to tell charsets apart

# Names in real mail that neither IANA nor Python has, by their name without punctuation.
_ALIASES: Final = {
    "unicode11utf7": "utf-7", "unicode20utf7": "utf-7", "utf8mb4": "utf-8", "unicode11utf8": "utf-8",
    "unicode20utf8": "utf-8", "xutf8": "utf-8", "iso10646": "utf-8", "unicode": "utf-16", "iso10646ucs2": "utf-16",
    "ucs2": "utf-16",
    "iso88598i": "iso-8859-8", "iso88598e": "iso-8859-8", "iso88596i": "iso-8859-6", "iso88596e": "iso-8859-6",
    "xmacroman": "mac-roman", "xmaccyrillic": "mac-cyrillic", "xmacce": "mac-latin2", "macce": "mac-latin2",
    "maccentraleurope": "mac-latin2", "xmaccentraleurope": "mac-latin2", "xmacgreek": "mac-greek",
    "xmacturkish": "mac-turkish", "xsjis": "cp932", "windows31j": "cp932", "xmscp932": "cp932", "xeucjp": "euc-jp",
    "xgbk": "gbk", "xeuccn": "gb2312", "cngb": "gb2312", "gb231280": "gb2312", "hzgb": "hz", "xxbig5": "big5",
    "cnbig5": "big5", "xbig5": "big5", "ksc56011987": "cp949", "ksc5601": "cp949", "ksc56011989": "cp949",
    "xwindows949": "cp949", "windows949": "cp949", "xeuckr": "euc-kr", "windows874": "cp874", "dos874": "cp874",
    "iso885911": "iso-8859-11", "tis620": "cp874", "xcp866": "cp866", "xviet": "windows-1258",
    "xvietmswindows1258": "windows-1258", "cp1258viet": "windows-1258", "vnwindows1258": "windows-1258",
    "ansi": "windows-1252", "xansi": "windows-1252", "winlatin1": "windows-1252",
    "viscii": "viscii", "csviscii": "viscii", "viscii11": "viscii", "viscii111": "viscii", "xviscii": "viscii",
    "xvietviscii": "viscii", "rfc1456": "viscii",
    "tcvn": "tcvn3", "tcvn3": "tcvn3", "xtcvn": "tcvn3", "xtcvn3": "tcvn3", "abc": "tcvn3", "tcvnabc": "tcvn3",
    "xabc": "tcvn3", "xviettcvn": "tcvn3", "xviettcvn3": "tcvn3", "xviettcvn5712": "tcvn5712",
    "tcvn5712": "tcvn5712", "tcvn57121": "tcvn5712", "tcvn571211993": "tcvn5712", "xtcvn5712": "tcvn5712",
    "vps": "vps", "xvps": "vps", "xvietvps": "vps", "vpswin": "vps",
    "vni": "vni", "xvni": "vni", "vniwin": "vni", "vniwindows": "vni", "xvietvni": "vni",
}  # fmt: skip

# Python text codecs that no mail can mean.
_NO_CHARSETS: Final = frozenset({"idna", "punycode", "undefined", "unicodeescape", "rawunicodeescape", "mbcs", "oem"})

# What senders mean by a name is often the larger charset (WHATWG Encoding Standard §4.2).
_SUPERSETS: Final = {
    "iso8859-1": "cp1252", "iso8859-9": "cp1254", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs", "cp950": "big5hkscs", "tis-620": "cp874",
    "iso8859-11": "cp874", "iso2022_jp": "iso2022_jp_ext",
}  # fmt: skip

# Charsets in which every byte, or nearly every byte, means something: their being declared proves little.
_SINGLE_BYTE: Final = re.compile(r"iso8859-\d+|cp1?[0-9]{3,4}|koi8.*|mac.*|ascii|viscii|tcvn.*|vps|vni")
_MULTI_BYTE_PAGES: Final = frozenset({"cp932", "cp949", "cp950"})
_DECLARED_FOR_VIETNAMESE: Final = frozenset({"cp1252", "iso8859-1", "ascii", "cp1258", "iso8859-15"})
_VIETNAMESE: Final = ("cp1258", "viscii", "tcvn3", "vni", "vps")  # the likeliest first


def decode_text(raw: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """The text of `raw` and the names of its defects.

    The text is NFC with LF line ends, without byte order mark, NUL and lone surrogates.
    """
    charset = find_charset(declared) if declared else ""
    if charset in ("utf-8", "ascii", "") or (charset is not None and _is_fooled_by_utf_8(charset)):
        text = _decode_strictly(raw, "utf-8") if not _has_escapes(raw) else None
        if text is not None:
            is_as_declared = charset in ("utf-8", "") or raw.isascii()
            return _clean(text), () if is_as_declared else (WRONG,)
    if charset is None:
        return _decode_undeclared(raw, (UNKNOWN,))
    if charset == "":
        return _decode_undeclared(raw, ())
    return _decode_declared(raw, charset)


@lru_cache(maxsize=512)
def find_charset(declared: str) -> str | None:
    """Our name or Python's for a declared charset, or None where nobody knows it."""
    name = declared.strip(" \t\r\n'\"").partition(";")[0].lower().removeprefix("charset=").strip("'\" ")
    key = re.sub(r"[^a-z0-9]", "", name)
    if key in _ALIASES:
        name = _ALIASES[key]
    if name in LEGACY_CHARSETS:
        return name
    if key in _NO_CHARSETS or not re.fullmatch(r"[a-z0-9_:.+ -]{1,40}", name):
        return None
    return _find_python_codec(name) or _find_python_codec(key) or _find_windows_page(key)


def _find_python_codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
        b"a".decode(codec.name)  # a LookupError for codecs between bytes and bytes, such as "hex"
    except LookupError:
        return None
    except ValueError:
        pass  # half a character of UTF-16 or UTF-32
    return "utf-8" if codec.name == "utf-8-sig" else codec.name


def _find_windows_page(key: str) -> str | None:
    """`x-cp1251`, `win-1258`, `cp-850`, `ms1252` and the like."""
    page = re.fullmatch(r"x?(?:windows|win|cp|ms|msdos|dos|ibm)?(\d{3,5})", key)
    return _find_python_codec(f"cp{page[1]}") if page else None


def _is_fooled_by_utf_8(charset: str) -> bool:
    """Whether UTF-8 text would decode in `charset` too, as garbage."""
    return charset not in _MULTI_BYTE_PAGES and _SINGLE_BYTE.fullmatch(charset) is not None


def _has_escapes(raw: bytes) -> bool:
    """Whether the bytes switch character sets by ISO 2022, as mail from Japan does without declaring it."""
    return b"\x1b$" in raw or b"\x1b(" in raw


def _decode_declared(raw: bytes, charset: str) -> tuple[str, tuple[str, ...]]:
    better = _guess_vietnamese(raw, charset) if charset in _DECLARED_FOR_VIETNAMESE | LEGACY_CHARSETS else None
    if better is not None and better != charset:
        return _clean(_decode(raw, better)), (WRONG,)
    if charset == "utf-16":
        charset = _find_byte_order(raw)
    text = _decode_strictly(raw, charset) if charset not in ("ascii", "iso8859-1") else None
    if text is not None:
        return _clean(text), ()
    return _decode_damaged(raw, charset)


def _decode_damaged(raw: bytes, charset: str) -> tuple[str, tuple[str, ...]]:
    """What `charset` cannot read strictly: in the larger charset that is meant, else in UTF-8, else with holes."""
    if charset == "ascii" and _has_escapes(raw):
        text, defects = _decode_undeclared(raw, ())
        return text, (WRONG, *defects)
    wider = _SUPERSETS.get(charset)
    if wider is not None and (widened := _decode_strictly(raw, wider)) is not None:
        return _clean(widened), (WRONG,) if charset == "ascii" else ()
    if charset == "utf-8":
        return _decode_damaged_utf_8(raw)
    if (unicode := _decode_strictly(raw, "utf-8")) is not None:
        return _clean(unicode), (WRONG,)
    return _clean(_decode(raw, wider or charset)), (UNDECODABLE,)


def _decode_damaged_utf_8(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Cut or dented UTF-8 stays UTF-8; bytes that are hardly ever valid were never UTF-8."""
    text = raw.decode("utf-8", "replace")
    holes = text.count("\ufffd")
    letters = sum(not char.isascii() for char in text) - holes
    if holes <= 2 * letters or _has_escapes(raw):
        return _clean(text), (UNDECODABLE,)
    text, defects = _decode_undeclared(raw, ())
    return text, (WRONG, *defects)


def _decode_undeclared(raw: bytes, defects: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    for charset in _list_guesses(raw):
        text = _decode_strictly(raw, charset)
        if text is not None:
            return _clean(text), defects
    return _clean(_decode(raw, "cp1252")), (*defects, UNDECODABLE)


def _list_guesses(raw: bytes) -> list[str]:
    guesses = ["utf-8"]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        guesses.insert(0, "utf-16")
    if _has_escapes(raw):
        guesses.insert(0, "iso2022_kr" if b"\x1b$)C" in raw else "iso2022_jp_ext")
    vietnamese = _guess_vietnamese(raw, "cp1252") if not raw.isascii() else None
    return [*guesses, vietnamese or "cp1252", "cp1252"]


def _guess_vietnamese(raw: bytes, declared: str) -> str | None:
    """The Vietnamese charset in which nearly all accented words are syllables, if `declared` makes far fewer."""
    if raw.isascii() and declared not in LEGACY_CHARSETS:
        return None
    sample = raw[:_SAMPLE_BYTES]
    declared = _SUPERSETS.get(declared, declared)
    if declared != "cp1252":
        words, syllables = rate_accented_words(_decode(sample, declared))
        if syllables >= 0.6 * words:
            return None
    rated = [(_rate(sample, charset), charset) for charset in _VIETNAMESE]
    best, charset = max(rated, key=lambda one: one[0])
    return charset if best > max(_rate(sample, declared) * 1.4, 0.8) else None


def _rate(sample: bytes, charset: str) -> float:
    """The share of accented words that are Vietnamese syllables; 0 where there are too few to tell."""
    if charset == "viscii":
        sample = sample.replace(b"\xa0", b" ")  # nearly always a no-break space of other charsets, hardly ever its Õ
    words, syllables = rate_accented_words(_decode(sample, charset))
    return syllables / words if words >= 2 else 0.0


def _find_byte_order(raw: bytes) -> str:
    """UTF-16 without a mark is big-endian (RFC 2781 §4.3), but Windows programs send it little-endian."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = raw[:_SAMPLE_BYTES]
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _decode_strictly(raw: bytes, charset: str) -> str | None:
    if charset in LEGACY_CHARSETS:
        return decode_legacy(raw, charset)
    try:
        return raw.decode(charset)
    except ValueError:
        return None


def _decode(raw: bytes, charset: str) -> str:
    if charset in LEGACY_CHARSETS:
        return decode_legacy(raw, charset)
    return raw.decode(charset, "replace")


def _clean(text: str) -> str:
    """NFC, LF, and nothing that a database refuses."""
    if "\0" in text:
        text = text.replace("\0", "")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    return text.encode("utf-8", "replace").decode() if _has_surrogates(text) else text


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
