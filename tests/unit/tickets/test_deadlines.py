"""The laws of one clock: what stands still does not count, nothing comes early, nothing comes twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.complaints import DESK, HANOI, LAN, MORNING, POLICY, TUAN, ticket
from tickets.calendar import Calendar
from tickets.clocks import decide_clock
from tickets.course import Course
from tickets.deadlines import catch_up, extend, longest, moments_left, pause, resume, rewind, wind_up
from tickets.durations import Duration, Unit
from tickets.effects import Effect, Note, WriteMail
from tickets.folding import fold
from tickets.hours import QuietHours
from tickets.policy import ClockRule, Policy, Step
from tickets.ticket import Offer, Party, RunningClock, State, Ticket

calm = settings(deadline=None)  # the holidays of a year are looked up once, in whichever example comes first
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAME = "resolve"
WAITING: State = "awaiting_customer"


def rule_of(due: str, *steps: Step, **more: Any) -> ClockRule:
    values: dict[str, Any] = {"starts": ("opened",), "stops": ("resolved",), "pauses": (WAITING,)} | more
    return ClockRule(name=NAME, due=Duration.parse(due), steps=steps, **values)


def staff_step(key: str, **when: str) -> Step:
    return Step(do="tell-staff", template=key, **{name: Duration.parse(text) for name, text in when.items()})  # type: ignore[arg-type]


def policy_of(rule: ClockRule | None, *, quiet: str | None = None) -> Policy:
    calendar = Calendar(quiet=QuietHours.parse(quiet) if quiet else None)
    return replace(POLICY, clocks=(rule,) if rule else (), calendar=calendar)


def running(one: Ticket) -> RunningClock:
    found = one.clock(NAME)
    assert found is not None
    return found


def with_clock(rule: ClockRule, policy: Policy, start: datetime = MORNING) -> Ticket:
    return ticket(state="open", clocks=(wind_up(rule, policy, start, "open"),))


def templates(effects: Sequence[Effect]) -> list[str]:
    return [one.template for one in effects if isinstance(one, WriteMail)]


def wake(one: Ticket, policy: Policy, now: datetime) -> tuple[list[str], Ticket]:
    """What is written, and the ticket after it."""
    effects = decide_clock(one, NAME, policy, DESK, now)
    return templates(effects), fold(one, effects, now) if effects else one


def move(one: Ticket, policy: Policy, state: Any, now: datetime) -> Ticket:
    course = Course(policy=policy, desk=DESK, now=now, before=one)
    course.move(state, "a test")
    return course.ticket


ELAPSED: tuple[Unit, ...] = ("minutes", "hours", "days")
WORKING: tuple[Unit, ...] = ("working hours", "working days")
moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: MORNING + timedelta(minutes=minutes))


def durations(units: Sequence[Unit], least: int = 0, most: int = 8) -> st.SearchStrategy[Duration]:
    return st.builds(Duration, st.integers(least, most), st.sampled_from(units))


@st.composite
def rules(draw: st.DrawFn) -> ClockRule:
    """With steps of every kind; `at` not after the deadline, in its unit."""
    due = draw(durations(draw(st.sampled_from((ELAPSED, WORKING))), least=1))
    any_unit = (*ELAPSED, *WORKING)
    steps = [Step(at=Duration(n, due.unit), do="tell-staff") for n in draw(st.sets(st.integers(0, due.count)))]
    steps += [Step(before=one, do="tell-staff") for one in draw(st.lists(durations(any_unit, least=1), max_size=2))]
    steps += [Step(after=one, do="tell-staff") for one in draw(st.lists(durations(any_unit), max_size=2))]
    named = [replace(step, template=f"step-{no}") for no, step in enumerate(steps)]
    return replace(rule_of("1 day"), due=due, steps=tuple(named))


def counted(policy: Policy, rule: ClockRule, start: datetime, end: datetime) -> timedelta:
    return policy.time.working_time(start, end) if rule.due.is_working else end - start


@calm
@given(rules(), moments, moments)
def test_pausing_and_resuming_at_once_changes_nothing(rule: ClockRule, start: datetime, now: datetime):
    policy = policy_of(rule)
    one = wind_up(rule, policy, min(start, now), "open")
    assert resume(pause(one, now), rule, policy, now) == one


@calm
@given(rules(), moments, st.lists(moments, min_size=2, max_size=2).map(sorted))
def test_pausing_makes_neither_the_deadline_nor_a_step_earlier(rule: ClockRule, start: datetime, span: list[datetime]):
    policy = policy_of(rule)
    one = wind_up(rule, policy, start, "open")
    later = resume(pause(one, span[0]), rule, policy, span[1])
    assert later.due_at >= one.due_at
    before, after = list(moments_left(one, rule, policy)), list(moments_left(later, rule, policy))
    times = [{step: moment.at for moment in these for step in moment.steps} for these in (before, after)]
    assert all(times[1][step] >= at for step, at in times[0].items())


@calm
@given(rules(), st.lists(moments, max_size=8).map(sorted))
def test_whatever_the_pauses_as_much_counts_until_the_deadline_as_the_rule_says(
    rule: ClockRule, changes: list[datetime]
):
    policy = policy_of(rule)
    one, stood = wind_up(rule, policy, MORNING, "open"), timedelta()
    promised = counted(policy, rule, MORNING, one.due_at)
    for begins, ends in zip(changes[::2], changes[1::2], strict=False):
        if begins < one.due_at:
            one = resume(pause(one, begins), rule, policy, ends)
            stood += counted(policy, rule, begins, ends)
    assert counted(policy, rule, MORNING, one.due_at) - stood == promised
    assert one.lost == stood


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[datetime, str]]:
    hours = draw(st.lists(st.integers(0, 20 * 24), max_size=24))
    times = [MORNING + hour * HOUR for hour in sorted(hours)]
    return [(at, draw(st.sampled_from(("wake", "wake", "pause", "go on", "extend", "stop")))) for at in times]


@calm
@given(rules(), lives())
def test_in_every_life_of_a_clock_no_step_comes_twice_or_early_or_after_its_stop(
    rule: ClockRule, life: list[tuple[datetime, str]]
):
    policy = policy_of(rule)
    one = with_clock(rule, policy)
    steps = {step.template: step for step in rule.steps}
    taken: list[tuple[str, int]] = []
    extensions, is_stopped = 0, False
    for now, what in life:
        before = running(one)
        match what:
            case "pause":
                one = move(one, policy, WAITING, now)
            case "go on":
                one = move(one, policy, "open", now)
            case "stop":
                course = Course(policy=policy, desk=DESK, now=now, before=one)
                course.happen("resolved")
                one, is_stopped = course.ticket, True
            case "extend" if not is_stopped:
                caught = catch_up(before, rule, policy, now)
                put_off = extend(caught, rule, policy, max(caught.due_at, now) + DAY, one.state, now)
                one, extensions = replace(one, clocks=(put_off,)), extensions + 1
        told, one = wake(one, policy, now) if what == "wake" else ([], one)
        assert not (told and (is_stopped or before.state == "paused"))
        for template in told:
            step = steps[template]
            hangs_on_deadline = step.at is None or step.at == rule.due
            taken.append((template, extensions if hangs_on_deadline else 0))
            assert _is_time(step, rule, before, policy, now)
    assert len(taken) == len(set(taken))


def _is_time(step: Step, rule: ClockRule, one: RunningClock, policy: Policy, now: datetime) -> bool:
    """By the words of the policy, not by the arithmetic of clocks."""
    if step.before:
        return now >= policy.time.subtract(one.due_at, step.before)
    if step.after:
        return now >= policy.time.add(one.due_at, step.after)
    assert step.at is not None
    needed = counted(policy, rule, MORNING, policy.time.add(MORNING, step.at))
    return step.at == rule.due or counted(policy, rule, MORNING, now) - one.lost >= needed


@calm
@given(rules(), moments)
def test_after_a_downtime_only_the_latest_moment_is_taken_with_all_its_steps(rule: ClockRule, now: datetime):
    policy = policy_of(rule)
    one = with_clock(rule, policy)
    due = [moment for moment in moments_left(running(one), rule, policy) if moment.at <= now and moment.steps]
    told, after = wake(one, policy, now)
    assert told == ([step.template for step in due[-1].steps] if due else [])
    assert wake(after, policy, now) == ([], after)


@calm
@given(rules(), st.one_of(st.none(), rules()), st.lists(moments, min_size=2, max_size=6).map(sorted))
def test_a_policy_that_changes_under_a_clock_repeats_no_step_and_stops_what_it_lost(
    rule: ClockRule, changed: ClockRule | None, times: list[datetime]
):
    """A step that stays in the file keeps its name in both; others have other names."""
    kept = rule.steps[: len(rule.steps) // 2]
    new = changed and replace(
        changed,
        due=rule.due,
        steps=(*kept, *(replace(step, template=f"new-{step.template}") for step in changed.steps)),
    )
    before, after = policy_of(rule), policy_of(new)
    one, taken = with_clock(rule, before), []
    for no, now in enumerate(times):
        told, one = wake(one, before if no < len(times) // 2 else after, now)
        taken += told
    assert len(taken) == len(set(taken))
    if changed is None:
        wakes_at = running(one).wakes_at
        assert wakes_at is None or wakes_at > times[-1]


def test_a_step_before_the_deadline_is_not_repeated_when_a_pause_puts_the_deadline_off():
    """Two working days before Friday is Wednesday morning; half a day later, before Monday noon, is Thursday's."""
    rule = rule_of("8 working days", staff_step("nearly", before="2 working days"))
    policy = policy_of(rule)
    told, one = wake(with_clock(rule, policy), policy, datetime(2026, 12, 2, 9, 0, tzinfo=HANOI))
    assert told == ["nearly"]
    one = move(one, policy, WAITING, datetime(2026, 12, 2, 9, 0, tzinfo=HANOI))
    one = move(one, policy, "open", datetime(2026, 12, 2, 14, 0, tzinfo=HANOI))
    told, one = wake(one, policy, datetime(2026, 12, 3, 8, 0, tzinfo=HANOI))
    assert told == []
    assert running(one).wakes_at == running(one).due_at


