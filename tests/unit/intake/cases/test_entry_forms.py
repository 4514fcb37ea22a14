"""The form for a complaint by phone or at the counter: what is understood, what is wrong."""

from dataclasses import replace

import pytest

from intake.cases.entry_forms import Form, FormReader
from tests.complaints import DESK, LAN, MORNING, POLICY

SUPPORT = "support@hakago.example"
FORM = Form(channel="phone", text="Khách Tuan668 báo giao sai màu, đơn 012345, SĐT 0912345678")


def read(language: str = "vi", **changes):
    return FormReader(POLICY, replace(DESK, language=language), SUPPORT).read(replace(FORM, **changes), MORNING)


def test_what_the_words_hold_need_not_be_filled_in():
    entry = read()
    assert (entry.subject.customer_code, entry.subject.order_code) == ("Tuan668", "012345")
    assert entry.phone == "+84912345678"
    assert entry.customer.email == ""


def test_what_is_filled_in_counts():
    entry = read(name="  Trần  Tuấn ", email="Tuan@Khach.example", phone="0999", order_code="777777", category="LATE")
    assert (entry.customer.name, entry.customer.email) == ("Trần Tuấn", "tuan@khach.example")
    assert (entry.phone, entry.subject.order_code, entry.subject.category) == ("0999", "777777", "late")


@pytest.mark.parametrize(
    ("changes", "language"),
    [({}, "vi"), ({"language": "en"}, "en"), ({"language": "fr"}, "vi")],
    ids=["that of staff", "as wished", "one without templates"],
)
def test_the_customer_is_written_to_in(changes, language):
    assert read(**changes).language == language


@pytest.mark.parametrize(
    ("changes", "vietnamese", "english"),
    [
        pytest.param({"text": " \n"}, "cần ghi lời trình bày", "the words of the customer are missing", id="no words"),
        pytest.param({"email": "tuan"}, "“tuan” không phải là địa chỉ email", "no e-mail address", id="no address"),
        pytest.param({"email": LAN.upper()}, "là địa chỉ của công ty", "an address of the company", id="staff"),
        pytest.param({"email": SUPPORT}, "là địa chỉ của công ty", "an address of the company", id="our own"),
        pytest.param({"delivered": "lúc nào đó"}, "không hiểu “lúc nào đó”", "no day that can be read", id="no day"),
    ],
)
def test_what_cannot_be_is_said_in_the_language_of_staff(changes, vietnamese, english):
    with pytest.raises(ValueError, match=vietnamese):
        read(**changes)
    with pytest.raises(ValueError, match=english):
        read("en", **changes)


def test_a_day_that_is_filled_in_counts_before_one_in_the_words():
    entry = read(text="Nhận hàng hôm qua, giao sai màu áo", delivered="20/11 15h")
    assert entry.delivered is not None
    assert f"{entry.delivered.on:%d/%m} {entry.delivered.at}" == "20/11 15:00:00"
