"""Tickets for people and reports to look at, on both databases."""

from typing import Any

import pytest
from sqlalchemy import select

from store.casebook import open_casebook
from store.database import Database
from store.outbox import DeliveryResult
from store.reading import KeptFile, Reading
from store.schema import ledger
from tests.complaints import LAN, MORNING, POLICY, STRANGER, TUAN, clock, photo
from tests.memory import HOUR, carry_out, claim, due, enter, open_in, open_ticket, outbox, read, received
from tickets.effects import EnterMessage, Note, ReleaseAddress, SuspendAddress
from tickets.ticket import Offer, Ticket


def show(database: Database, ticket: Ticket) -> dict[str, Any]:
    found = Reading(database, POLICY).show_ticket(ticket.number)
    assert found is not None
    return found


def open_by_mail(database: Database) -> Ticket:
    """A ticket with the mail that opened it and an answer in the outbox."""
    enter(database, TUAN)
    (waiting,) = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        mail = received(waiting, subject="Sai màu", reply_text="Chào shop", attachments=(photo("ảnh.jpg"),))
        opened = open_in(book, mail, letters=[TUAN])
        book.dispose(waiting.mail_id, "message")
    return read(database, opened.id)


def test_a_ticket_is_shown_with_everything_in_the_policy_s_zone(database: Database):
    enter(database, TUAN)
    (waiting,) = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        opened = open_in(book, received(waiting, attachments=(photo("ảnh.jpg"),)), letters=[TUAN])
        carry_out(book, opened, Note(event="staff-wrote", data={"by": "lan"}))
    shown = Reading(database, POLICY).show_ticket("hkg-26-000001")
    assert shown is not None
    assert shown["received_at"] == "2026-11-24T09:00:00+07:00"
    assert [(one["direction"], one["no"]) for one in shown["mails"]] == [("in", 1), ("out", 2)]
    assert shown["mails"][0]["attachments"][0]["name"] == "ảnh.jpg"
    assert shown["mails"][1]["delivery"] == {"state": "queued", "attempts": 0, "sent_at": None, "error": ""}
    assert [one["event"] for one in shown["history"]] == ["opened", "message-received", "mail-written", "staff-wrote"]
    assert shown["evidence"]["video"] == "missing"
    assert Reading(database, POLICY).show_ticket("HKG-26-000099") is None


def test_the_course_of_a_complaint_is_shown(database: Database):
    offer = Offer(
        key="refund", outcome="refund", text="Hoàn tiền", by=LAN, at=MORNING, state="sent", amount=120_000,
        explanation=("4 × cước phí",),
    )  # fmt: skip
    opened = open_ticket(
        database, channel="phone", phone="0901234567", answered_at=MORNING, resolved_at=MORNING + HOUR,
        closed_at=MORNING + 2 * HOUR, satisfaction=4, flags=("second-hand",), requested=("invoice",),
        waived=("video",), figures={"fee": "30.000"}, offer=offer, rounds=1,
        clocks=(clock(state="paused", wakes_at=None, paused_at=MORNING),),
    )  # fmt: skip
    shown = show(database, opened)
    assert {name: shown[name] for name in ("channel", "phone", "satisfaction", "flags", "requested", "waived")} == {
        "channel": "phone",
        "phone": "0901234567",
        "satisfaction": 4,
        "flags": ["second-hand"],
        "requested": ["invoice"],
        "waived": ["video"],
    }
    assert [shown[name] for name in ("answered_at", "resolved_at", "closed_at")] == [
        f"2026-11-24T{hour:02}:00:00+07:00" for hour in (9, 10, 11)
    ]
    assert (shown["rounds"], shown["figures"]) == (1, {"fee": "30.000"})
    assert shown["offer"]["at"] == "2026-11-24T09:00:00+07:00"
    assert (shown["offer"]["amount"], list(shown["offer"]["explanation"])) == (120_000, ["4 × cước phí"])
    assert [one["state"] for one in shown["clocks"]] == ["paused"]


def test_whether_the_customer_is_suspended_is_shown(database: Database):
    opened = open_ticket(database)
    shown = []
    for effect in (SuspendAddress(email=TUAN, reason="lạ"), ReleaseAddress(email=TUAN)):
        with open_casebook(database, POLICY, MORNING) as book:
            book.read_tickets([opened.id])
            carry_out(book, book.current(opened.id), effect)
        shown.append(show(database, opened)["is_suspended"])
    assert shown == [True, False]


