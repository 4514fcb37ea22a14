"""Compensation that an exemption rules out is denied with its reason, and only then."""

from typing import Any

import pytest

from intake.settings.policies import read_policy
from tests.complaints import DESK, MORNING, ticket
from tickets.commands import Order, Refused, carry_out
from tickets.course import Course
from tickets.ticket import Offer, Party

BORZO = read_policy("borzo")
MANAGER = Party(email="quan@borzo.example", role="manager", name="Quân")
LOST = {"fee": "35.000", "goods": "items", "loss": "lost", "advance_used": "no", "invoice": "no"}


def resolve(outcome: str, figures: dict[str, str], **changes: Any) -> Offer:
    """What is sent to the customer."""
    case = ticket(category="lost", state="open", figures=figures, clocks=(), **changes)
    course = Course(policy=BORZO, desk=DESK, now=MORNING, before=case)
    carry_out(course, [Order(name="resolve", arguments=(outcome,), by=MANAGER)])
    assert course.ticket.offer is not None
    return course.ticket.offer


def test_denial_names_the_exemption():
    offer = resolve("exempt", {**LOST, "bus_station": "yes"})
    assert offer.outcome == "rejected"
    assert offer.explanation[0].endswith("Đơn hàng giao hoặc nhận tại bến xe, chành xe")


def test_denial_names_every_exemption_in_the_language_of_the_customer():
    offer = resolve("exempt", {**LOST, "exempt": "prohibited, oversize"}, language="en")
    assert [line.partition(":")[0] for line in offer.explanation[:2]] == ["No compensation is owed"] * 2


def test_nothing_is_denied_where_no_exemption_holds():
    with pytest.raises(Refused) as refused:
        resolve("exempt", LOST)
    assert "140.000 đ" in refused.value.words("vi")
    assert "VND 140,000" in refused.value.words("en")


def test_nothing_is_paid_where_an_exemption_holds():
    with pytest.raises(Refused) as refused:
        resolve("compensation", {**LOST, "exempt": "sealed"})
    assert "niêm phong" in refused.value.words("vi")


def test_an_exemption_can_be_taken_back():
    case = ticket(category="lost", state="open", figures={**LOST, "exempt": "sealed"}, clocks=())
    course = Course(policy=BORZO, desk=DESK, now=MORNING, before=case)
    carry_out(course, [Order(name="compensate", arguments=("exempt=",), by=MANAGER)])
    assert resolve("compensation", dict(course.ticket.figures)).amount == 140_000
