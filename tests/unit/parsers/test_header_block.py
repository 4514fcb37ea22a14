import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.header_block import read_header_block


def test_fields_keep_their_order_and_their_repetitions():
    headers, defects = read_header_block(b"Received: a\r\nSubject: x\r\nReceived: b\r\n")
    assert list(headers) == ["received", "subject"]
    assert headers.all("received") == ("a", "b")
    assert defects == ()


@pytest.mark.parametrize(
    ("block", "value"),
    [
        pytest.param(b"X: a\r\n b\r\n\tc", "a b\tc", id="folded"),
        pytest.param(b"X : a", "a", id="blank before the colon"),
        pytest.param("X: Hàng lỗi".encode(), "Hàng lỗi", id="raw utf-8"),
        pytest.param("X: Hàng".encode().replace(b"X", b"Y: \xff\nX"), "Hàng", id="a bad line spoils no other"),
        pytest.param(b"X: na\xefve caf\xe9", "naïve café", id="raw windows-1252"),
        pytest.param(b"X: a\0b", "ab", id="NUL"),
        pytest.param("X: Việt".encode(), "Việt", id="decomposed"),
        pytest.param(b"From someone Mon Sep 28 10:00:00 2026\nX: a", "a", id="line of an mbox file"),
    ],
)
def test_values_are_text(block, value):
    headers, _ = read_header_block(block)
    assert headers.first("x") == value


def test_a_line_that_is_no_field_is_skipped_and_named():
    headers, defects = read_header_block(b"Subject: x\nno field here\nTo: a@b.example\n")
    assert headers.first("to") == "a@b.example"
    assert defects == ("header-malformed",)


@given(st.binary())
def test_any_block_is_read(block):
    headers, _ = read_header_block(block)
    for name in headers:
        (name + "".join(headers.all(name))).encode("utf-8")
