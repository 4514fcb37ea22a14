"""Each mailbox: the way in, the folder, what the server can do, and how many mails the next run would take in.

The folder is opened, and nothing in it is changed.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from intake.checks.findings import Finding, count, failure, fine, skipped, warning
from intake.mailboxes.fetching import VIETNAM
from intake.mailboxes.imap import Folder, Session, Timeouts
from intake.mailboxes.mailbox_errors import AccessRefused, ConnectionLost, MailboxError
from intake.settings.config import Mailbox
from store.errors import StoreError

TIMEOUTS = Timeouts(connect=10.0, read=10.0)
MANY_MAILS = 100  # at once: more than a company wants to answer by mistake
CLOCK_TOLERANCE = timedelta(minutes=5)
_SERVER_ZONES = timedelta(days=2)  # SEARCH counts days in the server's zone (RFC 3501 §6.4.4)
_WINDOW = 500  # mails whose dates are asked for at once

SeenUids = Callable[[str, int], set[int]]  # of a mailbox and a UIDVALIDITY; raises StoreError, OSError


def check_mailbox(mailbox: Mailbox, seen_uids: SeenUids, now: datetime) -> list[Finding]:
    """The findings about one mailbox, in the order in which the daemon would come upon them."""
    subject = f"mailbox {mailbox.name}"
    try:
        with Session(mailbox, TIMEOUTS) as session:
            known_as = f"logged in as {mailbox.username}" if mailbox.username else "connected without a login"
            way_in = fine(subject, f"{mailbox.host}:{mailbox.port} ({mailbox.security}): {known_as}")
            return [way_in, *_look_inside(session, mailbox, subject, seen_uids, now)]
    except MailboxError as error:
        return [
            failure(subject, str(error), _advice(error)),
            skipped(subject, "there is no login", "folder, extensions and new mail"),
        ]


def _advice(error: MailboxError) -> str:
    if isinstance(error, ConnectionLost):
        return "check host, port and security in [[mailbox]], and the network"
    if "certificate refused" in str(error):
        return "write the host as its certificate does; where your own authority signed it, set ca_file"
    return ""  # the message says it


def _look_inside(
    session: Session, mailbox: Mailbox, subject: str, seen_uids: SeenUids, now: datetime
) -> Iterator[Finding]:
    yield from _check_extensions(session, mailbox, subject)
    try:
        folder = session.select(mailbox.folder, is_writable=mailbox.processed.action != "keep")
        yield fine(subject, f"folder {mailbox.folder} can be opened")
        yield from _check_new_mail(session, folder, mailbox, subject, seen_uids)
        yield from _check_time(session, subject, now)
    except AccessRefused as error:
        yield failure(subject, str(error), "check `folder` in [[mailbox]]: the server tells its folders apart by case")
    except (MailboxError, StoreError, OSError) as error:
        yield failure(subject, str(error), "try again; if it stays, ask whoever runs the server")


def _check_extensions(session: Session, mailbox: Mailbox, subject: str) -> Iterator[Finding]:
    """RFC 2177 IDLE, RFC 6851 MOVE, RFC 4315 UIDPLUS."""
    if session.has_extension("IDLE"):
        yield fine(subject, "the server announces new mail at once (IDLE)")
    else:
        words = f"the server has no IDLE: new mail is seen within {mailbox.poll.total_seconds():.0f} s"
        yield warning(subject, words, "make `poll` shorter if customers should be answered sooner")
    if mailbox.processed.action != "move":
        return
    if session.has_extension("MOVE") or session.has_extension("UIDPLUS"):
        yield fine(subject, f"the server can move mail to {mailbox.processed.folder}")
    else:
        yield failure(subject, "the server has neither MOVE nor UIDPLUS: it cannot move mail", 'set processed = "flag"')


def _check_new_mail(
    session: Session, folder: Folder, mailbox: Mailbox, subject: str, seen_uids: SeenUids
) -> Iterator[Finding]:
    new = _list_wanted(session, mailbox) - seen_uids(mailbox.name, folder.uidvalidity)
    words = f"the next run takes in {count(len(new), 'mail')}"
    if not mailbox.since and new:
        yield warning(subject, f"{words}: `since` is not set", "set `since` to leave old mail alone")
    elif len(new) > MANY_MAILS:
        words = f"{words} since {mailbox.since}, and answers each new complaint"
        yield warning(subject, words, "set a later `since` unless you want that")
    else:
        yield fine(subject, words + (f" since {mailbox.since}" if mailbox.since else ""))


def _list_wanted(session: Session, mailbox: Mailbox) -> set[int]:
    """UIDs of the mails that `since` lets in. Only the dates of those near it have to be looked at."""
    since = mailbox.since
    if since is None:
        return set(session.search(above=0, since=None))
    later = set(session.search(above=0, since=since + _SERVER_ZONES))
    near = [uid for uid in session.search(above=0, since=since - _SERVER_ZONES) if uid not in later]
    for start in range(0, len(near), _WINDOW):
        for mail in session.fetch_announced(near[start : start + _WINDOW]):
            if mail.received_at is None or mail.received_at.astimezone(VIETNAM).date() >= since:
                later.add(mail.uid)
    return later


def _check_time(session: Session, subject: str, now: datetime) -> Iterator[Finding]:
    """The newest mail cannot have come later than now: one of the two clocks is wrong then."""
    received = [mail.received_at for mail in session.fetch_announced(session.search(above=0, since=None)[-1:])]
    for moment in received:
        if moment and moment > now + CLOCK_TOLERANCE:
            came, here = (f"{one.astimezone(UTC):%Y-%m-%d %H:%M} UTC" for one in (moment, now))
            words = f"the newest mail came at {came}, and here it is {here}"
            yield warning(subject, words, "set the clock of this machine, for example with NTP")