def test_a_reminder_of_the_evening_is_not_repeated_when_a_pause_moves_it_into_the_night():
    reminder = Step(at=Duration(11, "hours"), do="remind", template="evidence-reminder")
    rule = rule_of("3 days", reminder)
    policy = policy_of(rule, quiet="21:00-07:00")
    evening = MORNING + 11 * HOUR
    told, one = wake(with_clock(rule, policy), policy, evening)
    assert told == ["evidence-reminder"]
    one = move(move(one, policy, WAITING, evening), policy, "open", evening + 2 * HOUR)
    assert wake(one, policy, MORNING + DAY)[0] == []


QUIET = {
    "a reminder waits until the morning": (Step(at=Duration(14, "hours"), do="remind", template="x"), 22),
    "one to the seller too": (Step(at=Duration(14, "hours"), do="remind", to="seller", template="x"), 22),
    "words at the closing too": (Step(at=Duration(14, "hours"), do="close", template="x"), 22),
    "staff are told at night": (Step(at=Duration(14, "hours"), do="tell-staff"), 0),
    "a closing without words does not wait": (Step(at=Duration(14, "hours"), do="close"), 0),
}


@pytest.mark.parametrize(("step", "hours"), QUIET.values(), ids=QUIET)
def test_at_night_nobody_outside_gets_a_mail(step: Step, hours: int):
    rule = rule_of("3 days", step)
    one = wind_up(rule, policy_of(rule, quiet="21:00-07:00"), MORNING, "open")
    assert one.wakes_at == MORNING + (hours or 14) * HOUR


