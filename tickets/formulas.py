"""Formulas that people write into policies: expressions of Jinja2 in its sandbox, made small and exact.

A formula knows numbers, texts in quotation marks, true and false, figures by their names, `+ - * / // %`, comparisons,
`and or not`, `in` a list, `one if condition else other`, `min()`, `max()` and `round()`. Nothing in it can loop, grow
or reach anything, so that no policy can hang the program: the syntax is checked when a formula is read, kinds of values
when it is computed. All numbers are decimal, those written in the formula too: 0.1 is a tenth.

What is wrong with the text is a ValueError; what goes wrong in computing is a FormulaError.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from functools import lru_cache
from math import isfinite
from typing import Any, Self

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.environment import Template
from jinja2.runtime import Context as Names
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

Value = Decimal | bool | str

LONGEST = 300  # characters
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_UP, Emax=60, traps=[InvalidOperation, DivisionByZero, Overflow])
_NOT_KNOWN = (
    "a formula is one expression of numbers, figures, + - * / // %, comparisons, and, or, not, in, "
    "'x if y else z', min(), max() and round(); there is something else in it"
)
_CONDITIONS = (nodes.Compare, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Tuple, nodes.List, nodes.Const)
_ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos)
_MARKS = {"variable_begin", "variable_end"}


class FormulaError(ValueError):
    """A formula has no value for these figures."""

    def __init__(self, formula: "Formula", cause: str) -> None:
        self.formula = formula
        self.cause = cause
        super().__init__(f"the formula {formula.text!r} {cause}")


class MissingFigure(FormulaError):
    """It needs a figure that is not there."""


@dataclass(frozen=True)
class Formula:
    """An expression, written as one text."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError that says what is wrong with the text."""
        _compile(text)
        return cls(text)

    @property
    def names(self) -> frozenset[str]:
        """Of the figures it is computed from."""
        return _compile(self.text).names

    @property
    def texts(self) -> frozenset[str]:
        """What stands in quotation marks: figures are compared with it."""
        return _compile(self.text).texts

    def value(self, figures: Mapping[str, Value | int]) -> Value:
        """Raises FormulaError; MissingFigure where a figure is needed that is not among `figures`."""
        try:
            with localcontext(_CONTEXT):
                found = _compile(self.text).run({name: _exact(figure) for name, figure in figures.items()})
        except UndefinedError as error:
            raise self._missing(figures) from error
        except ZeroDivisionError as error:
            raise FormulaError(self, "divides by zero") from error
        except ArithmeticError as error:
            raise FormulaError(self, "leads to a number that is too large") from error
        except TypeError as error:
            raise FormulaError(self, f"mixes kinds of values: {error}") from error
        if isinstance(found, Undefined):
            raise self._missing(figures)
        if not isinstance(found, Value):
            raise FormulaError(self, "gives a list")
        return found

    def holds(self, figures: Mapping[str, Value | int]) -> bool:
        """The value of a condition. Raises FormulaError, also where it is none."""
        found = self.value(figures)
        if not isinstance(found, bool):
            raise FormulaError(self, f"gives {found}, where true or false is asked for")
        return found

    def amount(self, figures: Mapping[str, Value | int]) -> int:
        """The value in whole units, rounded half up. Raises FormulaError, also where it is no number."""
        found = self.value(figures)
        if not isinstance(found, Decimal):
            raise FormulaError(self, f"gives {found}, where a number is asked for")
        return int(found.to_integral_value(ROUND_HALF_UP))

    def retell(self, tell: Callable[[str], str]) -> str:
        """The text with every name, number, quoted text and sign of it as `tell` puts it."""
        tokens = _ENVIRONMENT.lex(_as_template(self.text))
        words = (" " if kind == "whitespace" else tell(word) for _, kind, word in tokens if kind not in _MARKS)
        return "".join(words).strip()

    def _missing(self, figures: Mapping[str, Value | int]) -> MissingFigure:
        return MissingFigure(self, f"needs {', '.join(sorted(self.names - figures.keys()))}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compiled:
    template: Template
    literals: Mapping[str, Decimal]  # the numbers written in the formula, by the names the template has for them
    names: frozenset[str]
    texts: frozenset[str]

    def run(self, figures: Mapping[str, Value]) -> Any:
        return vars(self.template.make_module({**figures, **self.literals}))["result"]


class _Environment(SandboxedEnvironment):
    """Computes with decimal numbers only: neither texts nor true and false pass for numbers."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})
    intercepted_unops = frozenset({"+", "-"})

    def call_binop(self, context: Names, operator: str, left: Any, right: Any) -> Any:
        _check_numbers(left, right)
        if operator in {"/", "//", "%"} and right == 0:
            raise ZeroDivisionError
        return super().call_binop(context, operator, left, right)

    def call_unop(self, context: Names, operator: str, arg: Any) -> Any:
        _check_numbers(arg)
        return super().call_unop(context, operator, arg)


class _NumbersByName(NodeTransformer):
    """Puts a name for each number: Jinja2 itself would compute with binary fractions."""

    def __init__(self) -> None:
        self.literals: dict[str, Decimal] = {}

    def visit_Const(self, node: nodes.Const) -> nodes.Expr:  # noqa: N802 - named after the kind of node
        if isinstance(node.value, bool | str):
            return node
        name = f"_{len(self.literals)}"
        self.literals[name] = Decimal(str(node.value))
        return nodes.Name(name, "load", lineno=node.lineno)


def _check_numbers(*values: Any) -> None:
    for value in values:
        if not isinstance(value, Decimal | Undefined):  # what is undefined says so itself
            raise TypeError(f"{value!r} is no number")


def _least(*numbers: Decimal) -> Decimal:
    _check_numbers(*numbers)
    return min(numbers)


def _greatest(*numbers: Decimal) -> Decimal:
    _check_numbers(*numbers)
    return max(numbers)


def _round(number: Decimal) -> Decimal:
    _check_numbers(number)
    return number.to_integral_value(ROUND_HALF_UP)


FUNCTIONS: Mapping[str, Callable[..., Decimal]] = {"min": _least, "max": _greatest, "round": _round}
_ENVIRONMENT = _Environment(undefined=StrictUndefined)
_ENVIRONMENT.globals = dict(FUNCTIONS)


def _exact(figure: Value | int) -> Value:
    return Decimal(figure) if isinstance(figure, int) and not isinstance(figure, bool) else figure


def _as_template(text: str) -> str:
    return "{{ " + text + " }}"


@lru_cache(maxsize=1024)
def _compile(text: str) -> _Compiled:
    if len(text) > LONGEST:
        raise ValueError(f"a formula has at most {LONGEST} characters")
    try:
        tree = _ENVIRONMENT.parse(_as_template(text))
        expression = _only_expression(tree)
        _check(expression)
        return _translate(expression)
    except TemplateSyntaxError as error:
        cause = re.sub(r" at \d+$", "", str(error.message)).replace("end of print statement", "the end of the formula")
        raise ValueError(f"{text!r} is no formula: {cause}") from error
    except (RecursionError, MemoryError, SyntaxError) as error:  # SyntaxError: Python's, of what Jinja2 makes of it
        raise ValueError("the formula is nested too deeply") from error


def _only_expression(tree: nodes.Template) -> nodes.Expr:
    match tree.body:
        case [nodes.Output(nodes=[nodes.Expr() as expression])]:
            return expression
    raise ValueError(_NOT_KNOWN)


def _translate(expression: nodes.Expr) -> _Compiled:
    everything = nodes.Tuple([expression], "load")  # `find_all` looks below a node only
    names = frozenset(one.name for one in everything.find_all(nodes.Name)) - FUNCTIONS.keys()
    texts = frozenset(one.value for one in everything.find_all(nodes.Const) if isinstance(one.value, str))
    numbers = _NumbersByName()
    result = nodes.Assign(nodes.Name("result", "store"), numbers.visit(expression), lineno=1)
    template = _ENVIRONMENT.from_string(nodes.Template([result], lineno=1))
    return _Compiled(template=template, literals=numbers.literals, names=names, texts=texts)


def _check(node: nodes.Node) -> None:
    """Raises ValueError at what no formula may contain."""
    match node:
        case nodes.Const(value=value) if value is None or (isinstance(value, float) and not isfinite(value)):
            raise ValueError(_NOT_KNOWN)
        case nodes.Name():
            _check_name(node.name)
        case nodes.Call():
            _check_call(node)
        case nodes.CondExpr(expr2=None):
            raise ValueError("'if' needs an 'else'")
        case nodes.Expr() if not isinstance(node, _CONDITIONS + _ARITHMETIC):
            raise ValueError(_NOT_KNOWN)
    for child in _children(node):
        _check(child)


def _children(node: nodes.Node) -> Iterator[nodes.Node]:
    return iter(node.args) if isinstance(node, nodes.Call) else node.iter_child_nodes()


def _check_name(name: str) -> None:
    if name in FUNCTIONS:
        raise ValueError(f"{name} is a function: its numbers follow in brackets")
    if name.startswith("_") or name == "self":  # Jinja2's own word for the template
        raise ValueError(f"{name!r} can be the name of no figure")


def _check_call(call: nodes.Call) -> None:
    if not isinstance(call.node, nodes.Name) or call.node.name not in FUNCTIONS:
        raise ValueError(f"this function is not known; known are {', '.join(f'{name}()' for name in FUNCTIONS)}")
    if call.kwargs or call.dyn_args or call.dyn_kwargs or not call.args:
        raise ValueError(f"{call.node.name}() takes numbers with commas between them")


def is_name(text: str) -> bool:
    """Whether formulas read the word as the name of a figure, and as nothing else."""
    try:
        return Formula.parse(text).names == {text}
    except ValueError:
        return False


ALWAYS = Formula("true")
NEVER = Formula("false")
