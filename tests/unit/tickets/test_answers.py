"""What counts as an answer by a person of ours, and what of it the customer reads."""

import pytest

from tests.complaints import DESK, MORNING, POLICY, TUAN, complete, photo
from tickets.answers import pass_on
from tickets.commands import Order, carry_out
from tickets.course import Course
from tickets.effects import WriteMail
from tickets.ticket import Party, State, Ticket

LAN = Party(email="lan@hakago.example", role="staff", name="Lan")


def after(command: str, *arguments: str) -> Ticket:
    course = Course(policy=POLICY, desk=DESK, now=MORNING, before=complete())
    carry_out(course, [Order(name=command, arguments=arguments, text="Chào Quý khách.", by=LAN)])
    return course.ticket


def test_asking_for_evidence_is_an_answer():
    asked = after("request", "invoice")
    respond = asked.clock("respond")
    assert (asked.state, asked.answered_at) == ("awaiting_evidence", MORNING)
    assert respond is not None
    assert respond.state == "stopped"


def test_a_note_is_none():
    assert after("note").answered_at is None


WITH_SIGNATURE = "Duyệt em nhé\n\nHoa\nTrưởng bộ phận CSKH\nHotline 1900 1234"


def written(text: str, state: State, *files: str) -> list[tuple[str, str]]:
    course = Course(policy=POLICY, desk=DESK, now=MORNING, before=complete(state=state))
    pass_on(course, text, LAN, [photo(name) for name in files])
    return [(one.template, one.to.email) for one in course.effects if isinstance(one, WriteMail)]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("ok", "open"),
        ("Ok em, đồng ý", "open"),
        ("không", "awaiting_evidence"),
        ("Duyệt", "awaiting_approval"),
        (WITH_SIGNATURE, "awaiting_approval"),
        ("Không phê duyệt", "awaiting_approval"),
        ("ok\n\nHoa\nTrưởng bộ phận CSKH\nHotline 1900 1234", "awaiting_approval"),
    ],
)
def test_a_mere_yes_or_no_is_meant_for_colleagues(text: str, state: State):
    assert written(text, state) == [("staff-kept-inside", LAN.email)]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Dạ được ạ, ngày mai shop gửi áo mới cho anh.", "open"),
        ("Shop đã nhận được, cảm ơn anh.", "open"),
        ("Chào anh Tuấn", "open"),
        (WITH_SIGNATURE, "open"),
        ("Chào anh,\nHồ sơ đang chờ quản lý duyệt.", "awaiting_approval"),
    ],
)
def test_a_sentence_is_for_the_customer(text: str, state: State):
    assert written(text, state) == [("staff-answer", TUAN)]


def test_files_are_for_the_customer_whatever_is_said_with_them():
    assert written("ok", "open", "phiếu.jpg") == [("staff-answer", TUAN)]
