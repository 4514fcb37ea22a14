"""Charsets as they are declared, as they are, and as neither."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.charsets import decode_text, find_charset
from parsers.legacy_vietnamese import LEGACY_CHARSETS, decode_legacy

TEXT = "Tôi nhận được hàng bị vỡ, đề nghị quý công ty đổi sản phẩm mới cho tôi. Trân trọng cảm ơn, Nguyễn Thị Thủy."
ALL_LETTERS = "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"


def encode_legacy(text: str, charset: str) -> bytes:
    """By the decoder turned round, which each test of a letter by its code pins down."""
    codes = {decode_legacy(bytes([code]), charset): bytes([code]) for code in range(255, -1, -1)}
    if charset == "vni":
        for base in b"aeouy\xf4\xf6":
            for sign in range(0xC0, 0x100):
                codes.setdefault(decode_legacy(bytes([base, sign]), charset), bytes([base, sign]))
    return b"".join(codes[letter] for letter in text)


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("viscii", b"Ti\xaang Vi\xaet", "Tiếng Việt"),
        ("tcvn3", b"Ti\xd5ng Vi\xd6t", "Tiếng Việt"),
        ("tcvn5712", b"Ti\xd5ng Vi\xd6t", "Tiếng Việt"),
        ("vps", b"Ti\x89ng Vi\x8ct", "Tiếng Việt"),
        ("vni", b"Tie\xe1ng Vie\xe4t", "Tiếng Việt"),
        ("vni", b"\xf1\xf6\xf4\xefc", "được"),
        ("tcvn3", b"\xae\xad\xeec", "được"),
        ("viscii", b"\xf0\xdf\xfec", "được"),
        ("vps", b"\xc7\xdc\xaec", "được"),
    ],
)
def test_words_in_a_legacy_charset(charset, raw, text):
    assert decode_legacy(raw, charset) == text


@pytest.mark.parametrize("charset", sorted(LEGACY_CHARSETS))
def test_legacy_charset_has_every_vietnamese_letter(charset):
    assert decode_legacy(encode_legacy(ALL_LETTERS, charset), charset) == ALL_LETTERS


@pytest.mark.parametrize("charset", sorted(LEGACY_CHARSETS))
@pytest.mark.parametrize("declared", [None, "iso-8859-1", "windows-1252", "us-ascii", "utf-8", "x-user-defined"])
def test_legacy_text_is_recognised_whatever_is_declared(charset, declared):
    text, _ = decode_text(encode_legacy(TEXT, charset), declared)
    assert text == TEXT


@pytest.mark.parametrize(
    "name", ["windows-1258", "x-viet-ms-windows-1258", "cp1258", "CP-1258", "win-1258", '"windows-1258"']
)
def test_windows_1258_is_read_under_its_names(name):
    assert decode_text("Tôi bi\u0323 nhâ\u0300m hàng".encode("windows-1258"), name) == ("Tôi bị nhầm hàng", ())


@pytest.mark.parametrize(
    ("declared", "charset"),
    [
        ("utf8", "utf-8"), ("UTF-8", "utf-8"), ("utf8mb4", "utf-8"), ("unicode-1-1-utf-7", "utf-7"),
        ("iso-8859-8-i", "iso8859-8"), ("ks_c_5601-1987", "cp949"), ("x-gbk", "gbk"), ("cp-850", "cp850"),
        ("windows-874", "cp874"), ("x-sjis", "cp932"), ("ANSI_X3.4-1968", "ascii"), ("x-mac-roman", "mac-roman"),
        ("latin1", "iso8859-1"), ("utf-8; format=flowed", "utf-8"), ("charset=utf-8", "utf-8"), ("VISCII", "viscii"),
        ("x-viet-tcvn5712", "tcvn5712"), ("tcvn", "tcvn3"), ("x-viet-vps", "vps"), ("x-viet-vni", "vni"),
        ("x-cp1251", "cp1251"), ("no-such-charset", None), ("hex", None), ("unicode_escape", None), ("", None),
        ("../../etc", None), ("\0", None), ("idna", None),
    ],
)  # fmt: skip
def test_charset_is_found_under_names_from_real_mail(declared, charset):
    assert find_charset(declared) == charset


@pytest.mark.parametrize("declared", ["us-ascii", "iso-8859-1", "windows-1252", "windows-1258", "koi8-r"])
def test_utf_8_declared_as_something_else_is_utf_8(declared):
    assert decode_text(TEXT.encode(), declared) == (TEXT, ("charset-wrong",))


@pytest.mark.parametrize(
    ("raw", "declared", "expected"),
    [
        (b"plain", None, ("plain", ())),
        (b"plain", "koi8-r", ("plain", ())),
        (TEXT.encode(), None, (TEXT, ())),
        (TEXT.encode("utf-8-sig"), "utf-8", (TEXT, ())),
        (TEXT.encode("utf-16"), "utf-16", (TEXT, ())),
        (TEXT.encode("utf-16-le"), "utf-16", (TEXT, ())),
        (TEXT.encode("utf-16-be"), "utf-16", (TEXT, ())),
        ("Grüße aus Köln".encode("latin-1"), None, ("Grüße aus Köln", ())),
        ("Grüße aus Köln".encode("latin-1"), "iso-8859-1", ("Grüße aus Köln", ())),
        ("Grüße aus Köln".encode("latin-1"), "utf-8", ("Grüße aus Köln", ("charset-wrong",))),
        ("“Déjà vu” – café".encode("cp1252"), "iso-8859-1", ("“Déjà vu” – café", ())),
        (b"Dear shop,\n\xa0\nMy parcel\n\xa0\n\xa0I wait", None, ("Dear shop,\n\xa0\nMy parcel\n\xa0\n\xa0I wait", ())),
        (b"\xa0I wait\n\xa0I ask", "us-ascii", ("\xa0I wait\n\xa0I ask", ("charset-wrong",))),
        (b"\x95 box\n\x95 cable\n\x95 lamp", None, ("• box\n• cable\n• lamp", ())),
        (b"box \x96 cable \x96 lamp \x97 all", "iso-8859-1", ("box – cable – lamp — all", ())),
        ("Привет".encode("koi8-r"), "koi8-r", ("Привет", ())),
        ("联通".encode("gbk"), "gb2312", ("联通", ())),
        ("注文が届きません".encode("iso-2022-jp"), None, ("注文が届きません", ())),
        ("注文が届きません".encode("iso-2022-jp"), "us-ascii", ("注文が届きません", ("charset-wrong",))),
        ("Hàng".encode(), "no-such-charset", ("Hàng", ("charset-unknown",))),
        ("Hàng vỡ".encode()[:-1], "utf-8", ("Hàng v\ufffd", ("charset-undecodable",))),
        (b"a\r\nb\rc\n", "utf-8", ("a\nb\nc\n", ())),
        (b"a\0b", "utf-8", ("ab", ())),
        (b"", None, ("", ())),
    ],
    ids=repr,
)
def test_bytes_are_read_as_what_they_are(raw, declared, expected):
    assert decode_text(raw, declared) == expected


DECLARED = [None, "utf-8", "utf-7", "utf-16", "viscii", "gb2312", "iso-2022-kr", "hz", "?"]


@given(st.binary(max_size=200), st.sampled_from(DECLARED))
def test_any_bytes_become_storable_text(raw, declared):
    text, defects = decode_text(raw, declared)
    text.encode()
    assert "\0" not in text
    assert "\r" not in text
    assert unicodedata.is_normalized("NFC", text)
    assert all(name.startswith("charset-") for name in defects)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\x1b\ufeff")))
def test_utf_8_is_read_without_loss(text):
    assert decode_text(text.encode(), "utf-8") == (unicodedata.normalize("NFC", text), ())
