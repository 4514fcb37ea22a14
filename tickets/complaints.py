"""A customer's complaint: opened by his first mail, completed by the following ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from tickets.checklist import find_evidence, is_complete
from tickets.claims import judge_claim
from tickets.clocks import start_clocks, stop_clocks, tell_staff
from tickets.desk import Desk
from tickets.effects import (
    ChangeState,
    Effect,
    FillSlot,
    LearnDetails,
    OpenTicket,
    ReceiveMessage,
    StartClock,
    WriteMail,
    fold,
)
from tickets.incoming import IncomingMail
from tickets.policy import Policy
from tickets.ticket import Evidence, Party, State, Ticket

OTHER = "other"


def open_ticket(mail: IncomingMail, policy: Policy, desk: Desk, now: datetime) -> Iterator[Effect]:
    """A new case: what arrived is filed, what is missing asked for, clocks started, staff told."""
    bare = _new_ticket(mail, policy, desk)
    evidence = find_evidence(bare, policy, mail.facts, mail.subject.issue, message_no=1)
    ticket = replace(bare, evidence=tuple(evidence))
    state: State = "open" if is_complete(ticket, policy) else "awaiting_evidence"
    yield OpenTicket(ticket=replace(bare, state=state))
    yield ReceiveMessage(email=mail.sender, name=mail.sender_name, role="customer", rule="new")
    yield from (FillSlot(evidence=one) for one in evidence)
    # Our promises count from the receipt of the mail; the customer's time to answer from when he is told.
    # Who was not told, because he gets too much mail from us already, is not reminded either.
    events = [("opened", mail.received_at), *([(_evidence_event(state), now)] if mail.automatic_left > 0 else [])]
    started = [clock for event, start in events for clock in start_clocks(event, policy, start)]
    yield from started
    if mail.automatic_left > 0:
        yield WriteMail(template="acknowledgement", to=ticket.parties[0], audience="customer", is_automatic=True)
        yield from stop_clocks("acknowledged", _with_clocks(ticket, started), policy)
    yield from tell_staff(ticket, desk, "staff-opened", {})


def continue_ticket(mail: IncomingMail, ticket: Ticket, policy: Policy, desk: Desk, now: datetime) -> Iterator[Effect]:
    """More from the customer: codes, evidence, words; a closed case is opened again."""
    was_waiting = ticket.state == "awaiting_evidence"
    learned = _learn(mail, ticket, policy)
    evidence = _new_evidence(mail, ticket, learned, policy)
    effects: list[Effect] = [*learned, *(FillSlot(evidence=one) for one in evidence)]
    yield from effects
    after = fold(ticket, effects, now)
    if ticket.is_closed:
        yield from _reopen(after, policy, now, has_evidence=bool(evidence))
    elif was_waiting and is_complete(after, policy):
        yield from _complete(after, policy, now)
    if evidence and (was_waiting or ticket.is_closed):
        # Machines answer evidence with what is still missing; words are for people to answer.
        template = "evidence-complete" if is_complete(after, policy) else "evidence-received"
        yield WriteMail(template=template, to=_customer(ticket), audience="customer", is_automatic=True)
    is_news = was_waiting or (ticket.is_closed and bool(evidence))
    told = "staff-complete" if is_news and is_complete(after, policy) else "staff-message"
    yield from tell_staff(after, desk, told, {"writer": "customer", "reopened": ticket.is_closed})


def _new_ticket(mail: IncomingMail, policy: Policy, desk: Desk) -> Ticket:
    subject = mail.subject
    department = desk.department_for(subject.category)
    language = next(one for one in (mail.facts.language, desk.language, *policy.languages) if one in policy.languages)
    customer = Party(email=mail.sender, role="customer", name=mail.sender_name)
    claim = judge_claim(mail.facts.statements.delivered, mail.received_at, policy)
    return Ticket(
        id=0,
        number="",
        version=0,
        state="awaiting_evidence",
        outcome=None,
        category=subject.category,
        customer_code=subject.customer_code,
        order_code=subject.order_code,
        customer_email=mail.sender,
        customer_name=mail.sender_name,
        language=language,
        subject=subject.base,
        received_at=mail.received_at,
        delivered_at=claim.delivered_at,
        is_late=claim.is_late,
        department=department.key if department else None,
        owner=None,
        acknowledged_at=None,
        closed_at=None,
        messages=0,
        parties=(customer,),
        evidence=(),
        clocks=(),
    )


def _learn(mail: IncomingMail, ticket: Ticket, policy: Policy) -> list[LearnDetails]:
    """What a later mail says that the first one did not; what is known already is not overwritten."""
    subject = mail.subject
    is_news = ticket.delivered_at is None
    claim = judge_claim(mail.facts.statements.delivered if is_news else None, ticket.received_at, policy)
    learned = LearnDetails(
        category=subject.category if ticket.category == OTHER and subject.category != OTHER else None,
        customer_code=None if ticket.customer_code else subject.customer_code,
        order_code=None if ticket.order_code else subject.order_code,
        delivered_at=claim.delivered_at,
        is_late=True if claim.is_late else None,
    )
    return [learned] if learned != LearnDetails() else []


def _new_evidence(mail: IncomingMail, ticket: Ticket, learned: list[LearnDetails], policy: Policy) -> list[Evidence]:
    known = fold(ticket, learned, mail.received_at)
    return find_evidence(known, policy, mail.facts, mail.subject.issue, message_no=ticket.messages + 1)


def _complete(ticket: Ticket, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield ChangeState(state="open", why="evidence complete", at=now)
    yield from stop_clocks("evidence-complete", ticket, policy)
    yield from start_clocks("evidence-complete", policy, now)


def _reopen(ticket: Ticket, policy: Policy, now: datetime, *, has_evidence: bool) -> Iterator[Effect]:
    """Evidence sets the clocks going again. Words alone ("cảm ơn shop") are for staff to read: nobody is reminded."""
    state: State = "open" if is_complete(ticket, policy) else "awaiting_evidence"
    yield ChangeState(state=state, why="the customer wrote again", at=now)
    if has_evidence or state == "open":
        yield from start_clocks(_evidence_event(state), policy, now)


def _evidence_event(state: State) -> str:
    return "evidence-complete" if state == "open" else "evidence-missing"


def _with_clocks(ticket: Ticket, started: list[StartClock]) -> Ticket:
    return replace(ticket, clocks=tuple(one.clock for one in started))


def _customer(ticket: Ticket) -> Party:
    found = ticket.party(ticket.customer_email)
    assert found is not None, "the customer is a party of his ticket"
    return found
