"""What is wrong with a policy although each field alone is right, each with its place in the file. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from tickets.compensation_checks import check_compensation
from tickets.policy import WILDCARD, ClockRule, Policy, Step, Words

EVERY_POLICY_HAS = ("acknowledge", "evidence", "respond", "resolve")  # clocks that reports and commands speak of
OTHER = "other"  # the kind of a complaint that fits none


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction:
    """One thing that is wrong."""

    place: tuple[str | int, ...]  # keys and numbers that lead to it in the document, such as ("clock", 2, "step", 0)
    message: str


def find_contradictions(policy: Policy) -> list[Contradiction]:
    """Everything that is wrong, in the order of the checks."""
    return [found for check in _CHECKS for found in check(policy)]


def _found(message: str, *place: str | int) -> Contradiction:
    return Contradiction(place=place, message=message)


def _wrong_zone(policy: Policy) -> Iterator[Contradiction]:
    try:
        ZoneInfo(policy.zone)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, the name of a folder
        yield _found(f"{policy.zone!r} is no time zone; right would be 'Asia/Ho_Chi_Minh'", "zone")


def _wrong_patterns(policy: Policy) -> Iterator[Contradiction]:
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("codes", "customer"), policy.codes.customer),
        (("codes", "order"), policy.codes.order),
    ]
    named += [(("slot", no, "pattern"), slot.pattern) for no, slot in enumerate(policy.slots) if slot.pattern]
    for place, pattern in named:
        try:
            re.compile(pattern)
        except re.error as error:
            yield _found(f"{pattern!r} is no regular expression: {error}", *place)
        except (RecursionError, OverflowError):
            yield _found("this regular expression is too deep or counts too far", *place)


def _double_names(policy: Policy) -> Iterator[Contradiction]:
    """The later one would never be found."""
    named: Mapping[str, list[str]] = {
        "slot": [slot.key for slot in policy.slots],
        "category": [category.slug for category in policy.categories],
        "flag": [flag.key for flag in policy.flags],
        "department": [department.key for department in policy.departments],
    }
    for what, names in named.items():
        for name, times in Counter(names).items():
            if times > 1:
                last = len(names) - 1 - names[::-1].index(name)
                yield _found(f"{times} tables [[{what}]] are called {name!r}", what, last)


def _hidden_rules(policy: Policy) -> Iterator[Contradiction]:
    """Of rules with one name the first that fits a kind holds; one behind a rule for all kinds never does."""
    ruled: Mapping[str, list[tuple[str, tuple[str, ...]]]] = {
        "clock": [(one.name, one.categories) for one in policy.clocks],
        "outcome": [(one.key, one.categories) for one in policy.outcomes],
    }
    for what, rules in ruled.items():
        for no, (name, _) in enumerate(rules):
            earlier = [categories for other, categories in rules[:no] if other == name]
            if any(WILDCARD in categories for categories in earlier):
                yield _found(f"a [[{what}]] {name!r} for all kinds stands before this one, which never holds", what, no)


def _wrong_slots(policy: Policy) -> Iterator[Contradiction]:
    known = [slot.key for slot in policy.slots]
    for no, key in enumerate(policy.evidence.always):
        yield from _unknown(key, known, "slot", "evidence", "always", no)
    for number, category in enumerate(policy.categories):
        for name in ("slots", "without"):
            for no, key in enumerate(getattr(category, name)):
                yield from _unknown(key, known, "slot", "category", number, name, no)
    asked = set(policy.evidence.always).union(*(category.slots for category in policy.categories))
    for no, slot in enumerate(policy.slots):
        if slot.key not in asked and not slot.on_request:
            yield _found(
                f"no kind of complaint asks for the slot {slot.key!r}; right would be: name it in a category, "
                "or say on_request = true",
                "slot",
                no,
            )


def _wrong_categories(policy: Policy) -> Iterator[Contradiction]:
    slugs = [category.slug for category in policy.categories]
    if OTHER not in slugs:
        yield _found(f"there is no [[category]] with slug = {OTHER!r}, for complaints that fit no other kind")
    for no, category in enumerate(policy.categories):
        if not category.words and category.slug != OTHER:
            yield _found(f"the kind {category.slug!r} has no words: no complaint is ever taken for it", "category", no)
    lists = [("clock", no, one.categories) for no, one in enumerate(policy.clocks)]
    lists += [("outcome", no, one.categories) for no, one in enumerate(policy.outcomes)]
    lists += [("department", no, one.categories) for no, one in enumerate(policy.departments)]
    for what, no, categories in lists:
        for index, slug in enumerate(categories):
            if slug != WILDCARD:
                yield from _unknown(slug, slugs, "category", what, no, "categories", index)


def _wrong_clocks(policy: Policy) -> Iterator[Contradiction]:
    names = {clock.name for clock in policy.clocks}
    for name in EVERY_POLICY_HAS:
        if name not in names:
            yield _found(f"there is no [[clock]] with name = {name!r}, which every policy has")
    for no, clock in enumerate(policy.clocks):
        yield from _wrong_clock(clock, no)


def _wrong_clock(clock: ClockRule, no: int) -> Iterator[Contradiction]:
    what = f"the clock {clock.name!r}"
    ends = any(step.do in {"close", "take-default", "change-state"} for step in clock.steps)
    if not clock.starts:
        yield _found(f"nothing starts {what}", "clock", no, "starts")
    if not clock.stops and not ends:
        yield _found(f"nothing stops {what}", "clock", no, "stops")
    for event in set(clock.starts) & set(clock.stops):
        yield _found(f"{event!r} both starts and stops {what}", "clock", no, "stops")
    if clock.longest and clock.longest.rough_seconds() < clock.due.rough_seconds():
        yield _found(f"longest ({clock.longest}) of {what} is shorter than due ({clock.due})", "clock", no, "longest")
    for index, step in enumerate(clock.steps):
        for message in _wrong_step(step, clock):
            yield _found(message, "clock", no, "step", index)


def _wrong_step(step: Step, clock: ClockRule) -> Iterator[str]:
    given = [one for one in (step.at, step.before, step.after) if one]
    if len(given) != 1:
        yield "a step has exactly one of at (after the start), before and after (the deadline)"
    if step.at and step.at.rough_seconds() > clock.due.rough_seconds():
        yield f"the step comes after the clock has run out ({clock.due}); right would be after = …"
    if step.before and step.before.rough_seconds() > clock.due.rough_seconds():
        yield f"the step comes before the clock starts ({clock.due} before its deadline)"
    if step.do == "remind" and not step.template:
        yield "the step reminds somebody, but names no template"
    if step.do == "change-state" and not step.state:
        yield "the step changes the state, but names no state"


def _wrong_outcomes(policy: Policy) -> Iterator[Contradiction]:
    for no, rule in enumerate(policy.outcomes):
        if rule.computed and policy.compensation is None:
            yield _found(f"the outcome {rule.key!r} is computed, but there is no [compensation]", "outcome", no)
    confirmed = any(rule.needs_confirmation for rule in policy.outcomes)
    takes_default = any(step.do == "take-default" for clock in policy.clocks for step in clock.steps)
    if takes_default and not confirmed:
        yield _found("a clock takes the customer's silence for consent, but no outcome has needs_confirmation = true")


def _wrong_compensation(policy: Policy) -> Iterator[Contradiction]:
    if policy.compensation is not None:
        for place, message in check_compensation(policy.compensation, policy.languages):
            yield _found(message, "compensation", *place)


def _wrong_languages(policy: Policy) -> Iterator[Contradiction]:
    if not policy.languages:
        yield _found("languages names no language", "languages")
    for words, place in _all_words(policy):
        for language in policy.languages:
            if not words.get(language):
                yield _found(f"has no words in the language {language!r}", *place)


def _all_words(policy: Policy) -> Iterator[tuple[Words, tuple[str | int, ...]]]:
    single = {("codes", "customer_name"): policy.codes.customer_name, ("codes", "order_name"): policy.codes.order_name}
    single |= {("claim", "since"): policy.claim.since if policy.claim else None}
    yield from ((words, place) for place, words in single.items() if words is not None)
    for no, slot in enumerate(policy.slots):
        yield slot.name, ("slot", no, "name")
        yield slot.how, ("slot", no, "how")
    for no, category in enumerate(policy.categories):
        yield category.name, ("category", no, "name")
    for no, outcome in enumerate(policy.outcomes):
        yield outcome.name, ("outcome", no, "name")
        if outcome.note is not None:
            yield outcome.note, ("outcome", no, "note")
    for no, clock in enumerate(policy.clocks):
        if clock.title is not None:
            yield clock.title, ("clock", no, "title")
    for no, flag in enumerate(policy.flags):
        yield flag.name, ("flag", no, "name")
        yield flag.note, ("flag", no, "note")
    for no, department in enumerate(policy.departments):
        yield department.name, ("department", no, "name")


def _unknown(name: str, known: Iterable[str], what: str, *place: str | int) -> Iterator[Contradiction]:
    names = list(known)
    if name in names:
        return
    near = get_close_matches(name, names, n=1)
    right = f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(names)}"
    yield _found(f"there is no [[{what}]] {name!r}{right}", *place)


_CHECKS: tuple[Callable[[Policy], Iterator[Contradiction]], ...] = (
    _wrong_zone,
    _wrong_patterns,
    _double_names,
    _hidden_rules,
    _wrong_slots,
    _wrong_categories,
    _wrong_clocks,
    _wrong_outcomes,
    _wrong_compensation,
    _wrong_languages,
)
