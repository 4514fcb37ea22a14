"""Changes to a mail: of single bytes, of lines, of its structure, and by another mail.

All chance comes from one generator, so that a seed gives the same mails again.
"""

import base64
import quopri
import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from types import CodeType, ModuleType

MAX_BYTES = 1_000_000
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_BOUNDARY = re.compile(rb"boundary=[\"']?([^\s\"';]{1,70})")
_CHARSETS = ("utf-16", "utf-7", "cp1258", "utf-8-sig", "iso2022_jp", "gb18030", "utf-32-be", "cp037")
_DECLARED = ("utf-8", "us-ascii", "windows-1258", "viscii", "x-viet-tcvn", "vni", "x-viet-vps", "utf-16", "hz", "utf-7")
_TYPES = (
    "text/plain", "text/html", "multipart/mixed", "multipart/alternative", "multipart/report", "multipart/digest",
    "message/rfc822", "message/delivery-status", "application/ms-tnef", "application/pkcs7-mime", "text/rfc822-headers",
)  # fmt: skip
_INTERESTING = (
    b"\0", b"\r", b"\r\n\r\n", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xcc\x81", b"\x1b$B",
    b"=?utf-8?b?", b"=?utf-8?q?=?=", b"?=", b"=\r\n", b"<>", b"\"", b"\\", b"((((", b"<!--", b"&#0;", b"&#xD800;",
    b"\r\nbegin 644 x\r\n", b"\r\n=ybegin line=128 size=9 name=x\r\n", b"\r\n> ", b"\r\n-- \r\n", b"0" * 40, b"/" * 40,
)  # fmt: skip


