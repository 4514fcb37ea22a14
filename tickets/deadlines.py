"""The arithmetic of one clock: when it runs out, when its next step falls due, how it stands still and is put off.

A deadline counts as the policy says when the clock starts, and is then kept as it was told: a policy file that changes
later moves no deadline that runs already. The steps on the way are those of the file as it is now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from tickets.durations import Duration
from tickets.policy import ClockRule, Policy, Step
from tickets.ticket import RunningClock, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """When steps fall due, all at once."""

    at: datetime
    steps: tuple[Step, ...]


def wind_up(rule: ClockRule, policy: Policy, start: datetime, state: State) -> RunningClock:
    """A clock that begins at `start`; it stands still at once where the rule says so of the ticket's state."""
    due_at = policy.time.add(start, rule.due)
    clock = RunningClock(name=rule.name, state="running", started_at=start, due_at=due_at, wakes_at=None)
    return pause(clock, start) if state in rule.pauses else rewind(clock, rule, policy)


def follow(clock: RunningClock, former: RunningClock | None, now: datetime) -> RunningClock:
    """The clock that starts anew and remembers which of its earlier promises were kept; one still open was neither."""
    if former is None:
        return clock
    if former.ended_at == former.started_at:  # by two events of one moment: nothing was promised
        return replace(clock, kept=former.kept, broken=former.broken)
    end = former.ended_at or now
    is_late = former.state != "paused" and end > former.due_at
    is_kept = former.ended_at is not None and not is_late
    return replace(clock, kept=former.kept + is_kept, broken=former.broken + is_late)


def rewind(clock: RunningClock, rule: ClockRule, policy: Policy) -> RunningClock:
    """The clock with the moment of its next step, by the rule as it is now."""
    following = next(moments_left(clock, rule, policy), None)
    return replace(clock, wakes_at=following.at if following else None)


def pause(clock: RunningClock, now: datetime) -> RunningClock:
    return replace(clock, state="paused", paused_at=now, wakes_at=None)


def resume(clock: RunningClock, rule: ClockRule, policy: Policy, now: datetime) -> RunningClock:
    """The clock goes on: everything that lies ahead comes later by the time that did not count.

    Steps that were taken stay taken, also where they would come again now: two working days before the new deadline,
    say, or where quiet hours end.
    """
    assert clock.paused_at is not None, f"{clock.name} does not stand still"
    until = max(now, clock.paused_at)  # the mail server's clock may go before ours
    counts_work = rule.due.is_working
    gone = policy.time.working_time(clock.paused_at, until) if counts_work else until - clock.paused_at
    later = replace(
        clock,
        state="running",
        paused_at=None,
        due_at=_shift(clock.due_at, gone, rule, policy),
        lost=clock.lost + gone,
    )
    if clock.stepped_to is not None:
        taken = [step for step in rule.steps if _moment_of(step, clock, rule, policy) <= clock.stepped_to]
        moments = [_moment_of(step, later, rule, policy) for step in taken]
        shifted = _shift(clock.stepped_to, gone, rule, policy)
        later = replace(later, stepped_to=max([shifted, *(at for at in moments if at < later.due_at)]))
    return rewind(later, rule, policy)


def catch_up(clock: RunningClock, rule: ClockRule, policy: Policy, now: datetime) -> RunningClock:
    """The clock as it would go on now, if it stands still."""
    return resume(clock, rule, policy, now) if clock.state == "paused" else clock


def extend(
    clock: RunningClock, rule: ClockRule, policy: Policy, due_at: datetime, state: State, now: datetime
) -> RunningClock:
    """The clock with another deadline; what was to happen before the old one happens again before the new one.

    It has caught up; in a state in which it stands still it does so from now.
    """
    later = replace(clock, state="running", due_at=due_at)
    return pause(later, now) if state in rule.pauses else rewind(later, rule, policy)


def longest(clock: RunningClock, rule: ClockRule, policy: Policy) -> datetime | None:
    """The moment beyond which the clock cannot be put off; None where the policy sets no bound."""
    return policy.time.add(clock.started_at, rule.longest) if rule.longest else None


def moments_left(clock: RunningClock, rule: ClockRule, policy: Policy) -> Iterator[Moment]:
    """The moments of the steps that were not taken yet, and of the deadline itself, in order."""
    done = clock.stepped_to
    due = [Moment(at=at, steps=steps) for at, steps in _moments(clock, rule, policy)]
    return (moment for moment in due if done is None or moment.at > done)


def _moments(clock: RunningClock, rule: ClockRule, policy: Policy) -> Iterator[tuple[datetime, tuple[Step, ...]]]:
    timed = [(_moment_of(step, clock, rule, policy), step) for step in rule.steps]
    timed.sort(key=lambda one: one[0])  # steps of one moment stay in the order of the file
    grouped = {at: tuple(step for _, step in group) for at, group in groupby(timed, key=lambda one: one[0])}
    grouped.setdefault(clock.due_at, ())
    return iter(sorted(grouped.items()))


def _moment_of(step: Step, clock: RunningClock, rule: ClockRule, policy: Policy) -> datetime:
    if step.before:
        at = policy.time.subtract(clock.due_at, step.before)
    elif step.after:
        at = policy.time.add(clock.due_at, step.after)
    elif step.at == rule.due:  # the end of the clock, wherever that was put off to
        at = clock.due_at
    else:
        at = _shift(policy.time.add(clock.started_at, step.at or Duration(0, "minutes")), clock.lost, rule, policy)
    return policy.time.after_quiet(at) if _reaches_outside(step) else at


def _reaches_outside(step: Step) -> bool:
    """Whether somebody outside gets a mail, which should not come at night."""
    return step.template is not None and (step.do in {"close", "take-default"} or _is_for_outside(step))


def _is_for_outside(step: Step) -> bool:
    return step.do == "remind" and step.to in {"customer", "seller"}


def _shift(moment: datetime, gone: timedelta, rule: ClockRule, policy: Policy) -> datetime:
    if not gone:
        return moment
    return policy.time.add_working_time(moment, gone) if rule.due.is_working else moment + gone
