import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.parameters import parse_content_type, parse_parameters


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param('attachment; filename="ảnh 1.jpg"', "ảnh 1.jpg", id="raw utf-8"),
        pytest.param("attachment; filename=anh 1.jpg", "anh 1.jpg", id="quotes forgotten"),
        pytest.param(r'attachment; filename="a \"b\".jpg"', 'a "b".jpg', id="quoted quotes"),
        pytest.param(r'attachment; filename="C:\anh.jpg"', r"C:\anh.jpg", id="a DOS path"),
        pytest.param('attachment; filename="a.jpg', "a.jpg", id="quote not closed"),
        pytest.param("attachment; filename*=UTF-8'vi'%E1%BA%A3nh.jpg", "ảnh.jpg", id="RFC 2231 charset"),
        pytest.param("attachment; filename*0*=utf-8''%E1%BA; filename*1*=%A3nh; filename*2=.jpg", "ảnh.jpg",
                     id="RFC 2231 continuations cut within a character"),
        pytest.param("attachment; filename*1=b.jpg; filename*0=a", "ab.jpg", id="continuations in any order"),
        pytest.param('attachment; filename="=?utf-8?Q?=E1=BA=A3nh=2Ejpg?="', "ảnh.jpg", id="RFC 2047 in quotes"),
        pytest.param("attachment; filename=plain.jpg; filename*=utf-8''%E1%BA%A3nh.jpg", "ảnh.jpg",
                     id="the extended form wins"),
        pytest.param("attachment; filename*=%zz", "%zz", id="broken percent codes"),
    ],
)  # fmt: skip
def test_file_names_are_decoded(value, name):
    assert parse_parameters(value)[1]["filename"] == name


@pytest.mark.parametrize(
    ("value", "content_type"),
    [
        pytest.param("Text/HTML; charset=utf-8", "text/html", id="any case"),
        pytest.param(None, "text/plain", id="none"),
        pytest.param("text", "text/plain", id="half"),
        pytest.param("; charset=utf-8", "text/plain", id="empty"),
        pytest.param("image/", "text/plain", id="no subtype"),
    ],
)
def test_content_type_falls_back_to_plain_text(value, content_type):
    assert parse_content_type(value, "text/plain")[0] == content_type


@given(st.text())
def test_any_value_is_read(value):
    parse_parameters(value)
