"""What to do with one mail: facts, ticket, policy and the present moment in, a decision out. Pure.

`decide_mail` sends nothing and stores nothing; it lists effects. Rules of this module:
- automatic mail is never answered (RFC 3834 §2); a bounce of one of our mails stops the reminders of its ticket;
- a stranger on a ticket is recorded and shown to staff, and never told anything;
- words of staff stay inside;
- a mail from a customer is a new complaint, or more on a running one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tickets import complaints
from tickets.clocks import tell_staff
from tickets.desk import Desk
from tickets.effects import AddParty, Effect, Note, ReceiveMessage, StopClock, WriteMail
from tickets.incoming import Candidates, IncomingMail, Match
from tickets.policy import Policy
from tickets.threading import find_ticket
from tickets.ticket import Party, Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What becomes of a mail, and of the ticket it belongs to."""

    disposition: Literal["message", "automatic", "quarantined"]
    ticket: Ticket | None = None  # before the effects; None for a new one, or where there is none
    effects: tuple[Effect, ...] = ()
    reason: str = ""  # why it is quarantined, in words for staff


def decide_mail(mail: IncomingMail, found: Candidates, policy: Policy, desk: Desk, now: datetime) -> Decision:
    """The decision about a mail that just came."""
    if mail.facts.automatic is not None:
        return _decide_automatic(mail, found, desk)
    if not mail.sender:
        return Decision(disposition="quarantined", reason="the mail names no sender who could be answered")
    match = find_ticket(mail, found, desk)
    if match is None and desk.staff(mail.sender):
        return Decision(disposition="quarantined", reason=f"{mail.sender} is staff, but the mail belongs to no ticket")
    if match is None:
        effects: Iterator[Effect] = complaints.open_ticket(mail, policy, desk, now)
        return Decision(disposition="message", effects=_within_cap(effects, mail))
    effects = _continue(mail, match, policy, desk, now)
    return Decision(disposition="message", ticket=match.ticket, effects=_within_cap(effects, mail))


def _continue(mail: IncomingMail, match: Match, policy: Policy, desk: Desk, now: datetime) -> Iterator[Effect]:
    yield ReceiveMessage(email=mail.sender, name=mail.sender_name, role=match.role, rule=match.rule)
    if match.role == "customer":
        yield from complaints.continue_ticket(mail, match.ticket, policy, desk, now)
    elif match.role == "staff":
        yield from _receive_staff(mail, match, desk)
    else:
        yield from _receive_other(mail, match, desk)


def _receive_staff(mail: IncomingMail, match: Match, desk: Desk) -> Iterator[Effect]:
    """Words of staff go to the colleagues. Where staff wrote to the customer too, no machine reminds or closes."""
    yield Note(event="staff-wrote", data={"by": mail.sender, "trusted": match.is_trusted})
    recipients = {one.email.lower() for one in (*mail.facts.to, *mail.facts.cc)}
    clock = match.ticket.clock("evidence")
    if match.ticket.customer_email in recipients and clock and clock.state == "running":
        yield StopClock(name=clock.name, why="staff wrote to the customer")
    told = tell_staff(match.ticket, desk, "staff-message", {"writer": match.role, "reopened": False})
    yield from (one for one in told if one.to.email != mail.sender)


def _receive_other(mail: IncomingMail, match: Match, desk: Desk) -> Iterator[Effect]:
    if match.ticket.party(mail.sender) is None:
        yield AddParty(party=Party(email=mail.sender, role="unknown", name=mail.sender_name))
    yield from tell_staff(match.ticket, desk, "staff-message", {"writer": match.role, "reopened": False})


def _decide_automatic(mail: IncomingMail, found: Candidates, desk: Desk) -> Decision:
    """RFC 3834 §2: machines are never answered. What they say about a ticket is kept with it."""
    bounce = mail.facts.bounce
    if bounce is not None and found.bounced is not None:
        ticket, recipient = found.bounced
        # A recipient who forwards his mail bounces under the other address; our Message-ID tells whom we wrote to.
        named = [one for one in bounce.recipients if one.email.lower() == recipient] or bounce.recipients
        effects = tuple(
            _receive_bounce(
                ticket, named[0].permanent, named[0].reason, desk, recipient, message_id=bounce.original_message_id
            )
        )
        noted = effects[:1] if found.is_failure_known else effects  # some servers send two notices; staff want one
        return Decision(disposition="automatic", ticket=ticket, effects=noted)
    match = find_ticket(mail, found, desk)
    if match is None or mail.facts.automatic is None:
        return Decision(disposition="automatic")
    note = Note(event="automatic-mail", data={"from": mail.sender, "kind": mail.facts.automatic.kind})
    return Decision(disposition="automatic", ticket=match.ticket, effects=(note,))


def _receive_bounce(
    ticket: Ticket, is_permanent: bool, reason: str, desk: Desk, recipient: str, message_id: str | None = None
) -> Iterator[Effect]:
    data = {"recipient": recipient, "reason": reason, "permanent": is_permanent, "message_id": message_id}
    yield Note(event="bounced", data=data)
    if not is_permanent:
        return
    if recipient == ticket.customer_email:
        # Nobody reads the reminders: closing for silence would punish the customer for a full mailbox.
        for clock in ticket.clocks:
            if clock.state == "running" and clock.name == "evidence":
                yield StopClock(name=clock.name, why="bounced")
    others = (one for one in tell_staff(ticket, desk, "staff-undeliverable", data) if one.to.email != recipient)
    yield from others


def _within_cap(effects: Iterator[Effect], mail: IncomingMail) -> tuple[Effect, ...]:
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


def decide_undeliverable(ticket: Ticket, recipient: str, error: str, desk: Desk) -> tuple[Effect, ...]:
    """What to do when a mail of the ticket was refused for good by the server that was to take it."""
    return tuple(_receive_bounce(ticket, True, error, desk, recipient))
