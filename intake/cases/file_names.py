"""Names of files that people sent, made fit to be names of files: on Linux, Windows and macOS, within a ZIP.

Such a name never holds a path. What cannot stand in a file's name becomes "_"; letters stay as they were written, in
NFC. Names that differ in nothing but case are the same to Windows, and so to `Names`.
"""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_BYTES = 150  # of one name; systems allow 255 for it, Windows 260 letters for the whole path

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # controls, marks that turn the direction, surrogates
_LONGEST_SUFFIX = 12


def make_file_name(name: str, fallback: str) -> str:
    """A name without folders; `fallback` where nothing is left of it."""
    seen = "".join(one for one in unicodedata.normalize("NFC", name) if unicodedata.category(one) not in _UNSEEN)
    plain = _FORBIDDEN.sub("_", seen).strip().rstrip(". ").lstrip(".")
    plain = f"_{plain}" if _RESERVED.match(plain) else plain
    return _shorten(plain) if plain.strip("_ .") else fallback


def _shorten(name: str) -> str:
    """The beginning and the ending of a name that is too long."""
    if len(name.encode("utf-8")) <= LONGEST_BYTES:
        return name
    suffix = PurePosixPath(name).suffix
    suffix = suffix if len(suffix) <= _LONGEST_SUFFIX else ""
    stem = name.removesuffix(suffix).encode("utf-8")[: LONGEST_BYTES - len(suffix.encode("utf-8"))]
    return stem.decode("utf-8", "ignore").rstrip(". ") + suffix


class Names:
    """The names within one folder or archive, each given once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}  # number given to a name that came again; thousands are called "image.jpg"

    def take(self, path: str) -> str:
        """The path, or the first of "x (2).jpg", "x (3).jpg" that is free."""
        place = PurePosixPath(path)
        number, free = self._last.get(_key(path), 1), path
        while _key(free) in self._taken:
            number += 1
            free = str(place.with_name(f"{place.stem} ({number}){place.suffix}"))
        self._taken.add(_key(free))
        self._last[_key(path)] = number
        return free


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
