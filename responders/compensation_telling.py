"""The rules of compensation in sentences: what staff state, when nothing is paid, and how the amount comes about."""

from collections.abc import Iterator

from responders.policy_wording import Line, PolicyWording, inside_sentence
from tickets.compensation import Compensation, Rule
from tickets.explanations import tell_formula
from tickets.figures import Figure, read_value
from tickets.formulas import ALWAYS, NEVER, Formula


def tell_compensation(rules: Compensation, say: PolicyWording) -> Iterator[Line]:
    """In the order in which an amount is computed."""

    def tell(formula: Formula) -> str:
        return tell_formula(formula, rules, say.language)

    if rules.figures:
        yield say.line("figures")
        yield from (Line(text=_figure(one, say, rules), depth=1) for one in rules.figures)
    if rules.exemptions:
        yield say.line("exemptions")
    for one in rules.exemptions:
        follows = "" if one.when == NEVER else say.say("follows", condition=tell(one.when))
        yield Line(text=say.say("exemption", name=say.words(one.name), key=one.key) + follows, depth=1)
    yield say.line("rules")
    for no, rule in enumerate(rules.rules, start=1):
        yield Line(text=_rule(rule, say, rules), depth=1, number=no)
    if rules.consequences:
        yield say.line("consequences")
    for consequence in rules.consequences:
        yield say.item("consequence", name=say.words(consequence.name), condition=tell(consequence.when))


def _figure(figure: Figure, say: PolicyWording, rules: Compensation) -> str:
    told = say.say("figure", name=say.words(figure.name), key=figure.key)
    if figure.choices:
        choices = [f"{inside_sentence(say.words(words))} ({key})" for key, words in figure.choices.items()]
        told += say.say("choices", choices=say.listed(choices, "or"))
    if figure.default is not None:
        told += say.say("default", value=_default(figure, figure.default, say, rules.currency))
    if figure.when == ALWAYS:
        return told
    return told + say.say("asked_when", condition=tell_formula(figure.when, rules, say.language))


def _default(figure: Figure, text: str, say: PolicyWording, currency: str) -> str:
    value = read_value(figure, text, currency)
    return say.say("yes" if value else "no") if isinstance(value, bool) else text


def _rule(rule: Rule, say: PolicyWording, rules: Compensation) -> str:
    condition = tell_formula(rule.when, rules, say.language)
    return say.say(
        "rule",
        name=say.words(rule.name),
        amount=tell_formula(rule.amount, rules, say.language),
        when="" if rule.when == ALWAYS else say.say("when", condition=condition),
        ends=say.say("ends") if rule.ends else "",
    )
