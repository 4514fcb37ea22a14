"""Vietnamese charsets from before Unicode that Python has no codec for: VISCII, TCVN3 (ABC), TCVN 5712, VPS and VNI.

`decode_legacy` never raises: every byte means something in these charsets. The result is not composed; callers
bring it to NFC. Sources of the tables:

- VISCII: RFC 1456 §3.
- TCVN: TCVN 5712:1993, as glibc's TCVN5712-1 has it. TCVN3, the encoding of the ABC fonts, is its upper half;
  those fonts leave 0x80–0x9F as in windows-1252, and their capitals share the codes of the small letters.
- VPS: the tables of xvnkb and UniKey, which agree.
- VNI for Windows: the table of xvnkb. A letter with marks is a base letter followed by a sign for its marks.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable
from typing import Final

_ASCII: Final = "".join(map(chr, range(128)))
_WINDOWS_C1: Final = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"


def _with_controls(letters: dict[int, str]) -> str:
    """ASCII, with the control characters that a charset uses for letters replaced."""
    return "".join(letters.get(code, chr(code)) for code in range(128))


_VISCII: Final = _with_controls({0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}) + (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ"
    "ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệố"
    "ồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉ"
    "đựòóôõỏọụùúũủýợỮ"
)
_TCVN_UPPER_HALF: Final = (
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN3: Final = _ASCII + _WINDOWS_C1 + _TCVN_UPPER_HALF
_TCVN5712: Final = (
    _with_controls(
        dict(zip((1, 2, 4, 5, 6), "ÚỤỪỬỮ", strict=True)) | dict(zip(range(0x11, 0x18), "ỨỰỲỶỸÝỴ", strict=True))
    )
    + "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    + _TCVN_UPPER_HALF
)
_VPS: Final = _ASCII + (
    "ÀẢÃẤẦẨọỗĂếềểệẮẰẲ"
    "Ế‘’ỀỂỄỐỒỔỖýỷỵỚỜỞ"
    "\xa0ắằẳẵặỠớÙờởỡŨỨợỪ"
    "ổỬỲỸÍÌộỈĨÓửữÒỎÕự"
    "ầÁÂấẩẫậđẻÉÊẹỉễịỹ"
    "ƯỦồốÔỏơÈừứÚũưÝẺß"
    "àáâãảạăçèéêẽìíîĩ"
    "ẴĐòóôõöƠụùúủüỶẼỳ"
)
_LATIN: Final = _ASCII + _WINDOWS_C1 + "".join(map(chr, range(0xA0, 0x100)))

# What a VNI sign after a base letter stands for, as combining marks in canonical order.
_VNI_MARKS: Final = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0323\u0302", "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0323\u0306",
}  # fmt: skip
_VNI_LETTERS: Final = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_LETTERS_BOTH: Final = _VNI_LETTERS | {small.upper(): letter.upper() for small, letter in _VNI_LETTERS.items()}
_VNI_LETTER: Final = re.compile(r"([AaEeOoÔôUuÖöYy])([ùøûõïâáàåãäêéèúüë])|[ôöñíìæóòî]", re.IGNORECASE)


def _compose_vni(match: re.Match[str]) -> str:
    base, sign = match.group(1, 2)
    if base is None:
        return _VNI_LETTERS_BOTH[match.group()]
    marks = _VNI_MARKS[sign.lower()]
    return unicodedata.normalize("NFC", _VNI_LETTERS_BOTH.get(base, base) + marks)


def _decode_vni(raw: bytes) -> str:
    return _VNI_LETTER.sub(_compose_vni, _decode_by(_LATIN)(raw))


def _decode_by(table: str) -> Callable[[bytes], str]:
    return lambda raw: codecs.charmap_decode(raw, "replace", table)[0]


_DECODERS: Final[dict[str, Callable[[bytes], str]]] = {
    "viscii": _decode_by(_VISCII),
    "tcvn3": _decode_by(_TCVN3),
    "tcvn5712": _decode_by(_TCVN5712),
    "vps": _decode_by(_VPS),
    "vni": _decode_vni,
}

LEGACY_CHARSETS: Final = frozenset(_DECODERS)


def decode_legacy(raw: bytes, charset: str) -> str:
    """The text of `raw` in one of `LEGACY_CHARSETS`; KeyError for any other name."""
    return _DECODERS[charset](raw)
