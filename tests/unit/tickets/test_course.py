"""Everything that happens to a ticket goes one way: events, states, who is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.complaints import DESK, LAN, MINH, MORNING, NOBODY_HERE, POLICY, TUAN, clock, complete, ticket
from tickets.course import Course
from tickets.desk import Department, Desk
from tickets.durations import Duration
from tickets.effects import ChangeClock, ChangeState, Effect, StartClock, StopClock, WriteMail
from tickets.policy import ClockRule, Event, Policy
from tickets.ticket import Offer, Party, Ticket

DAY = timedelta(days=1)
CHIEF = Party(email="chi@hakago.example", role="manager", name="Chi")
BOSS = Party(email="boss@hakago.example", role="manager", name="Boss")
AGENT = Party(email=LAN, role="staff", name="Lan")
WITH_MANAGERS = Desk(
    language="vi",
    departments=(
        Department(key="cskh", name="CSKH", categories=("*",), staff=(AGENT, CHIEF)),
        Department(key="kho", name="Kho", categories=(), staff=(AGENT, CHIEF, BOSS)),
    ),
)
OFFER = Offer(key="refund", outcome="refund", text="", by=LAN, at=MORNING, state="sent")


def course_of(one: Ticket, *, policy: Policy = POLICY, desk: Desk = DESK, after: timedelta = timedelta()) -> Course:
    return Course(policy=policy, desk=desk, now=MORNING + after, before=one)


def with_rule(**changes: Any) -> Policy:
    values: dict[str, Any] = {"name": "extra", "starts": (), "stops": (), "due": Duration(2, "days")} | changes
    return replace(POLICY, clocks=(*POLICY.clocks, ClockRule(**values)))


def told(course: Course) -> list[str]:
    return [one.to.email for one in course.effects if isinstance(one, WriteMail)]


def clock_effects(effects: list[Effect]) -> list[tuple[str, str]]:
    """What happened to which clock."""
    named: list[tuple[str, str]] = []
    for one in effects:
        match one:
            case StartClock():
                named.append(("started", one.clock.name))
            case StopClock():
                named.append(("stopped", one.name))
            case ChangeClock():
                named.append((one.what, one.clock.name))
            case _:
                pass
    return named


def test_two_events_of_one_moment_start_a_clock_once():
    policy = with_rule(starts=("opened", "evidence-complete"))
    course = course_of(ticket(clocks=()), policy=policy)
    course.happen("opened")
    course.happen("evidence-complete")
    assert clock_effects(course.effects).count(("started", "extra")) == 1


def test_an_event_that_comes_again_later_starts_its_clock_anew():
    policy = with_rule(starts=("reopened",))
    first = course_of(ticket(clocks=()), policy=policy)
    first.happen("reopened")
    again = course_of(first.ticket, policy=policy, after=DAY)
    again.happen("reopened")
    started = again.ticket.clock("extra")
    assert started is not None
    assert started.due_at == MORNING + 3 * DAY


@pytest.mark.parametrize(
    ("answered", "again_after", "kept", "broken"),
    [
        (DAY, 4 * DAY, 1, 0),
        (3 * DAY, 4 * DAY, 0, 1),
        (None, 4 * DAY, 0, 1),
        (None, DAY, 0, 0),
        (timedelta(), DAY, 0, 0),
    ],
    ids=[
        "in time",
        "late",
        "never, and long overdue",
        "never, before it was due",
        "at the moment it began: no promise",
    ],
)
def test_a_clock_that_starts_anew_remembers_whether_its_promise_was_kept(
    answered: timedelta | None, again_after: timedelta, kept: int, broken: int
):
    policy = with_rule(starts=("reopened",), stops=("answered",))
    course = course_of(ticket(clocks=()), policy=policy)
    course.happen("reopened")
    if answered is not None:
        course = course_of(course.ticket, policy=policy, after=answered)
        course.happen("answered")
    again = course_of(course.ticket, policy=policy, after=again_after)
    for _ in range(2):
        again.happen("reopened")
    started = again.ticket.clock("extra")
    assert started is not None
    assert (started.kept, started.broken, started.state) == (kept, broken, "running")
    assert clock_effects(again.effects) == [("started", "extra")]


def test_a_clock_that_one_event_stops_and_another_rule_starts_is_of_each_name_once():
    course = course_of(ticket())
    course.happen("evidence-complete")
    assert clock_effects(course.effects) == [("stopped", "evidence"), ("started", "respond")]
    assert sorted(one.name for one in course.ticket.clocks) == ["evidence", "respond"]


EVENTS: dict[str, tuple[Event, bool]] = {
    "an answer of ours": ("answered", False),
    "an answer of the seller": ("seller-answered", False),
    "the closing itself": ("closed", True),
}


@pytest.mark.parametrize(("event", "starts"), EVENTS.values(), ids=EVENTS)
def test_in_a_closed_case_only_the_closing_starts_a_clock(event: Event, starts: bool):
    course = course_of(ticket(state="closed", clocks=()), policy=with_rule(starts=(event,)))
    course.happen(event)
    assert (course.ticket.clock("extra") is not None) == starts


@pytest.mark.parametrize("event", ["proposed", "offered", "confirmed", "disagreed", "resolved"])
def test_nobody_waits_for_evidence_once_an_outcome_is_on_its_way(event: Event):
    course = course_of(ticket())
    course.happen(event)
    assert ("stopped", "evidence") in clock_effects(course.effects)


def test_a_state_makes_clocks_stand_still_and_the_next_one_makes_them_go_on():
    course = course_of(complete(clocks=(clock("resolve"), clock("respond"))), after=DAY)
    course.move("awaiting_customer", "a question")
    course.move("awaiting_seller", "another question")
    assert clock_effects(course.effects) == [("paused", "resolve")]
    later = course_of(course.ticket, after=3 * DAY)
    later.move("open", "answered")
    assert clock_effects(later.effects) == [("resumed", "resolve")]


def test_closing_stops_what_stands_still_after_its_time_was_put_off():
    course = course_of(complete(clocks=(clock("resolve"),)), after=DAY)
    course.move("awaiting_customer", "a question")
    later = course_of(course.ticket, after=40 * DAY)
    later.close("enough", "other")
    assert clock_effects(later.effects) == [("resumed", "resolve"), ("stopped", "resolve")]
    (stopped,) = later.ticket.clocks
    assert stopped.ended_at is not None
    assert stopped.ended_at < stopped.due_at


def test_another_kind_of_complaint_stops_a_running_clock_by_its_own_rule():
    """Rules of one name can stop by other events; the kind as it is now decides."""
    narrow = ClockRule(
        name="respond", categories=("late",), starts=("opened",), stops=("proposed",), due=Duration(1, "days")
    )
    policy = replace(POLICY, clocks=(narrow, *POLICY.clocks))
    course = course_of(complete(category="late"), policy=policy)
    course.happen("answered")
    assert clock_effects(course.effects) == []
    course.happen("proposed")
    assert clock_effects(course.effects) == [("stopped", "respond")]


def test_an_event_is_expected_while_a_clock_waits_for_it():
    course = course_of(complete())
    assert course.is_expected("answered")
    course.happen("answered")
    assert not course.is_expected("answered")


def test_closing_withdraws_what_waits_for_approval_and_keeps_what_was_sent():
    proposed = course_of(complete(state="awaiting_approval", offer=replace(OFFER, state="proposed")))
    proposed.close("enough", "other")
    sent = course_of(complete(state="resolved", offer=OFFER))
    sent.close("enough")
    assert (proposed.ticket.offer, sent.ticket.offer) == (None, OFFER)


def test_without_an_address_nothing_is_written_to_the_customer():
    course = course_of(complete(customer_email="", parties=()))
    course.write_customer("acknowledgement")
    assert course.effects == []


def test_words_of_people_are_no_automatic_mail():
    course = course_of(complete())
    course.write_customer("staff-answer", {"text": "Chào anh"}, by_hand=True)
    course.write_customer("evidence-complete")
    assert [one.is_automatic for one in course.effects if isinstance(one, WriteMail)] == [False, True]


def test_every_seller_is_written_to_and_nobody_else():
    sellers = tuple(Party(email=f"shop{no}@nguoiban.example", role="seller", name="") for no in range(2))
    stranger = Party(email="la@noikhac.example", role="unknown", name="")
    course = course_of(complete(parties=(Party(email=TUAN, role="customer", name="Tuấn"), *sellers, stranger)))
    course.write_seller("seller-question")
    assert told(course) == [one.email for one in sellers]
    assert {one.audience for one in course.effects if isinstance(one, WriteMail)} == {"seller"}


STAFF: dict[str, tuple[dict[str, Any], Desk, list[str]]] = {
    "the department": ({"department": "kho"}, DESK, [MINH, LAN]),
    "the owner besides": ({"owner": MINH}, DESK, [LAN, MINH]),
    "an owner of the department once": ({"owner": LAN}, DESK, [LAN]),
    "an owner who has left is nobody": ({"owner": "cu@hakago.example"}, DESK, [LAN]),
    "no department: everybody, each once": ({"department": None}, DESK, [LAN, MINH]),
    "no department: the managers": ({"department": None}, WITH_MANAGERS, [CHIEF.email, BOSS.email]),
    "nobody works here": ({}, NOBODY_HERE, []),
}


@pytest.mark.parametrize(("changes", "desk", "people"), STAFF.values(), ids=STAFF)
def test_who_looks_after_a_ticket_is_told_once(changes: dict[str, Any], desk: Desk, people: list[str]):
    course = course_of(complete(**changes), desk=desk)
    course.tell_staff("staff-message")
    assert told(course) == people


MANAGERS: dict[str, tuple[dict[str, Any], Desk, str, list[str]]] = {
    "of the department": ({"department": "cskh"}, WITH_MANAGERS, "", [CHIEF.email]),
    "a manager of two departments once": ({"department": "kho"}, WITH_MANAGERS, "", [CHIEF.email, BOSS.email]),
    "another than the one who asks": ({"department": "cskh"}, WITH_MANAGERS, CHIEF.email, [BOSS.email]),
    "where there is none, who looks after it": ({}, DESK, "", [LAN]),
}


@pytest.mark.parametrize(("changes", "desk", "but", "people"), MANAGERS.values(), ids=MANAGERS)
def test_a_manager_learns_of_what_is_overdue(changes: dict[str, Any], desk: Desk, but: str, people: list[str]):
    course = course_of(complete(**changes), desk=desk)
    course.tell_managers("staff-clock", but=but)
    assert told(course) == people


def test_the_ticket_is_seen_as_it_is_after_each_effect():
    course = course_of(ticket())
    course.move("open", "evidence complete")
    assert (course.ticket.state, course.before) == ("open", ticket(clocks=course.ticket.clocks))
    assert [one.state for one in course.effects if isinstance(one, ChangeState)] == ["open"]
