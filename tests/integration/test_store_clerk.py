"""What staff decide, carried out: their name in the history, their words in the outbox, all of it or nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from intake.clerk import Clerk
from parsers.facts import Address
from responders.rendering import BrokenTemplate, Templates
from responders.tokens import Tokens
from responders.voice import Voice
from store.casebook import open_casebook
from store.database import Database
from store.reading import Reading
from tests.complaints import DESK, HANOI, LAN, MORNING, POLICY, TUAN
from tests.memory import due, open_ticket, read
from tickets.effects import Assign, Effect, EnterMessage, Note, OpenTicket, WriteMail
from tickets.ticket import Party, Ticket

OURS = Path(__file__).parents[2] / "templates"
WORDS = "Chào anh Tuấn,\nShop sẽ đổi áo cho anh trong tuần này."
LETTER = WriteMail(
    template="by-hand",
    to=Party(email=TUAN, role="customer", name="Tuấn"),
    audience="customer",
    is_automatic=False,
    facts={"text": WORDS},
)


@pytest.fixture
def clerk(tmp_path: Path) -> Clerk:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "by-hand.txt").write_text("Subject: {{ ticket.number }}\n\n{{ facts.text }}\n", encoding="utf-8")
    return Clerk(
        Voice(
            address=Address(name="Hakago", email="support@hakago.example"),
            policy=POLICY,
            desk=DESK,
            templates=Templates([tmp_path, OURS], HANOI),
            tokens=Tokens(b"key", "support@hakago.example", "+"),
            read_file=lambda sha256: (tmp_path / sha256).read_bytes(),
        )
    )


def do(database: Database, clerk: Clerk, number: str, *effects: Effect) -> Ticket:
    with open_casebook(database, POLICY, MORNING) as book:
        return clerk.carry_out(book, book.find(number), effects, actor=LAN)


def last_event(database: Database, number: str) -> tuple[str, str]:
    shown = Reading(database, POLICY).show_ticket(number)
    assert shown is not None
    return shown["history"][-1]["actor"], shown["history"][-1]["event"]


def test_what_staff_decide_stands_in_the_history_under_their_name(database: Database, clerk: Clerk):
    opened = open_ticket(database)
    done = do(database, clerk, opened.number, Note(event="noted", data={"text": "Đã gọi"}), Assign(owner=LAN))
    assert done.owner == read(database, opened.id).owner == LAN
    assert last_event(database, opened.number) == (LAN, "assigned")
    assert due(database) == []


def test_the_words_of_staff_go_out_as_they_are(database: Database, clerk: Clerk):
    opened = open_ticket(database)
    done = do(database, clerk, opened.number, LETTER)
    (mail,) = due(database)
    (kept,) = Reading(database, POLICY).raw_mails(opened.number)
    assert (mail.recipient, mail.kind, mail.ticket_id) == (TUAN, "by-hand", opened.id)
    assert (kept.no, kept.raw, WORDS in kept.text) == (done.messages, mail.raw, True)
    assert last_event(database, opened.number) == (LAN, "mail-written")


def test_a_complaint_that_came_by_phone_is_opened_without_a_mail(database: Database, clerk: Clerk):
    bare = read(database, open_ticket(database).id)
    said = EnterMessage(
        email=TUAN, name="Tuấn", role="customer", channel="phone", subject="Sai hàng", text="Áo bị rách."
    )
    with open_casebook(database, POLICY, MORNING) as book:
        opened = clerk.carry_out(book, None, [OpenTicket(ticket=bare), said], actor=LAN)
    assert (opened.number, opened.messages) == ("HKG-26-000002", bare.messages + 1)
    assert last_event(database, opened.number) == (LAN, "message-entered")


def test_a_decision_whose_mail_cannot_be_written_leaves_nothing_behind(database: Database, clerk: Clerk):
    opened = open_ticket(database)
    with pytest.raises(BrokenTemplate):
        do(database, clerk, opened.number, Assign(owner=LAN), replace(LETTER, facts={}))
    assert read(database, opened.id) == opened
    assert due(database) == []
