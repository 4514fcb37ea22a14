"""Names of attachments as names of files: fit for every system, and never a way out of a folder."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cases.file_names import LONGEST_BYTES, Names, make_file_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        pytest.param("ảnh sản phẩm.jpg", "ảnh sản phẩm.jpg", id="an ordinary one"),
        pytest.param(unicodedata.normalize("NFD", "vận đơn.png"), "vận đơn.png", id="letters and marks apart"),
        pytest.param("../../etc/passwd", "_.._etc_passwd", id="a way out"),
        pytest.param("C:\\Windows\\x.dll", "C__Windows_x.dll", id="a Windows path"),
        pytest.param("a<b>|c?.txt", "a_b__c_.txt", id="what Windows forbids"),
        pytest.param("nul.txt", "_nul.txt", id="a device"),
        pytest.param("COM1", "_COM1", id="a device without ending"),
        pytest.param("console.txt", "console.txt", id="only like a device"),
        pytest.param("x.jpg. . ", "x.jpg", id="dots and blanks at the end"),
        pytest.param(".bashrc", "bashrc", id="a hidden one"),
        pytest.param("ảnh\u202egpj.exe", "ảnhgpj.exe", id="turned direction"),
        pytest.param("a\r\nb\0.jpg", "ab.jpg", id="controls"),
        pytest.param("", "1-01", id="none"),
        pytest.param("...", "1-01", id="only dots"),
        pytest.param("///", "1-01", id="only slashes"),
    ],
)
def test_a_name_is_made_fit(name: str, safe: str):
    assert make_file_name(name, "1-01") == safe


def test_a_long_name_keeps_its_ending():
    made = make_file_name("ảnh " * 200 + ".jpeg", "x")
    assert made.endswith(".jpeg")
    assert len(made.encode()) <= LONGEST_BYTES


@given(st.text(max_size=300))
def test_whatever_the_name_is_it_is_one_file_in_one_folder(name: str):
    made = make_file_name(name, "x")
    assert len(made.encode()) <= LONGEST_BYTES + len("_")
    assert PurePosixPath(made).parts == (made,)
    assert PureWindowsPath(made).parts == (made,)
    assert not PureWindowsPath(made).is_reserved()
    assert unicodedata.is_normalized("NFC", made)
    assert make_file_name(made, "x") == made


def test_names_that_differ_in_case_only_are_told_apart():
    names = Names()
    given_names = [names.take(one) for one in ("e/a.jpg", "e/A.jpg", "e/a.jpg", "e/a (2).jpg", "f/a.jpg", "e/b")]
    assert given_names == ["e/a.jpg", "e/A (2).jpg", "e/a (3).jpg", "e/a (2) (2).jpg", "f/a.jpg", "e/b"]


@given(st.lists(st.sampled_from(["a", "A", "a (2)", "b.jpg", "B.JPG", "b (2).jpg"]), max_size=20))
def test_no_name_is_given_twice(wanted: list[str]):
    names = Names()
    taken = [names.take(one).casefold() for one in wanted]
    assert len(set(taken)) == len(taken)
