"""How a document says what a case holds: slugs by the names the policy gives them, times in its zone, values in words.

Nothing here raises over what a case holds: an unknown slug is shown as it is written, a value that is missing as "not
known", a value of an unexpected shape by its parts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from responders.paper_words import (
    CHANNELS,
    CLOCK_STATES,
    CLOCKS,
    FORMATS,
    LABELS,
    OFFER_STATES,
    OUTCOMES,
    ROLES,
    STATES,
    STATUSES,
    Language,
    Table,
)
from tickets.explanations import tell_money

_UNITS = ("B", "KB", "MB", "GB", "TB")


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What a company calls things, in one language: key to name."""

    categories: Table = field(default_factory=dict)
    slots: Table = field(default_factory=dict)
    clocks: Table = field(default_factory=dict)  # of the policy's own; the usual ones have words
    departments: Table = field(default_factory=dict)
    outcomes: Table = field(default_factory=dict)
    flags: Table = field(default_factory=dict)
    figures: Table = field(default_factory=dict)  # of the compensation
    people: Table = field(default_factory=dict)  # staff, by address
    currency: str = "VND"  # ISO 4217


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """One language, one zone, one company's names."""

    language: Language
    zone: ZoneInfo
    names: Names

    def label(self, key: str, **facts: object) -> str:
        return LABELS[self.language][key].format_map(facts)

    def label_or(self, key: str) -> str:
        """The label, or the key itself where there is none."""
        return LABELS[self.language].get(key, key)

    def moment(self, value: object) -> str:
        """An instant, given as ISO 8601 or as datetime, in full."""
        return self._time(value, "moment")

    def short_moment(self, value: object) -> str:
        """For columns of tables."""
        return self._time(value, "short")

    def category(self, slug: object) -> str:
        return self._named(self.names.categories, slug)

    def slot(self, key: object) -> str:
        return self._named(self.names.slots, key)

    def clock(self, name: object) -> str:
        return self._named({**CLOCKS[self.language], **self.names.clocks}, name)

    def department(self, key: object) -> str:
        return self._named(self.names.departments, key)

    def outcome(self, key: object) -> str:
        """By the policy's own key, or by what it counts as."""
        return self._named({**OUTCOMES[self.language], **self.names.outcomes}, key)

    def state(self, key: object) -> str:
        return self._named(STATES[self.language], key)

    def clock_state(self, key: object) -> str:
        return self._named(CLOCK_STATES[self.language], key)

    def status(self, key: object) -> str:
        return self._named(STATUSES[self.language], key)

    def role(self, key: object) -> str:
        return self._named(ROLES[self.language], key)

    def channel(self, key: object) -> str:
        return self._named(CHANNELS[self.language], key)

    def flags(self, keys: Any) -> str:
        listed = keys if isinstance(keys, Iterable) and not isinstance(keys, str) else [keys]
        return ", ".join(self._named(self.names.flags, key) for key in listed) or self.label("nothing")

    def actor(self, name: str) -> str:
        """Who did something: a person, or the program."""
        return self.names.people.get(name.lower(), name) if "@" in name else self.label("system")

    def person(self, email: str, name: str = "") -> str:
        known = self.names.people.get(email.lower()) or name
        return f"{known} <{email}>" if known and email else known or email or self.label("nobody")

    def figures(self, given: Any) -> str:
        if not isinstance(given, Mapping):
            return self.value(given)
        told = (f"{self._named(self.names.figures, key)}: {self.value(one)}" for key, one in given.items())
        return "; ".join(told) or self.label("nothing")

    def offer(self, offer: Mapping[str, Any]) -> str:
        """An outcome on its way: what, how much, the words to the customer, how it was computed, how far it is."""
        amount, state = offer.get("amount"), OFFER_STATES[self.language].get(str(offer.get("state")), "")
        parts = [
            self.outcome(offer.get("key") or offer.get("outcome")),
            tell_money(amount, self.names.currency, self.language) if isinstance(amount, int) else "",
            *map(str, (offer.get("text") or "", *(offer.get("explanation") or ()))),
        ]
        told = "; ".join(part.strip(" .;\n") for part in parts if part.strip(" .;\n"))
        return f"{told} ({state})" if state else told

    def value(self, value: object) -> str:
        """Anything that JSON can hold, for people."""
        match value:
            case None | "":
                return self.label("unknown")
            case bool():
                return self.label("yes" if value else "no")
            case int():
                return f"{value:,}".replace(",", FORMATS[self.language]["thousands"])
            case float():
                return f"{value:g}".replace(".", FORMATS[self.language]["comma"])
            case Mapping():
                return "; ".join(f"{self.label_or(str(name))}: {self.value(one)}" for name, one in value.items())
            case list() | tuple():
                return ", ".join(self.value(one) for one in value) or self.label("nothing")
            case _:
                return self._time(value, "moment")

    def size(self, size_bytes: int) -> str:
        size, unit = float(size_bytes), 0
        while size >= 1024 and unit < len(_UNITS) - 1:
            size, unit = size / 1024, unit + 1
        digits = f"{size:.0f}" if unit == 0 or size >= 100 else f"{size:.1f}"
        return f"{digits.replace('.', FORMATS[self.language]['comma'])} {_UNITS[unit]}"

    def _named(self, names: Table, key: object) -> str:
        return names.get(str(key), str(key)) if key else self.label("unknown")

    def _time(self, value: object, form: str) -> str:
        if value is None:
            return self.label("unknown")
        moment = value if isinstance(value, datetime) else _instant(str(value))
        return moment.astimezone(self.zone).strftime(FORMATS[self.language][form]) if moment else str(value)


def _instant(text: str) -> datetime | None:
    """None where `text` is no instant; a day or a time without zone is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
