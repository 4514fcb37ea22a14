import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.encoded_words import decode_words


def _word(raw: bytes, charset: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="


_SPLIT = "Điện thoại".encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("Hàng lỗi", "Hàng lỗi", id="no word at all"),
        pytest.param("=?utf-8?Q?H=C3=A0ng_l=E1=BB=97i?=", "Hàng lỗi", id="quoted-printable"),
        pytest.param("=?UTF-8?b?SMOgbmcgbOG7l2k=?=", "Hàng lỗi", id="base64, names in any case"),
        pytest.param("=?utf-8*vi?Q?H=C3=A0ng?=", "Hàng", id="with a language"),
        pytest.param("=?utf-8?Q?m=E1=BB=99t?= =?utf-8?Q?_hai?=", "một hai", id="no blank is shown between words"),
        pytest.param("Re: =?utf-8?Q?m=E1=BB=99t?= xong", "Re: một xong", id="blanks beside words are shown"),
        pytest.param(f"{_word(_SPLIT[:1])} {_word(_SPLIT[1:])}", "Điện thoại", id="cut within a character"),
        pytest.param("=?utf-8?B?SMOgbm?= =?utf-8?B?cgbOG7l2k=?=", "Hàng lỗi", id="cut within a group of base64"),
        pytest.param("=?utf-8?B?SMOgbmc?=", "Hàng", id="padding missing"),
        pytest.param("=?utf-8?Q?a b?=", "a b", id="a blank that should be an underscore"),
        pytest.param("=?utf-8?Q?What??=", "What?", id="a question mark before the end"),
        pytest.param("=?windows-1258?Q?Vi=EA=F2t?=", "Việt", id="combining characters become NFC"),
        pytest.param("=?iso-8859-1?Q?a?==?iso-8859-1?Q?b?=", "ab", id="words without a blank between them"),
        pytest.param("=?utf-8?Q?open", "=?utf-8?Q?open", id="a word that does not end stays"),
        pytest.param("=?utf-8?X?abc?=", "=?utf-8?X?abc?=", id="an unknown encoding stays"),
        pytest.param("=?utf-8?Q?a=00b?=", "ab", id="NUL goes"),
    ],
)
def test_words_are_decoded(value, text):
    assert decode_words(value) == text


@given(st.text())
def test_any_value_gives_text_that_can_be_stored(value):
    decode_words(value).encode("utf-8")
    assert "\0" not in decode_words(value)


@given(st.text(alphabet="=?utf-8QqBb_ A9", max_size=60))
def test_broken_words_never_raise(value):
    decode_words(value)
