"""Files that go out with a mail: parts beside its words (RFC 2183), their names in every alphabet (RFC 2231)."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from parsers.base64_letters import encode_lines

_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_PLAIN = re.compile(r"[\w .()+-]+", re.ASCII)  # needs no encoding between quotation marks
_LONGEST_NAME = 120  # characters
_LONGEST_QUOTED = 900  # as RFC 2231 writes it: a line has at most 998 (RFC 5322 §2.1.1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """A file as it goes out."""

    name: str
    type: str
    data: bytes


def enclose(body: bytes, files: Sequence[Enclosure], boundary: bytes) -> bytes:
    """`body`, its Content headers first, and the files as one multipart/mixed with its own headers."""
    head = b'Content-Type: multipart/mixed;\r\n boundary="' + boundary + b'"\r\n\r\n'
    line = b"--" + boundary
    parts = [body, *(_file_part(file) for file in files)]
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _file_part(file: Enclosure) -> bytes:
    kind = file.type if _TYPE.fullmatch(file.type) and not file.type.startswith(("message/", "multipart/")) else ""
    name = _shorten(file.name or "file")
    return (
        f"Content-Type: {kind or 'application/octet-stream'}{_old_name(name)}\r\n"
        f"Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {_name(name)}\r\n\r\n"
    ).encode() + encode_lines(file.data)


def _shorten(name: str) -> str:
    """The end of a name that is too long: its type stands there."""
    name = name[-_LONGEST_NAME:]
    while len(quote(name, safe="")) > _LONGEST_QUOTED:
        name = name[1:]
    return name


def _name(name: str) -> str:
    return f'filename="{name}"' if _PLAIN.fullmatch(name) else f"filename*=utf-8''{quote(name, safe='')}"


def _old_name(name: str) -> str:
    """Older Outlook knows no RFC 2231; it reads an encoded-word here, which no standard foresees."""
    if _PLAIN.fullmatch(name):
        return ""
    return f';\r\n name="=?utf-8?b?{b64encode(name.encode()).decode("ascii")}?="'
