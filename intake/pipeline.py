"""From the inbox to tickets: mails are parsed, decided on and committed in batches.

One transaction holds a whole batch: tickets, messages, clocks and the rendered answers. A mail that fails leaves no
trace in it and is tried again; after three errors it goes to quarantine. When the transaction itself fails, every mail
of the batch is committed by itself, so that one cannot spoil it for the others. A crash repeats the batch.

What is no fault of the mail (disk full, database busy) goes up as OSError or StoreError; the mails are given back
untried (`intake.claims`).

Mails of one sender stay in order: behind one that failed, the later ones are given back untried, and wait with it.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from intake.claims import Batch, Claims
from intake.logs import log_mail
from intake.parsing import Failure, Parser, ParserDied, attempt
from intake.reception import PreparedMail
from intake.workplace import Workplace
from responders.rendering import BrokenTemplate
from store.casebook import Casebook, open_casebook
from store.errors import StoreError
from store.inbox import ATTEMPTS_TO_QUARANTINE, Inbox
from store.quarantine import Reason
from store.records import WaitingMail
from tickets.decisions import Decision, decide_mail

_log = logging.getLogger(__name__)


class Pipeline:
    """Works off the inbox."""

    def __init__(
        self,
        place: Workplace,
        inbox: Inbox,
        parser: Parser,
        pauses: Sequence[timedelta],  # before the second and the third attempt
    ) -> None:
        self._place = place
        self._inbox = inbox
        self._parser = parser
        self._pauses = pauses
        self._claims = Claims(place, inbox, parser)

    def work(self) -> int:
        """Deal with one batch; how many mails it had. Raises StoreError, OSError.

        Where there is more, the next batches are being parsed already while this one is committed.
        """
        batch = self._claims.take()
        if batch is None:
            return 0
        try:
            self._claims.look_ahead(batch)
            self._deal_with(batch)
        except (OSError, StoreError):
            self._claims.drop(batch)
            raise
        return len(batch.claimed)

    def close(self) -> None:
        """Give back what was claimed and not dealt with, and end the parser. Raises nothing."""
        self._claims.close()
        self._parser.close()

    def _deal_with(self, batch: Batch) -> None:
        try:
            parsed = batch.parse()
        except ParserDied as error:
            _log.warning("%s; its mails are parsed again, one by one", error)
            self._claims.drop(batch, is_tried=True)
            return
        self._claims.look_ahead(batch)  # more may have come meanwhile, and the other process has nothing to do
        failed = [one for one in parsed if isinstance(one, Failure)]
        for one in failed:
            self._fail(one.waiting, "parse", one.words)
        prepared = [one for one in parsed if isinstance(one, PreparedMail)]
        self._commit(self._without_followers(prepared, [one.waiting for one in failed]))

    def _without_followers(
        self, prepared: Sequence[PreparedMail], failed: Sequence[WaitingMail]
    ) -> Sequence[PreparedMail]:
        """Those that may go on; the others are given back untried."""
        behind = {one.waiting.mail_id for one in prepared if _is_behind(one.waiting, failed)}
        self._inbox.give_back(sorted(behind), self._place.worker)
        return [one for one in prepared if one.waiting.mail_id not in behind]

    def _commit(self, prepared: Sequence[PreparedMail]) -> list[WaitingMail]:
        """All in one transaction; where that fails for good, each in its own. Those that failed."""
        if not prepared:
            return []
        try:
            failed = self._commit_together(prepared)
        except StoreError as error:
            if error.is_temporary:
                raise
            if len(prepared) > 1:
                return self._commit_one_by_one(prepared)
            (only,) = prepared
            self._fail(only.waiting, "commit", str(error))
            return [only.waiting]
        for one, words in failed:
            self._fail(one.waiting, *_blame(words))
        return [one.waiting for one, _ in failed]

    def _commit_one_by_one(self, prepared: Sequence[PreparedMail]) -> list[WaitingMail]:
        failed: list[WaitingMail] = []
        for one in prepared:
            failed += self._commit(self._without_followers([one], failed))
        return failed

    def _commit_together(self, prepared: Sequence[PreparedMail]) -> list[tuple[PreparedMail, str]]:
        failed: list[tuple[PreparedMail, str]] = []
        done: list[tuple[PreparedMail, str, str | None]] = []
        with open_casebook(self._place.database, self._place.policy, self._place.now()) as book:
            book.read([one.lookup for one in prepared])
            for one in prepared:
                if _is_behind(one.waiting, [earlier.waiting for earlier, _ in failed]):
                    continue
                taken = attempt(partial(self._take_in, book, one))
                if isinstance(taken, str):
                    failed.append((one, taken))
                else:
                    done.append((one, *taken))
        for mail, outcome, number in done:
            self._log(mail, outcome, number)
        touched = {mail.waiting.mail_id for mail, *_ in done} | {mail.waiting.mail_id for mail, _ in failed}
        waiting = [one.waiting.mail_id for one in prepared if one.waiting.mail_id not in touched]
        self._inbox.give_back(waiting, self._place.worker)
        return failed

    def _take_in(self, book: Casebook, one: PreparedMail) -> tuple[str, str | None]:
        """Decide on a mail and record it; what became of it, and the number of its ticket."""
        left = self._place.automatic_per_day - book.automatic_mails(one.received.sender)
        candidates = book.candidates(one.lookup)
        decision = decide_mail(one.incoming(left), candidates, self._place.policy, self._place.desk, book.now)
        number = self._record(book, one, decision)
        return decision.disposition, number

    def _record(self, book: Casebook, one: PreparedMail, decision: Decision) -> str | None:
        mail_id = one.waiting.mail_id
        if decision.disposition == "quarantined":
            book.quarantine(mail_id, decision.reason, writer=one.received.sender)
            return None
        ticket = decision.ticket
        if decision.effects:
            actor = one.received.sender
            ticket = self._place.clerk.carry_out(book, ticket, decision.effects, actor=actor, mail=one.received)
        if decision.disposition == "automatic":
            book.record_automatic(one.received, ticket)
        book.dispose(mail_id, decision.disposition)
        return ticket.number if ticket else None

    def _fail(self, waiting: WaitingMail, reason: Reason, words: str) -> None:
        """Try the mail again later, or set it aside."""
        now = self._place.now()
        if waiting.attempts + 1 >= ATTEMPTS_TO_QUARANTINE:
            self._inbox.set_aside(waiting.mail_id, reason, words, now)
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
            seconds=(self._place.now() - one.received.received_at).total_seconds(),
        )


def _is_behind(mail: WaitingMail, failed: Sequence[WaitingMail]) -> bool:
    """Whether an earlier mail of its sender failed. The sender is the one that the inbox goes by when it hands out."""
    return any(mail.sender == earlier.sender and earlier.mail_id < mail.mail_id for earlier in failed)


def _blame(words: str) -> tuple[Reason, str]:
    """A template that fails is the company's to mend, and says itself where."""
    name = f"{BrokenTemplate.__name__}: "
    return ("template", words.removeprefix(name)) if words.startswith(name) else ("decide", words)
