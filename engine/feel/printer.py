"""Canonical text of a syntax tree; parsing it gives the same tree back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.lexer import is_word, quote
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


class _Printer:
    """`wary` puts every operand that is a name in parentheses."""

    def __init__(self, wary: bool) -> None:
        self.wary = wary

    def text(self, node: Node) -> str:
        return _PRINT[type(node)](self, node)

    def at(self, node: Node, rank: int) -> str:
        """The text of an operand; in parentheses when it binds more loosely than `rank`."""
        text = self.text(node)
        return f"({text})" if _rank(node) < rank or (self.wary and isinstance(node, Name)) else text


def print_node(node: Node, *, wary: bool = False) -> str:
    """`wary` text keeps names apart that operators between them would join (`profit and loss`)."""
    return _Printer(wary).text(node)


def _literal(p: _Printer, node: Literal) -> str:
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(node.value) if isinstance(node.value, Decimal) else quote(node.value)


def _key(name: str) -> str:
    return name if is_word(name) else quote(name)


def _iterators(p: _Printer, iterators: tuple[Iterator, ...]) -> str:
    return ", ".join(
        f"{i.name} in {p.at(i.source, 1)}" + ("" if i.end is None else f" .. {p.at(i.end, 1)}")
        for i in iterators
    )


def _call(p: _Printer, node: Call) -> str:
    args = [p.text(arg) for arg in node.args]
    if node.names:
        args = [f"{name}: {arg}" for name, arg in zip(node.names, args, strict=True)]
    return f"{p.at(node.function, _PRIMARY)}({', '.join(args)})"


def _function(p: _Printer, node: FunctionDef) -> str:
    params = ", ".join(
        name if kind is None else f"{name}: {kind}"
        for name, kind in zip(node.params, node.types, strict=True)
    )
    return f"function({params}) {'external ' if node.external else ''}{p.text(node.body)}"


def _range(p: _Printer, node: RangeNode) -> str:
    low, high = p.at(node.low, 4), p.at(node.high, 4)
    return f"{'[' if node.low_closed else '('}{low} .. {high}{']' if node.high_closed else ')'}"


def _in(p: _Printer, node: In) -> str:
    value = p.at(node.value, 3)
    if len(node.tests) > 1:
        return f"{value} in ({', '.join(map(p.text, node.tests))})"
    return f"{value} in {p.at(node.tests[0], 4)}"


def _tests(p: _Printer, node: UnaryTests) -> str:
    tests = ", ".join(map(p.text, node.tests)) or "-"
    if node.negated:
        return f"not({tests})"
    sole = node.tests[0] if len(node.tests) == 1 else None
    is_not = isinstance(sole, Call) and sole.function == Name("not")
    return f"({tests})" if is_not else tests  # bare, it would negate the tests themselves


def _logic(p: _Printer, node: Logic) -> str:
    rank = _rank(node)
    return f" {node.op} ".join(p.at(operand, rank + 1) for operand in node.operands)


_PRINT: dict[type[Node], Callable[[_Printer, Any], str]] = {
    Literal: _literal,
    AtLiteral: lambda p, n: "@" + quote(n.text),
    Name: lambda p, n: n.name,
    Negate: lambda p, n: "-" + p.at(n.operand, 7),
    Arithmetic: lambda p, n: f"{p.at(n.left, _rank(n))} {n.op} {p.at(n.right, _rank(n) + 1)}",
    Compare: lambda p, n: f"{p.at(n.left, 3)} {n.op} {p.at(n.right, 4)}",
    Logic: _logic,
    Between: lambda p, n: f"{p.at(n.value, 3)} between {p.at(n.low, 4)} and {p.at(n.high, 4)}",
    In: _in,
    InstanceOf: lambda p, n: f"{p.at(n.value, _PRIMARY)} instance of {n.type}",
    If: lambda p, n: f"if {p.text(n.condition)} then {p.text(n.then)} else {p.text(n.otherwise)}",
    For: lambda p, n: f"for {_iterators(p, n.iterators)} return {p.text(n.body)}",
    Quantified: lambda p, n: f"{n.kind} {_iterators(p, n.iterators)} satisfies {p.text(n.condition)}",
    Path: lambda p, n: f"{p.at(n.source, _PRIMARY)}.{n.name}",
    Filter: lambda p, n: f"{p.at(n.source, _PRIMARY)}[{p.at(n.condition, 1)}]",
    Call: _call,
    FunctionDef: _function,
    ContextNode: lambda p, n: "{" + ", ".join(f"{_key(k)}: {p.text(v)}" for k, v in n.entries) + "}",
    ListNode: lambda p, n: f"[{', '.join(map(p.text, n.items))}]",
    RangeNode: _range,
    UnaryRange: lambda p, n: f"{n.op} {p.at(n.operand, 4)}",
    UnaryTests: _tests,
}