def test_other_complaints_of_the_customer_and_about_the_order_are_shown_newest_first(database: Database):
    of_customer = open_ticket(database, order_code="777", subject="Giao trễ")
    about_order = open_ticket(database, customer_email=STRANGER, state="open")
    open_ticket(database, customer_email=STRANGER, order_code="777")
    open_ticket(database, customer_email="", order_code=None)
    shown = show(database, open_ticket(database))
    assert shown["related"] == [
        {"number": about_order.number, "state": "open", "subject": "Sai hàng"},
        {"number": of_customer.number, "state": "awaiting_evidence", "subject": "Giao trễ"},
    ]


def test_complaints_that_name_neither_customer_nor_order_have_nothing_in_common(database: Database):
    open_ticket(database, customer_email="", order_code=None)
    assert show(database, open_ticket(database, customer_email="", order_code=None))["related"] == []


def test_a_list_says_what_others_rely_on_and_no_more(database: Database):
    open_ticket(database)
    (listed,) = Reading(database, POLICY).list_tickets()
    assert list(listed) == [
        "number", "state", "outcome", "category", "customer_code", "order_code", "customer_email", "subject",
        "received_at", "late", "evidence", "clocks", "department", "owner", "messages",
    ]  # fmt: skip


def test_all_tickets_are_listed_in_order_however_many_there_are(database: Database):
    with open_casebook(database, POLICY, MORNING) as book:
        for _ in range(1003):
            open_in(book)
    numbers = [one["number"] for one in Reading(database, POLICY).list_tickets()]
    assert numbers == [f"HKG-26-{number:06d}" for number in range(1, 1004)]


@pytest.mark.parametrize(("hours", "found"), [(0, [1, 2, 3]), (1, [2, 3]), (2, [3]), (3, [])])
def test_tickets_are_read_from_the_moment_of_their_receipt_on(database: Database, hours: int, found: list[int]):
    made = [open_ticket(database, received_at=MORNING + later * HOUR) for later in range(3)]
    read_again = list(Reading(database, POLICY).iterate(since=MORNING + hours * HOUR))
    assert [one.id for one in read_again] == found
    assert read_again == made[3 - len(found) :]


def test_the_mails_of_a_case_are_kept_as_they_came_and_went(database: Database):
    opened = open_by_mail(database)
    said = EnterMessage(email="", name="Tuấn", role="customer", channel="phone", subject="Gọi lại", text="Đã gọi")
    with open_casebook(database, POLICY, MORNING + HOUR) as book:
        book.read_tickets([opened.id])
        carry_out(book, opened, said)
    (sent,) = due(database)
    outbox(database).record(
        [DeliveryResult(mail_id=sent.id, outcome="sent", at=MORNING, next_attempt_at=None, error="")]
    )
    came, went, entered = Reading(database, POLICY).raw_mails(opened.number.lower())
    assert (came.no, came.direction, came.raw, came.delivery) == (1, "in", None, None)
    with database.reading() as connection:
        assert came.sha256 == connection.scalar(select(ledger.c.sha256))
    assert came.files == (
        KeptFile(name="ảnh.jpg", type="image/jpeg", size_bytes=100_000, sha256=photo("ảnh.jpg").sha256),
    )
    assert (went.no, went.direction, went.raw, went.delivery, went.sha256) == (2, "out", sent.raw, "sent", None)
    assert (entered.no, entered.text, entered.sha256, entered.raw) == (3, "Đã gọi", None, None)


def test_a_stranger_who_uses_a_message_id_of_ours_does_not_get_our_mail_for_his(database: Database):
    opened = open_by_mail(database)
    (_, ours) = show(database, opened)["mails"]
    enter(database, STRANGER)
    (waiting,) = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        forged = open_in(book, received(waiting, message_id=ours["message_id"]), customer_email=STRANGER)
    (came,) = Reading(database, POLICY).raw_mails(forged.number)
    assert (came.raw, came.delivery) == (None, None)


def test_a_ticket_that_does_not_exist_has_no_mails(database: Database):
    assert Reading(database, POLICY).raw_mails("HKG-26-000099") == []
