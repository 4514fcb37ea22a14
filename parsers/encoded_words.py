"""Words of RFC 2047 in header values, and text that any database takes.

Read liberally: words split inside a character or inside a base64 group are put together first, words within quoted
strings and without blanks between them are decoded too, and what cannot be decoded is left as it stands. Nothing
raises.
"""

import binascii
import re
import unicodedata
from itertools import groupby

from parsers.charsets import decode_text

# The charset may carry a language (RFC 2231 §5). Broken writers leave blanks in the text and make words of more than
# the 75 characters that RFC 2047 §2 allows; some bound there must be, for each start is followed that far.
_WORD = re.compile(r"=\?([\w.:()+-]+)(?:\*[\w-]*)?\?([bBqQ])\?(.{0,1000}?)\?=", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?)")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")


def decode_words(value: str) -> str:
    """`value` with its encoded-words decoded, NFC, without NUL and lone surrogates."""
    if "=?" not in value:
        return value if value.isascii() and "\0" not in value else make_storable(value)
    joined = _BETWEEN_WORDS.sub("", value)  # RFC 2047 §6.2: blanks between encoded-words are not shown
    pieces: list[str] = []
    end = 0
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(joined):
        if word.start() != end:
            pieces += [_decode_run(run), joined[end : word.start()]]
            run = []
        run.append(word)
        end = word.end()
    return make_storable("".join([*pieces, _decode_run(run), joined[end:]]))


def make_storable(text: str) -> str:
    """`text` in NFC, without NUL and lone surrogates."""
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("", text))


def make_line(text: str) -> str:
    """`text` on one line: line ends and other controls become a blank."""
    return _CONTROLS.sub(" ", text).strip()


def _decode_run(words: list[re.Match[str]]) -> str:
    """Adjacent words: those of one charset are decoded as one, for many writers cut through characters."""
    return "".join(
        _decode_bytes(b"".join(_bytes_of(list(group))), charset)
        for charset, group in groupby(words, key=lambda word: word[1].lower())
    )


def _bytes_of(words: list[re.Match[str]]) -> list[bytes]:
    """The bytes of words of one charset; base64 that was cut within a group of four is put together."""
    found: list[bytes] = []
    carried = ""
    for index, word in enumerate(words):
        text = carried + word[3]
        carried = ""
        if word[2] in "qQ":
            found.append(_decode_q(text))
        elif len(text) % 4 and index + 1 < len(words) and words[index + 1][2] in "bB":
            carried = text
        else:
            found.append(_decode_b(text))
    return found


def _decode_q(text: str) -> bytes:
    """RFC 2047 §4.2. `=` that starts no code stands for itself."""
    return binascii.a2b_qp(_octets(text), header=True)


def _decode_b(text: str) -> bytes:
    """RFC 2047 §4.1, with padding added where it is missing."""
    letters = _octets(text).rstrip(b"=")
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decode_bytes(raw: bytes, charset: str) -> str:
    if charset in ("utf-8", "us-ascii"):
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return decode_text(raw, charset)[0]
