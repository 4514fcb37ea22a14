"""From the inbox to tickets: mails are parsed, decided on and committed in batches.

One transaction holds a whole batch: tickets, messages, clocks and the rendered answers. A mail that fails leaves no
trace in it and is tried again; after three errors it goes to quarantine. When the transaction itself fails, every mail
of the batch is committed by itself, so that one cannot spoil it for the others. A crash repeats the batch.

What is no fault of the mail (disk full, database busy) goes up as OSError or StoreError; the mails are given back
untried.
"""

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from intake.logs import log_mail
from intake.parsing import Failure, Outcome, Parser, ParserDied, attempt
from intake.reception import PreparedMail
from intake.workplace import Workplace
from responders.rendering import BrokenTemplate
from store.casebook import Casebook, open_casebook
from store.errors import StoreError
from store.inbox import ATTEMPTS_TO_QUARANTINE, CLAIM_BYTES, CLAIMS_TO_QUARANTINE, Inbox
from store.quarantine import Reason
from store.records import WaitingMail
from tickets.decisions import Decision, decide_mail

BATCH_MAILS = 64
BATCHES_AHEAD = 2  # claimed while another one is committed, so that neither process waits for the other
LEASE = timedelta(minutes=15)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Batch:
    claimed: Sequence[WaitingMail]
    parse: Outcome

    @property
    def is_large(self) -> bool:
        return 4 * len(self.claimed) >= BATCH_MAILS or 4 * sum(one.size_bytes for one in self.claimed) > CLAIM_BYTES

    @property
    def ids(self) -> list[int]:
        return [one.mail_id for one in self.claimed]


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
        self._ahead: deque[_Batch] = deque()  # claimed, and being parsed in the other process

    def work(self) -> int:
        """Deal with one batch; how many mails it had. Raises StoreError, OSError.

        Where there is more, the next batches are being parsed already while this one is committed.
        """
        batch = self._ahead.popleft() if self._ahead else self._claim()
        if batch is None:
            return 0
        try:
            self._claim_ahead(batch)
            self._deal_with(batch)
        except (OSError, StoreError):
            self.give_back()
            self._inbox.give_back(batch.ids, self._place.worker)
            raise
        return len(batch.claimed)

    def _claim_ahead(self, batch: "_Batch") -> None:
        """Only behind large ones. Small ones are left to grow: a transaction costs the same for few mails and many."""
        last = self._ahead[-1] if self._ahead else batch
        while last.is_large and len(self._ahead) < BATCHES_AHEAD and (following := self._claim()):
            self._ahead.append(following)
            last = following

    def give_back(self) -> None:
        """Release the batches that were claimed ahead."""
        while self._ahead:
            self._inbox.give_back(self._ahead.popleft().ids, self._place.worker)

    def close(self) -> None:
        self._parser.close()

    def _claim(self) -> "_Batch | None":
        self._set_deadly_aside()
        if self._inbox.has_suspects(self._place.now()):
            self._parser.get_ready()  # before the claim: a program that is killed meanwhile says nothing about the mail
        claimed = self._inbox.claim(self._place.now(), BATCH_MAILS, LEASE, self._place.worker)
        return _Batch(claimed=claimed, parse=self._parser.begin(claimed)) if claimed else None

    def _set_deadly_aside(self) -> None:
        error = f"the program ended abruptly {CLAIMS_TO_QUARANTINE} times while it worked on this mail"
        for mail_id in self._inbox.find_deadly():
            self._inbox.set_aside(mail_id, "abrupt-end", error, self._place.now())

    def _deal_with(self, batch: "_Batch") -> None:
        try:
            parsed = batch.parse()
        except ParserDied as error:
            _log.warning("%s; its mails are parsed again, one by one", error)
            self._inbox.give_back(batch.ids, self._place.worker, is_tried=True)
            self.give_back()
            return
        for one in parsed:
            if isinstance(one, Failure):
                self._fail(one.waiting, "parse", one.words)
        self._commit([one for one in parsed if isinstance(one, PreparedMail)])

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
                self._fail(prepared[0].waiting, "commit", str(error))
                return
            for one in prepared:
                self._commit([one])
            return
        for one, words in failed:
            self._fail(one.waiting, *_blame(words))

    def _commit_together(self, prepared: Sequence[PreparedMail]) -> list[tuple[PreparedMail, str]]:
        failed: list[tuple[PreparedMail, str]] = []
        done: list[tuple[PreparedMail, str, str | None]] = []
        with open_casebook(self._place.database, self._place.policy, self._place.now()) as book:
            book.read([one.lookup for one in prepared])
            for one in prepared:
                if any(one.received.sender == earlier.received.sender for earlier, _ in failed):
                    continue  # mails of one sender stay in order
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


def _blame(words: str) -> tuple[Reason, str]:
    """A template that fails is the company's to mend, and says itself where."""
    name = f"{BrokenTemplate.__name__}: "
    return ("template", words.removeprefix(name)) if words.startswith(name) else ("decide", words)
