"""What counts as an answer by a person of ours."""

from tests.complaints import DESK, MORNING, POLICY, complete
from tickets.commands import Order, carry_out
from tickets.course import Course
from tickets.ticket import Party, Ticket

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
