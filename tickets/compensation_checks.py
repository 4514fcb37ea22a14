"""What is wrong with the compensation rules of a policy although each field alone is right.

Every formula is tried with figures of the kinds it would get, so that one which adds a yes to an amount, or compares
with a choice that does not exist, is found before the first complaint. Nothing here raises.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, product

from tickets.compensation import AMOUNT, EXEMPT, Compensation, Consequence, Exemption, Rule
from tickets.figures import Figure, Words, read_value
from tickets.formulas import Formula, FormulaError, Value, is_name

_TRIALS = 1_000  # for each formula
Place = tuple[str | int, ...]  # keys and numbers that lead to it within [compensation]: ("rule", 2, "amount")
Found = tuple[Place, str]  # where something is wrong, and a sentence that says what
Samples = Mapping[str, Sequence[Value]]  # by the key of a figure, values that it could have


@dataclass(frozen=True, kw_only=True, slots=True)
class _Spot:
    """A formula where it stands."""

    place: Place
    formula: Formula
    known: Samples  # the figures that it may use
    is_condition: bool = True  # otherwise an amount

    def find_mistake(self) -> str | None:
        """By trying it out. All its names are known."""
        names = sorted(self.formula.names)
        for values in islice(product(*(self.known[name] for name in names)), _TRIALS):
            try:
                self._compute(dict(zip(names, values, strict=True)))
            except FormulaError as error:
                return str(error)
        return None

    def _compute(self, figures: Mapping[str, Value]) -> bool | int:
        return self.formula.holds(figures) if self.is_condition else self.formula.amount(figures)


def check_compensation(compensation: Compensation, languages: Iterable[str]) -> Iterator[Found]:
    """One sentence for each mistake. `languages`: those that customers are answered in."""
    if not compensation.rules:
        yield (), "no [[compensation.rule]] says what is paid"
    spots = tuple(_list_spots(compensation))
    yield from _double_keys(compensation)
    yield from _wrong_figures(compensation)
    yield from _unused_figures(compensation.figures, spots)
    yield from _wrong_formulas(spots, {choice for figure in compensation.figures for choice in figure.choices})
    yield from _missing_words(compensation, tuple(languages))


def _double_keys(compensation: Compensation) -> Iterator[Found]:
    """The later one would never be found."""
    for what, named in _list_parts(compensation).items():
        keys = [one.key for one in named]
        for key, times in Counter(keys).items():
            if times > 1:
                last = len(keys) - 1 - keys[::-1].index(key)
                yield (what, last), f"{times} tables [[compensation.{what}]] are called {key!r}"


def _wrong_figures(compensation: Compensation) -> Iterator[Found]:
    for no, figure in enumerate(compensation.figures):
        if figure.key in {AMOUNT, EXEMPT} or not is_name(figure.key):
            yield ("figure", no, "key"), f"no figure can be called {figure.key!r}: the word has a meaning of its own"
        if (figure.kind == "choice") != bool(figure.choices):
            yield ("figure", no), f'{figure.key}: the kind "choice" needs `choices`, and no other kind has them'
        elif figure.default is not None and not _is_readable(figure, figure.default, compensation.currency):
            yield ("figure", no, "default"), f"{figure.key}: {figure.default!r} cannot be read as {figure.kind}"


def _is_readable(figure: Figure, text: str, currency: str) -> bool:
    try:
        read_value(figure, text, currency)
    except ValueError:
        return False
    return True


def _unused_figures(figures: Iterable[Figure], spots: Iterable[_Spot]) -> Iterator[Found]:
    used = frozenset[str]().union(*(spot.formula.names for spot in spots))
    for no, figure in enumerate(figures):
        if figure.key not in used:
            yield ("figure", no), f"no formula uses the figure {figure.key!r}"


def _wrong_formulas(spots: Iterable[_Spot], choices: set[str]) -> Iterator[Found]:
    for spot in spots:
        unknown = spot.formula.names - spot.known.keys()
        for name in sorted(unknown):
            yield spot.place, f"the formula {spot.formula.text!r} names {name!r}, which no figure before it is called"
        for text in sorted(spot.formula.texts - choices):
            yield spot.place, f"the formula {spot.formula.text!r} names {text!r}, which is a choice of no figure"
        mistake = None if unknown else spot.find_mistake()
        if mistake:
            yield spot.place, mistake


def _missing_words(compensation: Compensation, languages: Sequence[str]) -> Iterator[Found]:
    for place, words in _list_words(compensation):
        for language in languages:
            if not words.get(language):
                yield place, f"has no words in the language {language!r}"


def _list_words(compensation: Compensation) -> Iterator[tuple[Place, Words]]:
    for what, parts in _list_parts(compensation).items():
        for no, part in enumerate(parts):
            yield (what, no, "name"), part.name
    for no, figure in enumerate(compensation.figures):
        for key, words in figure.choices.items():
            yield ("figure", no, "choices", key), words


def _list_parts(compensation: Compensation) -> Mapping[str, Sequence[Figure | Exemption | Rule | Consequence]]:
    return {
        "figure": compensation.figures,
        "exemption": compensation.exemptions,
        "rule": compensation.rules,
        "consequence": compensation.consequences,
    }


def _list_spots(compensation: Compensation) -> Iterator[_Spot]:
    known: dict[str, Sequence[Value]] = {}
    for no, figure in enumerate(compensation.figures):
        yield _Spot(place=("figure", no, "when"), formula=figure.when, known=dict(known))
        known[figure.key] = _sample(figure, no)
    for no, exemption in enumerate(compensation.exemptions):
        yield _Spot(place=("exemption", no, "when"), formula=exemption.when, known=known)
    later = {**known, AMOUNT: (Decimal(0), Decimal(750_001))}
    for no, rule in enumerate(compensation.rules):
        yield _Spot(place=("rule", no, "when"), formula=rule.when, known=later)
        yield _Spot(place=("rule", no, "amount"), formula=rule.amount, known=later, is_condition=False)
    for no, consequence in enumerate(compensation.consequences):
        yield _Spot(place=("consequence", no, "when"), formula=consequence.when, known=later)


def _sample(figure: Figure, no: int) -> Sequence[Value]:
    """No two figures get the same numbers, so that their difference can be divided by."""
    match figure.kind:
        case "money":
            return Decimal(1_000 + 7 * no), Decimal(1_000_000 + 7 * no)
        case "rate":
            return Decimal(100 + no) / 1_000, Decimal(700 + no) / 1_000
        case "yes-no":
            return True, False
        case "choice":
            return tuple(figure.choices)
