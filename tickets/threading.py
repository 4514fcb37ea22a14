"""To which ticket a mail belongs: the rules of threading, tried in order, the first that fires wins (DESIGN.md §6).

A stranger never joins a ticket by its number alone; by a Message-ID of ours he joins as an unknown party.
"""

from collections.abc import Callable

from tickets.desk import Desk
from tickets.incoming import Candidates, IncomingMail, Match
from tickets.ticket import Role, Ticket


def by_token(mail: IncomingMail, found: Candidates, desk: Desk) -> Ticket | None:  # noqa: ARG001
    """A recipient address carries a reply token signed by us."""
    return found.by_token


def by_reference(mail: IncomingMail, found: Candidates, desk: Desk) -> Ticket | None:
    """In-Reply-To or References name a message of the ticket (RFC 5322 §3.6.4); one of ours proves that he has it."""
    known = (one for one in found.by_their_reference if role_in(one, mail.sender, desk) != "unknown")
    return next(iter((*found.by_reference, *known)), None)


def by_number(mail: IncomingMail, found: Candidates, desk: Desk) -> Ticket | None:
    """The subject names the ticket, and the sender has to do with it already."""
    ticket = found.by_number
    return ticket if ticket and role_in(ticket, mail.sender, desk) != "unknown" else None


def by_order(mail: IncomingMail, found: Candidates, desk: Desk) -> Ticket | None:  # noqa: ARG001
    """The same sender with the same order, while the ticket waits for evidence: people send a new mail to reply."""
    order = mail.subject.order_code
    customer = mail.subject.customer_code
    for ticket in found.by_sender:
        is_same_customer = customer is None or ticket.customer_code in {None, customer}
        if order and ticket.order_code == order and is_same_customer and ticket.state == "awaiting_evidence":
            return ticket
    return None


Rule = Callable[[IncomingMail, Candidates, Desk], Ticket | None]
RULES: tuple[Rule, ...] = (by_token, by_reference, by_number, by_order)


def find_ticket(mail: IncomingMail, found: Candidates, desk: Desk) -> Match | None:
    """The ticket that the mail belongs to, with the rule that found it; None for a new complaint."""
    for rule in RULES:
        ticket = rule(mail, found, desk)
        if ticket is not None:
            token = mail.token
            is_trusted = token is not None and (token.number, token.email) == (ticket.number, mail.sender)
            role = role_in(ticket, mail.sender, desk)
            is_proven = is_trusted or ticket in found.by_reference
            return Match(ticket=ticket, rule=rule.__name__, role=role, is_trusted=is_trusted, is_proven=is_proven)
    return None


def role_in(ticket: Ticket, email: str, desk: Desk) -> Role:
    """What somebody is in a ticket: staff by the config, others by being a party."""
    if desk.staff(email):
        return "staff"
    party = ticket.party(email)
    return party.role if party else "unknown"
