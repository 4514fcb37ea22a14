"""Tells a whole policy in plain sentences, so that whoever answers for the published promise can check it. Pure.

Everything that the file says and that customers or staff notice is told, in the words of the file where it has some.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from responders.calendar_telling import tell_calendar
from responders.clock_telling import tell_clocks
from responders.compensation_telling import tell_compensation
from responders.paper_words import Language
from responders.policy_wording import Line, PolicyWording, Section, inside_sentence, is_for_all
from tickets.policy import Category, OutcomeRule, Policy, Slot
from tickets.ticket import ticket_number

OUTCOME = "outcome"  # the usual template of outcomes


def tell_policy(policy: Policy, language: Language, today: date) -> list[Section]:
    """The sections, in the order in which a complaint goes; days off are those that come after `today`."""
    say = PolicyWording(policy=policy, language=language)
    sections = [
        say.section("claim", _claim(say)),
        say.section("evidence", _evidence(say)),
        say.section("clocks", tell_clocks(say)),
        say.section("outcomes", _outcomes(say)),
        say.section("disagreement", _disagreement(say)),
        say.section("afterwards", _afterwards(say)),
        say.section("departments", _departments(say)),
        say.section("calendar", tell_calendar(say, today)),
        say.section("retention", _retention(say)),
        say.section("forms", _forms(say, today)),
    ]
    if policy.compensation:
        sections.insert(4, say.section("compensation", tell_compensation(policy.compensation, say)))
    return sections


def _claim(say: PolicyWording) -> Iterator[Line]:
    claim = say.policy.claim
    if claim is None:
        yield say.line("claim_none")
        return
    since = say.words(claim.since) if claim.since else say.say("claim_since")
    yield say.line("claim_window", window=say.time(claim.window), since=since)
    yield say.line("claim_late")


def _evidence(say: PolicyWording) -> Iterator[Line]:
    policy = say.policy
    always = [slot for slot in policy.slots if slot.key in policy.evidence.always]
    yield say.line("always" if always else "never")
    yield from (_slot(slot, say) for slot in always)
    yield say.line("by_kind")
    yield from _kinds(say)
    added = {key for category in policy.categories for key in category.slots} - set(policy.evidence.always)
    if added:
        yield say.line("what_else")
        yield from (_slot(slot, say) for slot in policy.slots if slot.key in added)
    asked = [slot for slot in policy.slots if slot.on_request]
    if asked:
        yield say.line("on_request")
        yield from (_slot(slot, say) for slot in asked)


def _slot(slot: Slot, say: PolicyWording) -> Line:
    told = say.item("slot", name=say.words(slot.name), how=say.words(slot.how))
    return told if slot.blocks else Line(text=told.text + say.say("optional"), depth=told.depth)


def _kinds(say: PolicyWording) -> Iterator[Line]:
    same = []
    for category in say.policy.categories:
        more, less = _slots(category.slots, say), _slots(category.without, say)
        if more and less:
            yield say.item("kind_both", kind=_kind(category, say), more=more, less=less)
        elif more or less:
            yield say.item("kind_more" if more else "kind_less", kind=_kind(category, say), slots=more or less)
        else:
            same.append(_kind(category, say))
    if same:
        yield say.item("kind_same", kinds=", ".join(same))


def _kind(category: Category, say: PolicyWording) -> str:
    return f"{say.words(category.name)} ({category.slug})"


def _slots(keys: tuple[str, ...], say: PolicyWording) -> str:
    return "; ".join(inside_sentence(say.words(slot.name)) for slot in say.policy.slots if slot.key in keys)


def _outcomes(say: PolicyWording) -> Iterator[Line]:
    if not say.policy.outcomes:
        yield say.line("no_outcomes")
    for rule in say.policy.outcomes:
        kinds = "" if is_for_all(rule.categories) else say.say("for_kinds", kinds=say.kinds(rule.categories))
        head = say.line("outcome", name=say.words(rule.name), key=rule.key, kinds=kinds).text
        yield Line(text=": ".join(filter(None, (head, "; ".join(_conditions(rule, say))))))
    if say.policy.flags:
        yield say.line("flags")
        for flag in say.policy.flags:
            yield say.item("flag", name=say.words(flag.name), key=flag.key, note=say.words(flag.note))


def _conditions(rule: OutcomeRule, say: PolicyWording) -> Iterator[str]:
    if say.outcome(rule.outcome) != say.words(rule.name):
        yield say.say("counts_as", outcome=say.outcome(rule.outcome))
    yield from (say.say(name) for name in ("needs_approval", "needs_confirmation") if getattr(rule, name))
    if rule.computed:
        yield say.say("denied" if rule.outcome == "rejected" else "computed")
    if rule.note:
        yield say.say("note", note=say.words(rule.note))
    if rule.template != OUTCOME:
        yield say.say("own_template", template=rule.template)


def _disagreement(say: PolicyWording) -> Iterator[Line]:
    rounds = say.policy.answers.rounds
    yield say.line("one_round") if rounds == 1 else say.line("rounds", rounds=rounds)
    yield say.line("manager_sooner")


def _afterwards(say: PolicyWording) -> Iterator[Line]:
    follow_up = say.policy.follow_up
    yield say.line("asks" if follow_up.asks_satisfaction else "asks_not")
    within = follow_up.reopen_within
    yield say.line("reopen", time=say.time(within)) if within else say.line("reopen_always")


def _departments(say: PolicyWording) -> Iterator[Line]:
    departments = say.policy.departments
    if not departments:
        yield say.line("departments_config")
    named = any(one.categories and not is_for_all(one.categories) for one in departments)
    for one in departments:
        if is_for_all(one.categories):
            kinds = say.say("department_rest" if named else "department_all")
        else:
            kinds = say.kinds(one.categories) or say.say("department_none")
        yield say.line("department", name=say.words(one.name), key=one.key, kinds=kinds)
    yield say.line("hand_over")


def _retention(say: PolicyWording) -> Iterator[Line]:
    kept = say.policy.retention
    for name in ("evidence", "tickets", "automatic"):
        time = getattr(kept, name)
        yield say.line(f"keep_{name}", time=say.time(time)) if time else say.line(f"keep_{name}_ever")
    if kept.keep_outcomes:
        yield say.line("keep_outcomes", outcomes=", ".join(map(say.outcome, kept.keep_outcomes)))


def _forms(say: PolicyWording, today: date) -> Iterator[Line]:
    policy = say.policy
    moment = datetime.combine(today, time(), policy.time.zone)
    yield say.line("numbers", number=ticket_number(policy.ticket_prefix, moment, 123))
    languages = [say.say(one) for one in policy.languages]
    yield say.line("languages", languages=say.listed(languages), first=languages[0])
    yield say.line("sellers", language=say.say(policy.sellers_language))
    if policy.templates:
        yield say.line("template_set", name=policy.templates)
