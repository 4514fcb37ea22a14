"""Addresses under suspicion on both databases: their mail is set aside, and taken in when they are released."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from store.casebook import Casebook, open_casebook
from store.database import Database
from store.migrating import migrate
from store.quarantine import Quarantine
from store.records import Lookup, WaitingMail
from store.schema import ledger as ledger_table
from store.schema import suspension
from tests.complaints import LAN, MORNING, POLICY, STRANGER, TUAN
from tests.memory import HOUR, carry_out, claim, enter, open_ticket
from tickets.effects import Effect, ReleaseAddress, SuspendAddress
from tickets.ticket import Ticket

SUSPEND, RELEASE = SuspendAddress(email=TUAN, reason="thông tin bất thường"), ReleaseAddress(email=TUAN)


def decide(database: Database, ticket: Ticket, *effects: Effect) -> None:
    with open_casebook(database, POLICY, MORNING) as book:
        book.read_tickets([ticket.id])
        carry_out(book, book.current(ticket.id), *effects)


def is_suspended(database: Database, sender: str) -> bool:
    with open_casebook(database, POLICY, MORNING) as book:
        book.read([Lookup(sender=sender)])
        return book.candidates(Lookup(sender=sender)).is_suspended


def hold_back(book: Casebook, *mails: WaitingMail, writer: str = TUAN) -> None:
    for mail in mails:
        book.quarantine(mail.mail_id, "suspended", writer=writer)


def dispositions(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(select(ledger_table.c.disposition).order_by(ledger_table.c.id)))


def test_an_address_is_suspended_until_it_is_released(database: Database):
    opened = open_ticket(database)
    decide(database, opened, SUSPEND)
    assert [is_suspended(database, email) for email in (TUAN, STRANGER, "")] == [True, False, False]
    decide(database, opened, RELEASE)
    assert not is_suspended(database, TUAN)


def test_who_suspended_an_address_when_why_and_over_which_complaint_is_kept(database: Database):
    first, second = open_ticket(database), open_ticket(database)
    decide(database, first, SUSPEND)
    decide(database, second, replace(SUSPEND, reason="lần nữa"))
    with database.reading() as connection:
        (kept,) = connection.execute(select(suspension)).all()
    assert tuple(kept) == (TUAN, "thông tin bất thường", "test", MORNING, first.id)


def test_a_later_mail_of_the_batch_knows_of_the_suspension(database: Database):
    opened = open_ticket(database)
    lookup = Lookup(sender=TUAN)
    with open_casebook(database, POLICY, MORNING) as book:
        book.read([lookup])
        found = []
        for effect in (SUSPEND, RELEASE):
            opened = carry_out(book, opened, effect)
            found.append(book.candidates(lookup).is_suspended)
    assert found == [True, False]
    assert not is_suspended(database, TUAN)


@pytest.mark.parametrize("last", [SUSPEND, RELEASE], ids=["suspended", "released"])
def test_the_last_word_of_a_batch_on_an_address_counts(database: Database, last: Effect):
    opened = open_ticket(database)
    first = RELEASE if last is SUSPEND else SUSPEND
    decide(database, opened, first, last)
    assert is_suspended(database, TUAN) == (last is SUSPEND)


def test_released_mail_goes_back_to_the_inbox_in_the_order_it_came(database: Database):
    opened = open_ticket(database)
    enter(database, TUAN, STRANGER, TUAN)
    mails = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        hold_back(book, mails[0], mails[2])
        book.quarantine(mails[1].mail_id, "suspended", writer=STRANGER)
    assert claim(database, now=MORNING + HOUR) == []
    decide(database, opened, RELEASE)
    assert [(one.mail_id, one.attempts) for one in claim(database)] == [(mails[0].mail_id, 0), (mails[2].mail_id, 0)]
    assert [one.mail_id for one in Quarantine(database).read()] == [mails[1].mail_id]
    assert dispositions(database) == ["waiting", "quarantined", "waiting"]


def test_mail_under_another_from_is_released_with_the_one_who_wrote_it(database: Database):
    """A web form writes From itself; whom it names in Reply-To is the one who is suspended."""
    opened = open_ticket(database)
    enter(database, "form@shop.example")
    mails = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        hold_back(book, *mails)
    decide(database, opened, RELEASE)
    assert [one.sender for one in claim(database)] == ["form@shop.example"]


def test_only_what_the_suspension_set_aside_is_released(database: Database):
    opened = open_ticket(database)
    enter(database, TUAN, TUAN)
    broken, discarded = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        book.quarantine(broken.mail_id, "staff-without-ticket", writer=TUAN)
        hold_back(book, discarded)
    Quarantine(database).discard(discarded.mail_id, who=LAN, why="thư rác", now=MORNING)
    decide(database, opened, RELEASE)
    assert claim(database, now=MORNING + HOUR) == []
    assert dispositions(database) == ["quarantined", "discarded"]


def test_a_mail_that_is_set_aside_and_released_in_one_batch_waits_in_the_inbox(database: Database):
    opened = open_ticket(database)
    enter(database, TUAN)
    mails = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        book.read_tickets([opened.id])
        hold_back(book, *mails)
        carry_out(book, opened, RELEASE)
    assert [one.mail_id for one in claim(database)] == [mails[0].mail_id]
    assert Quarantine(database).read() == []


def test_a_release_finds_also_what_another_daemon_is_setting_aside_at_this_moment(postgres_url: str):
    with closing(Database(postgres_url)) as database, ThreadPoolExecutor(1) as pool:
        migrate(database)
        opened = open_ticket(database)
        decide(database, opened, SUSPEND)
        enter(database, TUAN)
        mails = claim(database)
        with open_casebook(database, POLICY, MORNING) as book:
            book.read([Lookup(sender=TUAN)])
            assert book.candidates(Lookup(sender=TUAN)).is_suspended
            released = pool.submit(decide, database, opened, RELEASE)
            while not (released.done() or waits_for_a_lock(database)):
                pass
            hold_back(book, *mails)
        released.result(timeout=60)
        assert [one.mail_id for one in claim(database, now=MORNING + HOUR)] == [mails[0].mail_id]


def waits_for_a_lock(database: Database) -> bool:
    with database.reading() as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(connection.scalar(text(asked)))
