"""Whether two raw mails are the same one, delivered twice.

Servers on the way put their own fields on top: the same mail in two mailboxes differs in its trace (RFC 5321 §4.4) and
in what filters wrote. What the sender wrote, from the other header fields to the last byte, must be equal.
"""

from collections.abc import Iterator
from typing import BinaryIO

from store.spool import Spool

_CHUNK = 256 * 1024
_HEADER_BYTES = 1024 * 1024
_ON_THE_WAY = (
    b"return-path", b"received", b"delivered-to", b"x-original-to", b"envelope-to", b"delivery-date",
    b"authentication-results", b"arc-", b"received-spf", b"x-", b"status", b"dkim-filter", b"old-",
)  # fmt: skip


class SameMail:
    """Compares mails of a spool."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def __call__(self, one: str, other: str) -> bool:
        """Whether the mails with these SHA-256 are the same apart from what servers added."""
        if one == other:
            return True
        try:
            with self._spool.open(one) as first, self._spool.open(other) as second:
                return _sent_fields(first) == _sent_fields(second) and _same_rest(first, second)
        except FileNotFoundError:
            return False  # deleted by retention: it cannot be told, so it is not the same


def _sent_fields(mail: BinaryIO) -> list[bytes]:
    """The header fields that the sender wrote, unfolded; the file stands at the body afterwards."""
    return [field for field in _fields(mail) if not field.lower().startswith(_ON_THE_WAY)]


def _fields(mail: BinaryIO) -> Iterator[bytes]:
    field, read = b"", 0
    while read < _HEADER_BYTES:
        line = mail.readline(_HEADER_BYTES - read)
        read += len(line)
        if not line.strip():
            break
        if line[:1] in b" \t" and field:
            field += line
        else:
            yield field
            field = line
    yield field


def _same_rest(first: BinaryIO, second: BinaryIO) -> bool:
    while True:
        one, other = first.read(_CHUNK), second.read(_CHUNK)
        if one != other:
            return False
        if not one:
            return True
