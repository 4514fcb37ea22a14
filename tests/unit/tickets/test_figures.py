"""What staff write becomes values, and what is missing or wrong is told at once."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tickets.payments import money, rate, yes_or_no
from tickets.explanations import tell_money
from tickets.figures import CompensationError, Figure, FigureReader, read_value
from tickets.formulas import Formula, FormulaError, Value

FEE, DAMAGE, INVOICE = money("fee"), rate("damage"), yes_or_no("invoice")
GOODS = Figure(
    key="goods",
    name={"vi": "Loại hàng hóa", "en": "Kind of goods"},
    kind="choice",
    choices={"papers": {"vi": "Giấy tờ", "en": "Papers"}, "items": {"vi": "Đồ vật", "en": "Items"}},
)

READ = {
    "digits": (FEE, "1500000", Decimal(1_500_000)),
    "points": (FEE, "1.500.000", Decimal(1_500_000)),
    "commas": (FEE, "1,500,000", Decimal(1_500_000)),
    "blanks": (FEE, " 1 500 000 ", Decimal(1_500_000)),
    "one group": (FEE, "1.500", Decimal(1_500)),
    "đ": (FEE, "1500000đ", Decimal(1_500_000)),
    "the sign": (FEE, "1.500.000 ₫", Decimal(1_500_000)),
    "đồng": (FEE, "30.000 đồng", Decimal(30_000)),
    "vnđ": (FEE, "30.000 VNĐ", Decimal(30_000)),
    "vnd": (FEE, "30000VND", Decimal(30_000)),
    "k": (FEE, "500k", Decimal(500_000)),
    "nghìn": (FEE, "500 nghìn", Decimal(500_000)),
    "ngàn đồng": (FEE, "500 ngàn đồng", Decimal(500_000)),
    "triệu": (FEE, "1,5 triệu", Decimal(1_500_000)),
    "tr": (FEE, "2tr", Decimal(2_000_000)),
    "nothing": (FEE, "0", Decimal(0)),
    "decomposed letters": (FEE, unicodedata.normalize("NFD", "500 nghìn đồng"), Decimal(500_000)),
    "per cent": (DAMAGE, "70%", Decimal("0.7")),
    "per cent apart": (DAMAGE, "70 %", Decimal("0.7")),
    "part of a per cent": (DAMAGE, "12,5%", Decimal("0.125")),
    "all": (DAMAGE, "100%", Decimal(1)),
    "none": (DAMAGE, "0", Decimal(0)),
    "comma": (DAMAGE, "0,7", Decimal("0.7")),
    "point": (DAMAGE, "0.7", Decimal("0.7")),
    "có": (INVOICE, "Có", True),
    "bare co": (INVOICE, "co", True),
    "yes": (INVOICE, "YES", True),
    "đúng": (INVOICE, "đúng", True),
    "không": (INVOICE, "không", False),
    "ko": (INVOICE, "ko", False),
    "no": (INVOICE, "no", False),
    "the key": (GOODS, "papers", "papers"),
    "the words": (GOODS, "giấy tờ", "papers"),
    "words without accents": (GOODS, "do  vat", "items"),
    "English words": (GOODS, "Items", "items"),
}


@pytest.mark.parametrize(("figure", "text", "expected"), READ.values(), ids=READ)
def test_people_write_values_as_they_are_used_to(figure: Figure, text: str, expected: Value):
    found = read_value(figure, text, "VND")
    assert found == expected
    assert type(found) is type(expected)


UNCLEAR = {
    "no groups of three": (FEE, "1.5"),
    "groups of two kinds": (FEE, "1.500,000"),
    "cents": (FEE, "1.500.000,00"),
    "below nothing": (FEE, "-5000"),
    "words": (FEE, "một triệu"),
    "another currency": (FEE, "500 USD"),
    "part of a đồng": (FEE, "0,5 đồng"),
    "grouped thousands": (FEE, "1.500 k"),
    "a million with words after it": (FEE, "1 triệu rưỡi"),
    "too long": (FEE, "1" * 16),
    "seventy of what": (DAMAGE, "70"),
    "one of what": (DAMAGE, "1"),
    "more than all": (DAMAGE, "101%"),
    "less than nothing": (DAMAGE, "-1%"),
    "no rate": (DAMAGE, "một nửa"),
    "perhaps": (INVOICE, "có thể"),
    "no choice": (GOODS, "food"),
    "blank": (FEE, "  "),
}


@pytest.mark.parametrize(("figure", "text"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_not_clear_is_refused(figure: Figure, text: str):
    with pytest.raises(ValueError, match="no"):
        read_value(figure, text, "VND")


def test_another_currency_is_called_by_its_code():
    assert read_value(FEE, "1.500 USD", "USD") == 1_500
    with pytest.raises(ValueError, match="no amount"):
        read_value(FEE, "1.500 đ", "USD")


@given(st.integers(0, 10**14))
def test_an_amount_reads_back_from_how_it_is_told(amount: int):
    assert read_value(FEE, tell_money(amount, "VND", "vi"), "VND") == amount


def read(given: dict[str, str], *figures: Figure) -> FigureReader:
    reader = FigureReader(given, "VND")
    for figure in figures:
        reader.read(figure)
    return reader


def test_a_default_stands_for_what_is_not_stated():
    damage = rate("damage", default="0%")
    assert read({}, damage).values == {"damage": 0}
    assert read({"damage": " "}, damage).values == {"damage": 0}
    assert read({"damage": "30%"}, damage).values == {"damage": Decimal("0.3")}


def test_what_is_not_asked_for_is_not_looked_at():
    value = money("worth", when=Formula("invoice"))
    reader = read({"invoice": "no", "worth": "who knows"}, INVOICE, value)
    assert reader.values == {"invoice": False}
    assert reader.problems == []


def test_what_hangs_on_something_not_asked_for_is_not_asked_for_either():
    value = money("worth", when=Formula("invoice"))
    seal = yes_or_no("seal", when=Formula("worth > 1000000"))
    assert read({"invoice": "no"}, INVOICE, value, seal).problems == []


def test_everything_missing_or_unclear_is_told_at_once_in_the_language_asked_for():
    value = money("worth", when=Formula("invoice"))
    reader = read({"damage": "70", "worth": "1.5", "goods": "food"}, FEE, DAMAGE, INVOICE, value, GOODS)
    error = CompensationError(reader.problems)
    assert error.sentences("vi") == (
        "Thiếu “Số fee” (fee): ghi số tiền, ví dụ 1.500.000",
        "Không hiểu “70” ở mục “Số damage” (damage): ghi tỷ lệ, ví dụ 70% hoặc 0,7",
        "Thiếu “Số invoice” (invoice): ghi có hoặc không",
        "Không hiểu “1.5” ở mục “Số worth” (worth): ghi số tiền, ví dụ 1.500.000",
        "Không hiểu “food” ở mục “Loại hàng hóa” (goods): ghi một trong: papers (Giấy tờ), items (Đồ vật)",
    )
    assert error.sentences("en")[0] == "“The fee” (fee) is missing: write an amount, such as 1.500.000"
    assert str(error) == "; ".join(error.sentences("en"))


def test_a_condition_that_is_none_is_a_mistake_of_the_policy():
    with pytest.raises(FormulaError, match="where true or false is asked for"):
        read({"fee": "30.000"}, FEE, yes_or_no("large", when=Formula("fee")))
