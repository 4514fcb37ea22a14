"""What a company promises to people who complain, as frozen records: the content of `policies/NAME.toml`.

The records say what can be written in a policy file, each field with its meaning; reading the file and naming its
mistakes is the shell's business. `tickets.contradictions` finds what no single field shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from parsers.vocabulary import CategoryWords, Vocabulary
from tickets.calendar import Calendar
from tickets.compensation import Compensation
from tickets.durations import Duration
from tickets.ticket import Outcome, State
from tickets.working_time import WorkingTime

Words = Mapping[str, str]  # language ("vi", "en") to the words in it
FilledBy = Literal[
    "customer_code", "order_code", "words", "missing_parts", "photo", "video", "document", "photo_or_document"
]
Language = Literal["vi", "en"]  # that there are templates in
# What happens to a ticket, and what clocks start and stop by.
Event = Literal[
    "opened",
    "acknowledged",  # the machine's answer was written
    "evidence-missing",
    "evidence-complete",
    "answered",  # a person of ours wrote to the customer
    "asked-customer",
    "customer-answered",
    "asked-seller",
    "seller-answered",
    "handed-over",  # to another department
    "proposed",  # an outcome waits for approval
    "approved",
    "rejected",  # by the manager who was to approve it
    "offered",  # an outcome was sent that the customer is to confirm
    "confirmed",  # he did, or his silence counts as consent
    "disagreed",
    "resolved",  # the outcome was sent, or what was confirmed is done
    "reopened",
    "closed",
]
Action = Literal["remind", "tell-staff", "escalate", "change-state", "take-default", "close"]
Recipient = Literal["customer", "seller", "staff", "manager"]

WILDCARD = "*"


@dataclass(frozen=True, kw_only=True)
class Codes:
    """How the company's codes look."""

    brands: tuple[str, ...] = ()  # words that stand before a code and are no part of it
    customer: str  # regular expression of a whole customer code
    order: str  # regular expression of a whole order code
    customer_name: Words | None = None  # as mails call it; left out: "customer code"
    order_name: Words | None = None  # left out: "order code"; a contract, where the company sells services


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Within which time a complaint is in time. A late one is taken in all the same, and marked."""

    window: Duration
    starts: Literal["delivered"] = "delivered"  # the moment the customer received the parcel
    since: Words | None = None  # that moment as mails name it; left out: "kể từ khi Quý khách nhận hàng"


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
    blocks: bool = True  # the complaint waits for it; false: asked for, not waited for
    on_request: bool = False  # asked for by staff only, whatever the kind


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
    """What happens at one moment of a running clock: `at` after its start, `before` or `after` its deadline."""

    at: Duration | None = None
    before: Duration | None = None
    after: Duration | None = None
    do: Action
    to: Recipient = "customer"  # of "remind"
    template: str | None = None  # of the mail that is written
    outcome: Outcome | None = None  # with "close"; left out: withdrawn
    state: State | None = None  # with "change-state"


@dataclass(frozen=True, kw_only=True)
class ClockRule:
    """A deadline: what starts it, what stops it, what happens on the way."""

    name: str
    starts: tuple[Event, ...]  # an event that comes again starts the clock anew
    stops: tuple[Event, ...]  # closing stops every clock
    due: Duration  # after the start
    categories: tuple[str, ...] = (WILDCARD,)  # for these kinds of complaint; the first rule of a name that fits holds
    pauses: tuple[State, ...] = ()  # its time stands still in these states
    longest: Duration | None = None  # after the start; no extension goes further
    promised: bool = True  # customers read of it; false: an aim of the company's own
    title: Words | None = None  # as people call it; the clocks that every policy has are called something already
    steps: tuple[Step, ...] = field(default=(), metadata={"alias": "step"})  # in the order of their moments

    def is_for(self, category: str) -> bool:
        return category in self.categories or WILDCARD in self.categories

    @property
    def waits_for_customer(self) -> bool:
        """Whether it reminds him, or draws a conclusion from his silence."""
        return any(
            step.do in {"close", "take-default"} or (step.do == "remind" and step.to == "customer")
            for step in self.steps
        )


@dataclass(frozen=True, kw_only=True)
class OutcomeRule:
    """A way in which a complaint can end, as staff name it in `resolve` and `propose`."""

    key: str
    outcome: Outcome  # what it counts as
    name: Words
    template: str = "outcome"
    note: Words | None = None  # a sentence that the mail always says: who pays the return, say
    needs_approval: bool = False  # by a manager, before it is sent
    needs_confirmation: bool = False  # by the customer, before it is carried out
    categories: tuple[str, ...] = (WILDCARD,)
    computed: bool = False  # its amount comes from [compensation]; as a rejection: an exemption there says why

    def is_for(self, category: str) -> bool:
        return category in self.categories or WILDCARD in self.categories


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A mark that staff set on a ticket, and the sentence that outcome mails then say."""

    key: str
    name: Words
    note: Words


