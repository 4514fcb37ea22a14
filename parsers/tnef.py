"""What Outlook packs into winmail.dat (MS-OXTNEF): files and, sometimes, the text of the mail.

The unpacking is the tnefparse library's. It was not made for hostile input: objects are counted beforehand, for it
copies what is left at each of them, and whatever it stumbles over becomes a defect.
"""

import logging
from dataclasses import dataclass
from struct import error as struct_error

from tnefparse import TNEF

SIGNATURE = b"\x78\x9f\x3e\x22"
_MOST_COPIED = 4 * 1024 * 1024 * 1024  # bytes, about a second
# Every way in which the library was seen to fail on damaged input.
_FAILURES = (
    ValueError, LookupError, TypeError, AttributeError, NameError, ArithmeticError, AssertionError, RecursionError,
    MemoryError, NotImplementedError, OSError, struct_error,
)  # fmt: skip

logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # its warnings are our defects


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """The contents of one winmail.dat."""

    files: tuple[tuple[str, bytes], ...]  # name and content
    text: bytes  # UTF-8; empty where there is none
    html: bytes
    defects: tuple[str, ...]


def unpack_tnef(data: bytes) -> Unpacked:
    """Unpack `data`. What can be read before the first damage is lost with it: the library reads all or nothing."""
    if _copied_bytes(data) > _MOST_COPIED:
        return Unpacked(files=(), text=b"", html=b"", defects=("limit-tnef",))
    try:
        tnef = TNEF(data, do_checksum=False)
        return Unpacked(
            files=tuple((_to_text(one.long_filename()), bytes(one.data)) for one in tnef.attachments if one.data),
            text=_to_bytes(tnef.body),
            html=_to_bytes(tnef.htmlbody),
            defects=(),
        )
    except _FAILURES:
        return Unpacked(files=(), text=b"", html=b"", defects=("tnef-damaged",))


def _copied_bytes(data: bytes) -> int:
    """How many bytes the library copies: at each object all that follows (MS-OXTNEF §2.1.3.2)."""
    total, at = 0, 6
    while at + 12 < len(data) and total <= _MOST_COPIED:
        total += len(data) - at
        at += int.from_bytes(data[at + 5 : at + 9], "little") + 11
    return total


def _to_text(value: str | bytes) -> str:
    text = value if isinstance(value, str) else value.decode("utf-8", "replace")
    return text.partition("\0")[0]


def _to_bytes(value: str | bytes | None) -> bytes:
    return value.encode("utf-8", "replace") if isinstance(value, str) else bytes(value or b"")
