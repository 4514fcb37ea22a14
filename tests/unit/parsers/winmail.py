"""Makes winmail.dat files for tests (MS-OXTNEF §2)."""

import struct

from parsers.tnef import SIGNATURE

_VERSION, _CODEPAGE, _BODY, _RENDDATA, _TITLE, _DATA = 0x9006, 0x9007, 0x800C, 0x9002, 0x8010, 0x800F


def _object(level, name, kind, data):
    checksum = sum(data) % 65536
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", checksum)


def make_winmail(name, content):
    """One with one file."""
    return (
        SIGNATURE
        + b"\x01\x00"
        + _object(1, _VERSION, 8, struct.pack("<I", 0x10000))
        + _object(1, _CODEPAGE, 6, struct.pack("<II", 1252, 0))
        + _object(2, _RENDDATA, 6, b"\0" * 14)
        + _object(2, _TITLE, 1, name + b"\0")
        + _object(2, _DATA, 6, content)
    )
