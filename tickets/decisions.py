"""What to do with one mail: facts, ticket, policy and the present moment in, a decision out. Pure.

`decide_mail` sends nothing and stores nothing; it lists effects. Rules of this module:
- automatic mail is never answered (RFC 3834 §2); a bounce of one of our mails stops the reminders of its ticket;
- a stranger on a ticket is recorded and shown to staff, and never told anything;
- words of staff reach the customer only where a token proves that they are theirs;
- a mail from a customer is a new complaint, or more on a running one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parsers.own_words import find_own_files, find_own_words
from tickets import complaints
from tickets.answers import note_answer, pass_on
from tickets.course import Course
from tickets.desk import Desk
from tickets.effects import AddParty, Effect, Note, ReceiveMessage, WriteMail
from tickets.incoming import Candidates, IncomingMail, Match
from tickets.policy import Policy
from tickets.threading import find_ticket
from tickets.ticket import Party, Role, Ticket
from tickets.turns import state_by_evidence

_UNDELIVERABLE = "staff-undeliverable"  # the notice that a mail did not arrive

Aside = Literal["", "no-sender", "suspended", "staff-without-ticket"]  # the rule that sets a mail aside


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What becomes of a mail, and of the ticket it belongs to."""

    disposition: Literal["message", "automatic", "quarantined"]
    ticket: Ticket | None = None  # before the effects; None for a new one, or where there is none
    effects: tuple[Effect, ...] = ()
    reason: Aside = ""


def decide_mail(mail: IncomingMail, found: Candidates, policy: Policy, desk: Desk, now: datetime) -> Decision:
    """The decision about a mail that just came."""
    if mail.facts.automatic is not None:
        return _decide_automatic(mail, found, policy, desk, now)
    if not mail.sender:
        return Decision(disposition="quarantined", reason="no-sender")
    if found.is_suspended:
        return Decision(disposition="quarantined", reason="suspended")
    match = find_ticket(mail, found, desk)
    if match is None and desk.staff(mail.sender):
        return Decision(disposition="quarantined", reason="staff-without-ticket")
    course = Course(policy=policy, desk=desk, now=now, before=match.ticket if match else None)
    if match is None:
        complaints.open_ticket(course, mail)
    else:
        course.add(ReceiveMessage(email=mail.sender, name=mail.sender_name, role=match.role, rule=match.rule))
        _HEAR[match.role](course, mail, match)
    effects = _within_cap(course.effects, mail)
    return Decision(disposition="message", ticket=course.before, effects=effects)


def _hear_customer(course: Course, mail: IncomingMail, match: Match) -> None:
    complaints.continue_ticket(course, mail, is_proven=match.is_proven)


def _hear_staff(course: Course, mail: IncomingMail, match: Match) -> None:
    """Words of staff go to the customer where a token proves that they are theirs; else they are kept, no more.

    Only what they wrote and attached goes out, nothing quoted or forwarded. Where they wrote to the customer
    themselves, he has it.
    """
    course.add(Note(event="staff-wrote", data={"by": mail.sender, "trusted": match.is_trusted}))
    if not match.is_trusted or not course.ticket.customer_email:
        return  # to whom nobody can write by mail, nobody has
    recipients = {one.email.lower() for one in (*mail.facts.to, *mail.facts.cc)}
    if course.ticket.customer_email in recipients:
        note_answer(course, mail.sender)
        return
    writer = course.desk.staff(mail.sender) or Party(email=mail.sender, role="staff", name=mail.sender_name)
    pass_on(course, find_own_words(mail.facts), writer, find_own_files(mail.facts))


def _hear_seller(course: Course, mail: IncomingMail, match: Match) -> None:  # noqa: ARG001
    """The seller answers us, never the customer."""
    is_awaited = course.ticket.state == "awaiting_seller"
    if is_awaited:
        course.move(state_by_evidence(course.ticket, course.policy), "the seller answered")
    if is_awaited or course.is_expected("seller-answered"):  # the customer may have been asked meanwhile
        course.happen("seller-answered")
    course.tell_staff("staff-message", {"writer": match.role, "reopened": False})


