"""Compiles the operators. The usual case (two numbers, two booleans) is tested by type on the spot."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException

from engine.feel.compiler import Code, Compiler, Constant, Warn, compiles
from engine.feel.nodes import Arithmetic, Between, Compare, In, InstanceOf, Logic, Negate
from engine.feel.operators import arithmetic, compare, kind_of, kind_zh, passes, power, relate
from engine.feel.types import conforms
from engine.feel.values import DECIMAL, POWER_STEPS, Frame, Value

_MINUS_ONE = Decimal(-1)
_DIRECT: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": DECIMAL.add,
    "-": DECIMAL.subtract,
    "*": DECIMAL.multiply,
    "/": DECIMAL.divide,
    "**": power,
}
_RELATIONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@compiles(Negate)
def _negate(c: Compiler, node: Negate) -> Code:
    operand, warn = c.code(node.operand), c.warner(node, "invalid-operand")
    if isinstance(operand, Constant) and type(operand.value) is Decimal:
        return Constant(operand.value.copy_negate() if operand.value else operand.value)

    def run(f: Frame) -> Value:
        value = operand(f)
        result = arithmetic("*", value, _MINUS_ONE)
        if result is None:
            warn(f, f"-{kind_of(value)} has no meaning", f"不能对{kind_zh(value)}取负")
        return result

    return run


@compiles(Arithmetic)
def _arithmetic(c: Compiler, node: Arithmetic) -> Code:
    left, right, op = c.code(node.left), c.code(node.right), node.op
    direct, warn = _DIRECT[op], c.warner(node, "invalid-operand")

    def slow(f: Frame, a: Value, b: Value) -> Value:
        if type(a) is str and type(b) is str:
            f.run.string(len(a) + len(b))
        result = arithmetic(op, a, b)
        if result is None:
            shown, shown_zh = f"{kind_of(a)} {op} {kind_of(b)}", f"{kind_zh(a)} {op} {kind_zh(b)}"
            warn(f, f"{shown} has no value here", f"{shown_zh} 没有结果")
        return result

    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return direct(a, b)
            except (DecimalException, ZeroDivisionError):
                pass
        return slow(f, a, b)

    if isinstance(left, Constant) and isinstance(right, Constant):
        a, b = left.value, right.value
        folded = arithmetic(op, a, b) if type(a) is type(b) is Decimal else None
        if folded is not None:
            return Constant(folded)

    def run_power(f: Frame) -> Value:
        f.run.spend(POWER_STEPS)
        return run(f)

    return run_power if op == "**" else run


def mismatch(warn: Warn, f: Frame, op: str, a: Value, b: Value) -> None:
    """Records that two values cannot be compared."""
    en = f"cannot compare {kind_of(a)} {op} {kind_of(b)}"
    warn(f, en, f"{kind_zh(a)}与{kind_zh(b)}不能用 {op} 比较")


@compiles(Compare)
def _compare(c: Compiler, node: Compare) -> Code:
    left, right, op = c.code(node.left), c.code(node.right), node.op
    direct, warn = _RELATIONS[op], c.warner(node, "not-comparable")
    scalars = (Decimal, str, bool) if op in ("=", "!=") else (Decimal, str)

    def slow(f: Frame, a: Value, b: Value) -> Value:
        if type(a) is type(b) and type(a) in scalars:
            return direct(a, b)
        result = relate(op, a, b, f.run)
        if result is None:
            mismatch(warn, f, op, a, b)
        return result

    def run(f: Frame) -> Value:
        a, b = left(f), right(f)
        return direct(a, b) if type(a) is Decimal and type(b) is Decimal else slow(f, a, b)

    return run


@compiles(Logic)
def _logic(c: Compiler, node: Logic) -> Code:
    """Three-valued: one deciding operand decides; anything but a boolean counts as null."""
    parts = [c.code(operand) for operand in node.operands]
    op, decisive, warn = node.op, node.op == "or", c.warner(node, "not-boolean")

    def run(f: Frame) -> Value:
        result: Value = not decisive
        for part in parts:
            value = part(f)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                result = None
                if value is not None:
                    en = f"'{op}' needs booleans, not a {kind_of(value)}"
                    warn(f, en, f"“{op}”两侧应为布尔值，而不是{kind_zh(value)}")
        return result

    return run


@compiles(Between)
def _between(c: Compiler, node: Between) -> Code:
    value, low, high = c.code(node.value), c.code(node.low), c.code(node.high)
    warn = c.warner(node, "not-comparable")

    def run(f: Frame) -> Value:
        v, a, b = value(f), low(f), high(f)
        if type(v) is Decimal and type(a) is Decimal and type(b) is Decimal:
            return a <= v <= b
        x, y = compare(v, a), compare(v, b)
        if x is None or y is None:
            mismatch(warn, f, "between", v, a if x is None else b)
            return None
        return x >= 0 and y <= 0

    return run


@compiles(In)
def _in(c: Compiler, node: In) -> Code:
    value, warn = c.code(node.value), c.warner(node, "not-comparable")
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
                mismatch(warn, f, "in", v, t)
                result = None
        return result

    return run


@compiles(InstanceOf)
def _instance_of(c: Compiler, node: InstanceOf) -> Code:
    value, kind, warn = c.code(node.value), node.type, c.warner(node, "unknown-type")

    def run(f: Frame) -> Value:
        result = conforms(value(f), kind, f.run.env.types)
        if result is None:
            warn(f, f"there is no type '{kind}'", f"没有类型“{kind}”")
        return result

    return run
