"""What a clock that wakes does: the step that is due, and nothing twice.

Each step is taken once. After a downtime only the latest step that is due is taken; the reminders before it are passed
over, so that nobody gets a burst of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tickets.course import Course
from tickets.deadlines import Moment, moments_left, pause, resume, rewind
from tickets.desk import Desk
from tickets.effects import ChangeClock, Effect, MakeOffer, Note, StopClock, TakeStep, WriteMail
from tickets.policy import ClockRule, Policy, Step
from tickets.ticket import RunningClock, State, Ticket

LOOK_AGAIN = timedelta(hours=3)  # whether the mails to the customer have gone out
_UNSENT = "a mail to the customer could not be sent"


def decide_clock(
    ticket: Ticket,
    name: str,
    policy: Policy,
    desk: Desk,
    now: datetime,
    automatic_left: int = 1,
    unsent_since: datetime | None = None,
) -> list[Effect]:
    """What a clock that woke does. Nothing where it was stopped, or is not due (somebody else took the step).

    `unsent_since`: when the oldest mail to the customer was written that could not be sent yet. His time does not run
    while he hears nothing of us: he is neither reminded nor taken for silent. His clock stands still from then on until
    it has gone out.
    """
    clock, rule = ticket.clock(name), policy.clock(name, ticket.category)
    if clock is None or clock.wakes_at is None or clock.wakes_at > now:
        return []
    if rule is None:
        return [StopClock(name=name, why="the policy knows no such clock any more", at=now)]
    if clock.state == "paused" or (unsent_since is not None and rule.waits_for_customer):
        return [_wait_for_mail(clock, rule, policy, ticket.state, unsent_since, now)]
    course = Course(policy=policy, desk=desk, now=now, before=ticket)
    moments = list(moments_left(clock, rule, policy))
    due = [moment for moment in moments if moment.at <= now]
    if not due:  # the policy changed: its next step comes later now
        return [ChangeClock(clock=rewind(clock, rule, policy), what="rewound")]
    _take(course, clock, rule, due, moments[len(due) :])
    return course.effects if automatic_left > 0 else [_withheld(effect) for effect in course.effects]


def _wait_for_mail(
    clock: RunningClock, rule: ClockRule, policy: Policy, state: State, unsent_since: datetime | None, now: datetime
) -> ChangeClock:
    """The clock of a customer who hears nothing of us stands still, and is looked at again; then it goes on.

    In a state that pauses it, it has another reason to stand still by now, and goes on with the state.
    """
    if clock.state == "paused" and state in rule.pauses:
        return ChangeClock(clock=replace(clock, wakes_at=None), what="rewound", why=state)
    if unsent_since is None:
        return ChangeClock(clock=resume(clock, rule, policy, now), what="resumed", why=_UNSENT)
    if clock.state == "paused":
        return ChangeClock(clock=replace(clock, wakes_at=now + LOOK_AGAIN), what="rewound", why=_UNSENT)
    paused = replace(pause(clock, unsent_since), wakes_at=now + LOOK_AGAIN)
    return ChangeClock(clock=paused, what="paused", why=_UNSENT)


def _take(
    course: Course, clock: RunningClock, rule: ClockRule, due: Sequence[Moment], following: Sequence[Moment]
) -> None:
    """The latest moment that has steps is taken; the deadline itself is one without.

    Earlier ones that were missed are passed over, but for what they conclude: a case is closed for silence, and a
    default taken, also where the machine stood still meanwhile.
    """
    timely = next((moment for moment in reversed(due) if moment.steps), None)
    acts = [(moment, moment.steps if moment is timely else _conclusions(moment)) for moment in due if moment.steps]
    course.add(
        *(
            Note(event="step-skipped", data={"clock": clock.name, "at": moment.at.isoformat()})
            for moment, steps in acts
            if not steps
        )
    )
    is_over = clock.due_at <= course.now
    after = replace(
        clock,
        state="expired" if is_over or any(step.do == "close" for _, steps in acts for step in steps) else "running",
        stepped_to=due[-1].at,
        wakes_at=following[0].at if following else None,
    )
    course.add(TakeStep(clock=after))
    for _, steps in acts:
        if not course.ticket.is_closed and _goes_on(course, clock.name):
            for step in steps:
                _act(course, step, clock, rule)


def _conclusions(moment: Moment) -> tuple[Step, ...]:
    return tuple(step for step in moment.steps if step.do in {"close", "take-default", "change-state"})


def _goes_on(course: Course, name: str) -> bool:
    """Whether the clock was not stopped by what the steps before did."""
    clock = course.ticket.clock(name)
    return clock is not None and clock.state != "stopped"


def _act(course: Course, step: Step, clock: RunningClock, rule: ClockRule) -> None:
    facts = {"clock": rule.name, "due_at": clock.due_at, "is_overdue": clock.due_at <= course.now}
    match step.do:
        case "remind":
            _remind(course, step, facts)
        case "tell-staff":
            course.tell_staff(step.template or "staff-clock", facts)
        case "escalate":
            course.add(Note(event="escalated", data={"clock": rule.name}))
            course.tell_managers(step.template or "staff-clock", facts)
        case "change-state":
            assert step.state is not None, "checked when the policy was read"
            course.move(step.state, f"clock {rule.name}")
        case "take-default":
            _take_default(course, step, facts)
        case "close":
            course.close(f"clock {rule.name}", step.outcome or course.ticket.outcome or "withdrawn")
            if step.template:
                course.write_customer(step.template, facts)
            course.tell_staff("staff-closed", facts)


def _remind(course: Course, step: Step, facts: dict[str, object]) -> None:
    assert step.template is not None, "checked when the policy was read"
    match step.to:
        case "customer":
            course.write_customer(step.template, facts)
        case "seller":
            course.write_seller(step.template, facts)
        case "staff":
            course.tell_staff(step.template, facts)
        case "manager":
            course.tell_managers(step.template, facts)


def _take_default(course: Course, step: Step, facts: dict[str, object]) -> None:
    """The customer's silence counts as his consent to what was offered; without an offer it counts as nothing."""
    offer = course.ticket.pending_offer
    if offer is None:
        course.tell_staff("staff-clock", facts)
        return
    course.add(Note(event="default-taken", data={"clock": facts["clock"]}))
    course.add(MakeOffer(offer=replace(offer, state="confirmed")))
    course.move("open", "the customer did not answer: what he declared counts")
    course.happen("confirmed")
    if step.template:
        course.write_customer(step.template, facts)
    course.tell_staff("staff-confirmed", facts | {"by_silence": True})


def _withheld(effect: Effect) -> Effect:
    """A mail to a customer beyond the cap of the day is not written: forged complaints must not bury anybody."""
    if isinstance(effect, WriteMail) and effect.is_automatic and effect.audience == "customer":
        return Note(event="mail-withheld", data={"template": effect.template, "to": effect.to.email})
    return effect
