"""An award is told so that customer and staff can compute it again."""

from decimal import Decimal

import pytest

from tests.unit.tickets.payments import choice, money, rate, rule, yes_or_no
from tickets.compensation import Compensation, Consequence, Exemption, Rule, compute
from tickets.explanations import explain, tell_money, tell_number
from tickets.figures import Figure
from tickets.formulas import Formula

FEE = money("fee", default="30.000")
DAMAGE = rate("damage", default="12,5%")
GOODS = choice("goods", "papers", "items", default="papers")
SEALED = yes_or_no("sealed", default="no")
NO_INVOICE = {"vi": "Hàng hóa không có hóa đơn hợp pháp", "en": "Goods without a lawful invoice"}


def compensation(*rules: Rule, **more) -> Compensation:
    return Compensation(figures=(FEE, DAMAGE, GOODS, SEALED), rules=rules, **more)


def told(amount: str, language: str) -> str:
    """The formula of a step, with what it led to."""
    award = compute(compensation(rule("flat", "100000"), rule("step", amount)), {})
    return explain(award, language)[1].partition(": ")[2]


FORMULAS = {
    "a product": ("4 * fee", "4 × số fee (30.000 đ) = 120.000 đ", "4 × the fee (VND 30,000) = VND 120,000"),
    "a figure alone": ("fee", "30.000 đ", "VND 30,000"),
    "the amount so far": (
        "amount * damage",
        "số tiền ở bước trên (100.000 đ) × số damage (12,5%) = 12.500 đ",
        "the amount so far (VND 100,000) × the damage (12.5%) = VND 12,500",
    ),
    "brackets and fractions": (
        "amount*(1 - 0.5) / 2",
        "số tiền ở bước trên (100.000 đ)×(1 − 0,5) ÷ 2 = 25.000 đ",
        "the amount so far (VND 100,000)×(1 − 0.5) ÷ 2 = VND 25,000",
    ),
    "the greater one": (
        "max(amount, 1500000)",
        "số lớn nhất trong (số tiền ở bước trên (100.000 đ), 1.500.000) = 1.500.000 đ",
        "max(the amount so far (VND 100,000), 1,500,000) = VND 1,500,000",
    ),
    "a condition": (
        "fee if goods == 'papers' or not sealed else 0",
        (
            "số fee (30.000 đ) nếu số goods (Số papers) = Số papers "
            "hoặc không phải số sealed (không) còn không thì 0 = 30.000 đ"
        ),
        "the fee (VND 30,000) if the goods (The papers) = The papers or not the sealed (no) else 0 = VND 30,000",
    ),
}


@pytest.mark.parametrize(("amount", "vietnamese", "english"), FORMULAS.values(), ids=FORMULAS)
def test_a_step_is_told_with_the_names_and_values_of_its_figures(amount: str, vietnamese: str, english: str):
    assert told(amount, "vi") == vietnamese
    assert told(amount, "en") == english


def test_steps_and_consequences_are_told_in_order_and_the_amount_last():
    ours = Consequence(
        key="ours", name={"vi": "Hàng hóa thuộc về công ty", "en": "The goods are ours"}, when=Formula("true")
    )
    flat = Rule(key="flat", name=NO_INVOICE, amount=Formula("4 * fee"))
    award = compute(compensation(flat, consequences=(ours,)), {})
    assert explain(award, "vi") == (
        "Hàng hóa không có hóa đơn hợp pháp: 4 × số fee (30.000 đ) = 120.000 đ",
        "Hàng hóa thuộc về công ty",
        "Số tiền bồi thường: 120.000 đ",
    )
    assert explain(award, "en") == (
        "Goods without a lawful invoice: 4 × the fee (VND 30,000) = VND 120,000",
        "The goods are ours",
        "Amount of the compensation: VND 120,000",
    )


def test_exemptions_are_told_instead_of_steps():
    exemption = Exemption(key="sealed", name={"vi": "Hàng hóa được niêm phong", "en": "The parcel was sealed"})
    award = compute(compensation(rule("flat", "fee"), exemptions=(exemption,)), {"exempt": "sealed"})
    assert explain(award, "vi") == (
        "Trường hợp miễn trách nhiệm bồi thường: Hàng hóa được niêm phong",
        "Số tiền bồi thường: 0 đ",
    )
    assert explain(award, "en") == (
        "No compensation is owed: The parcel was sealed",
        "Amount of the compensation: VND 0",
    )


def test_words_that_there_are_in_one_language_only_are_told_in_it():
    flat = Rule(key="flat", name={"vi": "Bốn lần cước phí"}, amount=Formula("4 * fee"))
    assert explain(compute(compensation(flat), {}), "en")[0].startswith("Bốn lần cước phí: 4 × the fee")


def test_an_abbreviation_keeps_its_capitals_within_a_sentence():
    tax = Figure(key="tax", name={"vi": "VAT", "en": "VAT"}, kind="money", default="8.000")
    doubled = Compensation(figures=(tax,), rules=(rule("double", "2 * tax"),))
    assert explain(compute(doubled, {}), "vi")[0] == "Số double: 2 × VAT (8.000 đ) = 16.000 đ"


@pytest.mark.parametrize(
    ("amount", "currency", "vietnamese", "english"),
    [
        (0, "VND", "0 đ", "VND 0"),
        (1_500_000, "VND", "1.500.000 đ", "VND 1,500,000"),
        (Decimal("30000.0"), "VND", "30.000 đ", "VND 30,000"),
        (1_500, "USD", "1.500 USD", "USD 1,500"),
    ],
    ids=str,
)
def test_money_is_told_as_the_language_does(amount, currency: str, vietnamese: str, english: str):
    assert tell_money(amount, currency, "vi") == vietnamese
    assert tell_money(amount, currency, "en") == english


def test_numbers_have_the_marks_of_the_language():
    assert tell_number(Decimal("1234567.50"), "vi") == "1.234.567,5"
    assert tell_number(Decimal("1234567.50"), "en") == "1,234,567.5"
