"""What people of ours write to the customer: their words, as a mail of the case. Pure."""

import re
from collections.abc import Sequence

from parsers.accents import fold
from parsers.agreements import read_agreement
from parsers.facts import Attachment
from tickets.checklist import is_complete
from tickets.course import EVIDENCE, Course
from tickets.effects import Note
from tickets.folding import ANSWERED
from tickets.ticket import Party, State

MOST_ENCLOSED_BYTES = 15 * 1024 * 1024  # of one answer: base64 makes 20 MiB of it, which most servers take
_MOST_WORDS_OF_A_VERDICT = 6  # who says more than "ok em, chị đồng ý" says something
_OURS = "tiepnhan tickets do"  # stands in each notice to staff, and in nothing that is for customers
_APPROVAL = re.compile(r"\b(?:phe duyet|duyet|approved?)\b")


def answer_customer(course: Course, text: str, by: str, name: str, files: Sequence[Attachment] = ()) -> None:
    """The words go to the customer as they are, with the files; a machine says nothing of its own in that mail."""
    course.write_customer("staff-answer", {"text": text.strip(), "by": name or by}, by_hand=True, files=tuple(files))
    note_answer(course, by)


def pass_on(course: Course, text: str, by: Party, files: Sequence[Attachment]) -> None:
    """An answer by mail. It goes nowhere, and its writer is told, where it judges a proposal, has too large files or
    holds our own notice without a mark of where that begins.
    """
    size_bytes = sum(one.size_bytes for one in files)
    has_notice = _OURS in " ".join(text.split())
    if size_bytes > MOST_ENCLOSED_BYTES:
        course.add(Note(event="files-too-large", data={"by": by.email, "size_bytes": size_bytes}))
        course.tell(by, "staff-files-too-large", {"size_bytes": size_bytes, "most_bytes": MOST_ENCLOSED_BYTES})
    elif has_notice or (by.role == "manager" and not files and _is_verdict(text, course.ticket.state)):
        course.add(Note(event="kept-inside", data={"by": by.email}))
        course.tell(by, "staff-kept-inside", {"text": text.strip(), "has_notice": has_notice})
    elif text.strip() or files:
        answer_customer(course, text, by.email, by.name, files)


def _is_verdict(text: str, state: State) -> bool:
    """Whether a manager answers the notice of a proposal as if that approved it: "duyệt", "đồng ý", "không".

    Its first line tells; a signature may stand below.
    """
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    if state != "awaiting_approval" or len(line.split()) > _MOST_WORDS_OF_A_VERDICT:
        return False
    return read_agreement(line) is not None or _APPROVAL.search(fold(line)) is not None


def note_answer(course: Course, by: str) -> None:
    """Somebody wrote to the customer: what was promised to be answered is.

    Where evidence is still awaited, the customer's time begins anew: no machine reminds him right after a person wrote.
    """
    _note(course, by)
    clock = course.ticket.clock(EVIDENCE)
    if course.ticket.state == "awaiting_evidence" and clock and clock.state != "paused":
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
    """Where nothing is missing any more, the case is open; one that waits for somebody else goes on waiting."""
    if not is_complete(course.ticket, course.policy):
        return
    clock = course.ticket.clock(EVIDENCE)
    is_awaited = course.ticket.state == "awaiting_evidence"
    if is_awaited:
        course.move("open", "evidence complete")
    if is_awaited or (clock is not None and clock.is_going):
        course.happen("evidence-complete")
