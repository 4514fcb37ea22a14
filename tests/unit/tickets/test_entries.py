"""Complaints by phone and at the counter: the case that is opened, who is told, and what is settled on the spot."""

from dataclasses import replace
from datetime import date

import pytest

from parsers.facts import NOTHING_STATED, Delivered
from tests.complaints import DESK, LAN, MINH, MORNING, POLICY, TUAN, facts, subject
from tickets.commands import Order, Refused
from tickets.course import Course
from tickets.durations import Duration
from tickets.effects import EnterMessage, Note, OpenTicket, WriteMail
from tickets.entries import Entry, enter_complaint, enter_settled
from tickets.policy import Claim, ClockRule, OutcomeRule, Policy, Step
from tickets.ticket import Party

WORDS = "Giao sai màu, tôi muốn đổi"
AGENT = Party(email=LAN, role="staff", name="Lan")
MANAGER = Party(email=MINH, role="manager", name="Minh")
FOLLOW_UP = ClockRule(
    name="follow-up",
    starts=("resolved",),
    stops=("reopened",),
    due=Duration(14, "days"),
    steps=(Step(at=Duration(14, "days"), do="close"),),
)
EXCHANGE = OutcomeRule(key="exchange", outcome="exchange", name={"vi": "Đổi hàng", "en": "Exchange"})
OUTCOMES = (
    EXCHANGE,
    replace(EXCHANGE, key="refund", outcome="refund", needs_approval=True),
    replace(EXCHANGE, key="offer", outcome="compensation", needs_confirmation=True),
)
RULES = replace(POLICY, outcomes=OUTCOMES)


def entry(*, email: str = TUAN, category: str = "wrong-item", **changes) -> Entry:
    made = Entry(
        channel="phone",
        customer=Party(email=email, role="customer", name="Tuấn"),
        phone="0912 345 678",
        language="vi",
        said=facts(text=WORDS, reply_text=WORDS),
        subject=subject(category=category, customer_code="Tuan668", order_code="012345"),
        delivered=None,
    )
    return replace(made, **changes)


def entered(one: Entry, policy: Policy = RULES) -> Course:
    course = Course(policy=policy, desk=DESK, now=MORNING)
    enter_complaint(course, one, AGENT)
    return course


def settled(key: str, one: Entry | None = None, by: Party = AGENT, policy: Policy = RULES) -> Course:
    course = Course(policy=policy, desk=DESK, now=MORNING)
    enter_settled(course, one or entry(), Order(name="resolve", arguments=(key,), text="Đổi trong 3 ngày", by=by))
    return course


def written(course: Course) -> list[tuple[str, str]]:
    return [(one.template, one.to.email) for one in course.effects if isinstance(one, WriteMail)]


def events(course: Course) -> list[str]:
    return [one.event for one in course.effects if isinstance(one, Note)]


def test_what_was_said_opens_a_case_with_its_words_as_first_message():
    course = entered(entry())
    opened, message = course.effects[:2]
    assert isinstance(opened, OpenTicket)
    assert message == EnterMessage(
        email=TUAN, name="Tuấn", role="customer", channel="phone", subject="Sai hàng", text=WORDS
    )
    ticket = course.ticket
    assert (ticket.channel, ticket.phone, ticket.customer_code) == ("phone", "0912 345 678", "Tuan668")
    assert (ticket.received_at, ticket.acknowledged_at) == (MORNING, MORNING)


def test_what_the_words_hold_fills_slots():
    assert {one.slot for one in entered(entry()).ticket.evidence} == {"customer_code", "description"}


def test_the_customer_is_told_and_so_are_the_other_members_of_staff():
    policy = replace(RULES)
    course = Course(policy=policy, desk=DESK, now=MORNING)
    enter_complaint(course, entry(category="missing-parts"), AGENT)
    assert written(course) == [("acknowledgement", TUAN), ("staff-opened", MINH)]


def test_the_same_clocks_run_as_for_a_mail_and_the_acknowledgement_is_done():
    course = entered(entry())
    assert {clock.name: clock.state for clock in course.ticket.clocks} == {
        "acknowledge": "stopped",
        "evidence": "running",
    }
    assert course.ticket.state == "awaiting_evidence"


def test_a_customer_without_an_address_is_not_waited_for():
    course = entered(entry(email=""))
    assert course.ticket.state == "open"
    assert {clock.name: clock.state for clock in course.ticket.clocks} == {
        "acknowledge": "stopped",
        "respond": "running",
    }
    assert course.ticket.parties == ()
    assert written(course) == []


def test_a_late_complaint_is_marked():
    policy = replace(RULES, claim=Claim(window=Duration(24, "hours")))
    late = entry(delivered=Delivered(on=date(2026, 11, 20), at=None, words="20/11"))
    assert entered(late, policy).ticket.is_late


def test_a_kind_that_the_policy_does_not_know_is_refused():
    with pytest.raises(Refused, match="no kind of complaint 'nonsense'"):
        entered(entry(category="nonsense"))


def test_parts_that_are_named_fill_their_slot():
    said = facts(
        text="Thiếu 2 cúc áo", reply_text="Thiếu 2 cúc áo", statements=replace(NOTHING_STATED, missing_parts=("2 cúc",))
    )
    course = entered(entry(category="missing-parts", said=said))
    assert "missing_parts" in {one.slot for one in course.ticket.evidence}


def test_what_is_settled_on_the_spot_is_told_as_an_outcome_and_not_as_received():
    course = settled("exchange")
    assert written(course) == [("outcome", TUAN)]
    assert (course.ticket.state, course.ticket.outcome, course.ticket.rounds) == ("closed", "exchange", 1)
    assert course.ticket.answered_at == MORNING
    assert events(course) == ["settled", "answered"]


def test_what_is_settled_starts_no_clock_of_evidence():
    assert [clock.name for clock in settled("exchange").ticket.clocks] == ["acknowledge"]


def test_a_customer_who_can_be_asked_afterwards_is():
    policy = replace(RULES, clocks=(*RULES.clocks, FOLLOW_UP))
    assert settled("exchange", policy=policy).ticket.state == "resolved"
    assert settled("exchange", entry(email=""), policy=policy).ticket.state == "closed"


def test_an_outcome_that_the_customer_confirms_first_stays_to_be_carried_out():
    course = settled("offer")
    assert course.ticket.state == "open"
    assert course.ticket.offer is not None
    assert course.ticket.offer.state == "confirmed"
    assert written(course) == [("confirmed", TUAN)]


def test_an_outcome_that_needs_approval_is_settled_by_managers_only():
    with pytest.raises(Refused, match="needs the approval of a manager"):
        settled("refund")
    assert settled("refund", by=MANAGER).ticket.outcome == "refund"


def test_an_outcome_that_there_is_not_is_refused():
    with pytest.raises(Refused, match="there is no outcome 'gift'"):
        settled("gift")
