"""Which mails are fetched together, and which are left alone for a while. Pure.

Small mails share one FETCH, bounded by bytes and number. A mail whose fetching failed is a *suspect*: it comes last,
by itself, so that one bad mail costs the others nothing; each failure doubles the rounds it has to wait.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from intake.mailboxes.imap import Announced

SMALL_BYTES = 1024 * 1024  # up to here a mail is fetched whole, beyond in chunks of this size
BATCH_BYTES = 6 * 1024 * 1024  # one commit for each: many photos cost as few syncs as many words
BATCH_MAILS = 200
_LONGEST_WAIT = 64  # rounds


def plan_batches(mails: Sequence[Announced], is_suspect: Callable[[int], bool]) -> Iterator[list[Announced]]:
    """The mails in their order, small ones together, large ones alone; suspects at the end, each alone."""
    # Decided before the first batch is read: a suspect found on the way waits for the next round.
    suspects = [mail for mail in mails if is_suspect(mail.uid)]
    trusted = [mail for mail in mails if not is_suspect(mail.uid)]
    batch: list[Announced] = []
    room_bytes = BATCH_BYTES
    for mail in trusted:
        is_large = mail.size_bytes > SMALL_BYTES
        if batch and (is_large or mail.size_bytes > room_bytes or len(batch) == BATCH_MAILS):
            yield batch
            batch, room_bytes = [], BATCH_BYTES
        batch.append(mail)
        room_bytes = -1 if is_large else room_bytes - mail.size_bytes
    if batch:
        yield batch
    yield from ([mail] for mail in suspects)


class Suspects:
    """The mails of one mailbox whose fetching failed, and when each is tried again. Outlives a session."""

    def __init__(self) -> None:
        self._round = 0
        self._failures: dict[int, int] = {}
        self._due: dict[int, int] = {}  # the round of the next attempt
        self.blames = 0  # failures so far, of all mails

    def begin_round(self, listed: Collection[int]) -> None:
        """A new round over the UIDs `listed`; suspects that are not there any more are forgotten."""
        self._round += 1
        for uid in self._failures.keys() - set(listed):
            self.clear(uid)

    def blame(self, uid: int) -> None:
        """Fetching failed: the next attempt is in the next round, then after 2, 4, 8 … rounds."""
        self.blames += 1
        self._failures[uid] = self._failures.get(uid, 0) + 1
        self._due[uid] = self._round + min(2 ** (self._failures[uid] - 1), _LONGEST_WAIT)

    def clear(self, uid: int) -> None:
        self._failures.pop(uid, None)
        self._due.pop(uid, None)

    def is_due(self, uid: int) -> bool:
        return self._due.get(uid, 0) <= self._round

    def __contains__(self, uid: int) -> bool:
        return uid in self._failures

    def __len__(self) -> int:
        return len(self._failures)
