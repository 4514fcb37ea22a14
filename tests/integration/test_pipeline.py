"""Mails in hand: parsed beside, given back at a stop or from a busy database, and those of one sender in order."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from intake.assembly import AT_ONCE, assemble, make_desk, make_reception, make_tokens, make_voice
from intake.claims import BATCH_MAILS
from intake.clerk import Clerk
from intake.parsing import Parser
from intake.pipeline import Pipeline
from intake.reception import PreparedMail, Reception
from intake.settings.config import read_config
from intake.settings.policies import read_policy
from intake.workplace import Workplace
from responders.tokens import Tokens
from store.blobs import Blobs
from store.database import Database
from store.errors import RefusedValue, StoreBusy
from store.inbox import CLAIM_BYTES, CLAIMS_TO_QUARANTINE, Inbox
from store.quarantine import Quarantine
from store.records import WaitingMail
from store.schema import inbox, ledger, message
from store.spool import Spool
from store.workers import Worker
from tests.mailroom import Mailroom
from tests.own_mails import SUPPORT, TUAN, write_mail
from tests.servers.sink import SmtpSink
from tickets.ticket import Ticket

TWO_BATCHES = BATCH_MAILS + 1
PAUSES = (timedelta(seconds=2), timedelta(seconds=30))


class BusyInbox(Inbox):
    """Takes nothing back while `is_busy`, as where another program holds the database."""

    is_busy = False

    def give_back(self, mail_ids: Sequence[int], worker: str, *, is_tried: bool = False) -> None:
        if self.is_busy and mail_ids:
            raise StoreBusy("the inbox is locked")
        super().give_back(mail_ids, worker, is_tried=is_tried)


class ScriptedReception(Reception):
    """Raises each error of the script once, for the mail whose turn it is; tells when it is at work."""

    def prepare(self, waiting: WaitingMail) -> PreparedMail:
        if self.at_work:
            self.at_work()
        if waiting.mail_id in self.errors:
            raise self.errors.pop(waiting.mail_id)
        return super().prepare(waiting)

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.errors: dict[int, Exception] = {}
        self.at_work: Callable[[], object] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"at_work": None}  # nobody is told in another process


class ScriptedClerk(Clerk):
    """Raises the errors of the script, one each time a mail's turn comes; tells when it is at work."""

    def carry_out(self, *given: Any, **named: Any) -> Ticket:
        self.at_work()
        mail = named.get("mail")
        if mail and (errors := self.errors.get(mail.mail_id)):
            raise errors.pop(0)
        return super().carry_out(*given, **named)

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.errors: dict[int, list[Exception]] = {}
        self.at_work: Callable[[], object] = lambda: None


class Hall:
    """A pipeline over the mails of a mailroom, whose parts fail by script."""

    def __init__(self, room: Mailroom, worker: str = "one") -> None:
        config = read_config(room.config)
        policy = read_policy(config.service.policy)
        self.database = Database(config.service.database)
        tokens, desk = make_tokens(config, self.database), make_desk(config, policy)
        voice = make_voice(config, policy, desk, tokens)
        blobs = Blobs(room.data / "blobs")
        self.reception = ScriptedReception(
            spool=Spool(room.data / "spool"),
            open_blob=blobs.begin,
            vocabulary=policy.vocabulary(),
            zone=ZoneInfo(policy.zone),
            tokens=tokens,
            limits=config.limits,
            own_addresses=frozenset({SUPPORT}),
        )
        self.clerk = ScriptedClerk(voice)
        self.inbox = BusyInbox(self.database)
        place = Workplace(
            database=self.database,
            policy=policy,
            desk=desk,
            voice=voice,
            clerk=self.clerk,
            worker=worker,
            automatic_per_day=100,
            now=lambda: room.now,
        )
        self.pipeline = Pipeline(place, self.inbox, Parser(self.reception, blobs), PAUSES)

    def close(self) -> None:
        self.pipeline.close()
        self.database.close()

    def work_off(self) -> int:
        """Everything that can be done now; how many mails that were."""
        done = 0
        while worked := self.pipeline.work():
            done += worked
        return done

    def leased(self) -> list[int]:
        with self.database.reading() as connection:
            held = select(inbox.c.mail_id).where(inbox.c.leased_by.is_not(None)).order_by(inbox.c.mail_id)
            return list(connection.scalars(held))

    def claims(self) -> dict[int, int]:
        """How often each mail of the inbox is taken for one that ended the program."""
        with self.database.reading() as connection:
            return {row.mail_id: row.claims for row in connection.execute(select(inbox.c.mail_id, inbox.c.claims))}

    def suspect(self, claims: int, *mail_ids: int) -> None:
        """The program did not survive these mails so often."""
        with self.database.writing() as connection:
            connection.execute(update(inbox).where(inbox.c.mail_id.in_(mail_ids)).values(claims=claims))

    def enlarge(self) -> None:
        """Each mail is large enough for a batch of its own, as the ledger has it."""
        with self.database.writing() as connection:
            connection.execute(update(ledger).values(size_bytes=CLAIM_BYTES))

    def taken_in(self) -> list[int]:
        """The mails that are messages, in the order in which they came to be."""
        with self.database.reading() as connection:
            came = select(message.c.mail_id).where(message.c.direction == "in").order_by(message.c.no)
            return list(connection.scalars(came))


