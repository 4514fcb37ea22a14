import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.tnef import SIGNATURE, unpack_tnef
from tests.unit.parsers.winmail import make_winmail


def test_files_are_unpacked():
    unpacked = unpack_tnef(make_winmail(b"anh.jpg", b"\xff\xd8\xff content"))
    assert unpacked.files == (("anh.jpg", b"\xff\xd8\xff content"),)
    assert unpacked.defects == ()


@pytest.mark.parametrize(
    ("data", "defect"),
    [
        pytest.param(b"no tnef at all", "tnef-damaged", id="no signature"),
        pytest.param(b"", "tnef-damaged", id="nothing"),
        pytest.param(SIGNATURE + b"\1\0" + b"\1" + b"\0" * 10_000_000, "limit-tnef", id="a million objects"),
    ],
)
def test_damage_is_named(data, defect):
    assert unpack_tnef(data).defects == (defect,)


@given(st.binary(max_size=80), st.integers(0, 120), st.binary(max_size=8))
def test_any_damage_is_survived(tail, cut, patch):
    whole = make_winmail(b"anh.jpg", b"content")
    unpack_tnef(whole[:cut] + patch + whole[cut + len(patch) :] + tail)
    unpack_tnef(SIGNATURE + tail)