@calm
@given(st.integers(0, 30 * 24), st.integers(0, 30 * 24))
def test_no_reminder_is_ever_planned_for_the_night(start: int, at: int):
    rule = rule_of("60 days", Step(at=Duration(at, "hours"), do="remind", template="x"))
    policy = policy_of(rule, quiet="21:00-07:00")
    one = wind_up(rule, policy, MORNING + start * HOUR, "open")
    assert one.wakes_at is not None
    assert not policy.time.is_quiet(one.wakes_at)
    assert one.wakes_at >= MORNING + (start + at) * HOUR


def test_an_overdue_clock_that_is_stopped_later_says_when():
    rule = rule_of("2 days", staff_step("late", after="0 minutes"))
    policy = policy_of(rule)
    _, one = wake(with_clock(rule, policy), policy, MORNING + 2 * DAY)
    assert running(one).state == "expired"
    course = Course(policy=policy, desk=DESK, now=MORNING + 3 * DAY, before=one)
    course.happen("resolved")
    stopped = running(course.ticket)
    assert (stopped.state, stopped.ended_at) == ("stopped", MORNING + 3 * DAY)
    assert stopped.due_at == MORNING + 2 * DAY


def test_what_is_stopped_while_it_stands_still_was_in_time():
    """The two days of waiting belong to the deadline, also where nothing goes on after them."""
    rule = rule_of("2 days")
    policy = policy_of(rule)
    one = move(with_clock(rule, policy), policy, WAITING, MORNING + DAY)
    course = Course(policy=policy, desk=DESK, now=MORNING + 3 * DAY, before=one)
    course.happen("resolved")
    stopped = running(course.ticket)
    assert (stopped.state, stopped.due_at, stopped.ended_at) == ("stopped", MORNING + 4 * DAY, MORNING + 3 * DAY)


