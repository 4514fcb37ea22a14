"""Rules of compensation: Borzo's, each case computed by hand, and what holds for the rules of anybody."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.settings.policies import read_policy
from tests.unit.tickets.payments import choice, money, rule, words, yes_or_no
from tickets.compensation import Award, Compensation, Consequence, Exemption, compute
from tickets.compensation_checks import check_compensation
from tickets.figures import CompensationError
from tickets.formulas import Formula, FormulaError

BORZO = read_policy("borzo").compensation or Compensation()

FEE = {"fee": "30.000"}  # the least that is paid is 120.000
PAPERS = {**FEE, "goods": "papers"}
LOST = {**FEE, "goods": "items", "loss": "lost"}
SHORT = {**FEE, "goods": "items", "loss": "short"}
DAMAGED = {**FEE, "goods": "items", "loss": "damaged"}
ADVANCE = {"advance_used": "có", "advance": "1.000.000"}
INVOICE = {"advance_used": "không", "invoice": "có", "worth": "2.500.000"}
NO_INVOICE = {"advance_used": "không", "invoice": "không"}
AGREED = {**FEE, "agreed_otherwise": "có"}

AMOUNTS = {
    "papers": (PAPERS, 120_000),
    "papers, half of it the customer's fault": ({**PAPERS, "customer_fault": "50%"}, 120_000),
    "lost, cash advanced": ({**LOST, **ADVANCE}, 1_000_000),
    "lost, little cash advanced": ({**LOST, **ADVANCE, "advance": "100.000"}, 120_000),
    "damaged and refused, cash advanced": ({**DAMAGED, **ADVANCE, "damage": "70%", "refused": "có"}, 1_000_000),
    "damaged and taken, cash advanced": ({**DAMAGED, **ADVANCE, "damage": "70%", "refused": "không"}, 700_000),
    "partly lost, cash advanced": ({**SHORT, **ADVANCE, "damage": "20%"}, 200_000),
    "lost, with invoice": ({**LOST, **INVOICE}, 2_500_000),
    "damaged, with invoice": ({**DAMAGED, **INVOICE, "damage": "35%"}, 875_000),
    "damaged altogether, with invoice": ({**DAMAGED, **INVOICE, "damage": "100%"}, 2_500_000),
    "partly lost, with invoice": ({**SHORT, **INVOICE, "damage": "20%"}, 500_000),
    "damaged a little": ({**DAMAGED, **INVOICE, "worth": "200.000", "damage": "30%"}, 120_000),
    "cheaper than the fee": ({**LOST, **INVOICE, "worth": "50.000"}, 120_000),
    "lost, without invoice": ({**LOST, **NO_INVOICE}, 120_000),
    "damaged, without invoice": ({**DAMAGED, **NO_INVOICE, "damage": "90%"}, 120_000),
    "a quarter the customer's fault": ({**LOST, **INVOICE, "customer_fault": "25%"}, 1_875_000),
    "damaged, a quarter his fault": ({**DAMAGED, **INVOICE, "damage": "35%", "customer_fault": "25%"}, 656_250),
    "nearly all his fault": ({**LOST, **INVOICE, "customer_fault": "99%"}, 120_000),
    "all his fault": ({**LOST, **INVOICE, "customer_fault": "100%"}, 0),
    "at a bus station": ({**LOST, **INVOICE, "bus_station": "có"}, 0),
    "papers at a bus station": ({**PAPERS, "bus_station": "có"}, 0),
    "agreed": ({**AGREED, "agreed": "500.000"}, 500_000),
    "agreed, less than the rules give": ({**AGREED, "agreed": "50.000"}, 50_000),
    "agreed, at a bus station": ({**AGREED, "agreed": "500.000", "bus_station": "có"}, 500_000),
    "half a đồng": ({**DAMAGED, **INVOICE, "fee": "1.000", "worth": "333.331", "damage": "12,5%"}, 41_666),
    "more than half a đồng": ({**DAMAGED, **INVOICE, "fee": "1.000", "worth": "333.333", "damage": "12,5%"}, 41_667),
    "exactly half a đồng": ({**DAMAGED, **INVOICE, "fee": "1.000", "worth": "333.333", "damage": "50%"}, 166_667),
}


def keys(parts) -> list[str]:
    return [part.key for part in parts]


@pytest.mark.parametrize(("stated", "amount"), AMOUNTS.values(), ids=AMOUNTS)
def test_borzo_pays_what_its_rules_say(stated: dict[str, str], amount: int):
    assert compute(BORZO, stated).amount == amount


EXEMPTIONS = [one.key for one in BORZO.exemptions]


@pytest.mark.parametrize("key", EXEMPTIONS)
@pytest.mark.parametrize("stated", [PAPERS, {**LOST, **ADVANCE}, {**LOST, **INVOICE}], ids=["papers", "cash", "items"])
def test_borzo_pays_nothing_where_an_exemption_holds(key: str, stated: dict[str, str]):
    award = compute(BORZO, {**stated, "exempt": key})
    assert (award.amount, award.is_exempt, keys(award.exemptions)) == (0, True, [key])
    assert (award.steps, award.consequences) == ((), ())


def test_borzo_names_every_exemption_that_holds():
    stated = {**LOST, **INVOICE, "exempt": "sealed, force_majeure", "customer_fault": "100%", "bus_station": "có"}
    found = keys(compute(BORZO, stated).exemptions)
    assert found == ["sealed", "customer_fault_only", "force_majeure", "bus_station"]


STEPS = {
    "papers": (PAPERS, [("papers", 120_000)]),
    "no invoice": ({**DAMAGED, **NO_INVOICE, "damage": "90%", "customer_fault": "5%"}, [("no_invoice", 120_000)]),
    "cash": ({**LOST, **ADVANCE}, [("advance", 1_000_000)]),
    "agreed": ({**AGREED, "agreed": "50.000"}, [("agreed", 50_000)]),
    "all of them": (
        {**DAMAGED, **INVOICE, "damage": "10%", "customer_fault": "60%"},
        [("worth", 2_500_000), ("damage", 250_000), ("customer_fault", 100_000), ("floor", 120_000)],
    ),
}


@pytest.mark.parametrize(("stated", "steps"), STEPS.values(), ids=STEPS)
def test_every_step_is_kept_with_the_amount_it_led_to(stated: dict[str, str], steps: list[tuple[str, int]]):
    award = compute(BORZO, stated)
    assert [(step.rule.key, step.amount) for step in award.steps] == steps
    assert [step.before for step in award.steps] == [0, *(amount for _, amount in steps[:-1])]


OWNERSHIP = {
    "half damaged": ({**DAMAGED, **INVOICE, "damage": "50%"}, True),
    "not quite half damaged": ({**DAMAGED, **INVOICE, "damage": "49,99%"}, False),
    "damaged, no invoice": ({**DAMAGED, **NO_INVOICE, "damage": "60%"}, True),
    "damaged and refused": ({**DAMAGED, **ADVANCE, "damage": "60%", "refused": "có"}, True),
    "mostly lost": ({**SHORT, **INVOICE, "damage": "80%"}, False),
    "lost": ({**LOST, **INVOICE}, False),
    "papers": (PAPERS, False),
    "agreed": ({**AGREED, "agreed": "500.000"}, False),
    "not compensated": ({**DAMAGED, **INVOICE, "damage": "80%", "exempt": "oversize"}, False),
}


@pytest.mark.parametrize(("stated", "expected"), OWNERSHIP.values(), ids=OWNERSHIP)
def test_goods_damaged_by_half_and_paid_for_become_borzos(stated: dict[str, str], expected: bool):
    assert keys(compute(BORZO, stated).consequences) == ["goods_become_ours"] * expected


ASKED = {
    "nothing stated": ({}, ["fee", "goods"]),
    "papers": ({"goods": "papers"}, ["fee"]),
    "items": ({"goods": "items"}, ["fee", "loss", "advance_used"]),
    "damaged": (DAMAGED, ["damage", "advance_used"]),
    "damaged, with cash": ({**DAMAGED, "advance_used": "có"}, ["damage", "advance", "refused"]),
    "without cash": ({**LOST, "advance_used": "không"}, ["invoice"]),
    "with invoice": ({**LOST, "advance_used": "không", "invoice": "có"}, ["worth"]),
    "agreed": (AGREED, ["agreed"]),
}


@pytest.mark.parametrize(("stated", "missing"), ASKED.values(), ids=ASKED)
def test_borzos_staff_are_asked_for_what_the_case_needs_and_no_more(stated: dict[str, str], missing: list[str]):
    with pytest.raises(CompensationError) as refused:
        compute(BORZO, stated)
    asked = [sentence.split("(")[1].split(")")[0] for sentence in refused.value.sentences("en")]
    assert asked == missing


def test_borzos_rules_do_not_contradict_themselves():
    assert list(check_compensation(BORZO, ("vi", "en"))) == []


# ---------------------------------------------------------------------------------------------------
# Laws

_YES_OR_NO = st.sampled_from(["có", "không"])
_MONEY = st.integers(0, 10**9).map(str)
_PERCENT = st.integers(0, 100).map("{}%".format)
COMPLAINTS = st.fixed_dictionaries(
    {
        "fee": _MONEY,
        "goods": st.sampled_from(["papers", "items"]),
        "loss": st.sampled_from(["lost", "short", "damaged"]),
        "damage": _PERCENT,
        "advance_used": _YES_OR_NO,
        "advance": _MONEY,
        "refused": _YES_OR_NO,
        "invoice": _YES_OR_NO,
        "worth": _MONEY,
        "customer_fault": _PERCENT,
        "bus_station": _YES_OR_NO,
        "exempt": st.lists(st.sampled_from(EXEMPTIONS), max_size=2).map(", ".join),
    }
)


def number(percent: str) -> int:
    return int(percent.removesuffix("%"))


@given(COMPLAINTS)
def test_borzo_pays_at_least_four_fees_or_is_exempt_and_pays_nothing(stated: dict[str, str]):
    award = compute(BORZO, stated)
    assert award.amount == 0 if award.is_exempt else award.amount >= 4 * int(stated["fee"])


@given(COMPLAINTS, _PERCENT)
def test_more_damage_is_never_paid_less(stated: dict[str, str], damage: str):
    less, more = sorted((stated["damage"], damage), key=number)
    assert compute(BORZO, {**stated, "damage": less}).amount <= compute(BORZO, {**stated, "damage": more}).amount


@given(COMPLAINTS, _PERCENT)
def test_more_fault_of_the_customer_is_never_paid_more(stated: dict[str, str], fault: str):
    less, more = (
        compute(BORZO, {**stated, "customer_fault": one})
        for one in sorted((stated["customer_fault"], fault), key=number)
    )
    assert less.amount >= more.amount


@given(COMPLAINTS)
def test_the_amount_is_the_end_of_the_steps(stated: dict[str, str]):
    award = compute(BORZO, stated)
    assert [step.before for step in award.steps] == [0, *(step.amount for step in award.steps)][: len(award.steps)]
    assert award.amount == (award.steps[-1].amount if award.steps else 0)


# ---------------------------------------------------------------------------------------------------
# Rules of anybody

FLAT = Compensation(figures=(money("fee"), choice("goods", "papers", "items")), rules=(rule("flat", "4 * fee"),))
STATED = {"fee": "30.000", "goods": "items"}


def award(*, given: dict[str, str] = STATED, **more) -> Award:
    return compute(Compensation(figures=FLAT.figures, **more), given)


def test_a_rule_whose_condition_does_not_hold_does_not_count():
    assert (
        award(rules=(rule("flat", "4 * fee"), rule("half", "amount / 2", when=Formula("goods == 'papers'")))).amount
        == 120_000
    )


def test_a_rule_that_ends_keeps_later_rules_from_counting():
    assert award(rules=(rule("flat", "4 * fee", ends=True), rule("half", "amount / 2"))).amount == 120_000


def test_where_no_rule_counts_nothing_is_paid():
    found = award(rules=(rule("flat", "4 * fee", when=Formula("fee > 50000")),))
    assert (found.amount, found.steps, found.is_exempt) == (0, (), False)


def test_a_condition_on_a_figure_that_was_not_asked_for_does_not_hold():
    figures = (*FLAT.figures, yes_or_no("sealed", when=Formula("goods == 'papers'")))
    rules = (rule("open", "fee", when=Formula("not sealed")), rule("closed", "fee", when=Formula("sealed")))
    assert compute(Compensation(figures=figures, rules=rules), STATED).steps == ()


def test_consequences_know_the_amount():
    large = Consequence(key="large", name=words("large"), when=Formula("amount > 100000"))
    assert award(rules=FLAT.rules, consequences=(large,)).consequences == (large,)
    assert award(rules=FLAT.rules, consequences=(large,), given={**STATED, "fee": "1.000"}).consequences == ()


def test_an_exemption_is_stated_by_its_key_or_its_words_or_follows_from_the_figures():
    exemptions = (
        Exemption(key="sealed", name={"vi": "Niêm phong kín", "en": "Sealed"}),
        Exemption(key="free", name=words("free"), when=Formula("fee == 0")),
    )
    stated = award(rules=FLAT.rules, exemptions=exemptions, given={**STATED, "exempt": " niêm phong kín ,"})
    followed = award(rules=FLAT.rules, exemptions=exemptions, given={**STATED, "fee": "0"})
    assert (keys(stated.exemptions), keys(followed.exemptions)) == (["sealed"], ["free"])


def test_all_that_is_wrong_in_what_staff_stated_is_told_at_once():
    exemptions = (Exemption(key="sealed", name=words("sealed")),)
    with pytest.raises(CompensationError) as refused:
        award(rules=FLAT.rules, exemptions=exemptions, given={"fee": "much", "god": "items", "exempt": "seal"})
    assert refused.value.sentences("vi") == (
        "Không có mục “god”; các mục là: fee, goods, exempt",
        "Không hiểu “much” ở mục “Số fee” (fee): ghi số tiền, ví dụ 1.500.000",
        "Thiếu “Số goods” (goods): ghi một trong: papers (Số papers), items (Số items)",
        "Không có mục “seal”; các mục là: sealed",
    )


@pytest.mark.parametrize(
    ("amount", "cause"),
    [("fee - 40000", "gives -10000, less than nothing"), ("fee / (fee - 30000)", "divides by zero")],
)
def test_a_rule_that_cannot_be_computed_is_a_mistake_of_the_policy(amount: str, cause: str):
    with pytest.raises(FormulaError, match=cause):
        award(rules=(rule("flat", amount),))


def test_an_award_keeps_the_figures_it_was_computed_from():
    found = compute(FLAT, STATED)
    assert found.values == {"fee": Decimal(30_000), "goods": "items"}
    assert found.currency == "VND"
