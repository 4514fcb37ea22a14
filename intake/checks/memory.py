"""The database: reachable, ours, of this release, writable; and what waits in it that should not."""

import operator
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta

from intake.checks.findings import Finding, count, failure, fine, warning
from intake.settings.config import Config
from store.condition import State, database_file, find_backlog, find_state, try_writing, with_patience
from store.database import Database
from store.errors import StoreError
from store.ledger import Ledger
from store.outbox import Outbox
from store.quarantine import Quarantine

PATIENCE = timedelta(hours=1)  # what waits longer is stuck
CONNECT_SECONDS = 10

_WRONG: Mapping[State, tuple[str, str]] = {
    "foreign": ("it is not a database of tiepnhan", "set `database` in [service] to one of its own"),
    "newer": ("a newer release of tiepnhan wrote it", "install that release again, or restore a backup"),
}


def check_database(config: Config) -> tuple[bool, Finding]:
    """Whether there are tables of this release to look into; and the finding."""
    file = database_file(config.service.database)
    if file and not file.exists():
        return False, fine("database", f"{file}: not there yet, made at the first start")
    place = str(file or config.service.database)
    try:
        with _opened(config) as database:
            return _examine(database, place)
    except (StoreError, OSError) as error:
        advice = "let the user that runs tiepnhan read and write it" if file else "is the database server running?"
        words = str(error) if place in str(error) else f"{place}: {error}"
        return False, failure("database", words, advice)


def _examine(database: Database, place: str) -> tuple[bool, Finding]:
    state = find_state(database)
    if state in _WRONG:
        words, advice = _WRONG[state]
        return False, failure("database", f"{place}: {words}", advice)
    if state == "older":
        advice = "make a backup; the next start brings it up to date"
        return False, warning("database", f"{place}: an earlier release wrote it", advice)
    if state == "empty":
        return False, fine("database", f"{place}: empty, its tables are made at the first start")
    try_writing(database)
    return True, fine("database", f"{place}: of this release, can be written to")


def check_queues(config: Config, now: datetime) -> list[Finding]:
    """What waits for people, or for too long. The database has to be usable."""
    try:
        with _opened(config) as database:
            return [_look_at_quarantine(database), *_look_at_backlog(database, config, now)]
    except (StoreError, OSError) as error:
        return [failure("queues", str(error))]


def _look_at_quarantine(database: Database) -> Finding:
    held = Quarantine(database).read()
    if not held:
        return fine("quarantine", "empty")
    mails = count(len(held), "mail")
    advice = "tiepnhan quarantine list, and after a fix tiepnhan quarantine retry"
    return warning("quarantine", f"{mails} could not be taken in, the oldest on {held[0].at:%Y-%m-%d}", advice)


def _look_at_backlog(database: Database, config: Config, now: datetime) -> Iterator[Finding]:
    zone = now.tzinfo
    late = find_backlog(database, now, PATIENCE)
    for one in late:
        error = f": {one.error}" if one.error else ""
        words = f"{one.what}: {one.count}, waiting since {one.since.astimezone(zone):%Y-%m-%d %H:%M}{error}"
        yield warning("queues", words, "does the SMTP server take mail?" if error else "is `tiepnhan run` running?")
    if Outbox(database, automatic_per_hour=config.limits.automatic_per_hour).is_breaker_open(now):
        words = f"automatic mails are paused: {config.limits.automatic_per_hour} went out within an hour"
        yield warning("queues", words, "look for a loop or spam; else raise automatic_per_hour in [limits]")
    elif not late:
        yield fine("queues", "nothing is stuck")


def seen_uids(config: Config, now: datetime, mailbox: str, uidvalidity: int) -> set[int]:
    """The mails of a folder that were taken in already. Raises StoreError, OSError."""
    with _opened(config) as database:
        return Ledger(database, lambda: now, operator.eq).seen_uids(mailbox, uidvalidity)


def _opened(config: Config) -> AbstractContextManager[Database]:
    return closing(Database(with_patience(config.service.database, CONNECT_SECONDS)))
