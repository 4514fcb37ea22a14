"""From the inbox to tickets: mails are parsed, decided on and committed in batches.

One transaction holds a whole batch: tickets, messages, clocks and the rendered answers. A mail that fails leaves no
trace in it and is tried again; after three errors it goes to quarantine. When the transaction itself fails, every mail
of the batch is committed by itself, so that one cannot spoil it for the others. A crash repeats the batch.

What is no fault of the mail (disk full, database busy) goes up as OSError or StoreError; the mails are given back
untried.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from intake.clerk import Clerk
from intake.logs import log_mail
from intake.reception import PreparedMail, Reception
from store.blobs import Blobs
from store.casebook import Casebook, open_casebook
from store.database import Database
from store.errors import StoreError
from store.inbox import ATTEMPTS_TO_QUARANTINE, CLAIMS_TO_QUARANTINE, Inbox, WaitingMail
from tickets.decisions import Decision, decide_mail
from tickets.desk import Desk
from tickets.policy import Policy

BATCH_MAILS = 64
LEASE = timedelta(minutes=15)

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Pipeline:
    """Works off the inbox."""

    def __init__(
        self,
        *,
        database: Database,
        inbox: Inbox,
        blobs: Blobs,
        reception: Reception,
        clerk: Clerk,
        policy: Policy,
        desk: Desk,
        automatic_per_day: int,  # to one address
        pauses: Sequence[timedelta],  # before the second and the third attempt
        worker: str,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._blobs = blobs
        self._reception = reception
        self._clerk = clerk
        self._policy = policy
        self._desk = desk
        self._automatic_per_day = automatic_per_day
        self._pauses = pauses
        self._worker = worker
        self._now = now

    def work(self) -> int:
        """Deal with one batch; how many mails it had. Raises StoreError, OSError."""
        self._set_deadly_aside()
        claimed = self._inbox.claim(self._now(), BATCH_MAILS, LEASE, self._worker)
        if not claimed:
            return 0
        try:
            prepared = [one for one in map(self._prepare, claimed) if one]
            self._blobs.settle()
            self._commit(prepared)
        except (OSError, StoreError):
            self._inbox.give_back([one.mail_id for one in claimed])
            raise
        return len(claimed)

    def _set_deadly_aside(self) -> None:
        error = f"the program ended abruptly {CLAIMS_TO_QUARANTINE} times while it worked on this mail"
        for mail_id in self._inbox.find_deadly():
            self._inbox.set_aside(mail_id, "parse", error, self._now())

    def _prepare(self, waiting: WaitingMail) -> PreparedMail | None:
        prepared = _attempt(lambda: self._reception.prepare(waiting))
        if isinstance(prepared, Exception):
            self._fail(waiting, "parse", prepared)
            return None
        return prepared

    def _commit(self, prepared: Sequence[PreparedMail]) -> None:
        """All in one transaction; where that fails for good, each in its own."""
        if not prepared:
            return
        try:
            failed = self._commit_together(prepared)
        except StoreError as error:
            if error.is_temporary:
                raise
            if len(prepared) == 1:
                self._fail(prepared[0].waiting, "commit", error)
                return
            for one in prepared:
                self._commit([one])
            return
        for one, reason in failed:
            self._fail(one.waiting, "decide", reason)

    def _commit_together(self, prepared: Sequence[PreparedMail]) -> list[tuple[PreparedMail, Exception]]:
        failed: list[tuple[PreparedMail, Exception]] = []
        done: list[tuple[PreparedMail, str, str | None]] = []
        with open_casebook(self._database, self._policy, self._now()) as book:
            book.read([one.lookup for one in prepared])
            for one in prepared:
                if any(one.received.sender == earlier.received.sender for earlier, _ in failed):
                    continue  # mails of one sender stay in order
                taken = _attempt(partial(self._take_in, book, one))
                if isinstance(taken, Exception):
                    failed.append((one, taken))
                else:
                    done.append((one, *taken))
        for mail, outcome, number in done:
            self._log(mail, outcome, number)
        touched = {mail.waiting.mail_id for mail, *_ in done} | {mail.waiting.mail_id for mail, _ in failed}
        self._inbox.give_back([one.waiting.mail_id for one in prepared if one.waiting.mail_id not in touched])
        return failed

    def _take_in(self, book: Casebook, one: PreparedMail) -> tuple[str, str | None]:
        """Decide on a mail and record it; what became of it, and the number of its ticket."""
        left = self._automatic_per_day - book.automatic_mails(one.received.sender)
        candidates = book.candidates(one.lookup)
        decision = decide_mail(one.incoming(left), candidates, self._policy, self._desk, book.now)
        number = self._record(book, one, decision)
        return decision.disposition, number

    def _record(self, book: Casebook, one: PreparedMail, decision: Decision) -> str | None:
        mail_id = one.waiting.mail_id
        if decision.disposition == "quarantined":
            book.quarantine(mail_id, "decide", decision.reason)
            return None
        ticket = decision.ticket
        if decision.effects:
            actor = one.received.sender
            ticket = self._clerk.carry_out(book, ticket, decision.effects, actor=actor, mail=one.received)
        if decision.disposition == "automatic":
            book.record_automatic(one.received, ticket)
        book.dispose(mail_id, decision.disposition)
        return ticket.number if ticket else None

    def _fail(self, waiting: WaitingMail, stage: str, error: Exception) -> None:
        """Try the mail again later, or set it aside."""
        now = self._now()
        words = f"{type(error).__name__}: {error}"
        if waiting.attempts + 1 >= ATTEMPTS_TO_QUARANTINE:
            self._inbox.set_aside(waiting.mail_id, stage, words, now)
            _log.error("mail %d is in quarantine: %s", waiting.mail_id, words)
        else:
            self._inbox.try_again(waiting.mail_id, now + self._pauses[waiting.attempts])
            _log.warning("mail %d is tried again: %s", waiting.mail_id, words)

    def _log(self, one: PreparedMail, outcome: str, number: str | None) -> None:
        facts = one.received.facts
        log_mail(
            mailbox=one.waiting.mailbox,
            uid=one.waiting.uid,
            message_id=facts.message_id,
            size_bytes=one.waiting.size_bytes,
            outcome=outcome,
            rule=facts.automatic.rule if facts.automatic else None,
            ticket=number,
            seconds=(self._now() - one.received.received_at).total_seconds(),
        )


def _attempt(step: Callable[[], T]) -> T | Exception:
    """Do one step for one mail; an error of whatever kind is the mail's own, but for those of disk and database."""
    try:
        return step()
    except FileNotFoundError as error:  # its raw bytes are gone
        return error
    except (OSError, StoreError):
        raise
    except Exception as error:  # noqa: BLE001  # one mail, whatever it is, must not stop the others
        return error
