"""What a company promises to people who complain, as frozen records: the content of `policies/NAME.toml`.

The records say what can be written in a policy file, each field with its meaning; reading the file and naming its
mistakes is the shell's business. `find_contradictions` finds what no single field shows.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from parsers.vocabulary import CategoryWords, Vocabulary
from tickets.durations import Duration
from tickets.ticket import Outcome

Words = Mapping[str, str]  # language ("vi", "en") to the words in it
FilledBy = Literal["customer_code", "order_code", "words", "missing_parts", "photo", "video", "document"]
Language = Literal["vi", "en"]  # that there are templates in
Action = Literal["remind", "tell-staff", "close"]

WILDCARD = "*"


@dataclass(frozen=True, kw_only=True)
class Codes:
    """How the company's codes look."""

    brands: tuple[str, ...] = ()  # words that stand before a code and are no part of it
    customer: str  # regular expression of a whole customer code
    order: str  # regular expression of a whole order code


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Within which time a complaint is in time. A late one is taken in all the same, and marked."""

    window: Duration
    starts: Literal["delivered"] = "delivered"  # the moment the customer received the parcel


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A piece of evidence that kinds of complaint can ask for."""

    key: str
    name: Words  # as customers and staff read it
    how: Words  # how the customer provides it
    filled_by: FilledBy
    hints: tuple[str, ...] = ()  # words in the name of a file that tell it is meant for this slot
    min_words: int = 1  # for "words": how many the customer must have written
    pattern: str | None = None  # for "words": regular expression on the text without accents, lower case


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of complaint."""

    slug: str
    name: Words
    words: tuple[str, ...] = ()  # how people say it; the parsers tell kinds apart by them
    slots: tuple[str, ...] = ()  # asked for besides those of `[evidence] always`
    without: tuple[str, ...] = ()  # those of `[evidence] always` that make no sense for this kind


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Which evidence is asked for whatever the kind."""

    always: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """What happens at one moment of a running clock."""

    at: Duration  # after the clock started
    do: Action
    template: str | None = None  # of the mail that is written
    outcome: Outcome | None = None  # with "close"; left out: withdrawn


