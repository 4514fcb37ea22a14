"""What a company pays for loss and damage: rules of its policy, computed from what staff state.

An exemption that holds ends it: nothing is paid. Otherwise the rules are gone through in order; each one whose
condition holds sets the amount anew, from the figures and from the amount so far, rounded half up to whole units of the
currency. So every step can be told, and computed again by hand. Consequences are what follows besides the payment.
A condition that needs a figure which was not asked for does not hold.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tickets.figures import KEY, CompensationError, Figure, FigureReader, Words, find_choice, unknown_key
from tickets.formulas import ALWAYS, NEVER, Formula, FormulaError, MissingFigure, Value

AMOUNT = "amount"  # what formulas call the amount so far
EXEMPT = "exempt"  # under which staff state exemptions, with commas between their keys


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """A reason why nothing is paid: staff state it, or it follows from the figures."""

    key: str = field(metadata={"pattern": KEY})
    name: Words  # the reason as the customer reads it
    when: Formula = NEVER  # follows from the figures then


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One step on the way to the amount."""

    key: str = field(metadata={"pattern": KEY})
    name: Words  # the step as customer and staff read it
    when: Formula = ALWAYS
    amount: Formula
    ends: bool = False  # no rule after this one counts


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What follows besides the payment."""

    key: str = field(metadata={"pattern": KEY})
    name: Words  # as the customer reads it
    when: Formula  # knows the amount


@dataclass(frozen=True, kw_only=True)
class Compensation:
    """The content of `[compensation]` in a policy file."""

    currency: str = field(default="VND", metadata={"pattern": "^[A-Z]{3}$"})  # ISO 4217; amounts are whole units of it
    figures: tuple[Figure, ...] = field(default=(), metadata={"alias": "figure"})  # in the order they are asked for
    exemptions: tuple[Exemption, ...] = field(default=(), metadata={"alias": "exemption"})
    rules: tuple[Rule, ...] = field(default=(), metadata={"alias": "rule"})  # in the order they are gone through
    consequences: tuple[Consequence, ...] = field(default=(), metadata={"alias": "consequence"})

    def figure(self, key: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.key == key), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A rule that counted."""

    rule: Rule
    before: int  # the amount it found
    amount: int  # the amount it left


@dataclass(frozen=True, kw_only=True, slots=True)
class Award:
    """What is paid, and why."""

    compensation: Compensation
    values: Mapping[str, Value]  # of the figures
    exemptions: tuple[Exemption, ...]  # that hold; with one of them nothing is paid
    steps: tuple[Step, ...]
    consequences: tuple[Consequence, ...]

    @property
    def amount(self) -> int:
        return self.steps[-1].amount if self.steps else 0

    @property
    def currency(self) -> str:
        return self.compensation.currency

    @property
    def is_exempt(self) -> bool:
        return bool(self.exemptions)


def compute(compensation: Compensation, given: Mapping[str, str]) -> Award:
    """What is paid by what staff stated: texts by the keys of the figures, and exemptions under `exempt`.

    Raises CompensationError with everything that is missing or wrong in `given`, FormulaError where the policy itself
    cannot be computed.
    """
    reader = FigureReader(given, compensation.currency)
    for figure in compensation.figures:
        reader.read(figure)
    stated, unknown = _read_exemptions(given.get(EXEMPT, ""), compensation.exemptions)
    known = [*(figure.key for figure in compensation.figures), EXEMPT]
    problems = [unknown_key(key, known) for key in given if key not in known] + reader.problems + unknown
    if problems:
        raise CompensationError(problems)
    return _award(compensation, reader.values, stated)


def _award(compensation: Compensation, values: Mapping[str, Value], stated: Iterable[str]) -> Award:
    exemptions = tuple(one for one in compensation.exemptions if one.key in stated or _holds(one.when, values))
    steps = () if exemptions else tuple(_take_steps(compensation.rules, values))
    known = {**values, AMOUNT: steps[-1].amount if steps else 0}
    return Award(
        compensation=compensation,
        values=values,
        exemptions=exemptions,
        steps=steps,
        consequences=tuple(one for one in compensation.consequences if _holds(one.when, known)),
    )


def _take_steps(rules: Iterable[Rule], values: Mapping[str, Value]) -> Iterator[Step]:
    amount = 0
    for rule in rules:
        known = {**values, AMOUNT: amount}
        if _holds(rule.when, known):
            before, amount = amount, rule.amount.amount(known)
            if amount < 0:
                raise FormulaError(rule.amount, f"gives {amount}, less than nothing")
            yield Step(rule=rule, before=before, amount=amount)
            if rule.ends:
                return


def _holds(condition: Formula, known: Mapping[str, Value | int]) -> bool:
    """A condition on a figure that was not asked for does not hold."""
    try:
        return condition.holds(known)
    except MissingFigure:
        return False


def _read_exemptions(text: str, exemptions: Iterable[Exemption]) -> tuple[set[str], list[Words]]:
    """The keys that are stated, and sentences about what is stated and is no exemption."""
    named = {one.key: one.name for one in exemptions}
    found = {word: find_choice(word, named) for word in map(str.strip, text.split(",")) if word}
    return {key for key in found.values() if key}, [unknown_key(word, named) for word, key in found.items() if not key]
