"""Tickets on both databases: what a batch reads and writes, and what it refuses to overwrite."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select

from store.casebook import Casebook, open_casebook
from store.database import Database
from store.errors import LostLease, StaleTicket
from store.migrating import migrate
from store.outbox import count_automatic
from store.reading import Reading
from store.records import Lookup, WaitingMail
from store.schema import attachment, automatic, history, message
from store.schema import ledger as ledger_table
from store.schema import outbox as outbox_table
from tests.complaints import LAN, MORNING, POLICY, STRANGER, TUAN, bounce, clock, filling, mail, photo, ticket
from tests.memory import (
    HOUR,
    MINUTE,
    carry_out,
    claim,
    enter,
    letter,
    open_in,
    open_ticket,
    opening,
    post,
    read,
    received,
)
from tests.unit.tickets.test_folding import CLOCKED, LISTS
from tickets.effects import (
    AddParty,
    ChangeState,
    Effect,
    EnterMessage,
    FillSlot,
    JudgeSlot,
    ReceiveMessage,
    StopClock,
)
from tickets.incoming import ReplyToken
from tickets.ticket import Offer, Party, Ticket

ANSWER = ReceiveMessage(email=TUAN, name="Tuấn", role="customer", rule="by_reference")


def comparable(one: Ticket) -> Ticket:
    """Without the version; parties and clocks have no order of their own."""
    return replace(
        one,
        version=0,
        parties=tuple(sorted(one.parties, key=lambda party: party.email)),
        clocks=tuple(sorted(one.clocks, key=lambda clock: clock.name)),
    )


def count(database: Database, table: Any) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


# Reading and writing.


def test_a_ticket_comes_back_as_it_was(database: Database):
    made: dict[str, Any] = {
        "parties": (Party(email=TUAN, role="customer", name="Tuấn"), Party(email=STRANGER, role="unknown", name="")),
        "evidence": (filling("video", sha256="a" * 64), filling("label", status="doubtful"), filling("customer_code")),
        "clocks": (
            clock("evidence", stepped_to=MORNING + MINUTE),
            clock("acknowledge", state="stopped", wakes_at=None, ended_at=MORNING + HOUR),
            clock("respond", state="paused", wakes_at=None, paused_at=MORNING, lost=HOUR + timedelta(microseconds=1)),
        ),
        "delivered_at": MORNING - HOUR,
        "outcome": "refund",
        "is_late": True,
        "owner": LAN,
        "answered_at": MORNING + MINUTE,
        "resolved_at": MORNING + HOUR,
        "channel": "phone",
        "phone": "0901 234 567",
        "rounds": 2,
        "satisfaction": 4,
        "offer": Offer(
            key="refund", outcome="refund", text="Hoàn tiền", by=LAN, at=MORNING, state="sent", amount=120_000,
            explanation=("4 × cước phí", "= 120.000 đ"),
        ),
        "flags": ("second-hand", "special"),
        "requested": ("invoice",),
        "waived": ("video",),
        "figures": {"cước": "30.000", "rate": "70%"},
    }  # fmt: skip
    stored = open_ticket(database, **made)
    assert comparable(stored) == comparable(replace(ticket(**made), id=1, number="HKG-26-000001", messages=1))
    assert stored.evidence == made["evidence"]  # in the order it came
    assert stored.version == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=LISTS, second=LISTS)
def test_storing_in_between_changes_nothing(database: Database, first: list[Effect], second: list[Effect]):
    """What is folded in memory and what is written and read again are the same ticket."""
    parts: dict[str, Any] = {"clocks": CLOCKED.clocks, "acknowledged_at": None}
    at_once, in_two = open_ticket(database, **parts), open_ticket(database, **parts)
    with open_casebook(database, POLICY, MORNING) as book:
        book.read_tickets([at_once.id])
        expected = carry_out(book, at_once, *first, *second) if first or second else at_once
    for effects in filter(None, (first, second)):
        with open_casebook(database, POLICY, MORNING) as book:
            book.read_tickets([in_two.id])
            carry_out(book, book.current(in_two.id), *effects)
    found = read(database, in_two.id)
    assert comparable(read(database, at_once.id)) == comparable(expected)
    assert comparable(replace(found, id=at_once.id, number=at_once.number)) == comparable(expected)


def test_a_ticket_that_did_not_change_is_not_written(database: Database):
    opened = open_ticket(database)
    assert read(database, opened.id).version == read(database, opened.id).version == 1


def test_what_was_said_by_phone_or_at_the_counter_is_a_message_without_a_mail(database: Database):
    opened = open_ticket(database)
    said = EnterMessage(
        email="", name="Bà Hoa", role="customer", channel="counter", subject="Sai màu", text="Tôi nhận sai màu áo."
    )
    with open_casebook(database, POLICY, MORNING + HOUR) as book:
        book.read_tickets([opened.id])
        carry_out(book, opened, said)
    with database.reading() as connection:
        stored = connection.execute(select(message)).mappings().one()
    assert (stored["direction"], stored["kind"], stored["no"]) == ("in", "customer", opened.messages + 1)
    assert (stored["email"], stored["name"], stored["subject"]) == ("", "Bà Hoa", "Sai màu")
    assert (stored["text"], stored["at"]) == ("Tôi nhận sai màu áo.", MORNING + HOUR)
    assert (stored["mail_id"], stored["message_id"], stored["facts"]) == (None, None, {"channel": "counter"})


def test_evidence_that_staff_judged_is_stored_as_judged_and_the_rest_as_it_was(database: Database):
    opened = open_ticket(database, evidence=(filling("video", status="doubtful"), filling("label"), filling("video")))
    with open_casebook(database, POLICY, MORNING) as book:
        book.read_tickets([opened.id])
        carry_out(book, opened, JudgeSlot(slot="video", status="refused"), FillSlot(evidence=filling("video")))
    found = [(one.slot, one.status) for one in read(database, opened.id).evidence]
    assert found == [("video", "refused"), ("label", "satisfied"), ("video", "refused"), ("video", "satisfied")]


def test_a_message_keeps_the_words_the_files_and_how_it_was_threaded(database: Database):
    enter(database, TUAN)
    (waiting,) = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        files = (photo("ảnh.jpg", evidence={"rộng": 800}), photo("2.jpg"))
        open_in(book, received(waiting, subject="Sai màu", reply_text="Chào shop", attachments=files, defects=("cut",)))
        book.dispose(waiting.mail_id, "message")
    with database.reading() as connection:
        stored = connection.execute(select(message)).mappings().one()
        kept = connection.execute(select(attachment).order_by(attachment.c.position)).mappings().all()
    assert (stored["direction"], stored["kind"], stored["no"], stored["text"]) == ("in", "customer", 1, "Chào shop")
    assert stored["facts"] == {"rule": "new", "language": "vi", "defects": ["cut"], "from_body": []}
    assert [(one["name"], one["message_no"], one["evidence"]) for one in kept] == [
        ("ảnh.jpg", 1, {"rộng": 800}),
        ("2.jpg", 1, {}),
    ]


def test_everything_of_a_decision_is_written_or_nothing(database: Database):
    enter(database, TUAN)
    (waiting,) = claim(database)

    def take_in_and_fail() -> None:
        with open_casebook(database, POLICY, MORNING) as book:
            open_in(book, received(waiting, attachments=(photo(),)), letters=[TUAN])
            book.dispose(waiting.mail_id, "message")
            book.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_in_and_fail()
    assert [count(database, table) for table in (message, attachment, history, outbox_table)] == [0, 0, 0, 0]
    assert [one.sender for one in claim(database, now=MORNING + HOUR)] == [TUAN]


def test_automatic_mail_is_kept_with_what_it_says(database: Database):
    enter(database, "")
    (waiting,) = claim(database)
    opened = open_ticket(database)
    with open_casebook(database, POLICY, MORNING) as book:
        said = mail(automatic="bounce").facts.automatic
        book.record_automatic(received(waiting, automatic=said, bounce=bounce()), opened)
        book.dispose(waiting.mail_id, "automatic")
    with database.reading() as connection:
        kept = connection.execute(select(automatic)).mappings().one()
        assert connection.scalar(select(ledger_table.c.disposition)) == "automatic"
    assert (kept["kind"], kept["ticket_id"], kept["facts"]["recipients"][0]["email"]) == ("bounce", opened.id, TUAN)


# Numbers.


def test_numbers_count_within_the_year_of_receipt_in_the_policy_s_zone(database: Database):
    last_year = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 in Hanoi
    next_year = last_year + MINUTE
    numbers = [open_ticket(database, received_at=at).number for at in (last_year, next_year, last_year)]
    assert numbers == ["HKG-26-000001", "HKG-27-000001", "HKG-26-000002"]


def test_a_transaction_that_fails_leaves_no_gap_in_the_numbers(database: Database):
    open_ticket(database)

    def open_and_fail() -> None:
        with open_casebook(database, POLICY, MORNING) as book:
            open_in(book)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        open_and_fail()
    assert open_ticket(database).number == "HKG-26-000002"


def test_a_decision_that_fails_before_it_is_recorded_leaves_no_gap_either(database: Database):
    with open_casebook(database, POLICY, MORNING) as book:
        book.number(opening())  # whose template then turns out to be broken
        assert open_in(book).number == "HKG-26-000001"
        book.number(opening())
    assert open_ticket(database).number == "HKG-26-000002"


# What a batch sees.


def answer_to(*message_ids: str, sender: str = TUAN, **named: Any) -> Lookup:
    return Lookup(references=message_ids, sender=sender, **named)


def test_a_later_mail_of_a_batch_sees_what_an_earlier_one_did(database: Database):
    enter(database, TUAN)
    (waiting,) = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        answer = answer_to("<1@khach.example>")
        book.read([answer])
        first = open_in(book, received(waiting, message_id="<1@khach.example>"), letters=[TUAN])
        found = book.candidates(replace(answer, number=first.number.lower()))
        assert (found.by_reference, found.by_their_reference) == ((), (first,))
        assert found.by_number == first
        assert found.by_sender == (first,)
        second = carry_out(book, first, ANSWER, FillSlot(evidence=filling("video")))
        assert book.candidates(answer).by_their_reference == (second,)
        assert book.automatic_mails(TUAN) == 1
    assert read(database, first.id).status_of("video") == "satisfied"


def test_a_ticket_is_found_by_each_of_its_marks(database: Database):
    opened = open_ticket(database, letters=[TUAN])
    (ours,) = _message_ids(database)
    lookups = {
        "by_reference": answer_to(ours, sender=STRANGER),
        "by_number": Lookup(number="hkg-26-000001", sender=STRANGER),
        "by_token": Lookup(token=ReplyToken(number=opened.number, email=""), sender=STRANGER),
        "by_sender": Lookup(sender=TUAN),
        "bounced": Lookup(bounced=ours),
    }
    for name, one in lookups.items():
        with open_casebook(database, POLICY, MORNING) as book:
            book.read([one])
            candidates = book.candidates(one)
        filled = {field for field in lookups if getattr(candidates, field)}
        assert filled == {name}
    assert candidates.bounced == (opened, TUAN)


def test_a_command_finds_its_ticket_by_number_as_it_is_now(database: Database):
    opened = open_ticket(database)
    with open_casebook(database, POLICY, MORNING) as book:
        found = book.find(opened.number.lower())
        assert found == opened
        assert book.find("HKG-26-000099") is None
        changed = carry_out(book, opened, FillSlot(evidence=filling("video")))
        assert book.find(opened.number) == changed
        fresh = open_in(book)
        assert book.find(fresh.number) == fresh


def _message_ids(database: Database) -> list[str]:
    with database.reading() as connection:
        return [
            one for one in connection.scalars(select(message.c.message_id).where(message.c.direction == "out")) if one
        ]


def test_only_a_mail_of_ours_can_bounce(database: Database):
    enter(database, TUAN)
    (waiting,) = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        open_in(book, received(waiting, message_id="<theirs@khach.example>"))
    with open_casebook(database, POLICY, MORNING) as book:
        forged = Lookup(bounced="<theirs@khach.example>")
        book.read([forged])
        assert book.candidates(forged).bounced is None


def test_a_message_id_of_ours_belongs_to_our_ticket_whoever_else_uses_it(database: Database):
    opened = open_ticket(database, letters=[TUAN])
    (ours,) = _message_ids(database)
    enter(database, STRANGER, STRANGER)
    for waiting in claim(database):
        with open_casebook(database, POLICY, MORNING) as book:
            open_in(book, received(waiting, message_id=ours), customer_email=STRANGER)
    with open_casebook(database, POLICY, MORNING) as book:
        book.read([answer_to(ours)])
        assert [one.id for one in book.candidates(answer_to(ours)).by_reference] == [opened.id]


def test_only_tickets_that_wait_for_evidence_are_found_by_their_customer_newest_first(database: Database):
    waiting = [open_ticket(database), open_ticket(database)]
    open_ticket(database, state="open")
    open_ticket(database, customer_email=STRANGER)
    with open_casebook(database, POLICY, MORNING) as book:
        book.read([Lookup(sender=TUAN), Lookup(sender=STRANGER)])
        assert [one.id for one in book.candidates(Lookup(sender=TUAN)).by_sender] == [waiting[1].id, waiting[0].id]


def test_a_mail_without_sender_finds_no_complaint_of_somebody_without_address(database: Database):
    opened = open_ticket(database, customer_email="", parties=())
    with open_casebook(database, POLICY, MORNING) as book:
        by_number = Lookup(number=opened.number)
        book.read([by_number])
        found = book.candidates(by_number)
    assert (found.by_number, found.by_sender) == (opened, ())


def test_somebody_with_very_many_tickets_does_not_hide_those_of_others(database: Database):
    mine = open_ticket(database)
    with open_casebook(database, POLICY, MORNING) as book:
        for _ in range(60):
            open_in(book, customer_email=STRANGER)
    with open_casebook(database, POLICY, MORNING) as book:
        book.read([Lookup(sender=TUAN), Lookup(sender=STRANGER)])
        assert [one.id for one in book.candidates(Lookup(sender=TUAN)).by_sender] == [mine.id]
        assert len(book.candidates(Lookup(sender=STRANGER)).by_sender) == 20


def test_the_thread_with_a_person_is_what_was_exchanged_with_him_oldest_first(database: Database):
    enter(database, TUAN)
    (waiting,) = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        mine = received(waiting, message_id="<1@khach.example>")
        opened = open_in(book, mine, letters=[TUAN, "lan@hakago.example"])
        assert book.thread(opened, TUAN) == []  # nothing was exchanged before this batch
    with open_casebook(database, POLICY, MORNING) as book:
        book.read_tickets([opened.id])
        assert book.thread(opened, TUAN) == ["<1@khach.example>", _message_ids(database)[0]]


def test_automatic_mails_of_the_last_day_are_counted_for_each_address(database: Database):
    post(database, letter(TUAN), now=MORNING - timedelta(hours=25))
    post(database, letter(TUAN), letter(TUAN), letter(TUAN, is_automatic=False), letter(STRANGER))
    with open_casebook(database, POLICY, MORNING) as book:
        book.read([Lookup(sender=TUAN)])
        assert book.automatic_mails(TUAN) == 2
    with database.reading() as connection:
        assert count_automatic(connection, {TUAN, STRANGER}, MORNING - HOUR) == {TUAN: 2, STRANGER: 1}
        assert count_automatic(connection, set(), MORNING) == {}


def test_a_letter_that_was_written_is_remembered(database: Database):
    one = letter()
    post(database, one)
    with open_casebook(database, POLICY, MORNING) as book:
        assert book.has_written(one.message_id)
        assert not book.has_written("<other@hakago.example>")


# What is refused.


def test_a_ticket_that_another_daemon_changed_meanwhile_is_not_overwritten(postgres_url: str):
    """On SQLite it cannot be: a writer there is alone from its first reading on."""

    def change_slowly(database: Database, opened: Ticket) -> None:
        with open_casebook(database, POLICY, MORNING) as slow:
            slow.read_tickets([opened.id])
            with open_casebook(database, POLICY, MORNING) as fast:
                fast.read_tickets([opened.id])
                carry_out(fast, opened, ChangeState(state="open", why="", at=MORNING))
            carry_out(slow, opened, StopClock(name="evidence", why="", at=MORNING))

    with closing(Database(postgres_url)) as database:
        migrate(database)
        opened = open_ticket(database)
        with pytest.raises(StaleTicket, match=opened.number):
            change_slowly(database, opened)
        stored = read(database, opened.id)
    assert (stored.state, stored.version, stored.clocks[0].state) == ("open", 2, "running")
    assert StaleTicket.is_temporary


def _take_in(book: Casebook, waiting: WaitingMail) -> None:
    open_in(book, received(waiting))
    book.dispose(waiting.mail_id, "message")


def test_a_mail_that_somebody_else_took_over_is_not_taken_in_twice(database: Database):
    enter(database, TUAN)
    (waiting,) = claim(database, "slow")
    (again,) = claim(database, "fast", now=MORNING + HOUR)
    with open_casebook(database, POLICY, MORNING) as book:
        _take_in(book, again)
    with pytest.raises(LostLease, match="1 mails"), open_casebook(database, POLICY, MORNING) as book:
        _take_in(book, waiting)
    assert [one["number"] for one in Reading(database, POLICY).list_tickets()] == ["HKG-26-000001"]


def test_a_party_that_changes_is_updated_and_a_new_one_added(database: Database):
    opened = open_ticket(database)
    with open_casebook(database, POLICY, MORNING) as book:
        book.read_tickets([opened.id])
        joined = carry_out(book, opened, AddParty(party=Party(email=STRANGER, role="unknown", name="Lạ")))
        carry_out(book, joined, AddParty(party=Party(email=TUAN, role="customer", name="Anh Tuấn")))
    assert {(one.email, one.name) for one in read(database, opened.id).parties} == {
        (TUAN, "Anh Tuấn"),
        (STRANGER, "Lạ"),
    }
