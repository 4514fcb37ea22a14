"""Mistakes in compensation rules are found before the first complaint, one sentence each."""

from dataclasses import replace

import pytest

from tests.unit.tickets.payments import choice, money, rate, rule, words, yes_or_no
from tickets.compensation import Compensation, Consequence, Exemption
from tickets.compensation_checks import Found, Place, check_compensation
from tickets.formulas import Formula

RIGHT = Compensation(
    figures=(
        money("fee"),
        choice("goods", "papers", "items", default="items"),
        rate("damage", when=Formula("goods == 'items'")),
    ),
    exemptions=(Exemption(key="sealed", name=words("sealed")),),
    rules=(rule("flat", "4 * fee"), rule("damage", "amount * damage", when=Formula("goods == 'items'"))),
    consequences=(Consequence(key="ours", name=words("ours"), when=Formula("amount > 0 and damage >= 0.5")),),
)


def check(compensation: Compensation) -> list[Found]:
    return list(check_compensation(compensation, ("vi", "en")))


def test_right_rules_have_no_mistakes():
    assert check(RIGHT) == []


def with_figures(*figures) -> Compensation:
    """The formulas use each of them, so that nothing but the figures is wrong."""
    used = Exemption(key="used", name=words("used"), when=Formula(" or ".join(f"{one.key} == fee" for one in figures)))
    return replace(RIGHT, figures=(*RIGHT.figures, *figures), exemptions=(used,))


def with_rule(amount: str, when: str = "true") -> Compensation:
    return replace(RIGHT, rules=(*RIGHT.rules, rule("more", amount, when=Formula(when))))


_FREE = Consequence(key="free", name=words("free"), when=Formula("fee == 0 or damage == 0"))
_MIXED = "fee if damage < 0.5 else fee * goods"
MISTAKES: dict[str, tuple[Compensation, Place, str]] = {
    "no rules": (replace(RIGHT, rules=(), consequences=(_FREE,)), (), "no [[compensation.rule]] says what is paid"),
    "two figures": (with_figures(money("fee")), ("figure", 3), "2 tables [[compensation.figure]] are called 'fee'"),
    "two exemptions": (
        replace(RIGHT, exemptions=RIGHT.exemptions * 2),
        ("exemption", 1),
        "2 tables [[compensation.exemption]] are called 'sealed'",
    ),
    "two rules": (
        replace(RIGHT, rules=(*RIGHT.rules, RIGHT.rules[0])),
        ("rule", 2),
        "2 tables [[compensation.rule]] are called 'flat'",
    ),
    "a figure called like the amount": (
        with_figures(money("amount")),
        ("figure", 3, "key"),
        "no figure can be called 'amount': the word has a meaning of its own",
    ),
    "a figure called like the exemptions": (
        with_figures(money("exempt")),
        ("figure", 3, "key"),
        "no figure can be called 'exempt': the word has a meaning of its own",
    ),
    "a choice without choices": (
        with_figures(choice("colour")),
        ("figure", 3),
        'colour: the kind "choice" needs `choices`, and no other kind has them',
    ),
    "choices of an amount": (
        with_figures(money("paid", choices={"all": words("all")})),
        ("figure", 3),
        'paid: the kind "choice" needs `choices`, and no other kind has them',
    ),
    "a default that is no choice": (
        with_figures(choice("colour", "red", default="blue")),
        ("figure", 3, "default"),
        "colour: 'blue' cannot be read as choice",
    ),
    "a default that is no rate": (
        with_figures(rate("share", default="10")),
        ("figure", 3, "default"),
        "share: '10' cannot be read as rate",
    ),
    "a figure nobody uses": (
        replace(RIGHT, figures=(*RIGHT.figures, yes_or_no("late"))),
        ("figure", 3),
        "no formula uses the figure 'late'",
    ),
    "an unknown figure in an amount": (
        with_rule("4 * fees"),
        ("rule", 2, "amount"),
        "the formula '4 * fees' names 'fees', which no figure before it is called",
    ),
    "an unknown figure in a condition": (
        with_rule("fee", when="late"),
        ("rule", 2, "when"),
        "the formula 'late' names 'late', which no figure before it is called",
    ),
    "an unknown figure in an exemption": (
        replace(RIGHT, exemptions=(Exemption(key="late", name=words("late"), when=Formula("late")),)),
        ("exemption", 0, "when"),
        "the formula 'late' names 'late', which no figure before it is called",
    ),
    "the amount before it is there": (
        replace(RIGHT, exemptions=(Exemption(key="none", name=words("none"), when=Formula("amount > 0")),)),
        ("exemption", 0, "when"),
        "the formula 'amount > 0' names 'amount', which no figure before it is called",
    ),
    "a figure that comes later": (
        replace(RIGHT, figures=(money("fee", when=Formula("damage > 0")), *RIGHT.figures[1:])),
        ("figure", 0, "when"),
        "the formula 'damage > 0' names 'damage', which no figure before it is called",
    ),
    "a choice that is none": (
        with_rule("fee", when="goods == 'paper'"),
        ("rule", 2, "when"),
        "the formula \"goods == 'paper'\" names 'paper', which is a choice of no figure",
    ),
    "kinds mixed where a condition seldom leads": (
        with_rule(_MIXED),
        ("rule", 2, "amount"),
        f"the formula {_MIXED!r} mixes kinds of values: 'papers' is no number",
    ),
    "an amount for a condition": (
        with_rule("fee", when="amount"),
        ("rule", 2, "when"),
        "the formula 'amount' gives 0, where true or false is asked for",
    ),
    "a condition for an amount": (
        with_rule("fee > 0"),
        ("rule", 2, "amount"),
        "the formula 'fee > 0' gives True, where a number is asked for",
    ),
    "a consequence that is no condition": (
        replace(RIGHT, consequences=(Consequence(key="ours", name=words("ours"), when=Formula("damage")),)),
        ("consequence", 0, "when"),
        "the formula 'damage' gives 0.102, where true or false is asked for",
    ),
    "a rule without words": (
        replace(RIGHT, rules=(RIGHT.rules[0], replace(RIGHT.rules[1], name={"vi": "Hư hỏng"}))),
        ("rule", 1, "name"),
        "has no words in the language 'en'",
    ),
    "a choice without words": (
        with_figures(replace(choice("colour", "red"), choices={"red": {"en": "red"}})),
        ("figure", 3, "choices", "red"),
        "has no words in the language 'vi'",
    ),
}


@pytest.mark.parametrize(("compensation", "place", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_one_sentence_with_its_place(compensation: Compensation, place: Place, sentence: str):
    assert check(compensation) == [(place, sentence)]


def test_only_the_languages_that_customers_are_answered_in_need_words():
    vietnamese = replace(RIGHT, rules=(replace(RIGHT.rules[0], name={"vi": "Bốn lần cước phí"}), RIGHT.rules[1]))
    assert list(check_compensation(vietnamese, ("vi",))) == []


def test_a_formula_with_many_figures_is_tried_within_limits():
    figures = [yes_or_no(f"f{number}") for number in range(30)]
    many = Exemption(key="many", name=words("many"), when=Formula(" and ".join(one.key for one in figures)))
    compensation = replace(RIGHT, figures=(*RIGHT.figures, *figures), exemptions=(many,))
    assert check(compensation) == []
