"""Says how an award was computed, step by step, in the words of the policy and the language of the reader.

"Hàng hóa không có hóa đơn hợp pháp: 4 × cước phí (30.000 đ) = 120.000 đ"
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tickets.compensation import AMOUNT, Award, Compensation, Step
from tickets.figures import Figure, Words, say
from tickets.formulas import Formula

_SIGNS = {"*": "×", "/": "÷", "//": "÷", "-": "−", "!=": "≠", ">=": "≥", "<=": "≤", "==": "="}
_VIETNAMESE = {
    "min": "số nhỏ nhất trong ",
    "max": "số lớn nhất trong ",
    "round": "làm tròn ",
    "if": "nếu",
    "else": "còn không thì",
    "and": "và",
    "or": "hoặc",
    "not": "không phải",
    "in": "thuộc",
    "true": "đúng",
    "false": "sai",
}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_PHRASES: Mapping[str, Words] = {
    "amount": {"vi": "số tiền ở bước trên", "en": "the amount so far"},
    "exempt": {"vi": "Trường hợp miễn trách nhiệm bồi thường", "en": "No compensation is owed"},
    "total": {"vi": "Số tiền bồi thường", "en": "Amount of the compensation"},
    "yes": {"vi": "có", "en": "yes"},
    "no": {"vi": "không", "en": "no"},
}


def explain(award: Award, language: str) -> tuple[str, ...]:
    """One line for each exemption or step and each consequence; the last one is the amount."""
    exempt = (f"{_PHRASES['exempt'][language]}: {say(one.name, language)}" for one in award.exemptions)
    steps = (_explain_step(step, award, language) for step in award.steps)
    consequences = (say(one.name, language) for one in award.consequences)
    total = f"{_PHRASES['total'][language]}: {tell_money(award.amount, award.currency, language)}"
    return *exempt, *steps, *consequences, total


def tell_formula(formula: Formula, compensation: Compensation, language: str) -> str:
    """A formula of the policy in words: "4 × cước phí dịch vụ"."""
    return formula.retell(lambda token: _tell_name(token, compensation, language))


def tell_money(amount: int | Decimal, currency: str, language: str) -> str:
    """ "1.500.000 đ" in Vietnamese, "VND 1,500,000" in English."""
    if language == "vi":
        return f"{tell_number(Decimal(amount), 'vi')} {'đ' if currency == 'VND' else currency}"
    return f"{currency} {tell_number(Decimal(amount), language)}"


def tell_number(number: Decimal, language: str) -> str:
    """ "1.234,5" in Vietnamese, "1,234.5" in English."""
    english = f"{number.normalize():,f}"
    return english.translate(str.maketrans(",.", ".,")) if language == "vi" else english


def _explain_step(step: Step, award: Award, language: str) -> str:
    name, formula = say(step.rule.name, language), step.rule.amount
    result = tell_money(step.amount, award.currency, language)
    if formula.text.strip() in award.values:  # its name and amount twice would explain nothing
        return f"{name}: {result}"
    return f"{name}: {formula.retell(lambda token: _tell(token, step, award, language))} = {result}"


def _tell(token: str, step: Step, award: Award, language: str) -> str:
    """A token of a formula in words, figures with their values."""
    figure = award.compensation.figure(token)
    if figure:
        name = _inside_sentence(say(figure.name, language))
        return f"{name} ({_tell_value(figure, award, language)})" if token in award.values else name
    if token == AMOUNT:
        return f"{_PHRASES['amount'][language]} ({tell_money(step.before, award.currency, language)})"
    return _tell_sign(token, award.compensation.figures, language)


def _tell_name(token: str, compensation: Compensation, language: str) -> str:
    figure = compensation.figure(token)
    if figure:
        return _inside_sentence(say(figure.name, language))
    return _PHRASES["amount"][language] if token == AMOUNT else _tell_sign(token, compensation.figures, language)


def _tell_sign(token: str, figures: Iterable[Figure], language: str) -> str:
    """A token that is no name of a figure."""
    if _NUMBER.fullmatch(token):
        return tell_number(Decimal(token), language)
    if token[0] in "'\"":
        return _tell_choice(token[1:-1], figures, language)
    return _SIGNS.get(token) or (_VIETNAMESE.get(token, token) if language == "vi" else token)


def _tell_value(figure: Figure, award: Award, language: str) -> str:
    value = award.values[figure.key]
    if isinstance(value, str):
        return say(figure.choices[value], language)
    if isinstance(value, bool):
        return _PHRASES["yes" if value else "no"][language]
    if figure.kind == "rate":
        return f"{tell_number(value * 100, language)}%"
    return tell_money(value, award.currency, language)


def _tell_choice(key: str, figures: Iterable[Figure], language: str) -> str:
    return next((say(figure.choices[key], language) for figure in figures if key in figure.choices), key)


def _inside_sentence(name: str) -> str:
    """Without the capital that begins a sentence; "VAT" stays as it is."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
