"""The figures of a report: counted right, over nothing and over much."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.complaints import MORNING, POLICY, ticket
from tickets.report import Satisfaction, SlotFilled, Spread, TicketFigures
from tickets.tally import Tally
from tickets.ticket import Offer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFER = Offer(
    key="refund", outcome="refund", text="", by="lan@hakago.example", at=MORNING, state="confirmed", amount=250_000
)


def figures(**changes: Any) -> TicketFigures:
    one = ticket()
    made = TicketFigures(**{name: getattr(one, name) for name in TicketFigures.__slots__})
    return replace(made, **changes)


def tally(*tickets: TicketFigures) -> Tally:
    made = Tally(POLICY)
    for one in tickets:
        made.add(one)
    return made


def test_nothing_has_figures_too():
    none = Spread(count=0, median_hours=None, p90_hours=None)
    assert (tally().received, tally().first_answer(), tally().departments()) == (0, none, [])
    assert tally().satisfaction() == Satisfaction(
        told=0, answered=0, mean=None, scores=dict.fromkeys((5, 4, 3, 2, 1), 0)
    )
    assert tally().missing([]) == []


def test_a_ticket_counts_on_its_day_in_the_zone_of_the_policy():
    before_midnight = MORNING.replace(hour=23, minute=59)
    made = tally(figures(received_at=before_midnight), figures(received_at=before_midnight + 2 * timedelta(minutes=1)))
    assert made.by_day == {date(2026, 11, 24): 1, date(2026, 11, 25): 1}
    assert made.by_week() == {date(2026, 11, 23): 2}


def test_time_to_the_first_answer_is_working_time():
    opens = POLICY.time.next_opening(MORNING)
    closes = POLICY.time.spans_on(opens.date())[-1][1]
    answered = POLICY.time.next_opening(closes + HOUR) + HOUR
    assert tally(figures(received_at=closes - HOUR, answered_at=answered)).first_answer() == Spread(
        count=1, median_hours=2.0, p90_hours=2.0
    )


def test_tickets_nobody_answered_count_in_no_median():
    assert tally(figures(answered_at=None)).first_answer().count == 0


@pytest.mark.parametrize(
    ("hours", "median", "p90"),
    [([1], 1, 1), ([1, 2], 1, 2), ([3, 1, 2], 2, 3), ([*range(1, 11)], 5, 9)],
    ids=["one", "two", "three", "ten"],
)
def test_quantile_is_one_that_occurred(hours: list[int], median: int, p90: int):
    start = POLICY.time.next_opening(MORNING)
    made = tally(
        *(figures(received_at=start, resolved_at=POLICY.time.add_working_time(start, one * HOUR), state="closed")
          for one in hours)
    )  # fmt: skip
    assert made.resolution() == Spread(count=len(hours), median_hours=median, p90_hours=p90)


@given(st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=40))
def test_half_take_no_longer_than_the_median_and_nine_of_ten_no_longer_than_p90(minutes: list[int]):
    made = tally(*(figures(answered_at=MORNING + timedelta(minutes=one)) for one in minutes))
    taken = [POLICY.time.working_time(MORNING, MORNING + timedelta(minutes=one)) / HOUR for one in minutes]
    found = made.first_answer()
    assert found.median_hours is not None
    assert found.p90_hours is not None
    for quantile, share in ((found.median_hours, 0.5), (found.p90_hours, 0.9)):
        assert sum(one <= quantile + 0.005 for one in taken) >= share * len(taken)
        assert sum(one >= quantile - 0.005 for one in taken) >= (1 - share) * len(taken)


def test_compensation_counts_when_the_case_is_settled_and_a_manager_agreed():
    proposed = replace(OFFER, state="proposed")
    made = tally(
        figures(state="closed", offer=OFFER),
        figures(state="open", offer=OFFER),
        figures(state="closed", offer=proposed),
        figures(state="closed", offer=replace(OFFER, amount=None)),
    )
    assert (made.paid().count, made.paid().total, made.paid().currency) == (1, 250_000, "VND")


def test_satisfaction_is_of_those_who_were_told_an_outcome():
    made = tally(figures(rounds=1, satisfaction=5), figures(rounds=1, satisfaction=2), figures(rounds=2), figures())
    found = made.satisfaction()
    assert (found.told, found.answered, found.mean) == (3, 2, 3.5)
    assert found.scores == {5: 1, 4: 0, 3: 0, 2: 1, 1: 0}


def test_evidence_that_came_late_was_missing_at_first():
    made = tally(figures(), figures(), figures())
    filled = [SlotFilled(category="wrong-item", slot="video", at_once=1, ever=2)]
    found = {one.slot: one for one in made.missing(filled)}
    assert (found["video"].asked, found["video"].missing_at_first, found["video"].never_came) == (3, 2, 1)
    assert found["label"].missing_at_first == 3
    assert "invoice" not in found


def test_each_department_has_its_own_median():
    made = tally(
        figures(department="kho", answered_at=MORNING + HOUR),
        figures(department="cskh", state="closed"),
        figures(department="kho"),
    )
    kho, cskh = made.departments()
    assert (kho.department, kho.received, kho.open, kho.first_answer.count) == ("kho", 2, 2, 1)
    assert (cskh.department, cskh.received, cskh.open, cskh.first_answer.count) == ("cskh", 1, 0, 0)


def test_outcomes_are_those_of_cases_that_are_over():
    made = tally(figures(state="closed", outcome="refund"), figures(state="open"), figures(state="closed"))
    assert made.outcomes == {"refund": 1, "other": 1}
