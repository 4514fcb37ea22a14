"""From the inbox to tickets: mails are parsed, decided on and committed in batches.

One transaction holds a whole batch: tickets, messages, clocks and the rendered answers. A mail that fails leaves no
trace in it and is tried again; after three errors it goes to quarantine. When the transaction itself fails, every mail
of the batch is committed by itself, so that one cannot spoil it for the others. A crash repeats the batch.

What is no fault of the mail (disk full, database busy) goes up as OSError or StoreError; the mails are given back
untried. What the database does not take back at that moment is owed: it is given back before anything else is claimed,
or at the end.

Mails of one sender stay in order: behind one that failed, the later ones are given back untried, and wait with it.
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

    @property
    def is_suspect(self) -> bool:
        """Whether the program did not survive one of its mails before."""
        return any(one.claims for one in self.claimed)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Debt:
    """Mails that are to be given back."""

    ids: list[int]
    is_tried: bool


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
        self._owed: deque[_Debt] = deque()

    def work(self) -> int:
        """Deal with one batch; how many mails it had. Raises StoreError, OSError.

        Where there is more, the next batches are being parsed already while this one is committed.
        """
        self._pay_back()
        batch = self._ahead.popleft() if self._ahead else self._claim()
        if batch is None:
            return 0
        try:
            self._claim_ahead(batch)
            self._deal_with(batch)
        except (OSError, StoreError):
            self._owe(batch.ids)
            self._owe_ahead()
            raise
        return len(batch.claimed)

    def _claim_ahead(self, batch: "_Batch") -> None:
        """Only behind large ones. Small ones are left to grow: a transaction costs the same for few mails and many.

        Nothing while there are suspects: what is in hand with a mail that kills the program is suspected with it.
        """
        last = self._ahead[-1] if self._ahead else batch
        while (
            last.is_large
            and not last.is_suspect
            and len(self._ahead) < BATCHES_AHEAD
            and (following := self._claim(is_ahead=True))
        ):
            self._ahead.append(following)
            last = following

    def close(self) -> None:
        """Give back what was claimed and not dealt with, and end the parser.

        Raises nothing: what the database does not take back stays leased until the next start (`store.workers`).
        """
        self._owe_ahead()
        try:
            self._pay_back()
        except StoreError as error:
            _log.warning("mails in hand could not be given back; the next start does that: %s", error)
        self._parser.close()

    def _owe(self, ids: list[int], *, is_tried: bool = False) -> None:
        self._owed.append(_Debt(ids=ids, is_tried=is_tried))

    def _owe_ahead(self) -> None:
        while self._ahead:
            self._owe(self._ahead.popleft().ids)

    def _pay_back(self) -> None:
        """Give back what is owed. None of it is forgotten before the database has taken it. Raises StoreError."""
        while self._owed:
            debt = self._owed[0]
            self._inbox.give_back(debt.ids, self._place.worker, is_tried=debt.is_tried)
            self._owed.popleft()

    def _claim(self, *, is_ahead: bool = False) -> "_Batch | None":
        """The next batch, being parsed. Raises StoreError, OSError."""
        self._set_deadly_aside()
        if self._inbox.has_suspects(self._place.now()):
            if is_ahead:
                return None
            self._parser.get_ready()  # before the claim: a program that is killed meanwhile says nothing about the mail
        claimed = self._inbox.claim(self._place.now(), BATCH_MAILS, LEASE, self._place.worker)
        if not claimed:
            return None
        try:
            return _Batch(claimed=claimed, parse=self._parser.begin(claimed))
        except OSError:  # no process could be started
            self._owe([one.mail_id for one in claimed])
            raise

    def _set_deadly_aside(self) -> None:
        error = f"the program ended abruptly {CLAIMS_TO_QUARANTINE} times while it worked on this mail"
        now = self._place.now()
        for mail_id in self._inbox.find_deadly(now):
            self._inbox.set_aside(mail_id, "abrupt-end", error, now)

    def _deal_with(self, batch: "_Batch") -> None:
        try:
            parsed = batch.parse()
        except ParserDied as error:
            _log.warning("%s; its mails are parsed again, one by one", error)
            self._owe(batch.ids, is_tried=True)
            self._owe_ahead()
            return
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
