"""How effects change a ticket, and how they are told."""

import json
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.complaints import MORNING, STRANGER, TUAN, clock, complete, filling, ticket
from tickets.effects import (
    AddParty,
    ChangeState,
    Effect,
    FillSlot,
    LearnDetails,
    Note,
    OpenTicket,
    ReceiveMessage,
    StartClock,
    StopClock,
    TakeStep,
    WriteMail,
    fold,
)
from tickets.history import tell
from tickets.ticket import Party, State, Ticket

HOUR = timedelta(hours=1)
CUSTOMER = Party(email=TUAN, role="customer", name="Tuấn")
# Clocks that every ticket of these tests has, so that any effect can follow any other.
CLOCKED = ticket(clocks=(clock("evidence"), clock("acknowledge"), clock("respond")), acknowledged_at=None)
NAMES = st.sampled_from(["evidence", "acknowledge", "respond"])
MOMENTS = st.integers(0, 1000).map(lambda hours: MORNING + hours * HOUR)
STATES = st.sampled_from(
    list[State](
        ["awaiting_evidence", "open", "awaiting_customer", "awaiting_seller", "awaiting_approval", "resolved", "closed"]
    )
)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)

EFFECTS: st.SearchStrategy[Effect] = st.one_of(
    st.builds(ReceiveMessage, email=st.just(TUAN), name=WORDS, role=st.just("customer"), rule=st.just("by_token")),
    st.builds(
        AddParty,
        party=st.builds(
            Party, email=st.sampled_from([TUAN, STRANGER]), role=st.sampled_from(["unknown", "seller"]), name=WORDS
        ),
    ),
    st.builds(
        LearnDetails,
        category=st.none() | st.just("late"),
        customer_code=st.none() | WORDS,
        order_code=st.none() | WORDS,
        delivered_at=st.none() | MOMENTS,
        is_late=st.none() | st.booleans(),
    ),
    st.builds(FillSlot, evidence=st.sampled_from(["video", "label"]).map(filling)),
    st.builds(StartClock, clock=st.builds(lambda name, at: replace(clock(name), started_at=at), NAMES, MOMENTS)),
    st.builds(StopClock, name=NAMES, why=WORDS),
    st.builds(TakeStep, name=NAMES, step=st.just(0), next_step=st.just(1), wakes_at=MOMENTS, state=st.just("running")),
    st.builds(ChangeState, state=STATES, outcome=st.sampled_from([None, "refund", "withdrawn"]), why=WORDS, at=MOMENTS),
    st.builds(
        WriteMail,
        template=st.sampled_from(["acknowledgement", "evidence-reminder"]),
        to=st.just(CUSTOMER),
        audience=st.just("customer"),
        is_automatic=st.booleans(),
    ),
    st.builds(Note, event=st.just("staff-wrote"), data=st.dictionaries(WORDS, WORDS | st.booleans(), max_size=2)),
)
LISTS = st.lists(EFFECTS, max_size=10)


@given(LISTS, LISTS)
def test_folding_piece_by_piece_is_folding_at_once(first: list[Effect], second: list[Effect]):
    at_once = fold(CLOCKED, [*first, *second], MORNING)
    assert fold(fold(CLOCKED, first, MORNING), second, MORNING) == at_once


@given(LISTS)
def test_every_mail_in_or_out_gets_a_number_of_its_own(effects: list[Effect]):
    mails = sum(isinstance(one, ReceiveMessage | WriteMail) for one in effects)
    assert fold(CLOCKED, effects, MORNING).messages == CLOCKED.messages + mails


@given(LISTS)
def test_parties_and_clocks_stay_unique_and_nothing_filled_is_lost(effects: list[Effect]):
    after = fold(CLOCKED, effects, MORNING)
    assert len({one.email for one in after.parties}) == len(after.parties)
    assert len({one.name for one in after.clocks}) == len(after.clocks)
    assert after.evidence[: len(CLOCKED.evidence)] == CLOCKED.evidence
    assert len(after.evidence) == len(CLOCKED.evidence) + sum(isinstance(one, FillSlot) for one in effects)


@given(LISTS)
def test_only_a_closed_ticket_has_a_moment_of_closing_and_only_an_ended_one_an_outcome(effects: list[Effect]):
    after = fold(CLOCKED, effects, MORNING)
    assert (after.closed_at is not None) == (after.state == "closed")
    assert after.outcome is None or after.state in {"resolved", "closed"}


@given(LISTS)
def test_what_identifies_a_ticket_is_never_changed_by_effects(effects: list[Effect]):
    after = fold(CLOCKED, effects, MORNING)
    for name in ("id", "number", "version", "customer_email", "received_at", "language"):
        assert getattr(after, name) == getattr(CLOCKED, name)


@given(EFFECTS | st.just(OpenTicket(ticket=ticket())))
def test_every_effect_can_be_told_as_json(effect: Effect):
    event, data = tell(effect)
    assert event
    assert json.loads(json.dumps(data)) == data


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


def test_an_outcome_survives_from_resolved_to_closed_and_ends_with_reopening():
    resolved = fold(complete(), [ChangeState(state="resolved", outcome="refund", why="", at=MORNING)], MORNING)
    closed = fold(resolved, [ChangeState(state="closed", why="", at=MORNING)], MORNING)
    reopened = fold(closed, [ChangeState(state="open", why="", at=MORNING)], MORNING)
    assert (closed.outcome, reopened.outcome, reopened.closed_at) == ("refund", None, None)


def test_a_party_that_joins_again_is_the_same_party_in_its_new_role():
    before = ticket(parties=(CUSTOMER, Party(email=STRANGER, role="unknown", name="")))
    after = fold(before, [AddParty(party=Party(email=STRANGER, role="seller", name="Shop"))], MORNING)
    assert after.party(STRANGER) == Party(email=STRANGER, role="seller", name="Shop")
    assert len(after.parties) == 2


@pytest.mark.parametrize(
    "effect", [StopClock(name="appeal", why=""), ReceiveMessage(email="", name="", role="customer", rule="")]
)
def test_an_effect_without_its_object_is_a_mistake_of_the_program(effect: Effect):
    before: Ticket | None = ticket() if isinstance(effect, StopClock) else None
    with pytest.raises(AssertionError):
        fold(before, [effect], MORNING)


def test_a_field_of_the_ticket_that_no_effect_knows_would_be_noticed_here():
    """Every field is either given at opening or changed by an effect above."""
    by_effects = {"state", "outcome", "category", "customer_code", "order_code", "delivered_at", "is_late",
                  "acknowledged_at", "closed_at", "messages", "parties", "evidence", "clocks"}  # fmt: skip
    at_opening = {"id", "number", "version", "customer_email", "customer_name", "language", "subject", "received_at",
                  "department", "owner"}  # fmt: skip
    assert {one.name for one in fields(Ticket)} == by_effects | at_opening
