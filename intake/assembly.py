"""The composition root: from a configuration to a working daemon, every part made once and handed to its users."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.cases.retention import Nightly, Retention
from intake.clerk import Clerk
from intake.clockwork import Clockwork
from intake.mailboxes.access_tokens import access_tokens
from intake.notices import Notices
from intake.parsing import Parser
from intake.parsing_process import ParsingProcess
from intake.pipeline import Pipeline
from intake.reception import Reception
from intake.settings.config import Config, Smtp
from intake.settings.policies import policy_digest
from intake.workplace import Workplace
from parsers.blobs import OpenBlob
from parsers.facts import Address
from responders.case_facts import tell_words
from responders.delivery import Deliverer
from responders.rendering import Templates
from responders.smtp import SmtpServer
from responders.tokens import Tokens
from responders.voice import Voice
from store.blobs import Blobs, place_of
from store.clock_queue import ClockQueue
from store.database import Database
from store.inbox import Inbox
from store.installation import read_or_make, read_value
from store.ledger import Ledger
from store.migrating import migrate
from store.outbox import Outbox
from store.quarantine import Quarantine
from store.same_mail import SameMail
from store.spool import Spool
from store.workers import Worker
from tickets.desk import Department, Desk
from tickets.policy import WILDCARD, Policy
from tickets.ticket import Party, Role

KEY_NAME = "token-key"  # under which the installation keeps the key of its tokens
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PAUSES = (timedelta(seconds=2), timedelta(seconds=30))  # before the second and the third attempt at a mail
AT_ONCE = (timedelta(), timedelta())


@dataclass(frozen=True, kw_only=True, slots=True)
class Assembly:
    """Everything that runs."""

    config: Config
    policy: Policy
    database: Database
    worker: Worker
    spool: Spool
    ledger: Ledger
    inbox: Inbox
    outbox: Outbox
    clocks: ClockQueue
    pipeline: Pipeline
    clockwork: Clockwork
    notices: Notices
    nightly: Nightly
    deliverer: Deliverer
    now: Callable[[], datetime]

    def work_once(self, *, with_clocks: bool) -> int:
        """One batch of each queue; how much there was to do. Raises StoreError, OSError.

        A clock strikes only when no mail waits: what a customer sent in time counts, also when we were late to read it.
        """
        done = self.pipeline.work()
        if with_clocks and not done:
            done = self.clockwork.work()
        return done or self.notices.work()

    def close(self) -> None:
        """End, and give back what is in hand; what cannot be is left to the next start, as by a process that died."""
        self.pipeline.close()
        self.worker.close(self.database)
        self.database.close()


def assemble(
    config: Config,
    policy: Policy,
    now: Callable[[], datetime],
    pauses: Sequence[timedelta] = PAUSES,
    process: ParsingProcess | None = None,
) -> Assembly:
    """Put everything together; the database is brought up to date, what dead processes left behind is cleaned up.

    Raises StoreError, OSError.
    """
    database = Database(config.service.database)
    migrate(database)
    worker, spool, blobs = _open_folders(config, database)
    tokens = make_tokens(config, database)
    place = _make_workplace(config, policy, database, tokens, worker, now)
    outbox = Outbox(database, automatic_per_hour=config.limits.automatic_per_hour)
    inbox, clocks = Inbox(database), ClockQueue(database)
    clocks.rewind(policy_digest(config.service.policy), now())  # running deadlines look for their next step anew
    reception = make_reception(config, policy, tokens, spool, blobs.begin)
    return Assembly(
        config=config,
        policy=policy,
        database=database,
        worker=worker,
        spool=spool,
        ledger=Ledger(database, now, SameMail(spool)),
        inbox=inbox,
        outbox=outbox,
        clocks=clocks,
        pipeline=Pipeline(place, inbox, Parser(reception, blobs, process), pauses),
        clockwork=Clockwork(place, clocks),
        notices=Notices(place, outbox, Quarantine(database)),
        nightly=Nightly(Retention(config, policy, database, now), database, policy, now),
        deliverer=Deliverer(outbox, smtp_server(config.smtp), connections=config.smtp.connections, worker=worker.name),
        now=now,
    )


def _make_workplace(
    config: Config, policy: Policy, database: Database, tokens: Tokens, worker: Worker, now: Callable[[], datetime]
) -> Workplace:
    desk = make_desk(config, policy)
    voice = make_voice(config, policy, desk, tokens)
    return Workplace(
        database=database,
        policy=policy,
        desk=desk,
        voice=voice,
        clerk=Clerk(voice),
        worker=worker.name,
        automatic_per_day=config.limits.automatic_per_address_per_day,
        now=now,
    )


def _open_folders(config: Config, database: Database) -> tuple[Worker, Spool, Blobs]:
    """The data folder, swept of what dead processes left behind."""
    data = config.service.data
    worker = Worker(data / "workers")
    spool, blobs = Spool(data / "spool"), Blobs(data / "blobs")
    if worker.free_leases_of_the_dead(database) and worker.is_alone:
        spool.remove_leftovers()
        blobs.remove_leftovers()
    return worker, spool, blobs


def make_reception(config: Config, policy: Policy, tokens: Tokens, spool: Spool, open_blob: OpenBlob) -> Reception:
    """What parses the mails of the spool."""
    return Reception(
        spool=spool,
        open_blob=open_blob,
        vocabulary=policy.vocabulary(),
        zone=ZoneInfo(policy.zone),
        tokens=tokens,
        limits=config.limits.of_parts(),
        own_addresses=frozenset({config.service.address.lower()}),
    )


def make_desk(config: Config, policy: Policy) -> Desk:
    """Departments with their staff, as the rules see them: those of the policy and of the config, whose words win."""
    language = config.service.language
    ruled = {one.key: (tell_words(one.name, language), one.categories) for one in policy.departments}
    own = {
        one.key: (one.name, one.categories or ruled.get(one.key, ("", (WILDCARD,)))[1]) for one in config.departments
    }
    departments = [
        Department(key=key, name=name, categories=categories, staff=tuple(_staff_of(key, config)))
        for key, (name, categories) in (ruled | own).items()
    ]
    return Desk(language=language, departments=tuple(departments))


def _staff_of(key: str, config: Config) -> Iterator[Party]:
    for person in config.staff:
        if key in person.departments:
            role: Role = "manager" if person.role == "manager" else "staff"
            yield Party(email=person.email.lower(), role=role, name=person.name)


def make_tokens(config: Config, database: Database) -> Tokens:
    """Tokens with the key of this installation, made at the first start."""
    key = read_or_make(database, KEY_NAME, lambda: b64encode(secrets.token_bytes(32)).decode("ascii"))
    return _tokens(config, key)


def read_tokens(config: Config, database: Database) -> Tokens:
    """The same for those who only look; without a key there are no tickets either that tokens could be of."""
    return _tokens(config, read_value(database, KEY_NAME) or "")


def _tokens(config: Config, key: str) -> Tokens:
    return Tokens(b64decode(key), config.service.address, config.service.subaddress)


def make_voice(config: Config, policy: Policy, desk: Desk, tokens: Tokens) -> Voice:
    """The voice of the company, in its own words where it has some."""
    own = [config.service.templates] if config.service.templates else []
    return Voice(
        address=Address(name=config.service.name, email=config.service.address),
        policy=policy,
        desk=desk,
        templates=Templates(template_folders(policy, own), ZoneInfo(policy.zone)),
        tokens=tokens,
        read_file=lambda sha256: place_of(sha256, config.service.data / "blobs").read_bytes(),
    )


def template_folders(policy: Policy, own: Sequence[Path]) -> list[Path]:
    """Where words are looked for: the company's `own` folder, the set that the policy names, ours."""
    return [*own, *([TEMPLATES / policy.templates] if policy.templates else []), TEMPLATES]


def smtp_server(smtp: Smtp) -> SmtpServer:
    """The server as the responders see it; the password is read when it is needed."""
    return SmtpServer(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username=smtp.username,
        password=smtp.password.read if smtp.password else None,
        access_token=access_tokens(smtp.oauth2).get if smtp.oauth2 else None,
        ca_file=smtp.ca_file,
    )
