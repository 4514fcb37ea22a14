"""Each step of a clock once, only the latest after a downtime, and no step of a clock that does not run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.complaints import DESK, LAN, MORNING, NOBODY_HERE, POLICY, TUAN, clock, complete, ticket
from tickets.clocks import decide_clock
from tickets.course import Course
from tickets.durations import Duration
from tickets.effects import ChangeState, Effect, Note, StartClock, StopClock, TakeStep, WriteMail
from tickets.folding import fold
from tickets.policy import ClockRule, Event, Policy, Step
from tickets.ticket import RunningClock, Ticket

DAY = timedelta(days=1)
APPEAL = replace(clock("evidence"), name="appeal")  # the policy knows no such clock


def wake(one: Ticket, after: timedelta, name: str = "evidence", policy: Policy = POLICY) -> list[Effect]:
    return decide_clock(one, name, policy, DESK, MORNING + after)


def mails(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    return [(one.template, one.to.email) for one in effects if isinstance(one, WriteMail)]


def with_clock(rule: ClockRule) -> Policy:
    return replace(POLICY, clocks=tuple(rule if one.name == rule.name else one for one in POLICY.clocks))


def happen(event: Event, one: Ticket, policy: Policy = POLICY) -> list[Effect]:
    course = Course(policy=policy, desk=DESK, now=MORNING, before=one)
    course.happen(event)
    return course.effects


def started(event: Event, policy: Policy = POLICY) -> list[RunningClock]:
    return [one.clock for one in happen(event, ticket(clocks=()), policy) if isinstance(one, StartClock)]


def stopped(event: Event, one: Ticket) -> list[str]:
    return [effect.name for effect in happen(event, one) if isinstance(effect, StopClock)]


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ("opened", ["acknowledge"]),
        ("evidence-missing", ["evidence"]),
        ("evidence-complete", ["respond"]),
        ("closed", []),
    ],
)
def test_an_event_starts_its_clocks(event: Event, names: list[str]):
    assert [one.name for one in started(event)] == names


def test_a_started_clock_wakes_at_its_first_step_and_ends_when_it_is_due():
    (evidence,) = started("evidence-missing")
    assert (evidence.wakes_at, evidence.due_at, evidence.stepped_to) == (MORNING + DAY, MORNING + 7 * DAY, None)
    (acknowledge,) = started("opened")
    assert acknowledge.wakes_at == acknowledge.due_at == MORNING + timedelta(hours=1)


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ("evidence-complete", ["evidence"]),
        ("acknowledged", ["acknowledge"]),
        ("closed", ["evidence", "acknowledge"]),
        ("opened", []),
    ],
)
def test_an_event_stops_the_running_clocks_that_it_ends_and_closing_stops_all(event: Event, names: list[str]):
    running = ticket(clocks=(clock("evidence"), clock("acknowledge"), clock("respond", state="stopped", wakes_at=None)))
    assert stopped(event, running) == names


def test_a_clock_that_the_policy_lost_is_stopped_by_closing_only():
    running = ticket(clocks=(APPEAL,))
    assert stopped("evidence-complete", running) == []
    assert stopped("closed", running) == ["appeal"]


def test_nothing_happens_before_the_moment_of_a_step():
    assert wake(ticket(), DAY - timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    "one",
    [
        ticket(clocks=()),
        ticket(clocks=(clock(state="stopped", wakes_at=None),)),
        ticket(clocks=(clock(state="expired", wakes_at=None),)),
    ],
    ids=["no-such-clock", "stopped", "expired"],
)
def test_a_clock_that_does_not_run_takes_no_step(one: Ticket):
    assert wake(one, 30 * DAY) == []


def test_a_reminder_is_written_to_the_customer_as_automatic_mail():
    effects = wake(ticket(), DAY)
    (reminder,) = [one for one in effects if isinstance(one, WriteMail)]
    assert (reminder.template, reminder.to.email, reminder.audience, reminder.is_automatic) == (
        "evidence-reminder",
        TUAN,
        "customer",
        True,
    )
    (step,) = [one for one in effects if isinstance(one, TakeStep)]
    assert step.clock == clock(stepped_to=MORNING + DAY, wakes_at=MORNING + 4 * DAY)


def test_waking_again_at_the_same_moment_takes_no_step_again():
    once = fold(ticket(), wake(ticket(), DAY), MORNING + DAY)
    assert wake(once, DAY) == []
    assert wake(once, 2 * DAY) == []


def test_after_a_downtime_only_the_latest_step_is_taken_and_the_others_are_noted():
    effects = wake(ticket(), 5 * DAY)
    assert mails(effects) == [("evidence-reminder", TUAN)]
    assert [one.data for one in effects if isinstance(one, Note)] == [
        {"clock": "evidence", "at": (MORNING + DAY).isoformat()}
    ]
    assert fold(ticket(), effects, MORNING).clocks[0].stepped_to == MORNING + 4 * DAY


def test_a_downtime_longer_than_all_steps_closes_without_reminding():
    effects = wake(ticket(), 60 * DAY)
    assert mails(effects) == [("closed-silent", TUAN), ("staff-closed", LAN)]
    assert fold(ticket(), effects, MORNING + 60 * DAY).state == "closed"


PAUSED_BY_SELLER = with_clock(
    replace(next(one for one in POLICY.clocks if one.name == "evidence"), pauses=("awaiting_seller",))
)


def outage(one: Ticket, after: timedelta, *, is_over: bool = False) -> Ticket:
    """The ticket after its clock woke while a mail of the first evening waits for a server, or after that."""
    since = None if is_over else MORNING + DAY / 2
    now = MORNING + after
    effects = decide_clock(one, "evidence", PAUSED_BY_SELLER, DESK, now, unsent_since=since)
    assert mails(effects) == []
    return fold(one, effects, now)


def test_time_without_our_mails_does_not_count_however_often_the_clock_is_looked_at():
    one = ticket()
    for hours in (24, 27, 30):
        one = outage(one, timedelta(hours=hours))
    (before,), (after,) = ticket().clocks, outage(one, timedelta(hours=33), is_over=True).clocks
    assert after.due_at - before.due_at == timedelta(hours=33) - DAY / 2
    assert after.state == "running"


def test_a_clock_that_has_another_reason_to_stand_still_by_now_does_not_go_on_with_our_mails():
    at_seller = replace(outage(ticket(), DAY), state="awaiting_seller")
    (after,) = outage(at_seller, 2 * DAY, is_over=True).clocks
    assert (after.state, after.wakes_at, after.paused_at) == ("paused", None, MORNING + DAY / 2)


def test_the_last_step_closes_stops_every_other_clock_and_tells_both_sides():
    now = MORNING + 7 * DAY
    waiting = ticket(clocks=(clock("evidence", stepped_to=MORNING + 4 * DAY, wakes_at=now), clock("respond")))
    effects = decide_clock(waiting, "evidence", POLICY, DESK, now)
    after = fold(waiting, effects, now)
    assert (after.state, after.outcome, after.closed_at) == ("closed", "withdrawn", now)
    assert {(one.name, one.state, one.wakes_at) for one in after.clocks} == {
        ("evidence", "expired", None),
        ("respond", "stopped", None),
    }
    assert mails(effects) == [("closed-silent", TUAN), ("staff-closed", LAN)]


def test_a_policy_can_name_another_outcome_and_no_words_for_closing():
    last = Step(at=Duration(7, "days"), do="close", outcome="rejected")
    policy = with_clock(
        ClockRule(name="evidence", starts=("opened",), stops=("closed",), due=Duration(7, "days"), steps=(last,))
    )
    effects = wake(ticket(), 7 * DAY, policy=policy)
    assert fold(ticket(), effects, MORNING).outcome == "rejected"
    assert mails(effects) == [("staff-closed", LAN)]


def test_staff_are_told_one_mail_each_in_the_usual_words_where_the_policy_names_none():
    effects = wake(complete(department="kho"), 2 * DAY, "respond")
    assert mails(effects) == [("staff-clock", "minh@hakago.example"), ("staff-clock", LAN)]
    assert not any(one.is_automatic for one in effects if isinstance(one, WriteMail))


def test_without_staff_nobody_is_told_and_the_step_is_taken_all_the_same():
    effects = decide_clock(complete(), "respond", POLICY, NOBODY_HERE, MORNING + 2 * DAY)
    assert [type(one) for one in effects] == [TakeStep]


def test_after_its_last_step_a_clock_runs_on_until_it_is_due_and_expires():
    told = fold(complete(), wake(complete(), 2 * DAY, "respond"), MORNING)
    (running,) = told.clocks
    assert (running.state, running.wakes_at) == ("running", MORNING + 3 * DAY)
    (expired,) = fold(told, wake(told, 3 * DAY, "respond"), MORNING).clocks
    assert (expired.state, expired.wakes_at) == ("expired", None)


def test_a_clock_without_steps_expires_when_it_is_due():
    waiting = ticket(clocks=(clock("acknowledge"),))
    (expired,) = fold(waiting, wake(waiting, timedelta(hours=1), "acknowledge"), MORNING).clocks
    assert expired.state == "expired"


def test_a_clock_that_the_policy_knows_no_more_is_stopped():
    waiting = ticket(clocks=(APPEAL,))
    (effect,) = wake(waiting, DAY, "appeal")
    assert isinstance(effect, StopClock)


def test_a_clock_whose_policy_lost_steps_does_not_take_one_that_is_not_there():
    policy = with_clock(ClockRule(name="evidence", starts=("opened",), stops=("closed",), due=Duration(7, "days")))
    waiting = ticket(clocks=(clock(stepped_to=MORNING + DAY, wakes_at=MORNING + 4 * DAY),))
    effects = wake(waiting, 5 * DAY, policy=policy)
    (after,) = fold(waiting, effects, MORNING).clocks
    assert mails(effects) == []
    assert (after.state, after.wakes_at) == ("running", MORNING + 7 * DAY)


def test_a_customer_who_left_the_ticket_gets_no_reminder():
    assert mails(wake(ticket(parties=()), DAY)) == []


def _steps(draw: st.DrawFn) -> Policy:
    due = draw(st.integers(0, 40))
    at = draw(st.lists(st.integers(0, due), max_size=4, unique=True))
    after = draw(st.lists(st.integers(0, 10), max_size=2, unique=True))
    steps = [Step(at=Duration(day, "days"), do="remind", template=f"day-{day}") for day in sorted(at) if day < due]
    steps += [Step(after=Duration(day, "days"), do="remind", template=f"day-{due + day}") for day in sorted(after)]
    return with_clock(
        ClockRule(name="evidence", starts=("opened",), stops=("closed",), due=Duration(due, "days"), steps=tuple(steps))
    )


@given(st.composite(_steps)(), st.lists(st.integers(0, 24 * 60), max_size=12).map(sorted))
def test_whenever_a_clock_is_woken_no_step_is_taken_twice_and_none_too_early(policy: Policy, hours: list[int]):
    waiting = ticket(clocks=tuple(one for one in started("opened", policy) if one.name == "evidence"))
    taken: list[int] = []
    for hour in hours:
        now = MORNING + timedelta(hours=hour)
        effects = decide_clock(waiting, "evidence", policy, DESK, now)
        days = [int(template.removeprefix("day-")) for template, _ in mails(effects)]
        assert len(days) <= 1
        assert all(MORNING + day * DAY <= now for day in days)
        taken += days
        waiting = fold(waiting, effects, now) if effects else waiting
        (one,) = waiting.clocks
        assert one.wakes_at is None or one.wakes_at > now
    assert taken == sorted(set(taken))


def test_starting_a_clock_again_winds_it_up_anew():
    over = ticket(clocks=(clock(state="expired", stepped_to=MORNING + 7 * DAY, wakes_at=None),))
    again = fold(over, [StartClock(clock=clock(started_at=MORNING + 9 * DAY))], MORNING)
    assert [(one.state, one.stepped_to) for one in again.clocks] == [("running", None)]
    assert not any(isinstance(one, ChangeState) for one in wake(again, DAY))
