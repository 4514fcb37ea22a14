"""One entity of a mail, that is a mail or a part: its header understood (RFC 2045 §5, RFC 2183) and its place.

Pure and total: whatever the header says, an entity comes out.
"""

from dataclasses import dataclass, replace

from parsers.encoded_words import make_line, make_storable
from parsers.headers import Headers
from parsers.parameters import parse_content_type, parse_parameters
from parsers.sinks import PartSink
from parsers.structure import Part


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the tree an entity stands."""

    depth: int = 0
    parent_type: str = ""
    default_type: str = "text/plain"  # where no Content-Type is declared
    within_mail: bool = False
    alternative: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """What the header of a mail or part says."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str
    name: str
    place: Place


def describe_entity(headers: Headers, place: Place) -> Entity:
    content_type, parameters = parse_content_type(headers.first("content-type"), place.default_type)
    said = headers.first("content-disposition")
    disposition, said_parameters = parse_parameters(said) if said else ("", {})
    return Entity(
        headers=headers,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition if disposition in ("", "inline") else "attachment",  # RFC 2183 §2.8
        name=said_parameters.get("filename") or parameters.get("name", ""),
        place=place,
    )


def describe_found(name: str, container: str, place: Place) -> Entity:
    """The entity that a file would be that was found in the bytes of another part, of type `container`."""
    return Entity(
        headers=Headers(),
        content_type="application/octet-stream",
        parameters={},
        disposition="attachment",
        name=make_line(make_storable(name)),
        place=replace(place, depth=place.depth + 1, parent_type=container),
    )


def make_part(entity: Entity, sink: PartSink, *, is_body: bool = False) -> Part:
    return Part(
        headers=entity.headers,
        content_type=entity.content_type,
        parameters=entity.parameters,
        disposition=entity.disposition,
        name=entity.name,
        parent_type=entity.place.parent_type,
        depth=entity.place.depth,
        within_mail=entity.place.within_mail,
        alternative=entity.place.alternative,
        is_body=is_body,
        size_bytes=sink.size_bytes,
        sha256=sink.sha256,
        head=sink.head,
    )
