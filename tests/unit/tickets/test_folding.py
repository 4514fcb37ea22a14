"""How effects change a ticket, and how they are told."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.complaints import LAN, MINH, MORNING, STRANGER, TUAN, clock, complete, document, filling, ticket
from tickets.effects import (
    AddParty,
    Assign,
    ChangeClock,
    ChangeState,
    Effect,
    EnterMessage,
    FillSlot,
    HandOver,
    JudgeSlot,
    KeepPaper,
    LearnDetails,
    MakeOffer,
    Note,
    OpenTicket,
    ReceiveMessage,
    RecordFigures,
    RecordSatisfaction,
    ReleaseAddress,
    RequestSlot,
    SetFlags,
    StartClock,
    StopClock,
    SuspendAddress,
    TakeStep,
    WaiveSlot,
    WriteMail,
)
from tickets.folding import ANSWERED, fold
from tickets.history import tell
from tickets.ticket import Offer, Party, State, Ticket

HOUR = timedelta(hours=1)
CUSTOMER = Party(email=TUAN, role="customer", name="Tuấn")
# Clocks that every ticket of these tests has, so that any effect can follow any other.
CLOCKED = ticket(clocks=(clock("evidence"), clock("acknowledge"), clock("respond")), acknowledged_at=None)
NAMES = st.sampled_from(["evidence", "acknowledge", "respond"])
MOMENTS = st.integers(0, 1000).map(lambda hours: MORNING + hours * HOUR)
SPANS = st.timedeltas(timedelta(), timedelta(days=90))
STATES = st.sampled_from(
    list[State](
        ["awaiting_evidence", "open", "awaiting_customer", "awaiting_seller", "awaiting_approval", "resolved", "closed"]
    )
)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)
SLOTS = st.sampled_from(["video", "label", "product"])
EMAILS = st.sampled_from([TUAN, STRANGER])
CLOCKS = st.builds(
    lambda name, **changes: replace(clock(name), **changes),
    NAMES,
    state=st.sampled_from(["running", "paused", "expired"]),
    started_at=MOMENTS,
    due_at=MOMENTS,
    stepped_to=st.none() | MOMENTS,
    wakes_at=st.none() | MOMENTS,
    paused_at=st.none() | MOMENTS,
    lost=SPANS,
)
OFFERS = st.builds(
    Offer,
    key=st.sampled_from(["refund", "exchange"]),
    outcome=st.sampled_from(["refund", "exchange"]),
    text=WORDS,
    by=st.just(LAN),
    at=MOMENTS,
    state=st.sampled_from(["proposed", "sent", "confirmed"]),
    amount=st.none() | st.integers(0, 10**12),
    explanation=st.lists(WORDS, max_size=2).map(tuple),
)

BY_KIND: dict[type[Effect], st.SearchStrategy[Effect]] = {
    ReceiveMessage: st.builds(
        ReceiveMessage, email=st.just(TUAN), name=WORDS, role=st.just("customer"), rule=st.just("by_token")
    ),
    EnterMessage: st.builds(
        EnterMessage,
        email=EMAILS | st.just(""),
        name=WORDS,
        role=st.sampled_from(["customer", "seller"]),
        channel=st.sampled_from(["phone", "counter"]),
        subject=WORDS,
        text=WORDS,
    ),
    KeepPaper: st.builds(
        KeepPaper, paper=st.sampled_from(["receipt", "minutes"]), message_no=st.just(1), file=WORDS.map(document)
    ),
    AddParty: st.builds(
        AddParty, party=st.builds(Party, email=EMAILS, role=st.sampled_from(["unknown", "seller"]), name=WORDS)
    ),
    LearnDetails: st.builds(
        LearnDetails,
        category=st.none() | st.just("late"),
        customer_code=st.none() | WORDS,
        order_code=st.none() | WORDS,
        customer_name=st.none() | WORDS,
        phone=st.none() | WORDS,
        language=st.none() | st.just("en"),
        delivered_at=st.none() | MOMENTS,
        is_late=st.none() | st.booleans(),
    ),
    Assign: st.builds(Assign, owner=st.sampled_from([None, LAN, MINH])),
    HandOver: st.builds(HandOver, department=st.sampled_from(["cskh", "kho"])),
    FillSlot: st.builds(FillSlot, evidence=SLOTS.map(filling)),
    JudgeSlot: st.builds(JudgeSlot, slot=SLOTS, status=st.sampled_from(["satisfied", "refused"])),
    RequestSlot: st.builds(RequestSlot, slot=SLOTS),
    WaiveSlot: st.builds(WaiveSlot, slot=SLOTS),
    SetFlags: st.builds(SetFlags, flags=st.lists(WORDS, max_size=2).map(tuple)),
    RecordFigures: st.builds(RecordFigures, figures=st.dictionaries(st.sampled_from(["fee", "rate"]), WORDS)),
    MakeOffer: st.builds(MakeOffer, offer=st.none() | OFFERS),
    RecordSatisfaction: st.builds(RecordSatisfaction, score=st.integers(1, 5), words=WORDS),
    StartClock: st.builds(StartClock, clock=CLOCKS),
    StopClock: st.builds(StopClock, name=NAMES, why=WORDS, at=MOMENTS),
    ChangeClock: st.builds(
        ChangeClock,
        clock=CLOCKS,
        what=st.sampled_from(["paused", "resumed", "extended", "rewound"]),
        why=WORDS,
    ),
    TakeStep: st.builds(TakeStep, clock=CLOCKS),
    ChangeState: st.builds(
        ChangeState, state=STATES, outcome=st.sampled_from([None, "refund", "withdrawn"]), why=WORDS, at=MOMENTS
    ),
    SuspendAddress: st.builds(SuspendAddress, email=EMAILS, reason=WORDS),
    ReleaseAddress: st.builds(ReleaseAddress, email=EMAILS),
    WriteMail: st.builds(
        WriteMail,
        template=st.sampled_from(["acknowledgement", "evidence-reminder"]),
        to=st.just(CUSTOMER),
        audience=st.just("customer"),
        is_automatic=st.booleans(),
    ),
    Note: st.builds(
        Note,
        event=st.sampled_from(["staff-wrote", ANSWERED]),
        data=st.dictionaries(WORDS, WORDS | st.booleans(), max_size=2),
    ),
}
EFFECTS: st.SearchStrategy[Effect] = st.one_of(*BY_KIND.values())
LISTS = st.lists(EFFECTS, max_size=10)
OPENING = st.just(OpenTicket(ticket=ticket(id=0, number="")))


def test_every_kind_of_effect_is_tested_here():
    assert BY_KIND.keys() | {OpenTicket} == set(get_args(Effect))


@given(LISTS, LISTS)
def test_folding_piece_by_piece_is_folding_at_once(first: list[Effect], second: list[Effect]):
    at_once = fold(CLOCKED, [*first, *second], MORNING)
    assert fold(fold(CLOCKED, first, MORNING), second, MORNING) == at_once


@given(LISTS)
def test_every_message_in_or_out_gets_a_number_of_its_own(effects: list[Effect]):
    messages = sum(isinstance(one, ReceiveMessage | EnterMessage | WriteMail) for one in effects)
    assert fold(CLOCKED, effects, MORNING).messages == CLOCKED.messages + messages


@given(LISTS)
def test_parties_and_clocks_stay_unique_and_nothing_filled_is_lost(effects: list[Effect]):
    after = fold(CLOCKED, effects, MORNING)
    assert len({one.email for one in after.parties}) == len(after.parties)
    assert len({one.name for one in after.clocks}) == len(after.clocks)
    filled = [one.evidence for one in effects if isinstance(one, FillSlot)]
    came = [(one.slot, one.what, one.message_no) for one in (*CLOCKED.evidence, *filled)]
    assert [(one.slot, one.what, one.message_no) for one in after.evidence] == came


@given(LISTS)
def test_a_slot_is_asked_for_or_done_without_by_the_last_word_on_it(effects: list[Effect]):
    after = fold(CLOCKED, effects, MORNING)
    words = {one.slot: one for one in effects if isinstance(one, RequestSlot | WaiveSlot)}
    assert set(after.waived) == {slot for slot, last in words.items() if isinstance(last, WaiveSlot)}
    assert set(after.requested) >= {slot for slot, last in words.items() if isinstance(last, RequestSlot)}
    assert len(set(after.requested)) == len(after.requested)


@given(LISTS)
def test_only_a_case_that_is_over_has_the_moments_and_the_outcome_of_its_end(effects: list[Effect]):
    after = fold(CLOCKED, effects, MORNING)
    is_over = after.state in {"resolved", "closed"}
    assert (after.closed_at is not None) == (after.state == "closed")
    assert (after.resolved_at is not None) == is_over
    assert after.outcome is None or is_over


@given(LISTS)
def test_each_outcome_that_was_sent_is_one_round(effects: list[Effect]):
    sent = [one for one in effects if isinstance(one, MakeOffer) and one.offer and one.offer.state == "sent"]
    assert fold(CLOCKED, effects, MORNING).rounds == len(sent)


@given(LISTS)
def test_what_identifies_a_ticket_is_never_changed_by_effects(effects: list[Effect]):
    after = fold(CLOCKED, effects, MORNING)
    for name in ("id", "number", "version", "customer_email", "subject", "received_at", "channel"):
        assert getattr(after, name) == getattr(CLOCKED, name)


@pytest.mark.parametrize("kind", [OpenTicket, *BY_KIND], ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_effect_can_be_told_as_json(data: st.DataObject, kind: type[Effect]):
    event, told = tell(data.draw(BY_KIND.get(kind, OPENING)))
    assert event
    assert json.loads(json.dumps(told)) == told


OFFER = Offer(key="refund", outcome="refund", text="Hoàn tiền", by=LAN, at=MORNING, state="proposed", amount=120_000)
PAUSED = clock("respond", state="paused", wakes_at=None, lost=HOUR)
ENTERED = EnterMessage(
    email=TUAN, name="Tuấn", role="customer", channel="phone", subject="Sai hàng", text="Số của tôi là 0901"
)


@pytest.mark.parametrize(
    ("effect", "event", "data"),
    [
        (ENTERED, "message-entered", {"email": TUAN, "name": "Tuấn", "role": "customer", "channel": "phone"}),
        (
            KeepPaper(paper="receipt", message_no=1, file=document("phiếu.pdf", sha256="a" * 64)),
            "paper-kept",
            {"paper": "receipt", "name": "phiếu.pdf", "sha256": "a" * 64},
        ),
        (Assign(owner=LAN), "assigned", {"owner": LAN}),
        (Assign(owner=None), "assigned", {"owner": None}),
        (HandOver(department="kho"), "handed-over", {"department": "kho"}),
        (JudgeSlot(slot="video", status="refused"), "evidence-judged", {"slot": "video", "status": "refused"}),
        (RequestSlot(slot="invoice"), "evidence-requested", {"slot": "invoice"}),
        (WaiveSlot(slot="video"), "evidence-waived", {"slot": "video"}),
        (SetFlags(flags=("second-hand",)), "flags-set", {"flags": ["second-hand"]}),
        (RecordFigures(figures={"fee": "30000"}), "figures-recorded", {"figures": {"fee": "30000"}}),
        (
            MakeOffer(offer=OFFER),
            "offer-made",
            {"key": "refund", "outcome": "refund", "text": "Hoàn tiền", "by": LAN, "at": "2026-11-24T09:00:00+07:00",
             "state": "proposed", "amount": 120_000, "explanation": []},
        ),
        (MakeOffer(offer=None), "offer-withdrawn", {}),
        (RecordSatisfaction(score=4, words="tốt"), "satisfaction", {"score": 4, "words": "tốt"}),
        (
            ChangeClock(clock=PAUSED, what="paused", why="awaiting_customer"),
            "clock-paused",
            {"name": "respond", "due_at": "2026-11-27T09:00:00+07:00", "why": "awaiting_customer",
             "lost_seconds": 3600},
        ),
        (
            ChangeClock(clock=clock("respond"), what="rewound"),
            "clock-rewound",
            {"name": "respond", "due_at": "2026-11-27T09:00:00+07:00"},
        ),
        (
            TakeStep(clock=clock("respond", stepped_to=MORNING)),
            "clock-step",
            {"name": "respond", "stepped_to": "2026-11-24T09:00:00+07:00", "state": "running"},
        ),
        (SuspendAddress(email=TUAN, reason="lạ"), "address-suspended", {"email": TUAN, "reason": "lạ"}),
        (ReleaseAddress(email=TUAN), "address-released", {"email": TUAN}),
        (Note(event="escalated", data={"until": MORNING}), "escalated", {"until": "2026-11-24T09:00:00+07:00"}),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, get_args(Effect)) else None,
)  # fmt: skip
def test_an_effect_is_told_by_its_event_and_what_it_changed(effect: Effect, event: str, data: dict[str, object]):
    assert tell(effect) == (event, data)


def test_what_is_learnt_changes_only_what_was_said():
    before = ticket(order_code=None)
    after = fold(before, [LearnDetails(order_code="099")], MORNING)
    assert after == replace(before, order_code="099")
    assert fold(before, [LearnDetails(is_late=False)], MORNING).is_late is False


def test_the_first_acknowledgement_counts():
    written = WriteMail(template="acknowledgement", to=CUSTOMER, audience="customer", is_automatic=True)
    once = fold(CLOCKED, [written], MORNING)
    twice = fold(once, [written], MORNING + HOUR)
    assert (once.acknowledged_at, twice.acknowledged_at) == (MORNING, MORNING)


def test_the_first_answer_of_a_person_counts():
    once = fold(CLOCKED, [Note(event=ANSWERED)], MORNING)
    twice = fold(once, [Note(event=ANSWERED)], MORNING + HOUR)
    assert (CLOCKED.answered_at, once.answered_at, twice.answered_at) == (None, MORNING, MORNING)


def test_an_outcome_survives_from_resolved_to_closed_and_ends_with_reopening():
    later = MORNING + HOUR
    resolved = fold(complete(), [ChangeState(state="resolved", outcome="refund", why="", at=MORNING)], MORNING)
    closed = fold(resolved, [ChangeState(state="closed", why="", at=later)], later)
    reopened = fold(closed, [ChangeState(state="open", why="", at=later)], later)
    assert (closed.outcome, closed.resolved_at, closed.closed_at) == ("refund", MORNING, later)
    assert (reopened.outcome, reopened.resolved_at, reopened.closed_at) == (None, None, None)


def test_a_clock_that_is_stopped_keeps_when_and_wakes_no_more():
    (stopped,) = fold(ticket(clocks=(PAUSED,)), [StopClock(name="respond", why="", at=MORNING)], MORNING).clocks
    assert (stopped.state, stopped.ended_at, stopped.wakes_at, stopped.paused_at) == ("stopped", MORNING, None, None)
    assert (stopped.due_at, stopped.lost) == (PAUSED.due_at, HOUR)


def test_refused_evidence_is_missing_and_can_be_accepted_after_all():
    before = ticket(evidence=(filling("video"), filling("label")))
    refused = fold(before, [JudgeSlot(slot="video", status="refused")], MORNING)
    accepted = fold(refused, [JudgeSlot(slot="video", status="satisfied")], MORNING)
    assert (refused.status_of("video"), accepted.status_of("video")) == ("missing", "satisfied")
    assert refused.status_of("label") == "satisfied"


def test_a_ticket_that_is_handed_over_has_no_owner_any_more():
    after = fold(ticket(owner=LAN), [HandOver(department="kho")], MORNING)
    assert (after.department, after.owner) == ("kho", None)


def test_figures_are_added_to_those_that_were_given_before():
    after = fold(ticket(figures={"fee": "1", "rate": "2"}), [RecordFigures(figures={"rate": "3"})], MORNING)
    assert after.figures == {"fee": "1", "rate": "3"}


def test_a_party_that_joins_again_is_the_same_party_in_its_new_role():
    before = ticket(parties=(CUSTOMER, Party(email=STRANGER, role="unknown", name="")))
    after = fold(before, [AddParty(party=Party(email=STRANGER, role="seller", name="Shop"))], MORNING)
    assert after.party(STRANGER) == Party(email=STRANGER, role="seller", name="Shop")
    assert len(after.parties) == 2


@pytest.mark.parametrize(
    "effect",
    [StopClock(name="appeal", why="", at=MORNING), ReceiveMessage(email="", name="", role="customer", rule="")],
)
def test_an_effect_without_its_object_is_a_mistake_of_the_program(effect: Effect):
    before: Ticket | None = ticket() if isinstance(effect, StopClock) else None
    with pytest.raises(AssertionError):
        fold(before, [effect], MORNING)


def test_a_field_of_the_ticket_that_no_effect_knows_would_be_noticed_here():
    """Every field is either given at opening or changed by an effect above."""
    by_effects = {"state", "outcome", "category", "customer_code", "order_code", "customer_name", "phone", "language",
                  "delivered_at", "is_late", "department", "owner", "acknowledged_at", "answered_at", "resolved_at",
                  "closed_at", "rounds", "satisfaction", "offer", "flags", "requested", "waived", "figures",
                  "messages", "parties", "evidence", "clocks"}  # fmt: skip
    at_opening = {"id", "number", "version", "customer_email", "subject", "received_at", "channel"}
    assert {one.name for one in fields(Ticket)} == by_effects | at_opening
