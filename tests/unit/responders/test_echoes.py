"""What is repeated to a customer leads nowhere, and says what he wrote otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.echoes import LONGEST_NAME, as_name, without_links

HARMLESS = [
    "Mã khách hàng “Hakago Tuan668” - 012345 – Hàng sai màu sắc",
    "ảnh sản phẩm.jpg",
    "IMG_0123.HEIC",
    "Áo bị rách. Nhờ shop xem.",
    "hàng v.v. và 1.5 kg",
]
LEADING = [
    "xem https://evil.example/pin ngay",
    "www.evil.example",
    "evil.example/khoa",
    "gọi ngay evil.com",
    "viết cho boss@evil.example",
    "CLICK https://evil.example/prize.jpg",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_words_stay_as_they_are(text: str):
    assert without_links(text) == text


@pytest.mark.parametrize("text", LEADING)
def test_what_looks_like_an_address_is_left_out(text: str):
    assert "evil" not in without_links(text)
    assert as_name(text) == ""


def test_name_longer_than_any_person_s_is_none():
    assert as_name("A" * (LONGEST_NAME + 1)) == ""
    assert as_name("Nguyễn Anh Tuấn") == "Nguyễn Anh Tuấn"


@given(st.text())
def test_what_is_left_leads_nowhere(text: str):
    assert "://" not in without_links(text)
    assert without_links(without_links(text)) == without_links(text)
