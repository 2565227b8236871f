"""Turns a syntax tree into closures: one Python function a node, which takes a Frame and gives the value.

Types are tested directly where the usual case is cheap (two numbers, two booleans); everything else goes to
`operators`. Nothing is generated as source text and nothing is `eval`ed.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel import operators
from engine.feel.lexer import line_column
from engine.feel.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Compare,
    If,
    In,
    InstanceOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    RangeNode,
    UnaryRange,
)
from engine.feel.operators import arithmetic, compare, kind_of, passes, relate
from engine.feel.registry import BUILTINS, wrap_product
from engine.feel.temporal_text import parse_temporal
from engine.feel.types import conforms
from engine.feel.values import DECIMAL, Frame, Range, Value

Code = Callable[[Frame], Value]
_MISSING: Any = object()


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

    def place(self, node: Node) -> tuple[int, int]:
        return line_column(self.text, node.at)


def compiles(
    kind: type[Node],
) -> Callable[[Callable[[Compiler, Any], Code]], Callable[[Compiler, Any], Code]]:
    """Registers the decorated function as the compiler of one node type."""

    def register(function: Callable[[Compiler, Any], Code]) -> Callable[[Compiler, Any], Code]:
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
    place = c.place(node)

    def run(f: Frame) -> Value:
        f.run.warn(
            "bad-literal",
            f'@"{node.text}" is no date, time or duration',
            f'@"{node.text}"不是日期、时间或时长',
            *place,
        )
        return None

    return run


@compiles(Name)
def _name(c: Compiler, node: Name) -> Code:
    name, place = node.name, c.place(node)

    def run(f: Frame) -> Value:
        value = f.vars.get(name, _MISSING)
        return value if value is not _MISSING else find(f, name, place)

    return run


def find(f: Frame, name: str, place: tuple[int, int]) -> Value:
    """Looks in the enclosing frames, then among product functions, then among built-ins."""
    value = find_or_missing(f, name)
    if value is _MISSING:
        f.run.warn("unknown-name", f"nothing is called '{name}'", f"没有名为“{name}”的变量或函数", *place)
        return None
    return value


def find_or_missing(f: Frame, name: str) -> Value:
    frame: Frame | None = f
    while frame is not None:
        value = frame.vars.get(name, _MISSING)
        if value is not _MISSING:
            return value
        frame = frame.parent
    product = f.run.env.functions.get(name)
    if product is not None:
        return wrap_product(product)
    return BUILTINS.get(name, _MISSING)


@compiles(Negate)
def _negate(c: Compiler, node: Negate) -> Code:
    operand, place = c.code(node.operand), c.place(node)
    if isinstance(operand, Constant) and type(operand.value) is Decimal:
        return Constant(operand.value.copy_negate() if operand.value else operand.value)

    def run(f: Frame) -> Value:
        value = operand(f)
        result = arithmetic("*", value, Decimal(-1))
        if result is None:
            f.run.warn(
                "invalid-operand", f"-{kind_of(value)} has no meaning", f"不能对{kind_of(value)}取负", *place
            )
        return result

    return run


@compiles(Arithmetic)
def _arithmetic(c: Compiler, node: Arithmetic) -> Code:
    left, right, op, place = c.code(node.left), c.code(node.right), node.op, c.place(node)
    direct = {"+": DECIMAL.add, "-": DECIMAL.subtract, "*": DECIMAL.multiply, "/": DECIMAL.divide}.get(
        op, operators.power
    )

    def slow(f: Frame, a: Value, b: Value) -> Value:
        if type(a) is str and type(b) is str and op == "+":
            f.run.string(len(a) + len(b))
        result = arithmetic(op, a, b)
        if result is None:
            en = f"{kind_of(a)} {op} {kind_of(b)} has no value here"
            f.run.warn("invalid-operand", en, f"{kind_of(a)} {op} {kind_of(b)} 没有结果", *place)
        return result

    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return direct(a, b)
            except DecimalException:
                pass
        return slow(f, a, b)

    if (
        isinstance(left, Constant)
        and isinstance(right, Constant)
        and type(left.value) is type(right.value) is Decimal
    ):
        folded = arithmetic(op, left.value, right.value)
        if folded is not None:
            return Constant(folded)
    return run


def _mismatch(f: Frame, op: str, a: Value, b: Value, place: tuple[int, int]) -> None:
    en = f"cannot compare {kind_of(a)} {op} {kind_of(b)}"
    f.run.warn("not-comparable", en, f"{kind_of(a)}与{kind_of(b)}不能用 {op} 比较", *place)


def _compare_slow(op: str, place: tuple[int, int]) -> Callable[[Frame, Value, Value], Value]:
    def slow(f: Frame, a: Value, b: Value) -> Value:
        result = relate(op, a, b, f.run)
        if result is None:
            _mismatch(f, op, a, b, place)
        return result

    return slow


@compiles(Compare)
def _compare(c: Compiler, node: Compare) -> Code:
    left, right = c.code(node.left), c.code(node.right)
    return _COMPARE[node.op](left, right, _compare_slow(node.op, c.place(node)))


Slow = Callable[[Frame, Value, Value], Value]


def _equal_code(left: Code, right: Code, slow: Slow) -> Code:
    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        kind = type(a)
        if kind is type(b) and (kind is Decimal or kind is str or kind is bool):
            return a == b
        return slow(f, a, b)

    return run


def _unequal_code(left: Code, right: Code, slow: Slow) -> Code:
    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        kind = type(a)
        if kind is type(b) and (kind is Decimal or kind is str or kind is bool):
            return a != b
        return slow(f, a, b)

    return run


def _less_code(left: Code, right: Code, slow: Slow) -> Code:
    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        return a < b if type(a) is Decimal and type(b) is Decimal else slow(f, a, b)

    return run


def _at_most_code(left: Code, right: Code, slow: Slow) -> Code:
    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        return a <= b if type(a) is Decimal and type(b) is Decimal else slow(f, a, b)

    return run


def _greater_code(left: Code, right: Code, slow: Slow) -> Code:
    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        return a > b if type(a) is Decimal and type(b) is Decimal else slow(f, a, b)

    return run


def _at_least_code(left: Code, right: Code, slow: Slow) -> Code:
    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        return a >= b if type(a) is Decimal and type(b) is Decimal else slow(f, a, b)

    return run


_COMPARE: dict[str, Callable[[Code, Code, Slow], Code]] = {
    "=": _equal_code,
    "!=": _unequal_code,
    "<": _less_code,
    "<=": _at_most_code,
    ">": _greater_code,
    ">=": _at_least_code,
}


@compiles(Logic)
def _logic(c: Compiler, node: Logic) -> Code:
    """Three-valued: one deciding operand decides; anything but a boolean counts as null."""
    parts = [c.code(operand) for operand in node.operands]
    decisive = node.op == "or"
    place, op = c.place(node), node.op

    def settle(f: Frame, value: Value) -> None:
        if value is not None:
            f.run.warn(
                "not-boolean",
                f"'{op}' needs booleans, not a {kind_of(value)}",
                f"“{op}”两侧应为布尔值，而不是{kind_of(value)}",
                *place,
            )

    def run(f: Frame) -> Value:
        result: Value = not decisive
        for part in parts:
            value = part(f)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                settle(f, value)
                result = None
        return result

    if len(parts) != 2:
        return run
    first, second = parts

    def run_two(f: Frame) -> Value:
        a = first(f)
        if a is decisive:
            return a
        b = second(f)
        if b is decisive or (type(a) is bool and type(b) is bool):
            return b
        for value in (a, b):
            if type(value) is not bool:
                settle(f, value)
        return None

    return run_two


@compiles(Between)
def _between(c: Compiler, node: Between) -> Code:
    value, low, high, place = c.code(node.value), c.code(node.low), c.code(node.high), c.place(node)

    def run(f: Frame) -> Value:
        v, a, b = value(f), low(f), high(f)
        if type(v) is Decimal and type(a) is Decimal and type(b) is Decimal:
            return a <= v <= b
        x, y = compare(v, a), compare(v, b)
        if x is None or y is None:
            _mismatch(f, "between", v, a if x is None else b, place)
            return None
        return x >= 0 and y <= 0

    return run


@compiles(In)
def _in(c: Compiler, node: In) -> Code:
    value, place = c.code(node.value), c.place(node)
    tests = [c.code(test) for test in node.tests]

    def run(f: Frame) -> Value:
        v = value(f)
        result: bool | None = False
        for test in tests:
            t = test(f)
            passed = passes(v, t, f.run)
            if passed:
                return True
            if passed is None:
                _mismatch(f, "in", v, t, place)
                result = None
        return result

    return run


@compiles(InstanceOf)
def _instance_of(c: Compiler, node: InstanceOf) -> Code:
    value, kind, place = c.code(node.value), node.type, c.place(node)

    def run(f: Frame) -> Value:
        result = conforms(value(f), kind, f.run.env.types)
        if result is None:
            f.run.warn("unknown-type", f"there is no type '{kind}'", f"没有类型“{kind}”", *place)
        return result

    return run


@compiles(If)
def _if(c: Compiler, node: If) -> Code:
    condition, then, otherwise = c.code(node.condition), c.code(node.then), c.code(node.otherwise)
    place = c.place(node)

    def run(f: Frame) -> Value:
        decided = condition(f)
        if decided is True:
            return then(f)
        if decided is not False and decided is not None:
            f.run.warn(
                "not-boolean",
                f"'if' needs a boolean, not a {kind_of(decided)}",
                f"“if”条件应为布尔值，而不是{kind_of(decided)}",
                *place,
            )
        return otherwise(f)

    return run


@compiles(RangeNode)
def _range(c: Compiler, node: RangeNode) -> Code:
    low, high, place = c.code(node.low), c.code(node.high), c.place(node)

    def make(f: Frame) -> Value:
        a, b = low(f), high(f)
        if (a is not None and type(a) not in operators.ORDERED) or (
            b is not None and type(b) not in operators.ORDERED
        ):
            return _bad_range(f, a, b, place)
        if a is not None and b is not None and compare(a, b) is None:
            return _bad_range(f, a, b, place)
        return Range(a, node.low_closed and a is not None, b, node.high_closed and b is not None)

    if isinstance(low, Constant) and isinstance(high, Constant):
        a, b = low.value, high.value
        if type(a) is type(b) and compare(a, b) is not None:
            return Constant(Range(a, node.low_closed, b, node.high_closed))
    return make


def _bad_range(f: Frame, a: Value, b: Value, place: tuple[int, int]) -> Value:
    f.run.warn(
        "bad-range",
        f"no range goes from {kind_of(a)} to {kind_of(b)}",
        f"{kind_of(a)}到{kind_of(b)}不能构成区间",
        *place,
    )
    return None


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
