import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.uuencode import EmbeddedFile, separate_files

_CONTENT = bytes(range(256)) * 3


def _uuencode(content):
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return b"begin 644 anh.jpg\n" + b"".join(lines) + b"`\nend\n"


def _yencode(content):
    encoded = bytearray()
    for value in content:
        shifted = (value + 42) % 256
        encoded += bytes((61, (shifted + 64) % 256)) if shifted in (0, 10, 13, 61) else bytes((shifted,))
    return b"=ybegin line=9999 size=%d name=anh.jpg\n%b\n=yend size=%d\n" % (len(content), bytes(encoded), len(content))


def _base64(content):
    return b"begin-base64 644 anh.jpg\n" + base64.encodebytes(content) + b"====\n"


def _separate(chunks):
    text = b""
    files: dict[EmbeddedFile, bytes] = {}
    for file, data in separate_files(iter(chunks)):
        if file is None:
            text += data
        else:
            files[file] = files.get(file, b"") + data
    return text, [(file.name, files[file], file.defects) for file in files]


_CODES = pytest.mark.parametrize("encode", [_uuencode, _yencode, _base64])


@_CODES
@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_a_file_within_a_text_is_found_however_the_text_is_cut(encode, size):
    mail = b"Ch\xc3\xa0o,\n" + encode(_CONTENT) + b"Lan\n"
    pieces = [mail[at : at + size] for at in range(0, len(mail), size)]
    assert _separate(pieces) == (b"Ch\xc3\xa0o,\nLan\n", [("anh.jpg", _CONTENT, [])])


@_CODES
def test_two_files_are_two(encode):
    text, files = _separate([encode(b"mot") + b"va\n" + encode(b"hai")])
    assert text == b"va\n"
    assert [content for _, content, _ in files] == [b"mot", b"hai"]


def test_a_file_that_does_not_end_is_named():
    _, files = _separate([_uuencode(_CONTENT).replace(b"end\n", b"")])
    assert files == [("anh.jpg", _CONTENT, ["uuencode-unfinished"])]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"begin 644 words of mine\nnot a line of uuencode, surely\n", id="prose"),
        pytest.param(b"We begin 644 anh.jpg\n", id="within a line"),
        pytest.param(b"begin", id="one word"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_prose_that_looks_like_a_file_stays_text(text):
    assert _separate([text]) == (text, [])


@given(
    st.lists(
        st.sampled_from(
            [b"begin 644 a\n", b"#0V%T\n", b"end\n", b"`\n", b"x", b"\n", b"=ybegin line=1 name=b\n", b"=yend"]
        )
    )
)
def test_any_text_is_read_and_no_line_of_text_is_doubled(pieces):
    text, _ = _separate(pieces)
    assert len(text) <= sum(map(len, pieces))
