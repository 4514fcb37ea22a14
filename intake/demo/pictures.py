"""The photos and the video of the demonstration, drawn when they are needed: no pictures to ship, no library to draw.

The photos are true PNG files (ISO/IEC 15948) of plain rectangles. The video is the container alone (ISO/IEC 14496-12):
a file type, an empty film and some bytes of media data; it is recognised as MP4, but there is nothing to see in it.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 480, 360
RED, BLUE, WOOD, WHITE, BLACK, CARD = (
    (186, 42, 46), (38, 84, 160), (214, 196, 170), (250, 250, 248), (24, 24, 24), (190, 152, 106),
)  # fmt: skip
_BARS = (3, 1, 2, 4, 1, 1, 3, 2, 1, 4, 2, 1, 3, 1, 2, 2, 4, 1, 3, 1)  # widths of a barcode that says nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A filled rectangle, in pixels."""

    left: int
    top: int
    width: int
    height: int
    colour: Colour


def draw_shirt() -> bytes:
    """A red shirt, all of it."""
    return draw_png(WOOD, [*_shirt(RED), _collar()])


def draw_difference() -> bytes:
    """The red shirt with the blue one of the order beside it."""
    swatch = Box(left=340, top=120, width=90, height=120, colour=BLUE)
    return draw_png(WOOD, [*_shirt(RED), _collar(), swatch])


def draw_label() -> bytes:
    """A parcel with the seller's label."""
    paper = Box(left=90, top=70, width=300, height=220, colour=WHITE)
    lines = [Box(left=110, top=90 + 22 * row, width=150 + 20 * row, height=8, colour=BLACK) for row in range(4)]
    return draw_png(CARD, [paper, *lines, *_barcode()])


def draw_png(background: Colour, boxes: Sequence[Box]) -> bytes:
    """The boxes, later ones over earlier ones, as a PNG file."""
    rows = [bytearray(bytes(background) * WIDTH) for _ in range(HEIGHT)]
    for box in boxes:
        for row in rows[box.top : box.top + box.height]:
            row[3 * box.left : 3 * (box.left + box.width)] = bytes(box.colour) * box.width
    pixels = b"".join(b"\0" + row for row in rows)  # each row is preceded by its filter, here none
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)  # 8 bits a colour, true colour
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, data) for name, data in chunks)


def make_video() -> bytes:
    """An MP4 file with nothing to see."""
    film = struct.pack(">IIIIIIH", 0, 0, 0, 1000, 8000, 0x10000, 0x100) + bytes(70) + struct.pack(">I", 1)
    boxes = ((b"ftyp", b"isom\0\0\2\0isommp41"), (b"moov", _mp4_box(b"mvhd", film)), (b"mdat", bytes(2000)))
    return b"".join(_mp4_box(name, data) for name, data in boxes)


def _shirt(colour: Colour) -> list[Box]:
    body = Box(left=150, top=90, width=150, height=210, colour=colour)
    return [body, Box(left=90, top=90, width=270, height=70, colour=colour)]


def _collar() -> Box:
    return Box(left=200, top=90, width=50, height=18, colour=WOOD)


def _barcode() -> list[Box]:
    boxes, left = [], 120
    for number, width in enumerate(_BARS):
        if number % 2 == 0:
            boxes.append(Box(left=left, top=200, width=5 * width, height=70, colour=BLACK))
        left += 5 * width
    return boxes


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _mp4_box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", 8 + len(data)) + name + data
