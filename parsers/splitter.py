"""Taking a mail apart (RFC 2045, 2046, 5322) while it streams by.

`split_mail` reads once, forwards only, and holds one chunk, the texts up to their limit and the beginning of each
other part. The bytes of every attachment, nested mails and files within texts included, go through a blob writer. Bad
mail never raises: damage becomes a defect, and so does every limit that cuts. Only errors of the stream and of the
writers reach the caller; writers that are open then are told to discard.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from parsers.blobs import OpenBlob
from parsers.decoders import open_decoder
from parsers.entities import Entity, Place, describe_entity, describe_found, make_part
from parsers.header_block import read_header_block
from parsers.limits import Limits
from parsers.nested_mails import open_form
from parsers.sinks import PartSink, Sinks
from parsers.structure import Part, Structure
from parsers.uuencode import separate_files
from parsers.window import Window, straighten_lines

_NESTED_MAILS = frozenset({"message/rfc822", "message/global", "message/news"})  # RFC 2046 §5.2.1, RFC 6532 §3.7
_BODY_TYPES = frozenset({
    "text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-amp-html", "text/watch-html",
})  # fmt: skip
# What cannot be read without keys or unwrapping (RFC 8551 §3.2, RFC 3156 §4); the wrapper itself is an attachment.
_OPAQUE = {
    "application/pkcs7-mime": "smime-opaque",
    "application/x-pkcs7-mime": "smime-opaque",
    "application/pgp-encrypted": "pgp-encrypted",
}
_TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_GUESSED_BOUNDARY = re.compile(rb"\n--([^\s][^\r\n]{0,199}?)[ \t]*\r?\n(?=content-[\w-]+:)", re.IGNORECASE)


def split_mail(chunks: Iterator[bytes], *, open_blob: OpenBlob, limits: Limits) -> Structure:
    """Take the mail apart that `chunks` make up."""
    splitter = _Splitter(open_blob, limits)
    top = splitter.read_entity(Window(straighten_lines(chunks)), Place())
    return Structure(
        headers=top.headers,
        content_type=top.content_type,
        parameters=top.parameters,
        parts=tuple(splitter.parts),
        header_text="\n".join(splitter.header_texts),
        defects=tuple(splitter.defects),
    )


class _Splitter:
    """What is common to all levels of one mail: the parts found, the defects, and what the limits leave."""

    def __init__(self, open_blob: OpenBlob, limits: Limits) -> None:
        self._limits = limits
        self._sinks = Sinks(open_blob, limits, self._note)
        self._alternatives = 0
        self.parts: list[Part] = []
        self.header_texts: list[str] = []
        self.defects: dict[str, None] = {}  # in the order found, each once

    def read_entity(self, window: Window, place: Place) -> Entity:
        """Read one mail or part up to the delimiter that ends it."""
        entity = self._read_header(window, place)
        is_shallow = place.depth < self._limits.depth
        is_container = entity.content_type.startswith("multipart/") or entity.content_type in _NESTED_MAILS
        if is_container and not is_shallow:
            self._note("limit-depth")
        if entity.content_type.startswith("multipart/") and is_shallow:
            self._read_multipart(window, entity)
        elif entity.content_type in _NESTED_MAILS and is_shallow:
            self._read_nested_mail(window, entity)
        else:
            self._read_leaf(window, entity)
        return entity

    def _note(self, *defects: str) -> None:
        self.defects.update(dict.fromkeys(defects))

    @property
    def _is_full(self) -> bool:
        return len(self.parts) >= self._limits.parts

    def _read_header(self, window: Window, place: Place) -> Entity:
        block, is_cut = window.read_header(self._limits.header_bytes)
        headers, text = read_header_block(block)
        entity = describe_entity(headers, place)
        if is_cut:
            self._note("limit-header")
        elif block and not any(True for _ in headers):
            window.unread_header()  # text where the header should be: nothing of it may be lost
            self._note("header-missing")
            return entity
        if text:
            self._keep_text(text, entity)
        return entity

    def _keep_text(self, text: str, entity: Entity) -> None:
        """Words in the header of a text belong to it. Those above a multipart are its preamble, which says nothing
        (RFC 2046 §5.1.1), and those above a file are damage.
        """
        self._note("header-malformed")
        if entity.content_type in _BODY_TYPES and not entity.place.within_mail:
            self.header_texts.append(text)

    def _read_multipart(self, window: Window, entity: Entity) -> None:
        boundary = self._choose_boundary(window, entity.parameters.get("boundary", ""))
        if not boundary:
            self._note("boundary-missing")
            self._read_leaf(window, replace(entity, content_type="text/plain"))
            return
        level = window.level
        window.open_boundary(boundary)
        _drain(window.read_body())  # the preamble says nothing (RFC 2046 §5.1.1)
        self._read_children(window, level, self._place_within(entity))
        window.close_boundary()
        if window.delimiter and window.delimiter.level == level:
            _drain(window.read_body())  # up to a delimiter that is not ours any more

    def _read_children(self, window: Window, level: int, place: Place) -> None:
        is_closed = False
        while window.delimiter and window.delimiter.level == level:
            if window.delimiter.is_closing and is_closed:
                return
            if window.delimiter.is_closing:
                is_closed = True
                _drain(window.read_body())  # the epilogue, unless parts follow after all
            elif self._is_full:
                self._note("limit-parts")
                return
            else:
                self.read_entity(window, place)
        if not is_closed:
            self._note("boundary-unclosed")

    def _choose_boundary(self, window: Window, declared: str) -> bytes:
        """The declared boundary, or the one that is plainly used instead; empty where the body has none."""
        ahead = window.peek()
        boundary = declared.rstrip().encode("utf-8", "replace")
        if boundary and b"\n--" + boundary in ahead:
            return boundary
        guessed = _GUESSED_BOUNDARY.search(ahead)
        if guessed:
            self._note("boundary-guessed")
            return guessed[1]
        return b""

    def _place_within(self, entity: Entity) -> Place:
        place = entity.place
        alternative = place.alternative
        if entity.content_type == "multipart/alternative":
            self._alternatives += 1
            alternative = self._alternatives
        return Place(
            depth=place.depth + 1,
            parent_type=entity.content_type,
            default_type="message/rfc822" if entity.content_type == "multipart/digest" else "text/plain",
            within_mail=place.within_mail,
            alternative=alternative,
        )

    def _read_nested_mail(self, window: Window, entity: Entity) -> None:
        """A mail within the mail is a part itself, and its own parts follow it."""
        index = len(self.parts)
        place = Place(depth=entity.place.depth + 1, parent_type=entity.content_type, within_mail=True)
        with self._sinks.open_for(entity.content_type) as sink:
            form = open_form(entity.headers.first("content-transfer-encoding"), self._limits.header_bytes)
            passing = self._sinks.pass_through(self._decode(window, entity), sink, form)
            self.parts.append(make_part(entity, sink))  # keeps the place in the order
            if self._is_full:
                self._note("limit-parts")
            else:
                self.read_entity(Window(straighten_lines(passing)), place)
            _drain(passing)
        self.parts[index] = make_part(entity, sink)

    def _read_leaf(self, window: Window, entity: Entity) -> None:
        decoded = self._decode(window, entity)
        if self._is_body(entity):
            self._read_body_text(decoded, entity)
            return
        if entity.content_type in _OPAQUE:
            self._note(_OPAQUE[entity.content_type])
        is_tnef = entity.content_type in _TNEF_TYPES or entity.name.lower() == "winmail.dat"
        with (
            self._sinks.open(self._limits.tnef_bytes) if is_tnef else self._sinks.open_for(entity.content_type) as sink
        ):
            _drain(self._sinks.pass_through(decoded, sink))
        part = make_part(entity, sink)
        if is_tnef:
            self.parts.append(replace(part, head=part.head[: self._limits.head_bytes]))
            self._unpack_tnef(entity, sink.head, is_whole=part.is_whole)
        else:
            self.parts.append(part)

    def _is_body(self, entity: Entity) -> bool:
        """Whether it is text to read. The first text of a mail may have a name; others with a name are files."""
        if entity.content_type not in _BODY_TYPES or entity.disposition == "attachment":
            return False
        return not entity.name or not any(True for part in self.parts if not part.within_mail)

    def _read_body_text(self, decoded: Iterator[bytes], entity: Entity) -> None:
        with self._sinks.open_for_text() as sink:
            if entity.content_type == "text/plain":
                files = self._separate(decoded, sink, entity.place)
            else:
                files = []
                _drain(self._sinks.pass_through(decoded, sink))
        self.parts.append(make_part(entity, sink, is_body=True))
        self.parts += files

    def _separate(self, decoded: Iterator[bytes], text: PartSink, place: Place) -> list[Part]:
        """Send the text to its sink, and each file that stands in it to one of its own."""
        files: list[Part] = []
        for file, pieces in groupby(separate_files(decoded), key=itemgetter(0)):
            contents = map(itemgetter(1), pieces)
            if file is None:
                self._sinks.write_all(text, contents)
            elif len(self.parts) + len(files) + 1 >= self._limits.parts:
                self._note("limit-parts")
            else:
                with self._sinks.open(self._limits.head_bytes) as sink:
                    self._sinks.write_all(sink, contents)
                self._note(*file.defects)
                files.append(make_part(describe_found(file.name, "text/plain", place), sink))
        return files

    def _unpack_tnef(self, entity: Entity, data: bytes, *, is_whole: bool) -> None:
        if not is_whole:
            self._note("limit-tnef")
            return
        from parsers.tnef import unpack_tnef  # noqa: PLC0415  # its library takes long to load

        unpacked = unpack_tnef(data)
        self._note(*unpacked.defects)
        for content_type, text in (("text/plain", unpacked.text), ("text/html", unpacked.html)):
            if text:
                body = replace(describe_found("", entity.content_type, entity.place), content_type=content_type)
                self._read_body_text(iter((text,)), replace(body, parameters={"charset": "utf-8"}))
        for name, content in unpacked.files:
            if self._is_full:
                self._note("limit-parts")
                return
            with self._sinks.open(self._limits.head_bytes) as sink:
                self._sinks.write(sink, content)
            self.parts.append(make_part(describe_found(name, entity.content_type, entity.place), sink))

    def _decode(self, window: Window, entity: Entity) -> Iterator[bytes]:
        decoder = open_decoder(entity.headers.first("content-transfer-encoding"))
        for chunk in window.read_body():
            if data := decoder.decode(chunk):
                yield data
        if rest := decoder.finish():
            yield rest
        if decoder.defects:
            self._note(*decoder.defects)


def _drain(chunks: Iterator[bytes]) -> None:
    for _ in chunks:
        pass