class Mutator:
    """Makes new mails from known ones."""

    def __init__(self, chance: random.Random, words: Sequence[bytes]) -> None:
        self._chance = chance
        self._words = [*words, *_INTERESTING]
        self._changes: tuple[Callable[[bytes, bytes], bytes], ...] = (
            self._change_bytes, self._delete, self._insert_word, self._insert_word, self._copy_line, self._move_line,
            self._repeat, self._splice, self._declare, self._encode, self._nest, self._swap_case, self._decompose,
            self._cut_off, self._break_lines,
        )  # fmt: skip

    def mutate(self, mail: bytes, other: bytes) -> bytes:
        """`mail` after a few changes, some of them with pieces of `other`; never larger than MAX_BYTES."""
        for _ in range(self._chance.choice((1, 1, 2, 3, 6))):
            mail = self._chance.choice(self._changes)(mail, other)[:MAX_BYTES]
        return mail

    def _span(self, data: bytes, longest: int = 400) -> tuple[int, int]:
        start = self._chance.randrange(len(data) + 1)
        return start, min(len(data), start + self._chance.randrange(longest))

    def _change_bytes(self, mail: bytes, _other: bytes) -> bytes:
        changed = bytearray(mail or b" ")
        for _ in range(self._chance.randrange(1, 8)):
            changed[self._chance.randrange(len(changed))] = self._chance.randrange(256)
        return bytes(changed)

    def _delete(self, mail: bytes, _other: bytes) -> bytes:
        start, end = self._span(mail)
        return mail[:start] + mail[end:]

    def _insert_word(self, mail: bytes, _other: bytes) -> bytes:
        at, _ = self._span(mail)
        return mail[:at] + self._chance.choice(self._words) * self._chance.choice((1, 1, 1, 2, 9)) + mail[at:]

    def _copy_line(self, mail: bytes, other: bytes) -> bytes:
        lines, others = _list_lines(mail), _list_lines(other)
        lines.insert(self._chance.randrange(len(lines)), self._chance.choice(others))
        return b"".join(lines)

    def _move_line(self, mail: bytes, _other: bytes) -> bytes:
        lines = _list_lines(mail)
        line = lines.pop(self._chance.randrange(len(lines)))
        lines.insert(self._chance.randrange(len(lines) + 1), line)
        return b"".join(lines)

    def _repeat(self, mail: bytes, _other: bytes) -> bytes:
        """The same piece over and over is what slow patterns are slow at; now and then up to the largest size."""
        start, end = self._span(mail, self._chance.choice((2, 8, 80, 2000)))
        room = self._chance.choice((100, 100, 1000, 1000, 3000, 20_000)) if self._chance.random() < 0.99 else MAX_BYTES
        times = self._chance.randrange(1, 2 + room // max(1, end - start))
        return mail[:start] + mail[start:end] * times + mail[end:]

    def _splice(self, mail: bytes, other: bytes) -> bytes:
        start, end = self._span(mail, 2000)
        first, last = self._span(other, 4000)
        return mail[:start] + other[first:last] + mail[end:]

    def _declare(self, mail: bytes, _other: bytes) -> bytes:
        """Another Content-Type, somewhere where a header may be."""
        content_type, charset = self._chance.choice(_TYPES), self._chance.choice(_DECLARED)
        known: list[bytes] = _BOUNDARY.findall(mail) or [b"b"]
        encoding = self._chance.choice(("7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "binary"))
        field = f"Content-Type: {content_type}; charset={charset}; boundary=".encode() + self._chance.choice(known)
        field += f"\r\nContent-Transfer-Encoding: {encoding}\r\n".encode()
        starts = [0, *(found.end() for found in re.finditer(rb"\n--[^\r\n]{1,70}\r?\n", mail))]
        at = self._chance.choice(starts)
        return mail[:at] + field + mail[at:]

    def _encode(self, mail: bytes, _other: bytes) -> bytes:
        start, end = self._span(mail, 3000)
        piece = mail[start:end]
        way = self._chance.randrange(4)
        if way == 0:
            piece = base64.encodebytes(piece)
        elif way == 1:
            piece = quopri.encodestring(piece)
        elif way == 2:
            piece = b"=?utf-8?b?" + base64.b64encode(piece[:45]) + b"?="
        else:
            piece = piece.decode("utf-8", "replace").encode(self._chance.choice(_CHARSETS), "replace")
        return mail[:start] + piece + mail[end:]

    def _nest(self, mail: bytes, other: bytes) -> bytes:
        """The mail as a part beside another, or deep within others."""
        boundary = self._chance.choice((b"b", b"b", b"b b", b"=_b", b"--"))
        kind = self._chance.choice((b"mixed", b"alternative", b"related", b"report", b"digest"))
        within = self._chance.choice((b"message/rfc822", b"text/plain", b"text/html", b"message/global"))
        for _ in range(self._chance.choice((1, 1, 1, 3))):
            head = b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n--%b\r\n' % (kind, boundary, boundary)
            mail = head + b"Content-Type: " + within + b"\r\n\r\n" + mail + b"\r\n--" + boundary + b"\r\n"
            mail += other[:2000] + b"\r\n--" + boundary + self._chance.choice((b"--", b"", b"-"))
        return mail

    def _swap_case(self, mail: bytes, _other: bytes) -> bytes:
        start, end = self._span(mail)
        return mail[:start] + mail[start:end].swapcase() + mail[end:]

    def _decompose(self, mail: bytes, _other: bytes) -> bytes:
        text = mail.decode("utf-8", "surrogateescape")
        return unicodedata.normalize("NFD", text).encode("utf-8", "surrogateescape")

    def _cut_off(self, mail: bytes, _other: bytes) -> bytes:
        return mail[: self._chance.randrange(len(mail) + 1)]

    def _break_lines(self, mail: bytes, _other: bytes) -> bytes:
        return mail.replace(b"\r\n", self._chance.choice((b"\n", b"\r", b"\r\r\n", b"\n\r")))


def _list_lines(mail: bytes) -> list[bytes]:
    """At least one, with their line ends."""
    return [found.group() for found in _LINE.finditer(mail)]


def list_words(modules: Sequence[ModuleType]) -> list[bytes]:
    """The texts that stand in the code of `modules`: what it looks for is what leads on."""
    found: dict[bytes, None] = {}
    for module in modules:
        for value in vars(module).values():
            code = getattr(value, "__code__", None)
            for text in _list_texts(code if isinstance(code, CodeType) else value):
                if 1 < len(text) <= 60:
                    found[text] = None
    return sorted(found)


def _list_texts(value: object) -> list[bytes]:
    if isinstance(value, str):
        return [value.encode("utf-8", "replace")]
    if isinstance(value, bytes):
        return [value]
    if isinstance(value, CodeType):
        return _list_texts(value.co_consts)
    if isinstance(value, dict):
        return [text for item in value.items() for text in _list_texts(item)]
    if isinstance(value, tuple | list | frozenset | set):
        return [text for one in value for text in _list_texts(one)]
    return []
