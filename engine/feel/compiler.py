"""Turns a syntax tree into closures: one Python function a node, which takes a Frame and gives the value.

Owns the registry of node compilers, names, literals, `if` and ranges. Nothing is generated as source text and
nothing is `eval`ed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from engine.feel.lexer import line_column
from engine.feel.nodes import AtLiteral, If, Literal, Name, Node, RangeNode, UnaryRange
from engine.feel.operators import ORDERED, compare, kind_of, kind_zh
from engine.feel.registry import BUILTINS, wrap_product
from engine.feel.temporal_text import parse_temporal
from engine.feel.values import MISSING, FeelFunction, Frame, Range, Value

Code: TypeAlias = Callable[[Frame], Value]
Warn: TypeAlias = Callable[[Frame, str, str], None]


class Constant:
    """Code whose value is known already."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __call__(self, frame: Frame) -> Value:
        return self.value


class Compiler:
    """Holds the text, for line and column in warnings, and the handlers by node type."""

    handlers: dict[type[Node], Callable[[Compiler, Any], Code]] = {}

    def __init__(self, text: str) -> None:
        self.text = text

    def code(self, node: Node) -> Code:
        return self.handlers[type(node)](self, node)

    def warner(self, node: Node, code: str) -> Warn:
        """What the compiled code of `node` calls to record why its value is null."""
        line, column = line_column(self.text, node.at)

        def warn(f: Frame, en: str, zh: str) -> None:
            f.run.warn(code, en, zh, line, column)

        return warn


Handler: TypeAlias = Callable[[Compiler, Any], Code]


def compiles(kind: type[Node]) -> Callable[[Handler], Handler]:
    """Registers the decorated function as the compiler of one node type."""

    def register(function: Handler) -> Handler:
        Compiler.handlers[kind] = function
        return function

    return register


@compiles(Literal)
def _literal(c: Compiler, node: Literal) -> Code:
    return Constant(node.value)


@compiles(AtLiteral)
def _at_literal(c: Compiler, node: AtLiteral) -> Code:
    value = parse_temporal(node.text)
    if value is not None:
        return Constant(value)
    warn, shown = c.warner(node, "bad-literal"), f'@"{node.text[:60]}"'
    return lambda f: warn(f, f"{shown} is no date, time or duration", f"{shown}不是日期、时间或时长")


@compiles(Name)
def _name(c: Compiler, node: Name) -> Code:
    name, warn = node.name, c.warner(node, "unknown-name")

    def run(f: Frame) -> Value:
        value = f.vars.get(name, MISSING)
        return value if value is not MISSING else find(f, name, warn)

    return run


def find(f: Frame, name: str, warn: Warn) -> Value:
    """Looks in the enclosing frames, then among product functions, then among built-ins."""
    frame = f.parent
    while frame is not None:
        value = frame.vars.get(name, MISSING)
        if value is not MISSING:
            return value
        frame = frame.parent
    return find_provided(f, name, warn)


def find_provided(f: Frame, name: str, warn: Warn) -> Value:
    """The product function or built-in of that name."""
    product = f.run.env.functions.get(name)
    if product is not None:
        return wrap_product(product)
    found = BUILTINS.get(name)
    if found is None:
        warn(f, f"nothing is called '{name}'", f"没有名为“{name}”的变量或函数")
    return found


def find_function(f: Frame, name: str, warn: Warn) -> Value:
    """Like `find`, for a name that is invoked: a variable that is no function (`date`) hides none."""
    frame: Frame | None = f
    other = MISSING
    while frame is not None:
        value = frame.vars.get(name, MISSING)
        if isinstance(value, FeelFunction):
            return value
        other = value if other is MISSING else other
        frame = frame.parent
    if other is MISSING or name in f.run.env.functions or name in BUILTINS:
        return find_provided(f, name, warn)
    return other


@compiles(If)
def _if(c: Compiler, node: If) -> Code:
    condition, then, otherwise = c.code(node.condition), c.code(node.then), c.code(node.otherwise)
    warn = c.warner(node, "not-boolean")

    def run(f: Frame) -> Value:
        decided = condition(f)
        if decided is True:
            return then(f)
        if decided is not False and decided is not None:
            kind, kind_chinese = kind_of(decided), kind_zh(decided)
            warn(f, f"'if' needs a boolean, not a {kind}", f"“if”条件应为布尔值，而不是{kind_chinese}")
        return otherwise(f)

    return run


@compiles(RangeNode)
def _range(c: Compiler, node: RangeNode) -> Code:
    """Ends of one ordered kind; null at an end stands for "not given"."""
    low, high, warn = c.code(node.low), c.code(node.high), c.warner(node, "bad-range")

    def run(f: Frame) -> Value:
        a, b = low(f), high(f)
        fits = isinstance(a, ORDERED) if b is None else compare(a, b) is not None
        if fits or (a is None and (b is None or isinstance(b, ORDERED))):
            return Range(a, node.low_closed and a is not None, b, node.high_closed and b is not None)
        en = f"no range goes from {kind_of(a)} to {kind_of(b)}"
        warn(f, en, f"{kind_zh(a)}到{kind_zh(b)}不能构成区间")
        return None

    if (
        isinstance(low, Constant)
        and isinstance(high, Constant)
        and compare(low.value, high.value) is not None
    ):
        return Constant(Range(low.value, node.low_closed, high.value, node.high_closed))
    return run


def unary_range(op: str, value: Value) -> Range:
    """The range that `op value` stands for; the end it leaves open is undefined."""
    if op in ("=", "!="):
        return Range(value, op == "=", value, op == "=", op)
    if op[0] == "<":
        return Range(None, False, value, op == "<=", op)
    return Range(value, op == ">=", None, False, op)


@compiles(UnaryRange)
def _unary_range(c: Compiler, node: UnaryRange) -> Code:
    operand, op = c.code(node.operand), node.op
    if isinstance(operand, Constant):
        return Constant(unary_range(op, operand.value))
    return lambda f: unary_range(op, operand(f))
