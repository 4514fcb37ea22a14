"""What would happen until some moment if nobody did anything: by the code that does it, in memory only.

Clocks wake in the order in which they will, each at its moment; what is overdue already wakes at once, and so does
every clock after the policy file changed. Tickets of one customer are played together, because a day's automatic mails
to an address are counted over all of them. A template that cannot be filled in is told in the place of the mail.

Nothing is known of mails that come meanwhile, of those that were not taken in yet, and of servers that fail; the hourly
bound over all automatic mails is left out: it makes mails wait, and takes none away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from intake.cases.happenings import Happening, Notebook, Threads, tell_queued
from intake.clerk import Clerk
from responders.rendering import BrokenTemplate
from store.upcoming import CustomerAhead, Upcoming
from tickets.clocks import decide_clock
from tickets.desk import Desk
from tickets.policy import Policy
from tickets.ticket import Ticket

DAY = timedelta(days=1)

_Waking = tuple[datetime, int, str]  # when, id of the ticket, name of the clock


class Rehearsal:
    """Plays from `now` until `until`."""

    def __init__(
        self,
        *,
        upcoming: Upcoming,
        clerk: Clerk,
        policy: Policy,
        desk: Desk,
        automatic_per_day: int,  # to one address
        is_policy_new: bool,  # clocks were wound by another file
        now: datetime,
        until: datetime,
    ) -> None:
        self._upcoming = upcoming
        self._clerk = clerk
        self._policy = policy
        self._desk = desk
        self._automatic_per_day = automatic_per_day
        self._is_policy_new = is_policy_new
        self._now = now
        self._until = until

    def play(self, number: str | None = None) -> Iterator[Happening]:
        """What waits in the outbox; then what will be, ticket by ticket, each in order. All, or of one ticket.

        Raises LookupError where there is no ticket of that number, StoreError.
        """
        only = self._upcoming.customer_of(number) if number else None
        if number and only is None:
            raise LookupError(number)
        yield from (tell_queued(mail, self._now) for mail in self._upcoming.queued(self._until, number))
        until = None if self._is_policy_new else self._until
        for customer in self._upcoming.customers(until, self._now - DAY, only):
            found = _CustomerPlay(self, customer).play()
            yield from (one for one in found if number in {None, one.ticket})

    def awake(self, ticket: Ticket) -> Ticket:
        """After the policy changed, every clock looks at once for its next step."""
        if not self._is_policy_new:
            return ticket
        clocks = (
            replace(one, wakes_at=self._now) if one.wakes_at and one.wakes_at > self._now else one
            for one in ticket.clocks
        )
        return replace(ticket, clocks=tuple(clocks))

    def next_moments(self, ticket: Ticket) -> Iterator[_Waking]:
        for one in ticket.clocks:
            if one.wakes_at is not None and one.wakes_at <= self._until:
                yield (one.wakes_at, ticket.id, one.name)

    def take(self, ticket: Ticket, name: str, automatic: list[datetime], book: Notebook) -> Ticket:
        """One clock wakes; the ticket after it. Raises BrokenTemplate."""
        left = self._automatic_per_day - sum(at > book.now - DAY for at in automatic)
        effects = decide_clock(ticket, name, self._policy, self._desk, book.now, left)
        return self._clerk.carry_out(book, ticket, effects) if effects else ticket

    def open_book(self, wakes_at: datetime, threads: Threads) -> Notebook:
        zone = self._policy.time.zone
        return Notebook(max(wakes_at, self._now).astimezone(zone), self._upcoming, threads)


class _CustomerPlay:
    """The tickets of one customer, from wake-up to wake-up."""

    def __init__(self, rehearsal: Rehearsal, customer: CustomerAhead) -> None:
        self._rehearsal = rehearsal
        self._tickets = {one.id: rehearsal.awake(one) for one in customer.tickets}
        self._automatic = list(customer.automatic)
        self._happenings: dict[int, list[Happening]] = {key: [] for key in self._tickets}
        self._threads: Threads = {}

    def play(self) -> Iterable[Happening]:
        """By ticket, and in order of time."""
        waking = [one for ticket in self._tickets.values() for one in self._rehearsal.next_moments(ticket)]
        heapify(waking)
        while waking:
            at, key, name = heappop(waking)
            clock = self._tickets[key].clock(name)
            if clock is not None and clock.wakes_at == at:  # else it was stopped, or put off, meanwhile
                for one in self._wake(at, key, name):
                    heappush(waking, one)
        return [one for key in self._tickets for one in self._happenings[key]]

    def _wake(self, at: datetime, key: int, name: str) -> set[_Waking]:
        """One clock; the moments of this ticket that are new by it."""
        ticket = self._tickets[key]
        book = self._rehearsal.open_book(at, self._threads)
        try:
            after = self._rehearsal.take(ticket, name, self._automatic, book)
        except BrokenTemplate as error:
            told = Happening(at=book.now, ticket=ticket.number, event="broken", why=str(error))
            self._happenings[key].append(told)
            return set()
        self._tickets[key] = after
        self._automatic += [book.now for email in book.automatic if email == after.customer_email]
        self._happenings[key] += book.happenings
        return {*self._rehearsal.next_moments(after)} - {*self._rehearsal.next_moments(ticket)}
