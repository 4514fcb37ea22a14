"""A whole complaint in the memory, on both databases: what each day did to it is there on the next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from store.casebook import open_casebook
from store.clock_queue import ClockQueue
from store.database import Database
from store.reading import Reading
from tests.complaints import LAN, MORNING, POLICY, TUAN, clock, filling
from tests.memory import LEASE, carry_out, open_ticket, read
from tickets.deadlines import pause, resume
from tickets.effects import (
    Assign,
    ChangeClock,
    ChangeState,
    Effect,
    FillSlot,
    JudgeSlot,
    LearnDetails,
    MakeOffer,
    Note,
    RecordFigures,
    RecordSatisfaction,
    SetFlags,
    StopClock,
    TakeStep,
)
from tickets.folding import ANSWERED
from tickets.ticket import Offer, RunningClock, Ticket

DAY = timedelta(days=1)
PROPOSED = Offer(
    key="refund", outcome="refund", text="Hoàn tiền áo", by=LAN, at=MORNING + 3 * DAY, state="proposed", amount=350_000
)

# A line for each day.
HISTORY = [
    "opened", "message-received",
    "assigned", "flags-set",
    "state-changed", "clock-paused", "mail-written",
    "state-changed", "clock-resumed", "evidence-filled", "evidence-judged", "details-learned",
    "clock-step",
    "figures-recorded", "offer-made", "state-changed",
    "offer-made", "answered", "state-changed", "clock-stopped", "mail-written",
    "satisfaction", "state-changed",
]  # fmt: skip


def on(day: int, database: Database, before: Ticket, *effects: Effect, letters: Sequence[str] = ()) -> Ticket:
    """What one day does to a ticket; what comes of it is read from the memory again."""
    with open_casebook(database, POLICY, MORNING + day * DAY) as book:
        found = book.find(before.number)
        assert found == before
        after = carry_out(book, found, *effects, letters=letters)
    stored = read(database, before.id)
    assert replace(stored, version=0, clocks=(), parties=()) == replace(after, version=0, clocks=(), parties=())
    assert {one.name: one for one in stored.clocks} == {one.name: one for one in after.clocks}
    return stored


def of(ticket: Ticket, name: str) -> RunningClock:
    found = ticket.clock(name)
    assert found is not None
    return found


def stand_still(ticket: Ticket, day: int) -> ChangeClock:
    return ChangeClock(clock=pause(of(ticket, "respond"), MORNING + day * DAY), what="paused", why="awaiting_customer")


def go_on(ticket: Ticket, day: int) -> ChangeClock:
    rule = POLICY.clock("respond", ticket.category)
    assert rule is not None
    changed = resume(of(ticket, "respond"), rule, POLICY, MORNING + day * DAY)
    return ChangeClock(clock=changed, what="resumed", why="open")


def test_a_complaint_is_remembered_from_its_opening_to_its_closing(database: Database):
    opened = open_ticket(
        database, state="open", clocks=(clock("respond"),), evidence=(filling("video", status="doubtful"),)
    )
    taken = on(1, database, opened, Assign(owner=LAN), SetFlags(flags=("second-hand",)))
    asked = on(
        1, database, taken, ChangeState(state="awaiting_customer", why="asked", at=MORNING + DAY),
        stand_still(taken, 1), letters=[TUAN],
    )  # fmt: skip
    assert of(asked, "respond").state == "paused"
    assert ClockQueue(database).next_due_at() is None
    answered = on(
        3, database, asked, ChangeState(state="open", why="answered", at=MORNING + 3 * DAY), go_on(asked, 3),
        FillSlot(evidence=filling("video")), JudgeSlot(slot="video", status="satisfied"),
        LearnDetails(order_code="099", phone="0901234567"),
    )  # fmt: skip
    going = of(answered, "respond")
    assert (going.lost, going.due_at) == (2 * DAY, of(opened, "respond").due_at + 2 * DAY)
    assert ClockQueue(database).next_due_at() == MORNING + 4 * DAY
    (due,) = ClockQueue(database).claim_due(MORNING + 4 * DAY, 10, LEASE, "one")
    stepped = replace(going, stepped_to=MORNING + 4 * DAY, wakes_at=going.due_at)
    told = on(4, database, answered, TakeStep(clock=stepped))
    assert (due.ticket_id, due.name, of(told, due.name).stepped_to) == (told.id, "respond", MORNING + 4 * DAY)
    proposed = on(
        4, database, told, RecordFigures(figures={"fee": "35.000"}), MakeOffer(offer=PROPOSED),
        ChangeState(state="awaiting_approval", why="proposed", at=MORNING + 4 * DAY),
    )  # fmt: skip
    assert (proposed.offer, proposed.rounds) == (PROPOSED, 0)
    at = MORNING + 5 * DAY
    approved = on(
        5, database, proposed, MakeOffer(offer=replace(PROPOSED, state="sent")), Note(event=ANSWERED),
        ChangeState(state="resolved", outcome="refund", why="approved", at=at),
        StopClock(name="respond", why="resolved", at=at), letters=[TUAN],
    )  # fmt: skip
    assert (approved.rounds, approved.answered_at, approved.resolved_at) == (1, at, at)
    closed = on(
        9, database, approved, RecordSatisfaction(score=5, words="rất hài lòng"),
        ChangeState(state="closed", why="followed up", at=MORNING + 9 * DAY),
    )  # fmt: skip
    assert (closed.state, closed.outcome, closed.satisfaction) == ("closed", "refund", 5)
    assert of(closed, "respond").ended_at == at
    assert ClockQueue(database).next_due_at() is None
    shown = Reading(database, POLICY).show_ticket(closed.number)
    assert shown is not None
    assert [one["event"] for one in shown["history"]] == HISTORY
    assert [one["no"] for one in shown["mails"]] == [2, 3]


def test_a_note_is_remembered_and_leaves_the_ticket_as_it_was(database: Database):
    opened = open_ticket(database)
    assert on(1, database, opened, Note(event="note", data={"text": "Đã gọi cho khách"})) == opened
    shown = Reading(database, POLICY).show_ticket(opened.number)
    assert shown is not None
    assert shown["history"][-1]["data"] == {"text": "Đã gọi cho khách"}
