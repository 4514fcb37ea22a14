"""What staff do by hand: commands on a ticket and new cases, decided by the rules and carried out in one transaction.

The mails that a command writes lie in the outbox with it; the daemon sends them within a minute, `run --once` at once.
A command that is refused, or whose mail cannot be written, changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.assembly import make_desk, make_tokens, make_voice
from intake.cases.handouts import Handouts, Kind
from intake.clerk import Clerk
from intake.settings.config import Config
from store.casebook import Casebook, open_casebook
from store.database import Database
from store.errors import StaleTicket
from tickets.commands import Order, Refused, carry_out
from tickets.course import Course
from tickets.desk import Desk
from tickets.effects import Effect, EnterMessage, WriteMail
from tickets.entries import Entry, enter_complaint, enter_settled
from tickets.policy import Policy
from tickets.ticket import Party, Ticket

ATTEMPTS = 5  # where another process changes the ticket at the same time


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What a command did."""

    ticket: Ticket  # afterwards
    effects: tuple[Effect, ...]
    paper: bytes | None = None  # for the customer to take along, as PDF

    @property
    def letters(self) -> tuple[WriteMail, ...]:
        return tuple(effect for effect in self.effects if isinstance(effect, WriteMail))


class Casework:
    """Changes tickets for staff."""

    def __init__(self, config: Config, policy: Policy, database: Database, now: Callable[[], datetime]) -> None:
        self._config = config
        self._policy = policy
        self._database = database
        self._now = now
        self.desk: Desk = make_desk(config, policy)
        self._clerk = Clerk(make_voice(config, policy, self.desk, make_tokens(config, database)))

    def person(self, email: str) -> Party:
        """The member of staff with this address. Raises Refused."""
        found = self.desk.staff(email.lower())
        if found is None:
            known = ", ".join(one.email for one in self.desk.everybody()) or "–"
            raise Refused("not-staff", email=email, known=known)
        return found

    def do(self, number: str, orders: Sequence[Order]) -> Done:
        """Carry orders of one person out, all or none. Raises Refused, BrokenTemplate, StoreError."""

        def decide(book: Casebook) -> Done:
            ticket = book.find(number)
            if ticket is None:
                raise Refused("no-ticket", number=number)
            course = self._course(book, ticket)
            carry_out(course, orders)
            return self._record(book, course, orders[0].by)

        return self._attempt(decide)

    def enter(self, entry: Entry, by: Party, *, print_receipt: bool = False) -> Done:
        """A complaint by phone or at the counter. Raises Refused, BrokenTemplate, StoreError, OSError."""

        def decide(book: Casebook) -> Done:
            course = self._course(book, None)
            enter_complaint(course, entry, by)
            return self._record(book, course, by, "receipt" if print_receipt else None)

        return self._attempt(decide)

    def enter_settled(self, entry: Entry, order: Order) -> Done:
        """A complaint that was settled on the spot; its minutes stay in the file. Raises as `enter`."""

        def decide(book: Casebook) -> Done:
            course = self._course(book, None)
            enter_settled(course, entry, order)
            return self._record(book, course, order.by, "minutes")

        return self._attempt(decide)

    def _course(self, book: Casebook, ticket: Ticket | None) -> Course:
        return Course(policy=self._policy, desk=self.desk, now=book.now, before=ticket)

    def _record(self, book: Casebook, course: Course, by: Party, handout: Kind | None = None) -> Done:
        after = self._clerk.carry_out(book, course.before, course.effects, actor=by.email)
        effects = tuple(course.effects)
        paper = self._hand_out(book, after, effects, by, handout) if handout else None
        return Done(ticket=after, effects=effects, paper=paper)

    def _hand_out(self, book: Casebook, ticket: Ticket, effects: Sequence[Effect], by: Party, kind: Kind) -> bytes:
        """The paper that is made of the case, kept in its file."""
        handouts = Handouts(self._config, self._policy, self.desk, self._database)
        said = next(effect for effect in effects if isinstance(effect, EnterMessage))
        print_paper = handouts.print_receipt if kind == "receipt" else handouts.print_minutes
        paper = print_paper(ticket, said, by, book.now)
        self._clerk.carry_out(book, ticket, [handouts.keep(kind, paper, ticket)], actor=by.email)
        return paper

    def _attempt(self, decide: Callable[[Casebook], Done]) -> Done:
        """The rules look again where somebody else was faster."""
        for attempt in range(ATTEMPTS):
            try:
                with open_casebook(self._database, self._policy, self._now()) as book:
                    return decide(book)
            except StaleTicket:
                if attempt + 1 == ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")
