"""Runs the steps of clocks that are due: decided by the rules, carried out in one transaction for many.

Where somebody else changes one of the tickets at the same moment, the whole batch is read and decided again.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from intake.workplace import Workplace
from responders.rendering import BrokenTemplate
from store.casebook import open_casebook
from store.clock_queue import ClockQueue, DueClock
from store.errors import StaleTicket
from tickets.clocks import decide_clock

ATTEMPTS = 5  # where another process changes a ticket at the same time
BATCH_CLOCKS = 200
LONG_UNSENT = timedelta(hours=1)  # a mail that waits longer does so because a server is down
LEASE = timedelta(minutes=15)  # a step whose mail cannot be written is tried again then

_log = logging.getLogger(__name__)


class Clockwork:
    """Works off the clocks."""

    def __init__(self, place: Workplace, queue: ClockQueue) -> None:
        self._place = place
        self._queue = queue

    def work(self) -> int:
        """Take the steps that are due, one batch; how many clocks woke. Raises StoreError."""
        now = self._place.now()
        due = self._queue.claim_due(now, BATCH_CLOCKS, LEASE, self._place.worker)
        if not due:
            return 0
        for attempt in range(ATTEMPTS):
            try:
                self._strike(due, now)
                break
            except StaleTicket:
                if attempt + 1 == ATTEMPTS:
                    raise
        return len(due)

    def _strike(self, due: Sequence[DueClock], now: datetime) -> None:
        place = self._place
        with open_casebook(place.database, place.policy, now) as book:
            book.read_tickets({one.ticket_id for one in due})
            unsent = book.read_unsent(now - LONG_UNSENT)
            for one in due:
                if not book.is_loaded(one.ticket_id):
                    continue
                ticket = book.current(one.ticket_id)
                left = place.automatic_per_day - book.automatic_mails(ticket.customer_email)
                effects = decide_clock(ticket, one.name, place.policy, place.desk, now, left, unsent.get(one.ticket_id))
                if not effects:
                    continue
                try:
                    place.clerk.carry_out(book, ticket, effects)
                except BrokenTemplate as error:
                    _log.error("%s: the step of the clock %s waits: %s", ticket.number, one.name, error)
