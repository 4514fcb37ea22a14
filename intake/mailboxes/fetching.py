"""One round over a mailbox: what is new goes from the server to the spool and into the ledger, then it is filed.

A mail counts as taken in when `ledger.enter` has committed; only then is it flagged or moved. Whatever fails before is
done again in a later round: a crash, a lost connection or a full disk repeats work and neither loses nor doubles mail.
While one batch is hashed, synced and entered, the next one is on its way.

A mail that the server announces and does not send is an error, logged and tried again, and does not stop the others.
Whether somebody has read a mail never matters. Mail older than the mailbox's `since` is left alone.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from intake.mailboxes.batches import Suspects, plan_batches
from intake.mailboxes.filing import Filing
from intake.mailboxes.imap import Announced, Folder, Session, Timeouts
from intake.mailboxes.mailbox_errors import ConnectionLost
from intake.mailboxes.reading import ReadMail, Unreadable, read_batch
from intake.settings.config import Mailbox
from parsers.envelope import peek_envelope
from store.ledger import Arrival, Ledger
from store.spool import Spool, SpooledMail

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MAX_MAIL_BYTES = 512 * 1024 * 1024
_FIRST_WINDOW, _WINDOW = 50, 500  # mails whose sizes are asked for at once: few first, so that work begins at once
_ATTEMPTS = 20  # connections of one `fetch_mailbox`

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What a round brought."""

    new: int = 0
    known: int = 0  # entered, and the same as a mail that was there before
    failed: int = 0  # announced and still not there; tried again

    def then(self, later: "Fetched") -> "Fetched":
        """This round and a later one together."""
        return Fetched(new=self.new + later.new, known=self.known + later.known, failed=later.failed)


def _now() -> datetime:
    return datetime.now(UTC)


def fetch_mailbox(
    mailbox: Mailbox,
    spool: Spool,
    ledger: Ledger,
    *,
    arrived: Callable[[], None] = lambda: None,
    now: Callable[[], datetime] = _now,
    zone: tzinfo = VIETNAM,
    max_mail_bytes: int = MAX_MAIL_BYTES,
    timeouts: Timeouts | None = None,
) -> Fetched:
    """Connect, take in everything new once, log out.

    A mail that breaks the connection is found out by connecting again and leaving it for last. Raises MailboxError,
    OSError (disk), StoreError; what was taken in until then stays.
    """
    suspects, earlier, attempts = Suspects(), Fetched(), 0
    while True:
        attempts += 1
        blames = suspects.blames
        with Session(mailbox, timeouts) as session:
            fetcher = Fetcher(
                session,
                mailbox,
                spool,
                ledger,
                suspects=suspects,
                arrived=arrived,
                now=now,
                zone=zone,
                max_mail_bytes=max_mail_bytes,
            )
            try:
                return earlier.then(fetcher.fetch_new())
            except ConnectionLost as lost:
                if suspects.blames == blames or attempts == _ATTEMPTS:  # nothing learnt
                    raise
                _log.warning("mailbox %s: connecting again: %s", mailbox.name, lost)
                earlier = earlier.then(fetcher.fetched)