@pytest.fixture
def room(tmp_path: Path, sink: SmtpSink, sqlite_url: str) -> Mailroom:
    return Mailroom(tmp_path, sink, sqlite_url)


@pytest.fixture
def hall(room: Mailroom) -> Iterator[Hall]:
    with closing(Hall(room)) as hall:
        yield hall


def mails(count: int) -> list[bytes]:
    """Each of another sender."""
    return [write_mail(sender=f"khach{number}@khach.example") for number in range(count)]


def test_what_the_other_process_is_given_loads_nothing_that_reads_config_files(room: Mailroom):
    config = read_config(room.config)
    policy = read_policy(config.service.policy)
    blobs = Blobs(room.data / "blobs")
    tokens = Tokens(b"key", SUPPORT, "+")
    given = pickle.dumps((make_reception(config, policy, tokens, Spool(room.data / "spool"), blobs.begin), blobs))
    program = "import pickle, sys; pickle.load(sys.stdin.buffer); print('pydantic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], input=given, capture_output=True, check=True)
    assert ran.stdout.strip() == b"False"


# Given back.


def test_mails_claimed_ahead_are_free_as_soon_as_the_program_has_stopped(room: Mailroom):
    room.receive(*mails(TWO_BATCHES))
    config = read_config(room.config)
    stopped = assemble(config, read_policy(config.service.policy), lambda: room.now, AT_ONCE)
    assert stopped.pipeline.work() == BATCH_MAILS
    stopped.close()
    assert list((room.data / "workers").iterdir()) == []
    with closing(Hall(room)) as hall:
        assert hall.leased() == []
        assert set(hall.claims().values()) == {0}
        assert hall.work_off() == 1


def test_mails_that_could_not_be_given_back_at_the_end_are_free_at_the_next_start(room: Mailroom, tmp_path: Path):
    room.receive(*mails(TWO_BATCHES))
    worker = Worker(tmp_path / "workers")
    with closing(Hall(room, worker.name)) as hall:
        hall.pipeline.work()
        hall.inbox.is_busy = True
        hall.pipeline.close()
        worker.close(hall.database)
        assert len(hall.leased()) == 1
        with Worker(tmp_path / "workers") as following:
            assert following.free_leases_of_the_dead(hall.database) == [worker.name]
        assert hall.leased() == []


def test_worker_that_cannot_ask_what_it_holds_counts_as_dead(tmp_path: Path):
    worker = Worker(tmp_path)
    with closing(Database(f"sqlite:///{tmp_path / 'empty.db'}")) as no_tables:
        worker.close(no_tables)
    assert (tmp_path / f"{worker.name}.lock").exists()


def test_no_batch_is_forgotten_while_the_database_is_busy(room: Mailroom, hall: Hall):
    room.receive(*mails(TWO_BATCHES))
    hall.clerk.errors = {1: [StoreBusy("the casebook is locked")]}
    hall.inbox.is_busy = True
    with pytest.raises(StoreBusy, match="casebook"):
        hall.pipeline.work()
    with pytest.raises(StoreBusy, match="inbox"):
        hall.pipeline.work()
    assert len(hall.leased()) == TWO_BATCHES
    hall.inbox.is_busy = False
    assert hall.work_off() == TWO_BATCHES
    assert hall.claims() == {}


