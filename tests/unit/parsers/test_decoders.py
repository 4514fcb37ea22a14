import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.decoders import open_decoder


def _decode(encoding, pieces):
    decoder = open_decoder(encoding)
    decoded = b"".join([*map(decoder.decode, pieces), decoder.finish()])
    return decoded, decoder.defects


def _cut(data, at):
    at = sorted({min(one, len(data)) for one in at})
    return [data[begin:end] for begin, end in zip([0, *at], [*at, len(data)], strict=True)]


_CUTS = st.lists(st.integers(0, 300), max_size=6)


@given(st.binary(max_size=200), _CUTS)
def test_base64_is_the_same_however_it_is_cut(data, cuts):
    assert _decode("base64", _cut(base64.encodebytes(data), cuts)) == (data, [])


@given(st.binary(min_size=600, max_size=900), _CUTS, st.integers(1, 90))
def test_base64_is_the_same_whatever_its_lines(data, cuts, width):
    letters = base64.b64encode(data)
    lines = b"".join(letters[at : at + width] + b"\r\n" for at in range(0, len(letters), width))
    assert _decode("base64", _cut(lines, [one * 5 for one in cuts]))[0] == data


@pytest.mark.parametrize("cut", range(436, 446))
def test_base64_with_junk_in_it_is_the_same_however_it_is_cut(cut):
    data = bytes(range(256)) * 2
    encoded = base64.b64encode(data)
    assert _decode("base64", _cut(encoded[:440] + b"!" + encoded[440:], [cut, cut + 5]))[0] == data


@given(st.binary(max_size=200), _CUTS)
def test_quoted_printable_is_the_same_however_it_is_cut(data, cuts):
    encoded = quopri.encodestring(data)
    assert _decode("quoted-printable", _cut(encoded, cuts))[0] == quopri.decodestring(encoded)


@given(st.binary(max_size=200), _CUTS)
def test_uuencode_is_the_same_however_it_is_cut(data, cuts):
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    encoded = b"begin 644 a\n" + b"".join(lines) + b"`\nend\n"
    assert _decode("x-uuencode", _cut(encoded, cuts))[0] == data


@given(st.sampled_from(["base64", "quoted-printable", "x-uuencode", "8bit"]), st.lists(st.binary(max_size=60)))
def test_any_bytes_are_decoded(encoding, pieces):
    _decode(encoding, pieces)


@pytest.mark.parametrize(
    ("encoded", "decoded", "defects"),
    [
        pytest.param(b"SMOgbmc=", "Hàng".encode(), [], id="whole"),
        pytest.param(b"SMOgbmc", "Hàng".encode(), [], id="padding missing"),
        pytest.param(b"SMOgbmcgbOG7l2k*gbmhp4\x00buBdQ==", "Hàng lỗi nhiều".encode(), [],
                     id="junk between the letters"),
        pytest.param(b"SGE=SGE=", b"HaHa", [], id="padding within a line"),
        pytest.param(b"SGE=\r\nSGE=\r\n", b"HaHa", [], id="padding within the part"),
        pytest.param(b"SGE=\r\n_____\r\nA list's footer\r\n", b"Ha", ["base64-trailing"], id="footer of a list"),
        pytest.param(b"SGEhS", b"Ha!", ["base64-damaged"], id="one letter left over"),
        pytest.param(b"Xin chao, day la van ban thuong.", b"Xin chao, day la van ban thuong.", ["base64-missing"],
                     id="no base64 at all"),
        pytest.param(b"", b"", [], id="nothing"),
    ],
)  # fmt: skip
def test_base64_as_it_is_found(encoded, decoded, defects):
    assert _decode("base64", [encoded]) == (decoded, defects)


@pytest.mark.parametrize(
    ("encoded", "decoded"),
    [
        pytest.param(b"a=20b=\r\nc", b"a bc", id="soft break"),
        pytest.param(b"a=  \r\nb", b"ab", id="blanks after a soft break"),
        pytest.param(b"a=XYb=", b"a=XYb", id="no code"),
    ],
)
def test_quoted_printable_as_it_is_found(encoded, decoded):
    assert _decode("quoted-printable", [encoded])[0] == decoded


def test_an_unknown_encoding_leaves_the_bytes_and_is_named():
    assert _decode("x-strange", [b"abc"]) == (b"abc", ["encoding-unknown"])


@pytest.mark.parametrize("encoding", [None, "7BIT", "8bit;", " Binary "])
def test_plain_encodings_are_known_in_any_case(encoding):
    assert _decode(encoding, [b"abc"]) == (b"abc", [])