def test_a_clock_that_has_run_out_still_takes_the_steps_after_its_deadline():
    rule = rule_of("2 days", Step(after=Duration(1, "days"), do="close"))
    policy = policy_of(rule)
    _, one = wake(with_clock(rule, policy), policy, MORNING + 2 * DAY)
    assert (running(one).state, one.state) == ("expired", "open")
    _, one = wake(one, policy, MORNING + 3 * DAY)
    assert one.state == "closed"


def test_the_end_of_a_clock_moves_with_its_deadline():
    """Who was told a later day is not closed on the earlier one."""
    rule = rule_of("7 days", Step(at=Duration(7, "days"), do="close", template="closed-silent"), pauses=())
    policy = policy_of(rule)
    one = with_clock(rule, policy)
    put_off = extend(running(one), rule, policy, MORNING + 10 * DAY, "open", MORNING + DAY)
    one = replace(one, clocks=(put_off,))
    assert wake(one, policy, MORNING + 9 * DAY) == ([], one)
    assert wake(one, policy, MORNING + 10 * DAY)[1].state == "closed"


def test_a_clock_that_stands_still_goes_on_standing_still_when_it_is_put_off():
    rule = rule_of("2 days")
    policy = policy_of(rule)
    one = move(with_clock(rule, policy), policy, WAITING, MORNING + DAY)
    caught = catch_up(running(one), rule, policy, MORNING + 3 * DAY)
    assert caught.due_at == MORNING + 4 * DAY
    put_off = extend(caught, rule, policy, MORNING + 6 * DAY, WAITING, MORNING + 3 * DAY)
    assert (put_off.state, put_off.due_at, put_off.wakes_at) == ("paused", MORNING + 6 * DAY, None)
    later = resume(put_off, rule, policy, MORNING + 4 * DAY)
    assert (later.state, later.due_at) == ("running", MORNING + 7 * DAY)


def test_what_was_told_before_the_old_deadline_is_told_again_before_the_new_one():
    rule = rule_of("5 days", staff_step("nearly", before="1 day"))
    policy = policy_of(rule)
    told, one = wake(with_clock(rule, policy), policy, MORNING + 4 * DAY)
    put_off = extend(running(one), rule, policy, MORNING + 9 * DAY, "open", MORNING + 4 * DAY)
    again, _ = wake(replace(one, clocks=(put_off,)), policy, MORNING + 8 * DAY)
    assert told == again == ["nearly"]


