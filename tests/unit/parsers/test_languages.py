"""Languages, as short and as bare as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.languages import detect_language
from parsers.syllables import is_syllable, is_unaccented_syllable


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hàng lỗi", "vi"),
        ("toi nhan duoc hang bi vo", "vi"),
        ("shop oi giao thieu hang roi", "vi"),
        ("hang kem chat luong, ko giong hinh", "vi"),
        ("SHOP GIAO SAI MAU ROI, DOI LAI CHO MINH", "vi"),
        ("ok shop, em cam on", "vi"),
        ("quá tệ", "vi"),
        ("Hi shop, hàng bị vỡ ạ", "vi"),
        ("Mình mua iPhone 15 ở shop, order 445566, ship về bị vỡ màn hình", "vi"),
        ("My order arrived broken", "en"),
        ("Wrong color", "en"),
        ("thanks", "en"),
        ("where is my package??", "en"),
        ("Sent the video, please check https://drive.example/abc", "en"),
        ("Bonjour, je n'ai pas reçu ma commande", "other"),
        ("Guten Tag, die Ware ist beschädigt angekommen", "other"),
        ("Bună ziua, nu am primit comanda", "other"),
        ("Olá, não recebi a minha encomenda", "other"),
        ("Buenos dias, no me ha llegado mi pedido", "other"),
        ("Halo, pesanan saya belum sampai", "other"),
        ("Здравствуйте, товар пришёл сломанным", "other"),
        ("你好，我没有收到货", "other"),
        ("lan@khach.example: thanks, see https://drive.example/hang/bi/vo", "en"),
        ("HD2026abc 0912345678 hàng vỡ", "vi"),
        ("012345", "other"),
        ("", "other"),
    ],
)
def test_language_is_told_from_a_few_words(text, language):
    assert detect_language(text) == language


@given(st.text())
def test_any_text_has_one_of_three_languages(text):
    assert detect_language(text) in ("vi", "en", "other")


@pytest.mark.parametrize("word", ["nghiêng", "quyển", "được", "giếng", "gì", "ướt", "khuỷu", "yêu", "à", "hoà", "hòa"])
def test_vietnamese_syllable_is_known(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["für", "café", "hàngg", "bựcc", "năo", "một̀", "biềt", "broken", "w"])
def test_what_vietnamese_cannot_say_is_no_syllable(word):
    assert not is_syllable(word)


def test_syllable_without_accents_is_known():
    assert is_unaccented_syllable("duoc")
    assert not is_unaccented_syllable("order")