def _hear_other(course: Course, mail: IncomingMail, match: Match) -> None:
    if course.ticket.party(mail.sender) is None:
        course.add(AddParty(party=Party(email=mail.sender, role="unknown", name=mail.sender_name)))
    course.tell_staff("staff-message", {"writer": match.role, "reopened": False})


_HEAR: Mapping[Role, Callable[[Course, IncomingMail, Match], None]] = {
    "customer": _hear_customer,
    "staff": _hear_staff,
    "manager": _hear_staff,
    "seller": _hear_seller,
    "unknown": _hear_other,
}


def _decide_automatic(mail: IncomingMail, found: Candidates, policy: Policy, desk: Desk, now: datetime) -> Decision:
    """RFC 3834 §2: machines are never answered. What they say about a ticket is kept with it."""
    bounce = mail.facts.bounce
    if bounce is not None and found.bounced is not None:
        ticket, recipient = found.bounced
        # A recipient who forwards his mail bounces under the other address; our Message-ID tells whom we wrote to.
        named = [one for one in bounce.recipients if one.email.lower() == recipient] or bounce.recipients
        course = Course(policy=policy, desk=desk, now=now, before=ticket)
        _receive_bounce(
            course, named[0].permanent, named[0].reason, recipient, message_id=bounce.original_message_id,
            is_known=found.is_failure_known or found.bounced_kind == _UNDELIVERABLE,
        )  # fmt: skip
        return Decision(disposition="automatic", ticket=ticket, effects=tuple(course.effects))
    match = find_ticket(mail, found, desk)
    if match is None or mail.facts.automatic is None:
        return Decision(disposition="automatic")
    note = Note(event="automatic-mail", data={"from": mail.sender, "kind": mail.facts.automatic.kind})
    return Decision(disposition="automatic", ticket=match.ticket, effects=(note,))


def _receive_bounce(
    course: Course, is_permanent: bool, reason: str, recipient: str, message_id: str | None = None,
    *, is_known: bool = False,  # some servers send two notices, staff want one; of one that came back none
) -> None:  # fmt: skip
    data = {"recipient": recipient, "reason": reason, "permanent": is_permanent, "message_id": message_id}
    course.add(Note(event="bounced", data=data))
    if not is_permanent or is_known:
        return
    if recipient == course.ticket.customer_email:
        # Nobody reads the reminders: to close for silence, or to take it for consent, would punish a full mailbox.
        course.stop_waiting_for_customer("bounced")
    course.tell_staff(_UNDELIVERABLE, data, but=recipient)


def _within_cap(effects: Sequence[Effect], mail: IncomingMail) -> tuple[Effect, ...]:
    """Leave out automatic mails to the sender beyond the cap of the day: two machines must not talk for ever."""
    kept: list[Effect] = []
    left = mail.automatic_left
    for effect in effects:
        if isinstance(effect, WriteMail) and effect.is_automatic and effect.to.email == mail.sender:
            if left <= 0:
                kept.append(Note(event="mail-withheld", data={"template": effect.template, "to": effect.to.email}))
                continue
            left -= 1
        kept.append(effect)
    return tuple(kept)


def decide_undeliverable(
    ticket: Ticket, recipient: str, error: str, policy: Policy, desk: Desk, now: datetime, kind: str = ""
) -> tuple[Effect, ...]:
    """What to do when a mail of the ticket, of template `kind`, was refused for good by the server that was to take it.

    That a notice of such a failure failed itself is told to nobody: two dead addresses would go on for ever.
    """
    course = Course(policy=policy, desk=desk, now=now, before=ticket)
    _receive_bounce(course, True, error, recipient, is_known=kind == _UNDELIVERABLE)
    return tuple(course.effects)
