"""Compiles unary tests, the cells of decision tables: does the input pass any of them?

A test takes the input value and a frame, and gives True, False or None (not comparable). Constant tests look
only at the value's type and the value.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.feel.compile_operators import mismatch
from engine.feel.compiler import Compiler, Constant, compiles
from engine.feel.names import reads
from engine.feel.nodes import (
    Between,
    Compare,
    In,
    InstanceOf,
    Logic,
    Node,
    Quantified,
    UnaryRange,
    UnaryTests,
)
from engine.feel.operators import passes
from engine.feel.values import Frame, Range, Value

Test = Callable[[Value, Frame], "bool | None"]
_BOOLEAN_NODES = (Compare, Logic, Between, In, InstanceOf, Quantified)


@compiles(UnaryTests)
def _unary_tests(c: Compiler, node: UnaryTests) -> Callable[[Frame], Value]:
    test = compile_tests(c, node)
    return lambda f: test(f.vars["?"] if "?" in f.vars else None, f)


def compile_tests(c: Compiler, node: UnaryTests) -> Test:
    if not node.tests:
        return lambda value, frame: True
    test = _same_kind(c, node) or _any_of([_one(c, test) for test in node.tests])
    if not node.negated:
        return test

    def negated(value: Value, frame: Frame) -> bool | None:
        passed = test(value, frame)
        return None if passed is None else not passed

    return negated


def _any_of(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def run(value: Value, frame: Frame) -> bool | None:
        result: bool | None = False
        for test in tests:
            passed = test(value, frame)
            if passed:
                return True
            if passed is None:
                result = None
        return result

    return run


def _same_kind(c: Compiler, node: UnaryTests) -> Test | None:
    """Several constants of one kind (`"a","b"`) become a set; None when the tests are something else."""
    codes = [c.code(test) for test in node.tests if type(test) is not UnaryRange]
    constants = [code.value for code in codes if isinstance(code, Constant)]
    if len(constants) != len(node.tests) or len(constants) < 2:
        return None
    kind = type(constants[0])
    if kind not in (str, Decimal) or any(type(value) is not kind for value in constants):
        return None
    members = frozenset(constants)
    slow = _any_of([_equal_to(c, node, value) for value in constants])
    return lambda value, frame: value in members if type(value) is kind else slow(value, frame)


def _one(c: Compiler, node: Node) -> Test:
    code = c.code(node)
    if isinstance(code, Constant):
        value = code.value
        if type(value) is Range:
            return _in_constant_range(c, node, value)
        if type(value) in (str, Decimal, bool):
            return _equal_to(c, node, value)
    found = reads(node)
    if "?" in found.names or "?" in found.item_names:
        return lambda value, frame: _as_truth(code(Frame({"?": value}, frame, frame.run)))
    is_boolean = isinstance(node, _BOOLEAN_NODES)
    settle = _slow(c, node)

    def run(value: Value, frame: Frame) -> bool | None:
        result = code(Frame({"?": value}, frame, frame.run))
        if type(result) is bool and (is_boolean or type(value) is not bool):
            return result
        return settle(value, result, frame)

    return run


def _as_truth(result: Value) -> bool | None:
    return result if type(result) is bool else None


def _slow(c: Compiler, node: Node) -> Callable[[Value, Value, Frame], bool | None]:
    warn = c.warner(node, "not-comparable")

    def run(value: Value, wanted: Value, frame: Frame) -> bool | None:
        passed = passes(value, wanted, frame.run)
        if passed is None and value is not None:
            mismatch(warn, frame, "in", value, wanted)
        return passed

    return run


def _equal_to(c: Compiler, node: Node, wanted: Value) -> Test:
    kind, slow = type(wanted), _slow(c, node)
    return lambda value, frame: value == wanted if type(value) is kind else slow(value, wanted, frame)


def _in_constant_range(c: Compiler, node: Node, r: Range) -> Test:
    slow = _slow(c, node)
    fast = _number_test(r)
    if fast is None:
        return lambda value, frame: slow(value, r, frame)
    return lambda value, frame: fast(value) if type(value) is Decimal else slow(value, r, frame)


def _number_test(r: Range) -> Callable[[Decimal], bool] | None:
    """The comparison itself, for ranges of numbers."""
    low, high = r.low, r.high
    ends = {type(end) for end in (low, high) if end is not None}
    if ends != {Decimal}:
        return None
    if r.op == "!=":
        return lambda v: v != low
    if low is None:
        return (lambda v: v <= high) if r.high_closed else (lambda v: v < high)
    if high is None:
        return (lambda v: v >= low) if r.low_closed else (lambda v: v > low)
    if r.low_closed:
        return (lambda v: low <= v <= high) if r.high_closed else (lambda v: low <= v < high)
    return (lambda v: low < v <= high) if r.high_closed else (lambda v: low < v < high)
