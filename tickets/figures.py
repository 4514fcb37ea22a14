"""What staff must state so that a compensation can be computed: amounts, rates, yes or no, choices.

People write them as they are used to: "1.500.000 đ", "500k", "70%", "0,7", "có", "không". Whatever could be read in
two ways is refused. Everything that is missing or wrong is told at once, in the language of who is asked.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from parsers.accents import fold
from tickets.formulas import ALWAYS, Formula, MissingFigure, Value

Words = Mapping[str, str]  # language ("vi", "en") to the words in it
Kind = Literal["money", "rate", "yes-no", "choice"]

KEY = "^[a-z][a-z0-9_]{0,39}$"  # what formulas can name
_GROUPED = re.compile(r"[0-9]{1,3}([. ,])[0-9]{3}(?:\1[0-9]{3}){0,3}")
_DIGITS = re.compile(r"[0-9]{1,15}")
_SHORTENED = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,2})?) ?(k|nghin|ngan|tr|trieu)")
_UNITS = {"k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}
_DONG = "vnd|dong|d|₫"
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?) ?%")
_FRACTION = re.compile(r"0(?:[.,][0-9]{1,6})?")  # "1" alone could be one per cent
_YES = frozenset({"co", "yes", "y", "dung", "true"})
_NO = frozenset({"khong", "ko", "k", "no", "n", "sai", "false"})
_HOW: Mapping[Kind, Words] = {
    "money": {"vi": "ghi số tiền, ví dụ 1.500.000", "en": "write an amount, such as 1.500.000"},
    "rate": {"vi": "ghi tỷ lệ, ví dụ 70% hoặc 0,7", "en": "write a rate, such as 70% or 0.7"},
    "yes-no": {"vi": "ghi có hoặc không", "en": "write yes or no"},
    "choice": {"vi": "ghi một trong:", "en": "write one of:"},
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing that staff state. Formulas know it by its key."""

    key: str = field(metadata={"pattern": KEY})
    name: Words
    kind: Kind
    choices: Mapping[str, Words] = field(default_factory=dict)  # of "choice": what formulas call each, and its words
    default: str | None = None  # as staff would write it; left out: it must be stated
    when: Formula = ALWAYS  # asked for only then, and where the figures before it that this needs were asked for


class CompensationError(ValueError):
    """What staff stated is not enough to compute from, or cannot be read."""

    def __init__(self, problems: Iterable[Words]) -> None:
        self.problems = tuple(problems)  # one sentence each, in every language
        super().__init__("; ".join(self.sentences("en")))

    def sentences(self, language: str) -> tuple[str, ...]:
        return tuple(problem[language] for problem in self.problems)


class FigureReader:
    """Reads the figures of a policy from what staff stated, and gathers what is wrong on the way."""

    def __init__(self, given: Mapping[str, str], currency: str) -> None:
        self.values: dict[str, Value] = {}
        self.problems: list[Words] = []
        self._given = given
        self._currency = currency

    def read(self, figure: Figure) -> None:
        """What is not asked for is not looked at: it may stand there from before. Raises FormulaError."""
        text = self._given.get(figure.key, "").strip()
        is_asked = self._is_asked(figure, is_given=bool(text))
        chosen = text if text and is_asked else figure.default
        if chosen is not None:
            self._take(figure, chosen)
        elif is_asked:
            self.problems.append(_missing(figure))

    def _is_asked(self, figure: Figure, *, is_given: bool) -> bool:
        try:
            return figure.when.holds(self.values)
        except MissingFigure:  # not asked for either; or it hangs on an answer that is missing, as this one may not be
            return is_given and bool(self.problems)

    def _take(self, figure: Figure, text: str) -> None:
        try:
            self.values[figure.key] = read_value(figure, text, self._currency)
        except ValueError:
            self.problems.append(_unreadable(figure, text))


def read_value(figure: Figure, text: str, currency: str) -> Value:
    """Raises ValueError where the text cannot be read without doubt."""
    plain = _plain(text)
    match figure.kind:
        case "money":
            return _read_money(plain, currency)
        case "rate":
            return _read_rate(plain)
        case "yes-no":
            return _read_yes_or_no(plain)
        case "choice":
            return _read_choice(plain, figure.choices)


def find_choice(text: str, choices: Mapping[str, Words]) -> str | None:
    """The key among `choices` that is meant: people write the key itself or its words in one of the languages."""
    plain = _plain(text)
    return next((key for key, words in choices.items() if plain in map(_plain, (key, *words.values()))), None)


def unknown_key(key: str, known: Iterable[str]) -> Words:
    """Sentences about something stated that the policy does not know."""
    listed = ", ".join(known)
    return {"vi": f"Không có mục “{key}”; các mục là: {listed}", "en": f"There is no “{key}”; known are: {listed}"}


def say(words: Words, language: str) -> str:
    """In another language where there are none: staff may read one that customers are not answered in."""
    return words.get(language) or next(iter(words.values()))


def _read_money(plain: str, currency: str) -> Decimal:
    words = _DONG if currency == "VND" else re.escape(currency.lower())
    number = re.sub(rf" ?(?:{words})$", "", plain)
    if shortened := _SHORTENED.fullmatch(number):
        return _whole(_decimal(shortened[1]) * _UNITS[shortened[2]])
    if _GROUPED.fullmatch(number) or _DIGITS.fullmatch(number):
        return Decimal(re.sub(r"[. ,]", "", number))
    raise ValueError(f"{plain!r} is no amount")


def _read_rate(plain: str) -> Decimal:
    if percent := _PERCENT.fullmatch(plain):
        rate = _decimal(percent[1]) / 100
        if rate <= 1:
            return rate
    elif _FRACTION.fullmatch(plain):
        return _decimal(plain)
    raise ValueError(f"{plain!r} is no rate")


def _read_yes_or_no(plain: str) -> bool:
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise ValueError(f"{plain!r} is neither yes nor no")


def _read_choice(plain: str, choices: Mapping[str, Words]) -> str:
    key = find_choice(plain, choices)
    if key is None:
        raise ValueError(f"{plain!r} is none of the choices")
    return key


def _plain(text: str) -> str:
    return " ".join(fold(unicodedata.normalize("NFC", text)).split())


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _whole(number: Decimal) -> Decimal:
    if number != int(number):
        raise ValueError(f"{number} is no whole amount")
    return Decimal(int(number))


def _missing(figure: Figure) -> Words:
    return {
        "vi": f"Thiếu {_call(figure, 'vi')}: {_how(figure, 'vi')}",
        "en": f"{_call(figure, 'en')} is missing: {_how(figure, 'en')}",
    }


def _unreadable(figure: Figure, text: str) -> Words:
    return {
        "vi": f"Không hiểu “{text}” ở mục {_call(figure, 'vi')}: {_how(figure, 'vi')}",
        "en": f"“{text}” is not understood for {_call(figure, 'en')}: {_how(figure, 'en')}",
    }


def _call(figure: Figure, language: str) -> str:
    """Its name and the key that staff write it with."""
    return f"“{say(figure.name, language)}” ({figure.key})"


def _how(figure: Figure, language: str) -> str:
    choices = (f"{key} ({say(words, language)})" for key, words in figure.choices.items())
    return " ".join([_HOW[figure.kind][language], ", ".join(choices)]).strip()
