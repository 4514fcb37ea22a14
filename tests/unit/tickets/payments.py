"""Small compensation rules that tests make themselves."""

from typing import Any

from tickets.compensation import Rule
from tickets.figures import Figure, Words
from tickets.formulas import Formula


def words(key: str) -> Words:
    return {"vi": f"Số {key}", "en": f"The {key}"}


def money(key: str, **more: Any) -> Figure:
    return Figure(key=key, name=words(key), kind="money", **more)


def rate(key: str, **more: Any) -> Figure:
    return Figure(key=key, name=words(key), kind="rate", **more)


def yes_or_no(key: str, **more: Any) -> Figure:
    return Figure(key=key, name=words(key), kind="yes-no", **more)


def choice(key: str, *choices: str, **more: Any) -> Figure:
    return Figure(key=key, name=words(key), kind="choice", choices={one: words(one) for one in choices}, **more)


def rule(key: str, amount: str, **more: Any) -> Rule:
    return Rule(key=key, name=words(key), amount=Formula(amount), **more)
