"""Deadlines: when they start and stop, which step is due, and what a step does.

Each step is taken once. After a downtime only the latest step that is due is taken; the ones before it are passed over,
so that nobody gets a burst of reminders.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tickets.desk import Desk
from tickets.effects import ChangeState, Effect, Note, StartClock, StopClock, TakeStep, WriteMail
from tickets.policy import ClockRule, Policy, Step
from tickets.ticket import RunningClock, Ticket


def start_clocks(event: str, policy: Policy, now: datetime) -> Iterator[StartClock]:
    """The clocks that `event` starts; they count from `now`."""
    for rule in policy.clocks:
        if rule.starts == event:
            yield StartClock(clock=_wound_up(rule, now, ZoneInfo(policy.zone)))


def stop_clocks(event: str, ticket: Ticket, policy: Policy) -> Iterator[StopClock]:
    """The running clocks that `event` stops; closing stops all."""
    for clock in ticket.clocks:
        rule = policy.clock(clock.name)
        if clock.state == "running" and (event == "closed" or (rule and rule.stops == event)):
            yield StopClock(name=clock.name, why=event)


def _wound_up(rule: ClockRule, start: datetime, zone: ZoneInfo) -> RunningClock:
    due_at = rule.due.after(start, zone)
    first = _moment(rule, 0, start, zone)
    return RunningClock(name=rule.name, state="running", started_at=start, due_at=due_at, step=0, wakes_at=first)


def _moment(rule: ClockRule, step: int, start: datetime, zone: ZoneInfo) -> datetime:
    """When step number `step` falls due; after the last one, when the clock has run out."""
    duration = rule.steps[step].at if step < len(rule.steps) else rule.due
    return duration.after(start, zone)


def decide_clock(
    ticket: Ticket, name: str, policy: Policy, desk: Desk, now: datetime, automatic_left: int = 1
) -> list[Effect]:
    """What a clock that woke does. Nothing where it was stopped, or is not due (somebody else took the step)."""
    clock, rule = ticket.clock(name), policy.clock(name)
    if clock is None or clock.state != "running" or clock.wakes_at is None or clock.wakes_at > now:
        return []
    if rule is None:
        return [StopClock(name=name, why="the policy knows no such clock any more")]
    zone = ZoneInfo(policy.zone)
    moments = [_moment(rule, step, clock.started_at, zone) for step in range(len(rule.steps))]
    due = [step for step in range(clock.step, len(rule.steps)) if moments[step] <= now]
    taken = rule.steps[due[-1]] if due else None
    following = due[-1] + 1 if due else clock.step
    wakes_at = _moment(rule, following, clock.started_at, zone)
    is_over = (taken is not None and taken.do == "close") or (following >= len(rule.steps) and wakes_at <= now)
    effects: list[Effect] = [Note(event="step-skipped", data={"clock": name, "step": step}) for step in due[:-1]]
    effects.append(
        TakeStep(
            name=name,
            step=following - 1,
            next_step=following,
            wakes_at=None if is_over else wakes_at,
            state="expired" if is_over else "running",
        )
    )
    if taken:
        effects += _act(ticket, policy, desk, taken, name, now)
    return effects if automatic_left > 0 else [_withheld(effect) for effect in effects]


def _withheld(effect: Effect) -> Effect:
    """A mail to a customer beyond the cap of the day is not written: forged complaints must not bury anybody."""
    if isinstance(effect, WriteMail) and effect.is_automatic:
        return Note(event="mail-withheld", data={"template": effect.template, "to": effect.to.email})
    return effect


def _act(ticket: Ticket, policy: Policy, desk: Desk, step: Step, name: str, now: datetime) -> Iterator[Effect]:
    match step.do:
        case "remind":
            yield from _write_to_customer(ticket, step.template)
        case "tell-staff":
            yield from tell_staff(ticket, desk, step.template or "staff-clock", {"clock": name})
        case "close":
            yield ChangeState(state="closed", outcome=step.outcome or "withdrawn", why=f"clock {name}", at=now)
            yield from (stop for stop in stop_clocks("closed", ticket, policy) if stop.name != name)
            yield from _write_to_customer(ticket, step.template)
            yield from tell_staff(ticket, desk, "staff-closed", {"clock": name})


def _write_to_customer(ticket: Ticket, template: str | None) -> Iterator[WriteMail]:
    customer = ticket.party(ticket.customer_email)
    if template and customer:
        yield WriteMail(template=template, to=customer, audience="customer", is_automatic=True)


def tell_staff(ticket: Ticket, desk: Desk, template: str, facts: Mapping[str, Any]) -> Iterator[WriteMail]:
    """One mail for each member of staff who looks after the ticket: each can be answered by that person only."""
    for person in desk.staff_of(ticket.department):
        yield WriteMail(template=template, to=person, audience="staff", is_automatic=False, facts=facts)
