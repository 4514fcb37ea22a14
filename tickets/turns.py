"""The turns that a case takes, whoever causes them: a mail of the customer, a command, a clock. Pure."""

from tickets.checklist import is_complete
from tickets.course import EVIDENCE, Course
from tickets.effects import MakeOffer, Note
from tickets.policy import Event, Policy
from tickets.replacing import replace
from tickets.ticket import State, Ticket


def state_by_evidence(ticket: Ticket, policy: Policy) -> State:
    """Where a case stands that waits for nothing else.

    Who has no address cannot send anything; and where an outcome was sent in spite of what is missing, nobody waits for
    it unless it was asked for again.
    """
    clock = ticket.clock(EVIDENCE)
    is_asked = bool(ticket.customer_email) and (ticket.rounds == 0 or (clock is not None and clock.is_going))
    return "awaiting_evidence" if is_asked and not is_complete(ticket, policy) else "open"


def evidence_event(state: State) -> Event:
    return "evidence-complete" if state == "open" else "evidence-missing"


def confirm(course: Course, why: str) -> None:
    """The customer takes what he was offered; now it is to be carried out."""
    offer = course.ticket.offer
    assert offer is not None, "only an offer can be confirmed"
    course.add(MakeOffer(offer=replace(offer, state="confirmed")))
    course.move("open", why)
    course.happen("confirmed")
    course.write_customer("confirmed")


def disagree(course: Course, why: str) -> None:
    """The customer does not take the outcome: another answer is due, or the authority is named."""
    course.add(Note(event="disagreed", data={"round": course.ticket.rounds}))
    if course.ticket.offer is not None:
        course.add(MakeOffer(offer=None))
    course.move("open", why)
    course.happen("disagreed")


def reopen(course: Course, why: str) -> State:
    """The case is taken up again; what was offered before is past. The state it has then."""
    if course.ticket.offer is not None:
        course.add(MakeOffer(offer=None))
    state = state_by_evidence(course.ticket, course.policy)
    course.move(state, why)
    course.happen("reopened")
    return state


def tell_words(course: Course, template: str = "staff-message", *, reopened: bool = False, **facts: object) -> None:
    course.tell_staff(template, {"writer": "customer", "reopened": reopened, **facts})
