"""Departments: who gets a case, who is told what to mend; and talks with customers by phone."""

from typing import Any

import pytest

from intake.settings.policies import read_policy
from tests.complaints import LAN, MINH, MORNING, TUAN, clock, ticket
from tickets.commands import Order, Refused, carry_out
from tickets.course import Course
from tickets.desk import Department, Desk
from tickets.effects import StartClock, WriteMail
from tickets.ticket import Party, Ticket

HAKAGO = read_policy("hakago")
AGENT = Party(email=LAN, role="staff", name="Lan")
KEEPER = Party(email=MINH, role="staff", name="Minh")
SUPPORT = Department(key="cskh", name="Bộ phận CSKH", categories=("*",), staff=(AGENT,))
STORE = Department(key="kho", name="Bộ phận Kho", categories=("wrong-item",), staff=(KEEPER,))
NOBODY = Department(key="moi", name="Bộ phận mới", categories=("wrong-item",), staff=())
DESK = Desk(language="vi", departments=(NOBODY, SUPPORT, STORE))


def do(name: str, *arguments: str, text: str = "", **changes: Any) -> Course:
    before: Ticket = ticket(**({"state": "open", "department": "cskh", "clocks": ()} | changes))
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=before)
    carry_out(course, [Order(name=name, arguments=arguments, text=text, by=AGENT)])
    return course


def mails(course: Course) -> list[tuple[str, str]]:
    return [(one.template, one.to.email) for one in course.effects if isinstance(one, WriteMail)]


def test_a_department_in_which_nobody_works_gets_no_case_while_others_can():
    assert DESK.department_for("wrong-item") is STORE
    assert DESK.department_for("damaged") is SUPPORT
    assert Desk(language="vi", departments=(NOBODY,)).department_for("wrong-item") is NOBODY


@pytest.mark.parametrize("name", ["forward", "tell"])
def test_a_department_in_which_nobody_works_is_told_nothing(name):
    with pytest.raises(Refused) as refused:
        do(name, "moi", text="Nhờ kiểm tra.")
    assert refused.value.code == "nobody-there"


def test_a_department_is_told_what_to_mend_and_the_case_stays_where_it_is():
    course = do("tell", "kho", text="Dán lại nhãn kệ áo đỏ.")
    assert mails(course) == [("staff-told", MINH)]
    assert course.ticket.department == "cskh"


def test_a_department_is_not_told_nothing_at_all():
    with pytest.raises(Refused) as refused:
        do("tell", "kho")
    assert refused.value.code == "no-text"


def test_a_talk_by_phone_is_an_answer_as_a_mail_is():
    course = do("called", "Đã", "gọi", customer_email="", clocks=(clock("respond"),))
    assert course.ticket.answered_at == MORNING
    (respond,) = course.ticket.clocks
    assert (respond.name, respond.state) == ("respond", "stopped")
    assert mails(course) == []


def test_an_aim_of_our_own_is_put_off_in_silence_a_promise_is_not():
    assert mails(do("extend", "resolve", "2027-01-29", clocks=(clock("resolve"),))) == []
    words = do("extend", "resolve", "2027-01-29", text="Chờ người bán.", clocks=(clock("resolve"),))
    assert mails(words) == [("extended", TUAN)]
    promised: dict[str, Any] = {"category": "counterfeit", "clocks": (clock("respond"),)}
    assert mails(do("extend", "respond", "2027-01-29", text="Chờ hãng.", **promised)) == [("extended", TUAN)]
    with pytest.raises(Refused) as refused:
        do("extend", "respond", "2027-01-29", **promised)
    assert refused.value.code == "no-reason"


def test_a_customer_is_given_more_time_without_an_apology_or_a_reason():
    course = do("extend", "evidence", "2027-01-29", state="awaiting_evidence", clocks=(clock("evidence"),))
    (letter,) = [one for one in course.effects if isinstance(one, WriteMail)]
    assert (letter.template, letter.facts["is_for_customer"]) == ("extended", True)


def test_two_events_of_one_moment_start_a_clock_once():
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=ticket(state="open", clocks=()))
    course.happen("reopened")
    course.happen("evidence-complete")
    started = [effect.clock.name for effect in course.effects if isinstance(effect, StartClock)]
    assert sorted(started) == ["resolve", "respond"]