class Fetcher:
    """The rounds over one mailbox within one session."""

    def __init__(
        self,
        session: Session,
        mailbox: Mailbox,
        spool: Spool,
        ledger: Ledger,
        *,
        suspects: Suspects,
        arrived: Callable[[], None],  # called after each commit, from another thread
        now: Callable[[], datetime] = _now,  # for mails whose INTERNALDATE is unreadable
        zone: tzinfo = VIETNAM,  # in which `since` is a day
        max_mail_bytes: int = MAX_MAIL_BYTES,  # a larger mail is not fetched
    ) -> None:
        self._session = session
        self._mailbox = mailbox
        self._spool = spool
        self._ledger = ledger
        self._suspects = suspects
        self._arrived = arrived
        self._now = now
        self._max_mail_bytes = max_mail_bytes
        self._zone = zone
        self._filing = Filing(session, ledger, mailbox)
        self._folder = Folder(uidvalidity=0, permanent_flags=frozenset())
        self._watermark = 0  # all mails up to this UID are dealt with
        self._done: set[int] = set()  # UIDs above the watermark that are dealt with
        self._new = self._known = 0

    @property
    def fetched(self) -> Fetched:
        """What the round that is running or was the last has brought so far."""
        return Fetched(new=self._new, known=self._known, failed=len(self._suspects))

    def fetch_new(self) -> Fetched:
        """One round. Raises MailboxError, OSError (disk), StoreError."""
        self._new = self._known = 0
        self._open_folder()
        self._filing.file_leftovers(self._folder)
        listed = self._session.search(above=self._watermark, since=self._search_day())
        self._suspects.begin_round(listed)
        todo = [uid for uid in listed if uid not in self._done and self._suspects.is_due(uid)]
        todo.sort(key=self._suspects.__contains__)  # they come last of all, not only of their window
        with ThreadPoolExecutor(1, thread_name_prefix=f"store-{self._mailbox.name}") as storing:
            for start, end in pairwise([0, *range(_FIRST_WINDOW, len(todo), _WINDOW), len(todo)] if todo else []):
                self._fetch_window(todo[start:end], storing)
        self._advance(listed)
        return self.fetched

    # What is new.

    def _open_folder(self) -> None:
        """Select anew in each round: mail shows up without NOOP, and a changed UIDVALIDITY is noticed."""
        folder = self._session.select(self._mailbox.folder, is_writable=self._filing.is_needed)
        if folder.uidvalidity != self._folder.uidvalidity:
            self._watermark = 0
            self._done = self._ledger.seen_uids(self._mailbox.name, folder.uidvalidity)
        self._folder = folder

    def _search_day(self) -> date | None:
        """SINCE counts days in the server's zone (RFC 3501 §6.4.4), up to 26 hours away from ours."""
        return self._mailbox.since - timedelta(days=2) if self._mailbox.since else None

    def _is_too_old(self, mail: Announced) -> bool:
        since = self._mailbox.since
        return bool(since and mail.received_at and mail.received_at.astimezone(self._zone).date() < since)

    def _advance(self, listed: Sequence[int]) -> None:
        """Raise the watermark to below the first listed mail that is not dealt with."""
        pending = [uid for uid in listed if uid not in self._done]
        if listed:
            self._watermark = pending[0] - 1 if pending else listed[-1]
        self._done = {uid for uid in self._done if uid > self._watermark}

    # From the server.

    def _fetch_window(self, uids: Sequence[int], storing: Executor) -> None:
        announced = self._session.fetch_announced(uids)
        self._done.update(mail.uid for mail in announced if self._is_too_old(mail))
        wanted = [mail for mail in announced if mail.uid not in self._done]
        stored: Future[list[int]] | None = None
        for batch in plan_batches(wanted, self._suspects.__contains__):
            mails = self._read(batch)
            try:
                self._file(stored)
            except BaseException:
                self._discard(mails)
                raise
            stored = storing.submit(self._store, mails)
        self._file(stored)

    def _file(self, stored: "Future[list[int]] | None") -> None:
        if stored:
            self._filing.file(self._folder, stored.result())

    def _read(self, batch: Sequence[Announced]) -> list[ReadMail]:
        mails: list[ReadMail] = []
        try:
            for one in read_batch(self._session, self._spool, batch, self._max_mail_bytes):
                if isinstance(one, ReadMail):
                    mails.append(one)
                else:
                    self._report(one)
        except BaseException as error:
            self._discard(mails)
            if isinstance(error, ConnectionLost):  # one of these may be what breaks it
                for mail in batch:
                    self._suspects.blame(mail.uid)
            raise
        return mails

    def _report(self, missing: Unreadable) -> None:
        """Log and remember a mail that did not come, unless it was expunged in the meantime."""
        uid = missing.announced.uid
        if not self._session.fetch_announced([uid]):
            return
        self._suspects.blame(uid)
        _log.warning("mailbox %s: mail with UID %d is tried again: %s", self._mailbox.name, uid, missing.reason)

    # Into spool and ledger: in the storing thread.

    def _store(self, mails: Sequence[ReadMail]) -> list[int]:
        """Keep the mails durably, then enter them; their UIDs."""
        if not mails:
            return []
        spooled = self._spool_all(mails)
        self._spool.keep(spooled)
        new = self._ledger.enter([self._arrival(mail, raw) for mail, raw in zip(mails, spooled, strict=True)])
        self._new += new
        self._known += len(mails) - new
        uids = [mail.announced.uid for mail in mails]
        self._done.update(uids)
        for uid in uids:
            self._suspects.clear(uid)
        self._arrived()
        return uids

    def _spool_all(self, mails: Sequence[ReadMail]) -> list[SpooledMail]:
        spooled: list[SpooledMail] = []
        try:
            for mail in mails:
                spooled.append(self._spool_one(mail.content))  # noqa: PERF401  # known when a later one fails
        except OSError:
            self._spool.discard(spooled)
            self._discard(mails)
            raise
        return spooled

    def _spool_one(self, content: bytes | SpooledMail) -> SpooledMail:
        if isinstance(content, SpooledMail):
            return content
        file = self._spool.begin()
        file.write(content)
        return file.finish()

    def _discard(self, mails: Sequence[ReadMail]) -> None:
        self._spool.discard(mail.content for mail in mails if isinstance(mail.content, SpooledMail))

    def _arrival(self, mail: ReadMail, raw: SpooledMail) -> Arrival:
        envelope = peek_envelope(raw.head)
        return Arrival(
            mailbox=self._mailbox.name,
            uidvalidity=self._folder.uidvalidity,
            uid=mail.announced.uid,
            size_bytes=raw.size_bytes,
            sha256=raw.sha256,
            message_id=envelope.message_id,
            sender=envelope.sender.lower(),
            received_at=mail.announced.received_at or self._now(),
        )
