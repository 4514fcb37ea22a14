"""Batches of the inbox in hand: claimed, being parsed, and given back where they cannot be dealt with.

What the database does not take back at that moment is owed: it is given back before anything else is claimed, or at
the end. What is still owed then stays leased until the next start (`store.workers`). Nothing is ever forgotten.
"""

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from intake.parsing import Outcome, Parser
from intake.workplace import Workplace
from store.errors import StoreError
from store.inbox import CLAIM_BYTES, CLAIMS_TO_QUARANTINE, Inbox
from store.records import WaitingMail

BATCH_MAILS = 64
BATCHES_AHEAD = 2  # claimed while another one is committed, so that neither process waits for the other
LEASE = timedelta(minutes=15)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Mails that are ours for the time of the lease."""

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


class Claims:
    """What this process has in hand of the inbox."""

    def __init__(self, place: Workplace, inbox: Inbox, parser: Parser) -> None:
        self._place = place
        self._inbox = inbox
        self._parser = parser
        self._ahead: deque[Batch] = deque()  # being parsed in the other process
        self._owed: deque[_Debt] = deque()

    def take(self) -> Batch | None:
        """The next batch; None where nothing waits. Raises StoreError, OSError."""
        self._pay_back()
        return self._ahead.popleft() if self._ahead else self._claim()

    def look_ahead(self, batch: Batch) -> None:
        """Claim what comes after `batch`, so that it is parsed meanwhile. Raises StoreError, OSError.

        Only behind large ones. Small ones are left to grow: a transaction costs the same for few mails and many.
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

    def drop(self, batch: Batch, *, is_tried: bool = False) -> None:
        """Give it back, and all that was claimed behind it."""
        self._owed.append(_Debt(ids=batch.ids, is_tried=is_tried))
        self._drop_ahead()

    def close(self) -> None:
        """Give back what was claimed and not dealt with. Raises nothing."""
        self._drop_ahead()
        try:
            self._pay_back()
        except StoreError as error:
            _log.warning("mails in hand could not be given back; the next start does that: %s", error)

    def _drop_ahead(self) -> None:
        while self._ahead:
            self._owed.append(_Debt(ids=self._ahead.popleft().ids, is_tried=False))

    def _pay_back(self) -> None:
        """None of it is forgotten before the database has taken it. Raises StoreError."""
        while self._owed:
            debt = self._owed[0]
            self._inbox.give_back(debt.ids, self._place.worker, is_tried=debt.is_tried)
            self._owed.popleft()

    def _claim(self, *, is_ahead: bool = False) -> Batch | None:
        """The next batch, being parsed. Raises StoreError, OSError."""
        if self._has_suspects():
            if is_ahead:
                return None
            self._parser.get_ready()  # before the claim: a program that is killed meanwhile says nothing about the mail
        claimed = self._inbox.claim(self._place.now(), BATCH_MAILS, LEASE, self._place.worker)
        if not claimed:
            return None
        try:
            return Batch(claimed=claimed, parse=self._parser.begin(claimed))
        except OSError:  # no process could be started
            self._owed.append(_Debt(ids=[one.mail_id for one in claimed], is_tried=False))
            raise

    def _has_suspects(self) -> bool:
        """Whether a mail waits that the program may not survive; one that it never survives is set aside."""
        now = self._place.now()
        suspects = self._inbox.find_suspects(now)
        deadly = [mail_id for mail_id, claims in suspects.items() if claims >= CLAIMS_TO_QUARANTINE]
        for mail_id in deadly:
            words = f"the program ended abruptly {CLAIMS_TO_QUARANTINE} times while it worked on this mail"
            self._inbox.set_aside(mail_id, "abrupt-end", words, now)
        return len(deadly) < len(suspects)
