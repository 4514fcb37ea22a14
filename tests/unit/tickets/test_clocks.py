"""Each step of a clock once, only the latest after a downtime, and no step of a clock that does not run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.complaints import DESK, HANOI, LAN, MORNING, NOBODY_HERE, POLICY, TUAN, clock, complete, ticket
from tickets.clocks import decide_clock, start_clocks, stop_clocks
from tickets.durations import Duration
from tickets.effects import ChangeState, Effect, Note, StartClock, StopClock, TakeStep, WriteMail, fold
from tickets.policy import ClockRule, Policy, Step
from tickets.ticket import Ticket

DAY = timedelta(days=1)
APPEAL = replace(clock("evidence"), name="appeal")  # the policy knows no such clock


def wake(one: Ticket, after: timedelta, name: str = "evidence", policy: Policy = POLICY) -> list[Effect]:
    return decide_clock(one, name, policy, DESK, MORNING + after)


def mails(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    return [(one.template, one.to.email) for one in effects if isinstance(one, WriteMail)]


def with_clock(rule: ClockRule) -> Policy:
    return replace(POLICY, clocks=tuple(rule if one.name == rule.name else one for one in POLICY.clocks))


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ("opened", ["acknowledge"]),
        ("evidence-missing", ["evidence"]),
        ("evidence-complete", ["respond"]),
        ("closed", []),
    ],
)
def test_an_event_starts_its_clocks(event: str, names: list[str]):
    assert [one.clock.name for one in start_clocks(event, POLICY, MORNING)] == names


def test_a_started_clock_wakes_at_its_first_step_and_ends_when_it_is_due():
    (evidence,) = start_clocks("evidence-missing", POLICY, MORNING)
    assert (evidence.clock.wakes_at, evidence.clock.due_at, evidence.clock.step) == (
        MORNING + DAY,
        MORNING + 7 * DAY,
        0,
    )
    (acknowledge,) = start_clocks("opened", POLICY, MORNING)
    assert acknowledge.clock.wakes_at == acknowledge.clock.due_at == MORNING + timedelta(hours=1)


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ("evidence-complete", ["evidence"]),
        ("acknowledged", ["acknowledge"]),
        ("closed", ["evidence", "acknowledge"]),
        ("opened", []),
    ],
)
def test_an_event_stops_the_running_clocks_that_it_ends_and_closing_stops_all(event: str, names: list[str]):
    running = ticket(clocks=(clock("evidence"), clock("acknowledge"), clock("respond", state="stopped", wakes_at=None)))
    assert [one.name for one in stop_clocks(event, running, POLICY)] == names


def test_a_clock_that_the_policy_lost_is_stopped_by_closing_only():
    running = ticket(clocks=(APPEAL,))
    assert list(stop_clocks("evidence-complete", running, POLICY)) == []
    assert [one.name for one in stop_clocks("closed", running, POLICY)] == ["appeal"]


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
    assert [one for one in effects if isinstance(one, TakeStep)] == [
        TakeStep(name="evidence", step=0, next_step=1, wakes_at=MORNING + 4 * DAY, state="running")
    ]


def test_waking_again_at_the_same_moment_takes_no_step_again():
    once = fold(ticket(), wake(ticket(), DAY), MORNING + DAY)
    assert wake(once, DAY) == []
    assert wake(once, 2 * DAY) == []


def test_after_a_downtime_only_the_latest_step_is_taken_and_the_others_are_noted():
    effects = wake(ticket(), 5 * DAY)
    assert mails(effects) == [("evidence-reminder", TUAN)]
    assert [one.data for one in effects if isinstance(one, Note)] == [{"clock": "evidence", "step": 0}]
    assert fold(ticket(), effects, MORNING).clocks[0].step == 2


def test_a_downtime_longer_than_all_steps_closes_without_reminding():
    effects = wake(ticket(), 60 * DAY)
    assert mails(effects) == [("closed-silent", TUAN), ("staff-closed", LAN)]
    assert fold(ticket(), effects, MORNING + 60 * DAY).state == "closed"


def test_the_last_step_closes_stops_every_other_clock_and_tells_both_sides():
    now = MORNING + 7 * DAY
    waiting = ticket(clocks=(clock("evidence", step=2, wakes_at=now), clock("respond")))
    effects = decide_clock(waiting, "evidence", POLICY, DESK, now)
    after = fold(waiting, effects, now)
    assert (after.state, after.outcome, after.closed_at) == ("closed", "withdrawn", now)
    assert {(one.name, one.state, one.wakes_at) for one in after.clocks} == {
        ("evidence", "expired", None),
        ("respond", "stopped", None),
    }
    assert mails(effects) == [("closed-silent", TUAN), ("staff-closed", LAN)]


def test_a_policy_can_name_another_outcome_and_no_words_for_closing():
    last = Step(at=Duration(1, "days"), do="close", outcome="rejected")
    policy = with_clock(
        ClockRule(name="evidence", starts="opened", stops="closed", due=Duration(1, "days"), steps=(last,))
    )
    effects = wake(ticket(), DAY, policy=policy)
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
    policy = with_clock(ClockRule(name="evidence", starts="opened", stops="closed", due=Duration(7, "days")))
    waiting = ticket(clocks=(clock(step=2, wakes_at=MORNING + 4 * DAY),))
    effects = wake(waiting, 5 * DAY, policy=policy)
    (after,) = fold(waiting, effects, MORNING).clocks
    assert mails(effects) == []
    assert (after.state, after.wakes_at) == ("running", MORNING + 7 * DAY)


def test_a_customer_who_left_the_ticket_gets_no_reminder():
    assert mails(wake(ticket(parties=()), DAY)) == []


def _steps(draw: st.DrawFn) -> Policy:
    days = sorted(draw(st.lists(st.integers(0, 30), min_size=1, max_size=5)))
    steps = tuple(
        Step(at=Duration(day, "days"), do="remind", template=f"step-{place}") for place, day in enumerate(days)
    )
    return with_clock(
        ClockRule(
            name="evidence",
            starts="opened",
            stops="closed",
            due=Duration(draw(st.integers(0, 40)), "days"),
            steps=steps,
        )
    )


@given(st.composite(_steps)(), st.lists(st.integers(0, 24 * 50), max_size=12).map(sorted))
def test_whenever_a_clock_is_woken_no_step_is_taken_twice_and_none_too_early(policy: Policy, hours: list[int]):
    waiting = ticket(
        clocks=tuple(one.clock for one in start_clocks("opened", policy, MORNING) if one.clock.name == "evidence")
    )
    rule = policy.clock("evidence")
    assert rule is not None
    taken: list[str] = []
    for hour in hours:
        now = MORNING + timedelta(hours=hour)
        effects = decide_clock(waiting, "evidence", policy, DESK, now)
        written = [template for template, _ in mails(effects)]
        assert len(written) <= 1
        for template in written:
            assert rule.steps[int(template.removeprefix("step-"))].at.after(MORNING, HANOI) <= now
        taken += written
        waiting = fold(waiting, effects, now) if effects else waiting
        _check_wakes_later(waiting, now)
    assert taken == sorted(set(taken))


def _check_wakes_later(waiting: Ticket, now: datetime) -> None:
    (one,) = waiting.clocks
    assert (one.wakes_at is None) == (one.state != "running")
    assert one.wakes_at is None or one.wakes_at > now


def test_starting_a_clock_again_winds_it_up_anew():
    stopped = ticket(clocks=(clock(state="expired", step=3, wakes_at=None),))
    again = fold(stopped, [StartClock(clock=clock(started_at=MORNING + 9 * DAY))], MORNING)
    assert [(one.state, one.step) for one in again.clocks] == [("running", 0)]
    assert not any(isinstance(one, ChangeState) for one in wake(again, DAY))
