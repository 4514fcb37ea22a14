"""A deadline of a policy in sentences: what has to happen within which time, what ends it, what comes on the way."""

from collections.abc import Iterator
from itertools import groupby

from responders.paper_words import CLOCKS
from responders.policy_wording import Line, PolicyWording, capitalise, is_for_all
from responders.policy_words import DEEDS, EVENTS, WAITING
from tickets.policy import ClockRule, Event, Step


def tell_clocks(say: PolicyWording) -> Iterator[Line]:
    """All deadlines, in the order of the file."""
    seen: set[str] = set()
    for rule in say.policy.clocks:
        yield Line(text=_head(rule, say, is_later=rule.name in seen))
        yield Line(text=" ".join(_sentences(rule, say)), depth=1)
        yield from (Line(text=capitalise(step), depth=2) for step in _steps(rule, say))
        seen.add(rule.name)
    yield say.line("extending")
    yield say.line("downtime")


def tell_title(rule: ClockRule, say: PolicyWording) -> str:
    """What people call the deadline; its name where it is called nothing."""
    if rule.title:
        return say.words(rule.title)
    return CLOCKS[say.language].get(rule.name, rule.name)


def _head(rule: ClockRule, say: PolicyWording, *, is_later: bool) -> str:
    if not is_for_all(rule.categories):
        kinds = say.say("clock_kinds", kinds=say.kinds(rule.categories))
    else:
        kinds = say.say("clock_rest") if is_later else ""
    aim = "" if rule.promised else say.say("clock_aim")
    return say.say("clock", title=capitalise(tell_title(rule, say)), name=rule.name, kinds=kinds, aim=aim)


def _sentences(rule: ClockRule, say: PolicyWording) -> Iterator[str]:
    starts = say.listed([_event(one, say) for one in rule.starts], "or")
    deed = DEEDS[say.language].get(rule.stops[0]) if rule.stops else None
    ends = rule.stops
    if deed:
        yield say.say("within", due=say.time(rule.due), starts=starts, deed=deed)
        ends = rule.stops[1:]
    else:
        yield say.say("within_open", due=say.time(rule.due), starts=starts)
    if ends:
        yield say.say("also_stops", stops=say.listed([_event(one, say) for one in ends], "or"))
    if rule.pauses:
        yield say.say("pauses", states=say.listed([WAITING[say.language][one] for one in rule.pauses], "or"))
    if rule.longest:
        yield say.say("longest", longest=say.time(rule.longest))


def _event(event: Event, say: PolicyWording) -> str:
    return EVENTS[say.language][event]


def _steps(rule: ClockRule, say: PolicyWording) -> Iterator[str]:
    """Steps that do the same one after the other are told together."""
    for what, steps in groupby(rule.steps, key=lambda step: _deed(step, say)):
        when = say.listed([_moment(step, say) for step in steps])
        yield say.say("step", when=when, what=what)


def _moment(step: Step, say: PolicyWording) -> str:
    if step.before:
        return say.say("before_end", time=say.time(step.before))
    if step.at:
        return say.say("after_start", time=say.time(step.at)) if step.at.count else say.say("at_start")
    if step.after and step.after.count:
        return say.say("after_end", time=say.time(step.after))
    return say.say("at_end")


def _deed(step: Step, say: PolicyWording) -> str:
    match step.do:
        case "remind":
            what = say.say(f"remind_{step.to}")
        case "change-state":
            what = say.say("change-state", state=WAITING[say.language][step.state or "open"])
        case "close":
            what = say.say("close", outcome=say.outcome(step.outcome)) if step.outcome else say.say("close_same")
        case _:
            what = say.say(step.do)
    if step.template and step.do in {"close", "take-default"}:
        what = say.say("and_customer", what=what)
    return what + (say.say("template", template=step.template) if step.template else "")
