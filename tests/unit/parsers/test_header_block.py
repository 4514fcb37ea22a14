import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.header_block import read_header_block


def test_fields_keep_their_order_and_their_repetitions():
    headers, text = read_header_block(b"Received: a\r\nSubject: x\r\nReceived: b\r\n")
    assert list(headers) == ["received", "subject"]
    assert headers.all("received") == ("a", "b")
    assert text == ""


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


@pytest.mark.parametrize(
    ("block", "text"),
    [
        pytest.param("Subject: Khiếu nại\nHàng bị vỡ\nMã KH: Tuan12\n", "Hàng bị vỡ\nMã KH: Tuan12",
                     id="the blank line was forgotten"),
        pytest.param("Subject: x\nSize : L\nMàu: đỏ", "Size : L\nMàu: đỏ", id="a list that a person wrote"),
        pytest.param("Subject : x\nTo : a@b.example\n", "", id="obsolete blanks before colons"),
        pytest.param("Xin chào shop\nFrom: a@b.example\n", "Xin chào shop", id="above the first field"),
        pytest.param("To: a@b.example\nX-Spam: yes\n gone on\nunfolded\n folded\n", "unfolded\n folded",
                     id="a fold that lost its blank"),
        pytest.param("To: a@b.example\r\n>From lan Mon Nov 16\r\nSubject: x\r\n", "", id="line of an mbox file"),
    ],
)  # fmt: skip
def test_lines_that_are_no_fields_are_text(block, text):
    assert read_header_block(block.encode())[1] == text


def test_below_text_the_fields_still_tell_the_sender_and_the_structure():
    headers, text = read_header_block(
        b"Received: by mx\ntorn line\nFrom: lan@khach.example\nSubject: words\nContent-Type: text/html\n"
    )
    assert headers.first("from") == "lan@khach.example"
    assert headers.first("content-type") == "text/html"
    assert "subject" not in headers  # it stands in the text
    assert "Subject: words" in text


def test_above_text_every_field_counts():
    headers, _ = read_header_block(b"junk\nSubject: x\nFrom: a@b.example\n")
    assert headers.first("subject") == "x"


@given(st.binary())
def test_any_block_is_read(block):
    headers, _ = read_header_block(block)
    for name in headers:
        (name + "".join(headers.all(name))).encode("utf-8")
