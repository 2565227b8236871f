"""Which names a syntax tree reads from its scope."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from engine.feel.nodes import Call, ContextNode, Filter, For, FunctionDef, Iterator, Name, Node, Quantified
from engine.feel.registry import BUILTINS


@dataclass(slots=True)
class Reads:
    """`names` are certainly read; `item_names` stand in a filter and may be entries of its items."""

    names: set[str] = field(default_factory=set)
    item_names: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)

    def visit(self, node: Node, bound: frozenset[str], in_filter: bool) -> None:
        if isinstance(node, Name):
            self._name(node.name, bound, in_filter)
        elif isinstance(node, Call) and isinstance(node.function, Name):
            name = node.function.name
            if name not in BUILTINS and name not in bound:
                self.calls.add(name)
                self._name(name, bound, in_filter)
            for arg in node.args:
                self.visit(arg, bound, in_filter)
        elif isinstance(node, ContextNode):
            for key, value in node.entries:
                self.visit(value, bound, in_filter)
                bound |= {key}
        elif isinstance(node, (For, Quantified)):
            self._loop(node, bound, in_filter)
        elif isinstance(node, FunctionDef):
            if not node.external:
                self.visit(node.body, bound | set(node.params), in_filter)
        elif isinstance(node, Filter):
            self.visit(node.source, bound, in_filter)
            self.visit(node.condition, bound | {"item"}, True)
        else:
            for child in children(node):
                self.visit(child, bound, in_filter)

    def _name(self, name: str, bound: frozenset[str], in_filter: bool) -> None:
        if name not in bound:
            (self.item_names if in_filter else self.names).add(name)

    def _loop(self, node: For | Quantified, bound: frozenset[str], in_filter: bool) -> None:
        iterator: Iterator
        for iterator in node.iterators:
            self.visit(iterator.source, bound, in_filter)
            if iterator.end is not None:
                self.visit(iterator.end, bound, in_filter)
            bound |= {iterator.name}
        if isinstance(node, For):
            self.visit(node.body, bound | {"partial"}, in_filter)
        else:
            self.visit(node.condition, bound, in_filter)


def children(node: Node) -> list[Node]:
    found: list[Node] = []
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            # The entries of a context are pairs of a key and a node.
            parts = (part[1] if isinstance(part, tuple) and len(part) == 2 else part for part in value)
            found.extend(part for part in parts if isinstance(part, Node))
    return found


def weight(node: Node) -> int:
    """Steps that one evaluation of `node` is worth: about one for every eight nodes."""
    count, stack = 0, [node]
    while stack:
        stack.extend(children(stack.pop()))
        count += 1
    return 1 + count // 8


def reads(node: Node) -> Reads:
    """What `node` reads."""
    found = Reads()
    found.visit(node, frozenset(), False)
    return found
