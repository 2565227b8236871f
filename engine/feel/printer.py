"""Canonical text of a syntax tree; parsing it gives the same tree back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.lexer import quote
from engine.feel.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Compare,
    ContextNode,
    Filter,
    For,
    FunctionDef,
    If,
    In,
    InstanceOf,
    Iterator,
    ListNode,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
    Quantified,
    RangeNode,
    UnaryRange,
    UnaryTests,
)

_ARITHMETIC = {"+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_RANK: dict[type[Node], int] = {
    If: 0,
    For: 0,
    Quantified: 0,
    FunctionDef: 0,
    UnaryRange: 0,
    InstanceOf: 0,  # a bare `list` before `<` would swallow it
    Compare: 3,
    Between: 3,
    In: 3,
    Negate: 7,
}
_PRIMARY = 8


def _rank(node: Node) -> int:
    if isinstance(node, Logic):
        return 1 if node.op == "or" else 2
    if isinstance(node, Arithmetic):
        return _ARITHMETIC[node.op]
    return _RANK.get(type(node), _PRIMARY)


def _at(node: Node, rank: int) -> str:
    """The text of an operand; in parentheses when it binds more loosely than `rank`."""
    text = print_node(node)
    return f"({text})" if _rank(node) < rank else text


def print_node(node: Node) -> str:
    return _PRINT[type(node)](node)


def _literal(node: Literal) -> str:
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(node.value) if isinstance(node.value, Decimal) else quote(node.value)


def _key(name: str) -> str:
    return name if name.isidentifier() else quote(name)


def _iterators(iterators: tuple[Iterator, ...]) -> str:
    return ", ".join(
        f"{i.name} in {_at(i.source, 1)}" + ("" if i.end is None else f" .. {_at(i.end, 1)}")
        for i in iterators
    )


def _call(node: Call) -> str:
    args = [print_node(arg) for arg in node.args]
    if node.names:
        args = [f"{name}: {arg}" for name, arg in zip(node.names, args, strict=True)]
    return f"{_at(node.function, _PRIMARY)}({', '.join(args)})"


def _function(node: FunctionDef) -> str:
    params = ", ".join(
        name if kind is None else f"{name}: {kind}"
        for name, kind in zip(node.params, node.types, strict=True)
    )
    return f"function({params}) {'external ' if node.external else ''}{print_node(node.body)}"


def _range(node: RangeNode) -> str:
    low, high = _at(node.low, 4), _at(node.high, 4)
    return f"{'[' if node.low_closed else '('}{low} .. {high}{']' if node.high_closed else ')'}"


def _in(node: In) -> str:
    value = _at(node.value, 3)
    if len(node.tests) > 1:
        return f"{value} in ({', '.join(map(print_node, node.tests))})"
    return f"{value} in {_at(node.tests[0], 4)}"


def _tests(node: UnaryTests) -> str:
    tests = ", ".join(map(print_node, node.tests)) or "-"
    if node.negated:
        return f"not({tests})"
    sole = node.tests[0] if len(node.tests) == 1 else None
    is_not = isinstance(sole, Call) and sole.function == Name("not")
    return f"({tests})" if is_not else tests  # bare, it would negate the tests themselves


def _logic(node: Logic) -> str:
    rank = _rank(node)
    return f" {node.op} ".join(_at(operand, rank + 1) for operand in node.operands)


_PRINT: dict[type[Node], Callable[[Any], str]] = {
    Literal: _literal,
    AtLiteral: lambda n: "@" + quote(n.text),
    Name: lambda n: n.name,
    Negate: lambda n: "-" + _at(n.operand, 7),
    Arithmetic: lambda n: f"{_at(n.left, _rank(n))} {n.op} {_at(n.right, _rank(n) + 1)}",
    Compare: lambda n: f"{_at(n.left, 3)} {n.op} {_at(n.right, 4)}",
    Logic: _logic,
    Between: lambda n: f"{_at(n.value, 3)} between {_at(n.low, 4)} and {_at(n.high, 4)}",
    In: _in,
    InstanceOf: lambda n: f"{_at(n.value, _PRIMARY)} instance of {n.type}",
    If: lambda n: f"if {print_node(n.condition)} then {print_node(n.then)} else {print_node(n.otherwise)}",
    For: lambda n: f"for {_iterators(n.iterators)} return {print_node(n.body)}",
    Quantified: lambda n: f"{n.kind} {_iterators(n.iterators)} satisfies {print_node(n.condition)}",
    Path: lambda n: f"{_at(n.source, _PRIMARY)}.{n.name}",
    Filter: lambda n: f"{_at(n.source, _PRIMARY)}[{_at(n.condition, 1)}]",
    Call: _call,
    FunctionDef: _function,
    ContextNode: lambda n: "{" + ", ".join(f"{_key(k)}: {print_node(v)}" for k, v in n.entries) + "}",
    ListNode: lambda n: f"[{', '.join(map(print_node, n.items))}]",
    RangeNode: _range,
    UnaryRange: lambda n: f"{n.op} {_at(n.operand, 4)}",
    UnaryTests: _tests,
}
