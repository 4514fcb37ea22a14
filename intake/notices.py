"""Tells staff, once, what needs a human: mails that cannot be delivered, mails in quarantine, the breaker.

A notice whose template is broken is told after the fix; it stops nothing else.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from intake.workplace import Workplace
from responders.rendering import BrokenTemplate
from store.casebook import Casebook, open_casebook
from store.outbox import FailedDelivery, Outbox
from store.quarantine import Quarantine, QuarantinedMail
from tickets.decisions import decide_undeliverable

ERROR_CHARACTERS = 500

_log = logging.getLogger(__name__)


class Notices:
    """Looks after what went wrong."""

    def __init__(self, place: Workplace, outbox: Outbox, quarantine: Quarantine) -> None:
        self._place = place
        self._outbox = outbox
        self._quarantine = quarantine

    def work(self) -> int:
        """Write what staff have not been told yet; how many things they are told now. Raises StoreError."""
        failures = self._outbox.untold_failures()
        set_aside = self._quarantine.read(only_untold=True)
        is_breaker_open = self._outbox.is_breaker_open(self._place.now())
        if not failures and not set_aside and not is_breaker_open:
            return 0
        with open_casebook(self._place.database, self._place.policy, self._place.now()) as book:
            told = sum(_attempt(partial(self._tell_failure, book, failure)) for failure in failures)
            told += sum(_attempt(partial(self._tell_quarantine, book, mail)) for mail in set_aside)
            return told + (_attempt(partial(self._tell_breaker, book)) if is_breaker_open else 0)

    def _tell_failure(self, book: Casebook, failure: FailedDelivery) -> int:
        if failure.ticket_id is not None:  # else a letter to staff: telling staff by another letter would not end
            book.read_tickets([failure.ticket_id])
        if failure.ticket_id is not None and book.is_loaded(failure.ticket_id):
            ticket = book.current(failure.ticket_id)
            place = self._place
            effects = decide_undeliverable(
                ticket, failure.recipient, failure.error, place.policy, place.desk, place.now(), failure.kind
            )
            self._place.clerk.carry_out(book, ticket, effects)
        book.mark_failures_told([failure.mail_id])
        return 1

    def _tell_quarantine(self, book: Casebook, mail: QuarantinedMail) -> int:
        key = f"{mail.mail_id}.{mail.at.isoformat()}"
        self._write_letters(book, "staff-quarantine", quarantine_facts(mail), key)
        book.mark_quarantine_told([mail.mail_id])
        return 1

    def _tell_breaker(self, book: Casebook) -> int:
        """Once an hour, as long as it is open."""
        key = f"{self._place.now():%Y-%m-%dT%H}"
        return self._write_letters(book, "staff-breaker", breaker_facts(self._outbox.automatic_per_hour), key)

    def _write_letters(self, book: Casebook, template: str, facts: Mapping[str, object], key: str) -> int:
        letters = [
            self._place.voice.write_letter(template, person, facts, key, self._place.now())
            for person in self._place.desk.everybody()
        ]
        new = [letter for letter in letters if not book.has_written(letter.message_id)]
        for letter in new:
            book.record_letter(letter)
        return len(new)


def quarantine_facts(mail: QuarantinedMail) -> dict[str, object]:
    """What the template `staff-quarantine` can speak of."""
    return {
        "sender": mail.sender,
        "message_id": mail.message_id,
        "received_at": mail.received_at,
        "reason": mail.reason,
        "error": mail.error[:ERROR_CHARACTERS],
        "mail_id": mail.mail_id,
    }


def breaker_facts(automatic_per_hour: int) -> dict[str, object]:
    """What the template `staff-breaker` can speak of."""
    return {"limit": automatic_per_hour}


def _attempt(notice: Callable[[], int]) -> int:
    try:
        return notice()
    except BrokenTemplate as error:
        _log.error("staff are not told: %s", error)
        return 0
