"""What lies ahead is read customer by customer, in one state of the database, and without a trace."""

from datetime import datetime, timedelta

import pytest

from store.casebook import open_casebook
from store.database import Database
from store.errors import StoreError
from store.migrating import is_current, migrate
from store.upcoming import TICKETS_READ, open_upcoming
from tests.complaints import MORNING, POLICY, TUAN, clock
from tests.memory import letter, open_in, open_ticket, post

DAY = timedelta(days=1)
HANH = "hanh@khach.example"


def ids(database: Database, until: datetime | None, only: tuple[int, str] | None = None) -> list[list[int]]:
    with open_upcoming(database) as ahead:
        return [[one.id for one in found.tickets] for found in ahead.customers(until, MORNING - DAY, only)]


def test_customers_come_by_their_oldest_ticket_with_all_of_theirs(database: Database):
    for email in (HANH, TUAN, "", HANH, "", TUAN):
        open_ticket(database, customer_email=email)
    assert ids(database, MORNING + DAY) == [[1, 4], [2, 6], [3], [5]]


def test_customers_are_never_parted_however_many_tickets_there_are(database: Database):
    count = 2 * TICKETS_READ
    emails = (HANH, TUAN, "minh@khach.example")
    with open_casebook(database, POLICY, MORNING) as book:
        for number in range(count):
            open_in(book, customer_email=emails[number % 3])
    assert ids(database, None) == [list(range(first, count + 1, 3)) for first in (1, 2, 3)]


def test_clocks_that_wake_later_or_never_do_not_count(database: Database):
    open_ticket(database)
    open_ticket(database, customer_email=HANH, clocks=(clock("evidence", wakes_at=None),))
    assert ids(database, MORNING + DAY - timedelta(seconds=1)) == []
    assert ids(database, MORNING + DAY) == ids(database, None) == [[1]]


@pytest.mark.parametrize(
    ("only", "found"), [((1, TUAN), [[1, 3]]), ((2, ""), [[2]])], ids=["all of a customer", "one without an address"]
)
def test_one_customer_alone(database: Database, only: tuple[int, str], found: list[list[int]]):
    for email in (TUAN, "", TUAN, "", HANH):
        open_ticket(database, customer_email=email)
    assert ids(database, None, only) == found


def test_automatic_mails_of_the_last_day_are_told_by_when_they_were_written(database: Database):
    old, new = MORNING - 2 * DAY, MORNING - timedelta(hours=1)
    open_ticket(database)
    post(database, letter(), now=old)
    post(database, letter(), letter(is_automatic=False), letter(HANH), now=new)
    with open_upcoming(database) as ahead:
        (found,) = ahead.customers(None, MORNING - DAY)
    assert found.automatic == [new]


def test_mails_that_wait_come_in_the_order_they_were_written(database: Database):
    opened = open_ticket(database, letters=[TUAN])
    post(database, letter(HANH))
    with open_upcoming(database) as ahead:
        assert [(one.number, one.recipient) for one in ahead.queued(MORNING)] == [(opened.number, TUAN), (None, HANH)]
        assert [one.recipient for one in ahead.queued(MORNING, opened.number)] == [TUAN]
        assert list(ahead.queued(MORNING - DAY)) == []


def test_thread_is_that_of_the_person(database: Database):
    opened = open_ticket(database, letters=[TUAN, HANH])
    with open_upcoming(database) as ahead:
        assert len(ahead.thread(opened.id, TUAN)) == 1


def test_database_that_is_opened_to_read_refuses_to_be_written(sqlite_url: str):
    made = Database(sqlite_url)
    migrate(made)
    looking = Database(sqlite_url, may_write=False)
    assert is_current(looking)
    with pytest.raises(StoreError, match="readonly"):
        open_ticket(looking)
    made.close()
    looking.close()


def test_database_that_is_not_there_is_not_made(sqlite_url: str):
    looking = Database(sqlite_url, may_write=False)
    with pytest.raises(StoreError):
        is_current(looking)
    with pytest.raises(StoreError):  # not by the second look either
        is_current(looking)
    looking.close()