def test_a_deadline_stays_as_it_was_told_where_the_policy_becomes_shorter():
    told, shorter = (rule_of(due, Step(at=Duration.parse(due), do="close")) for due in ("7 days", "2 days"))
    one = with_clock(told, policy_of(told))
    assert rewind(running(one), shorter, policy_of(shorter)).wakes_at == MORNING + 7 * DAY


def test_a_clock_that_begins_in_a_state_in_which_it_stands_still_waits_from_its_start():
    rule = rule_of("2 days")
    policy = policy_of(rule)
    one = wind_up(rule, policy, MORNING, WAITING)
    assert (one.state, one.paused_at, one.wakes_at) == ("paused", MORNING, None)
    assert resume(one, rule, policy, MORNING + DAY).due_at == MORNING + 3 * DAY


def test_a_mail_server_whose_clock_goes_before_ours_makes_no_deadline_earlier():
    rule = rule_of("2 days")
    policy = policy_of(rule)
    one = wind_up(rule, policy, MORNING + HOUR, WAITING)
    assert resume(one, rule, policy, MORNING).due_at == one.due_at


def test_the_longest_extension_counts_from_the_start():
    rule = rule_of("2 days", longest=Duration(2, "months"))
    policy = policy_of(rule)
    one = wind_up(rule, policy, MORNING, "open")
    assert longest(one, rule, policy) == MORNING.replace(year=2027, month=1)
    assert longest(one, replace(rule, longest=None), policy) is None


CONCLUSIONS = {
    "the case is closed": (Step(at=Duration(2, "days"), do="close"), "closed"),
    "the default is taken": (Step(at=Duration(2, "days"), do="take-default"), "open"),
    "the state is changed": (Step(at=Duration(2, "days"), do="change-state", state="open"), "open"),
}


@pytest.mark.parametrize(("conclusion", "state"), CONCLUSIONS.values(), ids=CONCLUSIONS)
def test_what_a_clock_concludes_is_not_passed_over_after_a_downtime(conclusion: Step, state: str):
    steps = (
        Step(at=Duration(1, "days"), do="remind", template="early"),
        conclusion,
        staff_step("late", after="3 days"),
    )
    rule = rule_of("2 days", *steps, pauses=())
    policy = policy_of(rule)
    offer = Offer(key="refund", outcome="refund", text="", by=LAN, at=MORNING, state="sent")
    waiting = replace(with_clock(rule, policy), state="awaiting_customer", offer=offer)
    effects = decide_clock(waiting, NAME, policy, DESK, MORNING + 6 * DAY)
    assert fold(waiting, effects, MORNING).state == state
    assert "early" not in templates(effects)
    assert ("late" in templates(effects)) == (state != "closed")
    assert [one.event for one in effects if isinstance(one, Note)].count("step-skipped") == 1


def test_silence_is_no_consent_where_nothing_was_offered():
    rule = rule_of("2 days", Step(at=Duration(2, "days"), do="take-default", template="confirmed"))
    policy = policy_of(rule)
    told, one = wake(with_clock(rule, policy), policy, MORNING + 2 * DAY)
    assert told == ["staff-clock"]
    assert (one.state, one.offer) == ("open", None)


def test_a_customer_with_too_much_mail_does_not_keep_the_seller_from_being_reminded():
    rule = rule_of(
        "2 days", *(Step(at=Duration(1, "days"), do="remind", to=to, template=to) for to in ("seller", "customer"))
    )
    policy = policy_of(rule)
    shop = Party(email="shop@nguoiban.example", role="seller", name="Shop")
    one = with_clock(rule, policy)
    effects = decide_clock(
        replace(one, parties=(*one.parties, shop)), NAME, policy, DESK, MORNING + DAY, automatic_left=0
    )
    assert templates(effects) == ["seller"]
    assert [note.data["to"] for note in effects if isinstance(note, Note)] == [TUAN]