def test_full_disk_makes_no_mail_a_suspect(room: Mailroom, hall: Hall):
    room.receive(*mails(3))
    hall.reception.errors = {2: OSError(28, "No space left on device")}
    with pytest.raises(OSError, match="No space left"):
        hall.pipeline.work()
    hall.pipeline.close()
    assert hall.leased() == []
    assert hall.claims() == {1: 0, 2: 0, 3: 0}


# Suspects.


@pytest.mark.parametrize("suspects", [(1, 2, 3), (3,)], ids=["all", "one that waits"])
def test_nothing_is_claimed_ahead_while_a_mail_may_be_deadly(room: Mailroom, hall: Hall, suspects: tuple[int, ...]):
    room.receive(*mails(3))
    hall.enlarge()
    hall.suspect(1, *suspects)
    held: list[list[int]] = []
    hall.clerk.at_work = lambda: held.append(hall.leased())
    assert hall.work_off() == 3
    assert held == [[1], [2], [3]]


def test_large_mails_are_claimed_ahead_where_none_is_suspected(room: Mailroom, hall: Hall):
    room.receive(*mails(3))
    hall.enlarge()
    held: list[list[int]] = []
    hall.clerk.at_work = lambda: held.append(hall.leased())
    assert hall.work_off() == 3
    assert held == [[1, 2, 3], [2, 3], [3]]


def test_mails_that_come_while_a_batch_is_parsed_are_claimed_before_it_is_committed(room: Mailroom, hall: Hall):
    room.receive(*mails(1))
    hall.enlarge()
    late = iter(mails(2)[1:])
    hall.reception.at_work = lambda: room.receive(*late)
    held: list[list[int]] = []
    hall.clerk.at_work = lambda: held.append(hall.leased())
    assert hall.work_off() == 2
    assert held == [[1, 2], [2]]


def test_mail_on_its_last_chance_is_not_set_aside_by_another_daemon_that_looks_for_work(room: Mailroom, hall: Hall):
    room.receive(write_mail())
    hall.suspect(CLAIMS_TO_QUARANTINE - 1, 1)
    with closing(Hall(room, "two")) as other:
        hall.clerk.at_work = other.pipeline.work
        assert hall.work_off() == 1
    assert Quarantine(hall.database).read() == []
    assert hall.taken_in() == [1]


# The order of one sender's mails.


def receive_letter_and_reply(room: Mailroom) -> None:
    room.receive(
        write_mail(message_id="<1@khach>"),
        write_mail(sender="hanh@khach.example"),
        write_mail(message_id="<3@khach>", answers="<1@khach>"),
    )


def fail_in_the_parser(hall: Hall) -> None:
    hall.reception.errors = {1: ValueError("no parser for this")}


def fail_in_the_database(hall: Hall) -> None:
    """With all others first, then by itself."""
    hall.clerk.errors = {1: [RefusedValue("out of range"), RefusedValue("out of range")]}


def fail_in_the_rules(hall: Hall) -> None:
    hall.clerk.errors = {1: [ValueError("no rule for this")]}


@pytest.mark.parametrize("fail", [fail_in_the_parser, fail_in_the_database, fail_in_the_rules])
def test_later_mail_of_a_sender_waits_with_the_one_that_failed(
    room: Mailroom, hall: Hall, fail: Callable[[Hall], None]
):
    receive_letter_and_reply(room)
    fail(hall)
    hall.work_off()
    assert hall.taken_in() == [2]
    assert hall.claims() == {1: 0, 3: 0}
    room.now += PAUSES[0]
    assert hall.work_off() == 2
    with hall.database.reading() as connection:
        of_tuan = select(message.c.mail_id).where(message.c.email == TUAN, message.c.direction == "in")
        assert list(connection.scalars(of_tuan.order_by(message.c.no))) == [1, 3]
        assert connection.scalar(select(func.count(func.distinct(message.c.ticket_id)))) == 2
