"""Reads the words out of the PDF files we make, as a viewer's search would: by each font's table of characters."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
_FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|\(((?:[^\\)]|\\.)*)\) ?Tj", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_LETTER = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4,})>")


def read_pages(pdf: bytes) -> list[str]:
    """The words of each page, one line for each piece that was set."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    letters = _letters(objects)
    pages = [body for body in objects.values() if b"/Type /Page\n" in body]
    return [_words(_stream(objects[_reference(page, b"Contents")]), letters) for page in pages]


def _letters(objects: dict[int, bytes]) -> dict[bytes, dict[bytes, str]]:
    """For each font's name in the pages: code to character."""
    fonts = {name: int(number) for body in objects.values() for name, number in _FONT.findall(body)}
    return {name: _table(_stream(objects[_reference(objects[number], b"ToUnicode")])) for name, number in fonts.items()}


def _table(characters: bytes) -> dict[bytes, str]:
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _LETTER.findall(characters)
    }


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/%s (\d+) 0 R" % name, body)
    assert found, f"no {name!r} in {body[:200]!r}"
    return int(found[1])


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found, "an object without a stream"
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _words(content: bytes, letters: dict[bytes, dict[bytes, str]]) -> str:
    font, lines = b"", []
    for name, shown in _SHOWN.findall(content):
        if name:
            font = name
        else:
            codes = _ESCAPED.sub(_unescaped, shown)
            lines.append("".join(letters[font][codes[at : at + 2]] for at in range(0, len(codes), 2)))
    return "\n".join(lines)


def _unescaped(found: "re.Match[bytes]") -> bytes:
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(found[1], found[1])
