"""A complaint that somebody brought by phone or to the counter, as staff wrote it down. Pure.

What staff wrote is read like a customer's mail: codes, the kind of complaint, which parts are missing, when the parcel
came. The same clocks run. Differences: whoever is on the phone or at the counter has been acknowledged already; where
he has no address nobody can ask him by mail, so the case does not wait for evidence but is open for staff at once; and
what is settled while he is there is told as settled, not as received.
"""

from dataclasses import dataclass, replace

from parsers.facts import Delivered, MailFacts, SubjectFacts
from tickets.answers import note_answer
from tickets.checklist import find_evidence
from tickets.commands.orders import Order
from tickets.commands.outcomes import find_rule, make_offer
from tickets.commands.refusals import Refused
from tickets.complaints import bare_ticket
from tickets.course import Course
from tickets.effects import EnterMessage, FillSlot, MakeOffer, Note, OpenTicket
from tickets.ticket import Channel, Party, State, Ticket
from tickets.turns import evidence_event, state_by_evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What staff wrote down."""

    channel: Channel
    customer: Party  # the address is empty where he has none
    phone: str | None
    language: str  # of mails to him
    said: MailFacts  # as if he had written it
    subject: SubjectFacts
    delivered: Delivered | None


def enter_complaint(course: Course, entry: Entry, by: Party) -> None:
    """A new case: the customer is told what is known and missing, the other members of staff that it is there."""
    state = _open(course, entry)
    course.happen("opened")
    course.happen(evidence_event(state))
    course.write_customer("acknowledgement")
    course.happen("acknowledged")
    course.tell_staff("staff-opened", but=by.email)


def enter_settled(course: Course, entry: Entry, order: Order) -> None:
    """A complaint that was settled while the customer was there: `order` names the outcome and the words agreed on.

    Where the outcome is still to be carried out (the customer confirms it first, by the policy), the case stays open
    for that. Raises Refused.
    """
    _open(course, entry)
    course.happen("opened")
    course.happen("acknowledged")
    rule = find_rule(course, order)
    if rule.needs_approval and order.by.role != "manager":
        raise Refused("needs-approval", outcome=rule.key)
    offer = make_offer(course, order, rule, state="sent")
    course.add(MakeOffer(offer=offer), Note(event="settled", data={"outcome": rule.key, "text": offer.text}))
    note_answer(course, order.by.email)
    if rule.needs_confirmation:
        course.add(MakeOffer(offer=replace(offer, state="confirmed")))
        course.move("open", "the customer agreed on the spot")
        course.happen("confirmed")
        course.write_customer("confirmed")
        course.tell_staff("staff-opened", but=order.by.email)
        return
    course.move("resolved", "settled on the spot", rule.outcome)
    course.happen("resolved")
    course.write_customer(rule.template, {"text": offer.text}, by_hand=True)
    if not _is_followed_up(course.ticket):
        course.close("settled on the spot")


def _open(course: Course, entry: Entry) -> State:
    """The case with what was said in it; the state that it has for a start."""
    bare = _ticket_of(entry, course)
    evidence = find_evidence(bare, course.policy, entry.said, entry.subject.issue, message_no=1)
    known = replace(bare, evidence=tuple(evidence))
    state = state_by_evidence(known, course.policy)
    course.add(OpenTicket(ticket=replace(bare, state=state, acknowledged_at=course.now)))
    course.add(
        EnterMessage(
            email=entry.customer.email,
            name=entry.customer.name,
            role="customer",
            channel=entry.channel,
            subject=entry.subject.base,
            text=entry.said.reply_text,
        )
    )
    course.add(*(FillSlot(evidence=one) for one in evidence))
    return state


def _ticket_of(entry: Entry, course: Course) -> Ticket:
    slug = entry.subject.category
    if course.policy.category(slug) is None:
        known = ", ".join(one.slug for one in course.policy.categories)
        raise Refused("unknown-value", what="category", value=slug, known=known)
    department = course.desk.department_for(slug)
    return bare_ticket(
        course.policy,
        category=slug,
        language=entry.language,
        department=department.key if department else None,
        received_at=course.now,
        channel=entry.channel,
        customer=entry.customer,
        phone=entry.phone,
        customer_code=entry.subject.customer_code,
        order_code=entry.subject.order_code,
        subject=entry.subject.base,
        delivered=entry.delivered,
    )


def _is_followed_up(ticket: Ticket) -> bool:
    """Whether the policy asks the customer afterwards, and he can be asked."""
    return bool(ticket.customer_email) and any(clock.wakes_at for clock in ticket.clocks)
