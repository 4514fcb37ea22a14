"""Several daemons on one memory: nothing is handed out twice, entered twice, numbered twice, or out of order.

Threads stand for daemons; each has a `Database` of its own, as a process would. On PostgreSQL they really run side by
side.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from intake.clerk import Book, Clerk
from intake.clockwork import Clockwork
from intake.settings.policies import read_policy
from intake.workplace import Workplace
from parsers.facts import Address
from responders.rendering import Templates
from responders.tokens import Tokens
from responders.voice import Voice
from store.casebook import Casebook, open_casebook
from store.clock_queue import ClockQueue
from store.database import Database
from store.errors import LostLease, StaleTicket, StoreBusy
from store.inbox import Inbox
from store.installation import read_or_make
from store.ledger import Arrival
from store.migrating import NEWEST, current_revision, migrate
from store.reading import Reading
from store.records import Lookup, ReceivedMail, WaitingMail
from tests.complaints import DESK, HANOI, MORNING, POLICY, clock, subject
from tests.memory import (
    LEASE,
    arrival,
    carry_out,
    claim,
    due,
    enter,
    ledger,
    letter,
    open_in,
    open_ticket,
    outbox,
    post,
    read,
    received,
)
from tickets.decisions import decide_mail
from tickets.effects import Effect, LearnDetails
from tickets.incoming import IncomingMail
from tickets.ticket import Ticket

DAEMONS = 4
T = TypeVar("T")


@pytest.fixture
def daemons(database_url: str) -> Iterator[list[Database]]:
    """The same memory, once for each daemon."""
    databases = [Database(database_url) for _ in range(DAEMONS)]
    migrate(databases[0])
    yield databases
    for one in databases:
        one.close()


def at_once(databases: list[Database], work: Callable[[Database, str], T]) -> list[T]:
    """What the work gives in each daemon, all of them starting at the same moment."""
    start = threading.Barrier(len(databases))

    def run(database: Database, name: str) -> T:
        start.wait()
        return work(database, name)

    with ThreadPoolExecutor(len(databases)) as pool:
        return list(pool.map(run, databases, [f"daemon {number}" for number, _ in enumerate(databases)]))


def test_a_new_memory_is_made_once_however_many_daemons_start(database_url: str):
    databases = [Database(database_url) for _ in range(DAEMONS)]
    at_once(databases, lambda database, _: migrate(database))
    assert {current_revision(database) for database in databases} == {NEWEST}
    keys = at_once(databases, lambda database, name: read_or_make(database, "token-key", lambda: name))
    assert len(set(keys)) == 1
    for one in databases:
        one.close()


def test_daemons_that_open_a_new_file_at_the_same_moment_wait_for_each_other(tmp_path: Path):
    for number in range(25):
        databases = [Database(f"sqlite:///{tmp_path / str(number)}.db") for _ in range(DAEMONS)]
        at_once(databases, lambda database, _: migrate(database))
        for one in databases:
            one.close()


def test_a_mail_that_lies_in_many_mailboxes_is_taken_in_once(daemons: list[Database]):
    mails = [arrival() for _ in range(30)]

    def fetch(database: Database, name: str) -> int:
        return sum(ledger(database).enter([replace(mail, mailbox=name)]) for mail in mails)

    assert sum(at_once(daemons, fetch)) == 30


def test_a_mailbox_that_two_daemons_watch_is_entered_once(daemons: list[Database]):
    mails = [arrival() for _ in range(30)]

    def fetch(database: Database, _: str) -> int:
        batches: list[list[Arrival]] = [mails[start : start + 10] for start in range(0, 30, 10)]
        return sum(ledger(database).enter(batch) for batch in batches)

    assert sum(at_once(daemons, fetch)) == 30


def claim_all(database: Database, name: str) -> list[WaitingMail]:
    found: list[WaitingMail] = []
    while mails := claim(database, name, limit=7):
        found += mails
    return found


def test_no_mail_is_claimed_by_two(daemons: list[Database]):
    enter(daemons[0], *(f"{number}@khach.example" for number in range(100)))
    claimed = [mail.mail_id for mails in at_once(daemons, claim_all) for mail in mails]
    assert sorted(claimed) == list(range(1, 101))


def test_the_mails_of_one_sender_are_never_in_two_hands(daemons: list[Database]):
    """Each daemon keeps what it claims: nobody else gets a later mail of the same sender then."""
    enter(daemons[0], *(f"{number % 20}@khach.example" for number in range(200)))
    holders: dict[str, set[str]] = defaultdict(set)
    for number, mails in enumerate(at_once(daemons, lambda database, name: claim(database, name, limit=30))):
        for mail in mails:
            holders[mail.sender].add(str(number))
    assert {len(one) for one in holders.values()} == {1}


def test_no_mail_is_sent_by_two_and_the_order_to_a_person_is_kept(daemons: list[Database]):
    for _ in range(5):
        open_ticket(daemons[0], letters=["tuan@khach.example"] * 10)
    held: list[list[tuple[int | None, int]]] = at_once(
        daemons,
        lambda database, name: [(mail.ticket_id, mail.id) for mail in due(database, name, limit=8)],
    )
    everything = [mail for mails in held for mail in mails]
    assert len(everything) == len(set(everything))
    holders = Counter(ticket for mails in held for ticket in {ticket for ticket, _ in mails})
    assert set(holders.values()) == {1}


def test_the_breaker_counts_what_all_daemons_send(daemons: list[Database]):
    post(daemons[0], *[letter(f"{number}@khach.example") for number in range(50)])
    held = at_once(daemons, lambda database, name: due(database, name, limit=10, per_hour=15))
    assert sum(map(len, held)) == 15
    assert outbox(daemons[0], 15).is_breaker_open(MORNING)


def test_no_clock_is_woken_by_two(daemons: list[Database]):
    for _ in range(20):
        open_ticket(daemons[0], clocks=(clock(wakes_at=MORNING),))

    def wake(database: Database, name: str) -> list[int]:
        found: list[int] = []
        while woken := ClockQueue(database).claim_due(MORNING, 3, LEASE, name):
            found += [one.ticket_id for one in woken]
        return found

    assert sorted(key for keys in at_once(daemons, wake) for key in keys) == list(range(1, 21))


def test_numbers_are_given_without_gap_or_double(daemons: list[Database]):
    def work(database: Database, _: str) -> None:
        for _number in range(10):
            with open_casebook(database, POLICY, MORNING) as book:
                open_in(book)

    at_once(daemons, work)
    numbers = [one["number"] for one in Reading(daemons[0], POLICY).list_tickets()]
    assert numbers == [f"HKG-26-{number:06d}" for number in range(1, 10 * DAEMONS + 1)]


HAKAGO = read_policy("hakago")


def no_file(sha256: str) -> bytes:
    raise FileNotFoundError(sha256)


def make_voice() -> Voice:
    """With the real words."""
    tokens = Tokens(b"key", "support@hakago.example", "+")
    templates = Templates([Path(__file__).parents[2] / "templates"], HANOI)
    address = Address(name="Hakago", email="support@hakago.example")
    return Voice(address=address, policy=HAKAGO, desk=DESK, templates=templates, tokens=tokens, read_file=no_file)


class Overtaken(Clerk):
    """While he writes for the first time, somebody else changes the ticket."""

    def __init__(self, voice: Voice, database: Database) -> None:
        super().__init__(voice)
        self._others = [database]

    def carry_out(self, book: Book, before: Ticket | None, effects: Sequence[Effect], **more: Any) -> Ticket:
        assert before is not None
        while self._others:
            with open_casebook(self._others.pop(), HAKAGO, MORNING) as other:
                other.read_tickets([before.id])
                carry_out(other, other.current(before.id), LearnDetails(phone="0912345678"))
        return super().carry_out(book, before, effects, **more)


def test_a_clock_strikes_although_its_ticket_is_changed_at_the_same_moment(postgres_url: str):
    """On SQLite nobody can: a writer there is alone."""
    with closing(Database(postgres_url)) as database, closing(Database(postgres_url)) as others:
        migrate(database)
        opened = open_ticket(database, clocks=(clock(due_at=MORNING, wakes_at=MORNING),))
        place = Workplace(
            database=database, policy=HAKAGO, desk=DESK, voice=make_voice(), clerk=Overtaken(make_voice(), others),
            worker="one", automatic_per_day=20, now=lambda: MORNING,
        )  # fmt: skip
        assert Clockwork(place, ClockQueue(database)).work() == 1
        after = read(database, opened.id)
    assert (after.phone, after.state) == ("0912345678", "closed")


class Office:
    """The part of a daemon that decides and commits, with the real words."""

    def __init__(self, database: Database, name: str) -> None:
        self._database, self._name = database, name
        self._clerk = Clerk(make_voice())
        self._inbox = Inbox(database)

    def work_all(self) -> None:
        """Until nothing is left; what the memory refuses is tried again, as the daemon does."""
        while mails := claim(self._database, self._name, limit=5):
            try:
                with open_casebook(self._database, HAKAGO, MORNING) as book:
                    book.read([Lookup(sender=mail.sender) for mail in mails])
                    for mail in mails:
                        self._take_in(book, received(mail, message_id=f"<{mail.mail_id}@khach.example>"))
            except (LostLease, StaleTicket, StoreBusy):
                self._inbox.give_back([mail.mail_id for mail in mails], self._name)

    def _take_in(self, book: Casebook, mail: ReceivedMail) -> None:
        incoming = IncomingMail(
            facts=mail.facts,
            subject=subject(order_code="012345", category="wrong-item"),
            sender=mail.sender,
            sender_name="",
            received_at=mail.received_at,
            token=None,
            automatic_left=20,
        )
        decision = decide_mail(incoming, book.candidates(Lookup(sender=mail.sender)), HAKAGO, DESK, MORNING)
        self._clerk.carry_out(book, decision.ticket, decision.effects, actor=mail.sender, mail=mail)
        book.dispose(mail.mail_id, decision.disposition)


def test_two_mails_of_each_customer_make_one_ticket_each_whoever_takes_them_in(daemons: list[Database]):
    """The second mail names the same order: it must find the ticket that the first one opened, in whatever daemon."""
    customers = [f"{number}@khach.example" for number in range(30)]
    enter(daemons[0], *customers, *customers)
    at_once(daemons, lambda database, name: Office(database, name).work_all())
    found = list(Reading(daemons[0], HAKAGO).list_tickets())
    assert sorted(one["customer_email"] for one in found) == sorted(customers)
    assert [one["number"] for one in found] == [f"HKG-26-{number:06d}" for number in range(1, 31)]
    written = due(daemons[0], limit=1000)
    acknowledged = Counter(mail.recipient for mail in written if mail.recipient in customers)
    assert acknowledged == dict.fromkeys(customers, 1)
