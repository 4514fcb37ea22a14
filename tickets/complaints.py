"""A customer's complaint: opened by his first mail, completed by the following ones, answered, judged, opened again."""

import re
from datetime import datetime

from parsers.agreements import read_agreement
from parsers.facts import Delivered
from parsers.plain_answers import is_thanks
from parsers.satisfaction import Satisfaction, read_satisfaction
from tickets.checklist import find_evidence, find_spare, is_complete
from tickets.claims import judge_claim
from tickets.course import EVIDENCE, Course
from tickets.desk import Desk
from tickets.effects import FillSlot, LearnDetails, MakeOffer, Note, OpenTicket, ReceiveMessage, RecordSatisfaction
from tickets.incoming import IncomingMail
from tickets.policy import Event, Policy
from tickets.replacing import replace
from tickets.ticket import Channel, Evidence, Party, State, Ticket

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
        _hear_afterwards(course, mail, before, evidence)
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
    """What a later mail says that the first one did not; what is known already is not overwritten."""
    ticket, subject = course.ticket, mail.subject
    is_news = ticket.delivered_at is None
    claim = judge_claim(mail.facts.statements.delivered if is_news else None, ticket.received_at, course.policy)
    learned = LearnDetails(
        category=subject.category if ticket.category == OTHER and subject.category != OTHER else None,
        customer_code=None if ticket.customer_code else subject.customer_code,
        order_code=None if ticket.order_code else subject.order_code,
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
        _tell_words(course, "staff-confirmed", by_silence=False)
    elif agrees is False:
        disagree(course, "the customer did not agree")
        _tell_words(course, "staff-disagreed")
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
    _tell_words(course, "staff-complete" if is_done else "staff-message")


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


def _hear_afterwards(course: Course, mail: IncomingMail, before: Ticket, evidence: list[Evidence]) -> None:
    """After the outcome: a judgement, disagreement, or words that open the case again."""
    judged = _judgement(course, mail, evidence)
    is_too_late = before.closed_at is not None and not _may_reopen(course, before.closed_at)
    if judged is not None:
        _hear_judgement(course, judged, is_too_late=is_too_late)
    elif before.state == "resolved" and read_agreement(mail.facts.reply_text) is False:
        disagree(course, "the customer did not agree")
        _tell_words(course, "staff-disagreed")
    elif not evidence and _takes_it(course, mail):
        _tell_words(course)  # nothing is taken up again
    elif is_too_late:
        _stay_closed(course)
    else:
        _reopen(course, evidence, was_closed=before.is_closed)


def _takes_it(course: Course, mail: IncomingMail) -> bool:
    """Whether the customer takes the outcome, or thanks for it."""
    text = _without_our_names(course, mail)
    return bool(read_agreement(text)) or (course.ticket.rounds > 0 and is_thanks(text))


def _without_our_names(course: Course, mail: IncomingMail) -> str:
    """Without them "Hài lòng, cảm ơn Borzo" is as plain an answer as "Hài lòng, cảm ơn"."""
    names = "|".join(map(re.escape, (course.policy.name, *course.policy.codes.brands)))
    return re.sub(rf"\b(?:{names})\b", " ", mail.facts.reply_text, flags=re.IGNORECASE)


def _judgement(course: Course, mail: IncomingMail, evidence: list[Evidence]) -> Satisfaction | None:
    """What he says of the outcome, where the policy asks for it and there is one to judge.

    Before he was asked, "ok" and "vâng" say that he read it: they are no 5 of 5, and end nothing.
    """
    is_asked = course.policy.follow_up.asks_satisfaction and course.ticket.rounds > 0
    text = _without_our_names(course, mail)
    judged = read_satisfaction(text) if is_asked and not evidence else None
    is_mere_yes = judged is not None and judged.score is None and bool(read_agreement(text))
    return None if is_mere_yes and not _was_asked(course) else judged


def _was_asked(course: Course) -> bool:
    """Whether the follow-up came already: a step of a clock that began with the outcome."""
    rules = ((one, course.policy.clock(one.name, course.ticket.category)) for one in course.ticket.clocks)
    return any(one.stepped_to is not None and rule is not None and "resolved" in rule.starts for one, rule in rules)


def _hear_judgement(course: Course, judged: Satisfaction, *, is_too_late: bool) -> None:
    score = judged.score or (5 if judged.is_satisfied else 1)
    course.add(RecordSatisfaction(score=score, words=judged.words))
    if not judged.is_satisfied and is_too_late:
        _stay_closed(course)
    elif not judged.is_satisfied:
        disagree(course, "the customer is not satisfied")
        _tell_words(course, "staff-disagreed")
    elif course.ticket.state == "resolved":
        course.close("the customer is satisfied")
        course.write_customer("follow-up-thanks")
        _tell_words(course, "staff-satisfied", score=score)


def _may_reopen(course: Course, closed_at: datetime) -> bool:
    within = course.policy.follow_up.reopen_within
    return within is None or course.now <= course.policy.time.add(closed_at, within)


def _stay_closed(course: Course) -> None:
    course.add(Note(event="too-late-to-reopen"))
    _tell_words(course)


def reopen(course: Course, why: str) -> State:
    """The case is taken up again; what was offered before is past. The state it has then."""
    if course.ticket.offer is not None:
        course.add(MakeOffer(offer=None))
    state = state_by_evidence(course.ticket, course.policy)
    course.move(state, why)
    course.happen("reopened")
    return state


def _reopen(course: Course, evidence: list[Evidence], *, was_closed: bool) -> None:
    """Evidence sets the clocks going again. Words alone ("cảm ơn shop") are for staff to read: nobody is reminded."""
    state = reopen(course, "the customer wrote again")
    if evidence or state == "open":
        course.happen(evidence_event(state))
    if evidence:
        course.write_customer("evidence-complete" if state == "open" else "evidence-received")
    is_news = state == "open" and bool(evidence)
    _tell_words(course, "staff-complete" if is_news else "staff-message", reopened=was_closed)


def _tell_words(course: Course, template: str = "staff-message", *, reopened: bool = False, **facts: object) -> None:
    course.tell_staff(template, {"writer": "customer", "reopened": reopened, **facts})
