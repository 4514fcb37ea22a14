"""How the parts of a policy are said in one language: sentences, lists, kinds of complaint, lengths of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from responders.case_facts import tell_duration, tell_words
from responders.paper_words import OUTCOMES, Language
from responders.policy_words import PHRASES
from tickets.durations import Duration
from tickets.policy import WILDCARD, Policy, Words
from tickets.ticket import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One sentence or item."""

    text: str
    depth: int = 0  # 1 for an item of the line before it, 2 for one of that
    number: int | None = None  # of a step that comes after others


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """What belongs together."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyWording:
    """One policy, one language."""

    policy: Policy
    language: Language

    def say(self, key: str, /, **facts: object) -> str:
        return PHRASES[self.language][key].format_map(facts)

    def section(self, key: str, lines: Iterable[Line]) -> Section:
        return Section(title=self.say(key), lines=tuple(lines))

    def line(self, key: str, /, **facts: object) -> Line:
        return Line(text=capitalise(self.say(key, **facts)))

    def item(self, key: str, /, **facts: object) -> Line:
        return Line(text=capitalise(self.say(key, **facts)), depth=1)

    def words(self, words: Words) -> str:
        return tell_words(words, self.language)

    def time(self, duration: Duration) -> str:
        return tell_duration(duration, self.language)

    def outcome(self, outcome: Outcome) -> str:
        return OUTCOMES[self.language][outcome]

    def listed(self, items: Sequence[str], last: str = "and") -> str:
        """ "a", "a and b", "a, b and c"."""
        *first, end = items
        return f"{', '.join(first)} {self.say(last)} {end}" if first else end

    def kinds(self, slugs: Iterable[str]) -> str:
        """Their names, in quotation marks since names hold commas."""
        known = [one for slug in slugs if (one := self.policy.category(slug)) is not None]
        return ", ".join(f"“{self.words(one.name)}”" for one in known)


def is_for_all(categories: Iterable[str]) -> bool:
    return WILDCARD in categories


def inside_sentence(name: str) -> str:
    """Without the capital that begins a sentence; "CCCD" stays as it is."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def capitalise(text: str) -> str:
    """The first letter only: the rest stays as it is written."""
    return text[:1].upper() + text[1:]