@dataclass(frozen=True, kw_only=True)
class DepartmentRule:
    """A department and the kinds of complaint it gets. Who works there stands in the config."""

    key: str
    name: Words
    categories: tuple[str, ...] = ()  # none: only by hand-over


@dataclass(frozen=True, kw_only=True)
class Answers:
    """How far the company goes to agree with the customer before the authority is named."""

    rounds: int = field(default=1, metadata={"ge": 1, "le": 9})  # answers; 2: a second one if he disagrees


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """After the outcome."""

    asks_satisfaction: bool = False  # a short answer to the outcome or to the follow-up is read as a judgement
    reopen_within: Duration | None = None  # after closing; None: an answer opens the case again at any time


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long things are kept after a case was closed; what is left out is kept."""

    evidence: Duration | None = None  # files of customers
    tickets: Duration | None = None  # the case with its mails
    automatic: Duration | None = None  # automatic mail of no ticket, from its receipt; discarded mail, from then on
    keep_outcomes: tuple[Outcome, ...] = ("authority",)  # cases that ended so are never deleted by rule


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A whole policy file."""

    name: str  # of the company, as mails call it
    ticket_prefix: str = field(metadata={"pattern": "^[A-Z][A-Z0-9]{0,9}$"})  # "HKG" of HKG-26-000123
    zone: str = "Asia/Ho_Chi_Minh"  # in which days are counted and times are told
    languages: tuple[Language, ...] = ("vi", "en")  # that customers are answered in; the first is the last resort
    sellers_language: Language = "en"  # that sellers and other third parties are written to in
    templates: str | None = None  # a set of templates, `templates/NAME/`, whose files win over the usual ones
    calendar: Calendar = field(default_factory=Calendar)
    codes: Codes
    claim: Claim | None = None
    evidence: Evidence = Evidence()
    answers: Answers = Answers()
    follow_up: FollowUp = FollowUp()
    retention: Retention = Retention()
    compensation: Compensation | None = None
    slots: tuple[Slot, ...] = field(default=(), metadata={"alias": "slot"})
    categories: tuple[Category, ...] = field(default=(), metadata={"alias": "category"})
    clocks: tuple[ClockRule, ...] = field(default=(), metadata={"alias": "clock"})
    outcomes: tuple[OutcomeRule, ...] = field(default=(), metadata={"alias": "outcome"})
    flags: tuple[Flag, ...] = field(default=(), metadata={"alias": "flag"})
    departments: tuple[DepartmentRule, ...] = field(default=(), metadata={"alias": "department"})

    def category(self, slug: str) -> Category | None:
        return self._categories_by_slug.get(slug)

    def slot(self, key: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.key == key), None)

    def flag(self, key: str) -> Flag | None:
        return next((flag for flag in self.flags if flag.key == key), None)

    def outcome(self, key: str, category: str) -> OutcomeRule | None:
        """The outcome that staff call `key` in a complaint of this kind."""
        return next((one for one in self.outcomes if one.key == key and one.is_for(category)), None)

    def clock(self, name: str, category: str) -> ClockRule | None:
        """The first rule of this name for this kind of complaint."""
        return next((clock for clock in self.clocks if clock.name == name and clock.is_for(category)), None)

    def clocks_for(self, category: str) -> tuple[ClockRule, ...]:
        """The rules for a kind of complaint, one of each name."""
        if category not in self._clocks_by_slug:
            found: dict[str, ClockRule] = {}
            for clock in self.clocks:
                if clock.is_for(category):
                    found.setdefault(clock.name, clock)
            self._clocks_by_slug[category] = tuple(found.values())
        return self._clocks_by_slug[category]

    def slots_for(self, slug: str) -> tuple[Slot, ...]:
        """The slots that a complaint of this kind asks for, each once, in the order of the policy."""
        slots = self._slots_by_slug.get(slug)
        return self._select_slots(None) if slots is None else slots

    @cached_property
    def time(self) -> WorkingTime:
        """How this company counts time."""
        return WorkingTime(calendar=self.calendar, zone=ZoneInfo(self.zone))

    @cached_property
    def _categories_by_slug(self) -> dict[str, Category]:
        return {category.slug: category for category in self.categories}

    @cached_property
    def _clocks_by_slug(self) -> dict[str, tuple[ClockRule, ...]]:
        return {}  # filled as they are asked for

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
            customer_names=tuple((self.codes.customer_name or {}).values()),
            order_names=tuple((self.codes.order_name or {}).values()),
        )