@dataclass(frozen=True, kw_only=True)
class ClockRule:
    """A deadline: what starts it, what stops it, what happens on the way."""

    name: str
    starts: Literal["opened", "evidence-missing", "evidence-complete"]
    stops: Literal["acknowledged", "evidence-complete", "answered", "closed"]
    due: Duration  # after the start
    steps: tuple[Step, ...] = field(default=(), metadata={"alias": "step"})  # in the order of their moments


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A whole policy file."""

    name: str  # of the company, as mails call it
    ticket_prefix: str = field(metadata={"pattern": "[A-Z][A-Z0-9]{0,9}"})  # "HKG" of HKG-26-000123
    zone: str = "Asia/Ho_Chi_Minh"  # in which days are counted and times are told
    languages: tuple[Language, ...] = ("vi", "en")  # that customers are answered in; the first is the last resort
    codes: Codes
    claim: Claim | None = None
    evidence: Evidence = Evidence()
    slots: tuple[Slot, ...] = field(default=(), metadata={"alias": "slot"})
    categories: tuple[Category, ...] = field(default=(), metadata={"alias": "category"})
    clocks: tuple[ClockRule, ...] = field(default=(), metadata={"alias": "clock"})

    def category(self, slug: str) -> Category | None:
        return self._categories_by_slug.get(slug)

    def clock(self, name: str) -> ClockRule | None:
        return next((clock for clock in self.clocks if clock.name == name), None)

    def slots_for(self, slug: str) -> tuple[Slot, ...]:
        """The slots that a complaint of this kind asks for, each once, in the order of the policy."""
        slots = self._slots_by_slug.get(slug)
        return self._select_slots(None) if slots is None else slots

    @cached_property
    def _categories_by_slug(self) -> dict[str, Category]:
        return {category.slug: category for category in self.categories}

    @cached_property
    def _slots_by_slug(self) -> dict[str, tuple[Slot, ...]]:
        return {category.slug: self._select_slots(category) for category in self.categories}

    def _select_slots(self, category: Category | None) -> tuple[Slot, ...]:
        wanted = set(self.evidence.always)
        if category:
            wanted = (wanted - set(category.without)) | set(category.slots)
        return tuple(slot for slot in self.slots if slot.key in wanted)

    def vocabulary(self) -> Vocabulary:
        """What the parsers need to know of this company."""
        return Vocabulary(
            brands=self.codes.brands,
            ticket_prefix=self.ticket_prefix,
            customer_code=self.codes.customer,
            order_code=self.codes.order,
            categories=tuple(CategoryWords(slug=one.slug, words=one.words) for one in self.categories),
        )


def find_contradictions(policy: Policy) -> list[str]:
    """What is wrong with a policy although each field alone is right: one sentence each."""
    return [
        *_wrong_zone(policy),
        *_wrong_patterns(policy),
        *_double_names(policy),
        *_wrong_slots(policy),
        *_wrong_clocks(policy),
        *_wrong_languages(policy),
    ]


def _wrong_zone(policy: Policy) -> Iterator[str]:
    try:
        ZoneInfo(policy.zone)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, the name of a folder
        yield f"zone: {policy.zone!r} is no time zone; right would be 'Asia/Ho_Chi_Minh'"


def _wrong_patterns(policy: Policy) -> Iterator[str]:
    patterns = {"codes.customer": policy.codes.customer, "codes.order": policy.codes.order}
    patterns |= {f"pattern of slot {slot.key}": slot.pattern for slot in policy.slots if slot.pattern}
    for where, pattern in patterns.items():
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"{where}: {pattern!r} is no regular expression: {error}"


def _double_names(policy: Policy) -> Iterator[str]:
    """The later one would never be found."""
    named = {
        "slots": [slot.key for slot in policy.slots],
        "categories": [category.slug for category in policy.categories],
        "clocks": [clock.name for clock in policy.clocks],
    }
    for what, names in named.items():
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{names.count(name)} {what} are called {name!r}"


def _wrong_slots(policy: Policy) -> Iterator[str]:
    known = {slot.key for slot in policy.slots}
    for category in policy.categories:
        for key in (*category.slots, *category.without):
            if key not in known:
                yield f"category {category.slug} names the slot {key!r}, which no [[slot]] describes"
    for key in policy.evidence.always:
        if key not in known:
            yield f"evidence.always names the slot {key!r}, which no [[slot]] describes"
    asked = set(policy.evidence.always).union(*(category.slots for category in policy.categories))
    for slot in policy.slots:
        if slot.key not in asked:
            yield f"no kind of complaint asks for the slot {slot.key!r}"


def _wrong_clocks(policy: Policy) -> Iterator[str]:
    for clock in policy.clocks:
        moments = [step.at for step in clock.steps]
        if moments != sorted(moments, key=Duration.rough_seconds):
            yield f"the steps of the clock {clock.name!r} are not in the order of their moments"
        if moments and max(map(Duration.rough_seconds, moments)) > clock.due.rough_seconds():
            yield f"a step of the clock {clock.name!r} comes after the clock has run out ({clock.due})"
        for step in clock.steps:
            if step.do == "remind" and not step.template:
                yield f"a step of the clock {clock.name!r} reminds the customer, but names no template"


def _wrong_languages(policy: Policy) -> Iterator[str]:
    if not policy.languages:
        yield "languages names no language"
    named = [(f"slot {slot.key}", slot.name) for slot in policy.slots]
    named += [(f"how of slot {slot.key}", slot.how) for slot in policy.slots]
    named += [(f"category {category.slug}", category.name) for category in policy.categories]
    for what, words in named:
        for language in policy.languages:
            if not words.get(language):
                yield f"{what} has no words in the language {language!r}"
