"""Words as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.spelling import compile_words, list_spellings, view_text


@pytest.mark.parametrize("text", ["nhận hàng", "nhan hang", "nhân hàng", "nhận  hàng"])
def test_word_is_found_in_its_barer_forms(text):
    assert compile_words("nhận hàng").fullmatch(text)


@pytest.mark.parametrize("text", ["nhắn hàng", "nhãn hàng", "nhận hạng", "xnhận hàng", "nhận hàngg"])
def test_other_words_are_not_found(text):
    assert compile_words("nhận hàng").search(text) is None


def test_every_spelling_is_listed():
    assert set(list_spellings("đổi")) == {"đổi", "đôi", "đoi", "dổi", "dôi", "doi"}


def test_line_that_a_program_wrapped_is_joined_and_a_list_is_not():
    long = "a" * 60
    assert view_text(f"{long}\nb\n- c\n{long}\n\n{long}\n- d") == f"{long} b\n- c\n{long}\n\n{long}\n- d"


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_view_keeps_every_character_in_its_place(text):
    assert len(view_text(text)) == len(text)
