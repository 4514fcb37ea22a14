"""Formulas compute exactly, can do no harm, and say what is wrong with them."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.formulas import LONGEST, Formula, FormulaError, MissingFigure, Value, is_name

FIGURES: dict[str, Value | int] = {
    "fee": 30_000,
    "rate": Decimal("0.7"),
    "goods": "papers",
    "invoice": True,
    "nothing": 0,
}
AMOUNTS = st.integers(0, 10**12)
RATES = st.decimals(0, 1, places=4)

VALUES = {
    "a number": ("4", Decimal(4)),
    "a figure": ("fee", Decimal(30_000)),
    "a product": ("4 * fee", Decimal(120_000)),
    "precedence": ("1 + 2 * (fee - 10000)", Decimal(40_001)),
    "tenths": ("0.1 + 0.2", Decimal("0.3")),
    "a third and back": ("fee / 7 * 7 >= 29999.99", True),
    "whole division": ("fee // 7000", Decimal(4)),
    "a remainder": ("fee % 7000", Decimal(2_000)),
    "signs": ("-fee + +1", Decimal(-29_999)),
    "a comparison of tenths": ("rate >= 0.7 and rate <= 0.70", True),
    "a chain": ("0 < rate < 1", True),
    "a choice": ("goods == 'papers'", True),
    "one of several": ('goods in ("items", "food")', False),
    "none of several": ("goods not in ['items']", True),
    "yes or no": ("not invoice or fee > 1", True),
    "one or the other": ("fee if invoice else 4 * fee", Decimal(30_000)),
    "the least": ("min(fee, 4, 5)", Decimal(4)),
    "the greatest": ("max(fee, 4 * fee)", Decimal(120_000)),
    "half a unit": ("round(2.5)", Decimal(3)),
    "what is not needed may be missing": ("invoice or agreed > 1", True),
    "over several lines": ("fee\n  * 2", Decimal(60_000)),
    "a figure with a name of the machinery": ("result + loop", Decimal(3)),
    "a bracket in a text": ("goods == '}}'", False),
}


@pytest.mark.parametrize(("text", "expected"), VALUES.values(), ids=VALUES)
def test_a_formula_has_the_value_that_one_computes_by_hand(text, expected):
    assert Formula.parse(text).value({**FIGURES, "result": 1, "loop": 2}) == expected


REFUSED = {
    "nothing": ("", "is no formula: Expected an expression, got 'the end of the formula'"),
    "half a comparison": ("fee >", "'fee >' is no formula: unexpected 'the end of the formula'"),
    "two expressions": ("fee; 4", "got ';'"),
    "an open bracket": ("(fee", "is no formula"),
    "a foreign sign": ("fee × 4", "unexpected char '×'"),
    "a power": ("9**9**9", "a formula is one expression of numbers, figures"),
    "a filter": ("fee|round", "there is something else in it"),
    "an unknown filter": ("fee|double", "there is something else in it"),
    "a member": ("fee.real", "there is something else in it"),
    "an item": ("goods[0]", "there is something else in it"),
    "a test": ("fee is defined", "there is something else in it"),
    "joined texts": ("goods ~ goods", "there is something else in it"),
    "a mapping": ("{'a': 1}", "there is something else in it"),
    "nothing at all": ("none", "there is something else in it"),
    "a number without end": ("1e999", "there is something else in it"),
    "an unknown function": ("range(9)", "this function is not known; known are min(), max(), round()"),
    "a function of a result": ("max(1, 2)(3)", "this function is not known"),
    "a function without numbers": ("max()", "max() takes numbers with commas between them"),
    "a function with names": ("max(x=1)", "max() takes numbers with commas between them"),
    "a function with a list": ("max(*goods)", "max() takes numbers with commas between them"),
    "a function within a function": ("max(1, range(9))", "this function is not known"),
    "a function by its name": ("max + 1", "max is a function: its numbers follow in brackets"),
    "a private name": ("_0 + 1", "'_0' can be the name of no figure"),
    "the template itself": ("self", "'self' can be the name of no figure"),
    "a condition without the other case": ("fee if invoice", "'if' needs an 'else'"),
    "an end of the expression": ("1 }}{{ 2", "there is something else in it"),
    "a statement": ("1 }}{% for one in goods %}{% endfor %}{{ 2", "there is something else in it"),
    "many brackets": ("(" * 140 + "1" + ")" * 140, "the formula is nested too deeply"),
    "many signs": ("-" * 290 + "1", "the formula is nested too deeply"),
    "a long text": ("fee + " * 50 + "fee", f"a formula has at most {LONGEST} characters"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_formula_is_refused_with_the_reason(text, words):
    with pytest.raises(ValueError, match=r".") as refused:
        Formula.parse(text)
    assert words in str(refused.value)


FAILING = {
    "division by nothing": ("fee / nothing", "divides by zero"),
    "remainder of nothing": ("fee % (nothing - 0)", "divides by zero"),
    "nothing by nothing": ("nothing / nothing", "divides by zero"),
    "too large": (" * ".join(["fee"] * 20), "leads to a number that is too large"),
    "a text that grows": ("'a' * 999", "mixes kinds of values: 'a' is no number"),
    "a text that is filled in": ("'%99999999d' % fee", "mixes kinds of values: '%99999999d' is no number"),
    "a list that grows": ("[1] * 999", "is no number"),
    "a yes as a number": ("fee * invoice", "mixes kinds of values: True is no number"),
    "a negative yes": ("-invoice", "mixes kinds of values: True is no number"),
    "the greatest text": ("max(goods, goods)", "mixes kinds of values: 'papers' is no number"),
    "a rounded text": ("round(goods)", "mixes kinds of values: 'papers' is no number"),
    "a text before a number": ("goods < fee", "mixes kinds of values"),
    "a list": ("(fee, fee)", "gives a list"),
}


@pytest.mark.parametrize(("text", "cause"), FAILING.values(), ids=FAILING)
def test_what_cannot_be_computed_names_formula_and_cause(text, cause):
    formula = Formula.parse(text)
    with pytest.raises(FormulaError) as failed:
        formula.value(FIGURES)
    assert failed.value.formula == formula
    assert cause in failed.value.cause
    assert repr(text) in str(failed.value)


@pytest.mark.parametrize("text", ["advance", "advance * 2", "fee > advance", "not advance", "min(fee, advance)"])
def test_a_figure_that_is_needed_and_missing_is_named(text):
    with pytest.raises(MissingFigure, match="needs advance"):
        Formula.parse(text).value(FIGURES)


@pytest.mark.parametrize("text", ["fee", "goods", "fee and invoice and fee"])
def test_a_condition_is_true_or_false_and_nothing_else(text):
    with pytest.raises(FormulaError, match="where true or false is asked for"):
        Formula.parse(text).holds(FIGURES)


@pytest.mark.parametrize("text", ["invoice", "goods", "fee > 1"])
def test_an_amount_is_a_number_and_nothing_else(text):
    with pytest.raises(FormulaError, match="where a number is asked for"):
        Formula.parse(text).amount(FIGURES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2.5", 3), ("3.5", 4), ("2.49", 2), ("-2.5", -3), ("1 / 3 * 3", 1), ("1.005 * 1000", 1005), ("fee * 0.15", 4500)],
)
def test_amounts_are_rounded_half_up_to_whole_units(text, expected):
    assert Formula.parse(text).amount(FIGURES) == expected


def test_names_and_texts_tell_what_a_formula_is_made_of():
    formula = Formula.parse("max(fee, 4) * rate if goods in ('papers', 'items') else amount + 0.5")
    assert formula.names == {"fee", "rate", "goods", "amount"}
    assert formula.texts == {"papers", "items"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("fee", True),
        ("damage_rate", True),
        ("max", False),
        ("not", False),
        ("true", False),
        ("self", False),
        ("", False),
    ],
)
def test_words_of_the_language_are_names_of_no_figure(word, expected):
    assert is_name(word) is expected


def test_a_formula_is_retold_token_by_token():
    told = Formula.parse("4*fee  if goods == 'papers' else -0.5").retell(lambda token: f"<{token}>")
    assert told == "<4><*><fee> <if> <goods> <==> <'papers'> <else> <-><0.5>"


@given(AMOUNTS, RATES)
def test_a_share_of_an_amount_is_exact(amount, rate):
    exact = Fraction(amount) * Fraction(rate)
    assert Formula("amount * rate").amount({"amount": amount, "rate": rate}) == int(exact + Fraction(1, 2))


@given(st.text(alphabet="fee 01.*/+-<>=!()[]{}%|~'\",_andorif", max_size=40))
def test_any_text_is_a_formula_or_is_refused(text):
    with suppress(FormulaError):
        _parse_or_refuse(text).value({"fee": 30_000})


def _parse_or_refuse(text: str) -> Formula:
    try:
        return Formula.parse(text)
    except ValueError:
        return Formula("fee")
