"""A customer's complaint: opened by his first mail, completed and answered by the following ones. Pure."""

from datetime import datetime

from parsers.agreements import read_agreement
from parsers.facts import Delivered
from tickets.afterwards import hear_afterwards
from tickets.checklist import find_evidence, find_spare, is_complete, wanted_codes
from tickets.claims import judge_claim
from tickets.course import EVIDENCE, Course
from tickets.desk import Desk
from tickets.effects import FillSlot, LearnDetails, OpenTicket, ReceiveMessage
from tickets.incoming import IncomingMail
from tickets.policy import Policy
from tickets.replacing import replace
from tickets.ticket import Channel, Evidence, Party, Ticket
from tickets.turns import confirm, disagree, state_by_evidence, tell_words

OTHER = "other"


def open_ticket(course: Course, mail: IncomingMail) -> None:
    """A new case: what arrived is filed, what is missing asked for, clocks started, staff told."""
    policy = course.policy
    bare = _ticket_of(mail, policy, course.desk)
    evidence = find_evidence(bare, policy, mail.facts, mail.subject.issue, message_no=1)
    state = state_by_evidence(replace(bare, evidence=tuple(evidence)), policy)
    course.add(OpenTicket(ticket=replace(bare, state=state)))
    course.add(ReceiveMessage(email=mail.sender, name=mail.sender_name, role="customer", rule="new"))
    spare = find_spare(mail.facts, evidence, message_no=1)
    course.add(*(FillSlot(evidence=one) for one in (*evidence, *spare)))
    # Our promises count from the receipt of the mail; the customer's time to answer from when he is told.
    # Who was not told, because he gets too much mail from us already, is not reminded either.
    course.happen("opened", since=mail.received_at)
    if state == "open":
        course.happen("evidence-complete", since=mail.received_at)
    if mail.automatic_left > 0:
        if state != "open":
            course.happen("evidence-missing")
        course.write_customer("acknowledgement")
        course.happen("acknowledged")
    course.tell_staff("staff-opened")


def continue_ticket(course: Course, mail: IncomingMail, *, is_proven: bool = True) -> None:
    """More from the customer: codes, evidence, words, an answer to what we offered or asked.

    An offer is about money: consent to it counts at once only where the mail answers one of ours (`is_proven`). Other
    words are for people to judge, as a number in a subject and a From can be anybody's.
    """
    before = course.ticket
    _learn(course, mail)
    evidence = _fill(course, mail)
    if before.state in {"closed", "resolved"}:
        hear_afterwards(course, mail, before, evidence)
    elif not (is_proven and _hear_consent(course, mail)):
        _hear_more(course, before, evidence)


def bare_ticket(
    policy: Policy, *, category: str, language: str, department: str | None, received_at: datetime,
    channel: Channel, customer: Party, phone: str | None = None, customer_code: str | None = None,
    order_code: str | None = None, subject: str = "", delivered: Delivered | None = None,
) -> Ticket:  # fmt: skip
    """A case before anything happened in it."""
    claim = judge_claim(delivered, received_at, policy)
    return Ticket(
        id=0,
        number="",
        version=0,
        state="awaiting_evidence",
        outcome=None,
        category=category,
        customer_code=customer_code,
        order_code=order_code,
        customer_email=customer.email,
        customer_name=customer.name,
        language=language,
        subject=subject,
        received_at=received_at,
        delivered_at=claim.delivered_at,
        is_late=claim.is_late,
        department=department,
        owner=None,
        acknowledged_at=None,
        closed_at=None,
        channel=channel,
        phone=phone,
        messages=0,
        parties=(customer,) if customer.email else (),
        evidence=(),
        clocks=(),
    )


def _ticket_of(mail: IncomingMail, policy: Policy, desk: Desk) -> Ticket:
    subject = mail.subject
    department = desk.department_for(subject.category)
    language = next(one for one in (mail.facts.language, desk.language, *policy.languages) if one in policy.languages)
    statements = mail.facts.statements
    return bare_ticket(
        policy,
        category=subject.category,
        language=language,
        department=department.key if department else None,
        received_at=mail.received_at,
        channel="mail",
        customer=Party(email=mail.sender, role="customer", name=mail.sender_name),
        phone=next(iter(statements.phones), None),
        customer_code=subject.customer_code,
        order_code=subject.order_code,
        subject=subject.base,
        delivered=statements.delivered,
    )


def _learn(course: Course, mail: IncomingMail) -> None:
    """What a later mail says that the first one did not; what is known already is not overwritten, but for a code that
    staff refused.
    """
    ticket, subject = course.ticket, mail.subject
    is_news = ticket.delivered_at is None
    wanted = wanted_codes(ticket, course.policy)
    claim = judge_claim(mail.facts.statements.delivered if is_news else None, ticket.received_at, course.policy)
    learned = LearnDetails(
        category=subject.category if ticket.category == OTHER and subject.category != OTHER else None,
        customer_code=subject.customer_code if "customer_code" in wanted else None,
        order_code=subject.order_code if "order_code" in wanted else None,
        phone=None if ticket.phone else next(iter(mail.facts.statements.phones), None),
        delivered_at=claim.delivered_at,
        is_late=True if claim.is_late else None,
    )
    if learned != LearnDetails():
        course.learn(learned)


def _fill(course: Course, mail: IncomingMail) -> list[Evidence]:
    ticket = course.ticket
    issue = None if mail.subject.reply else mail.subject.issue  # of a reply the subject is ours
    found = find_evidence(ticket, course.policy, mail.facts, issue, message_no=ticket.messages)
    spare = find_spare(mail.facts, found, message_no=ticket.messages)
    course.add(*(FillSlot(evidence=one) for one in (*found, *spare)))
    return found


def _hear_consent(course: Course, mail: IncomingMail) -> bool:
    """Whether the mail says yes or no to an outcome that he is to confirm. Words that are neither are for people."""
    agrees = read_agreement(mail.facts.reply_text) if course.ticket.pending_offer else None
    if agrees:
        confirm(course, "the customer agreed")
        tell_words(course, "staff-confirmed", by_silence=False)
    elif agrees is False:
        disagree(course, "the customer did not agree")
        tell_words(course, "staff-disagreed")
    return agrees is not None


def _hear_more(course: Course, before: Ticket, evidence: list[Evidence]) -> None:
    """Evidence, or an answer. Machines answer evidence with what is still missing; words are for people to answer.

    Both count in whatever state the case is: the seller may have been asked while evidence was still to come.
    """
    clock = before.clock(EVIDENCE)
    is_awaited = before.state == "awaiting_evidence" or (clock is not None and clock.is_going)
    is_done = is_awaited and is_complete(course.ticket, course.policy)
    if before.state == "awaiting_customer" or (before.state == "awaiting_evidence" and is_done):
        why = "the customer answered" if before.state == "awaiting_customer" else "evidence complete"
        course.move(state_by_evidence(course.ticket, course.policy), why)
    if before.state == "awaiting_customer" or course.is_expected("customer-answered"):
        course.happen("customer-answered")
    if is_done:
        course.happen("evidence-complete")
    if evidence and is_awaited:
        course.write_customer("evidence-complete" if is_done else "evidence-received")
    tell_words(course, "staff-complete" if is_done else "staff-message")
