"""What of a text can be set, and where its lines end."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.lettering import break_lines, plain, type_face_folder

STEERING = {
    "controls": "a\x00\x07\x1b[31mb",
    "direction": "a\u202e\u2066b",
    "joiners": "a\u200d\ufe0f\u200bb",
    "a lone surrogate": "a\ud800b",
    "line separators": "a\u2028\u2029b",
    "a soft hyphen": "a\u00adb",
}


@pytest.mark.parametrize("text", STEERING.values(), ids=STEERING)
def test_nothing_that_steers_or_cannot_be_seen_is_set(text: str):
    assert plain(text).replace("[31m", "") == "ab"


@given(st.text())
def test_what_is_plain_stays_as_it_is(text: str):
    assert plain(plain(text)) == plain(text)


def width_of(character: str) -> float:
    return {"i": 0.5, "m": 2.0}.get(character, 1.0)


LINES = {
    "what fits": ("hàng sai", ["hàng sai"]),
    "at a blank": ("hàng giao sai màu", ["hàng giao", "sai màu"]),
    "narrow letters": ("i" * 20, ["i" * 20]),
    "wide letters": ("m" * 6, ["m" * 5, "m"]),
    "within a word": ("abcdefghijklm", ["abcdefghij", "klm"]),
    "within the first word of several": ("abcdefghijklm no", ["abcdefghij", "klm no"]),
    "its own lines": ("a\n\n  b", ["a", "", "  b"]),
    "behind what sets it in": ("    abcdefghij k", ["    abcdef", "ghij k"]),
    "a blank that hangs over": ("abcdefghij k", ["abcdefghij", "k"]),
    "nothing": ("", [""]),
}


@pytest.mark.parametrize(("text", "lines"), LINES.values(), ids=LINES)
def test_lines_end(text: str, lines: list[str]):
    assert break_lines(text, 10, width_of) == lines


_WORDS = st.text(alphabet="aim \n", max_size=200)


@given(_WORDS, st.integers(2, 30))
def test_no_line_is_wider_than_its_room(text: str, room: int):
    assert all(sum(map(width_of, line.rstrip())) <= room for line in break_lines(text, room, width_of))


@given(_WORDS, st.integers(2, 30))
def test_no_letter_is_lost_between_lines(text: str, room: int):
    lines = break_lines(text, room, width_of)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_an_endless_line_is_broken_in_no_time():
    before = time.process_time()
    assert len(break_lines("hàng sai " * 50_000 + "x" * 200_000, 100, width_of)) > 6_000
    assert time.process_time() - before < 5


def test_the_type_face_is_where_it_is_looked_for():
    assert (type_face_folder() / "DejaVuSans.ttf").is_file()
