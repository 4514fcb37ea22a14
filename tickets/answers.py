"""What people of ours write to the customer: their words, as a mail of the case. Pure."""

from tickets.checklist import is_complete
from tickets.course import Course
from tickets.effects import Note
from tickets.folding import ANSWERED


def answer_customer(course: Course, text: str, by: str, name: str) -> None:
    """The words go to the customer as they are; a machine says nothing of its own in that mail."""
    course.write_customer("staff-answer", {"text": text.strip(), "by": name or by}, by_hand=True)
    note_answer(course, by)


def note_answer(course: Course, by: str) -> None:
    """Somebody wrote to the customer: what was promised to be answered is.

    Where evidence is still awaited, the customer's time begins anew: no machine reminds him right after a person wrote.
    """
    _note(course, by)
    clock = course.ticket.clock("evidence")
    if course.ticket.state == "awaiting_evidence" and clock and clock.state == "running":
        course.happen("evidence-missing")


def _note(course: Course, by: str) -> None:
    course.add(Note(event=ANSWERED, data={"by": by}))
    course.happen("answered")


def ask_for_evidence(course: Course, text: str, by: str, **facts: object) -> None:
    """The customer is asked for what is missing, in the words of the policy and of staff; the case waits for it."""
    _note(course, by)
    if course.ticket.state != "awaiting_evidence":
        course.move("awaiting_evidence", "more was asked for")
    course.happen("evidence-missing")
    course.write_customer("evidence-request", {"text": text, **facts}, by_hand=True)


def go_on_if_complete(course: Course) -> None:
    """Where nothing is missing any more, the case is open."""
    if course.ticket.state == "awaiting_evidence" and is_complete(course.ticket, course.policy):
        course.move("open", "evidence complete")
        course.happen("evidence-complete")
