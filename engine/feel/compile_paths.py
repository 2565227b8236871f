"""Compiles lists, contexts, paths and filters."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.compiler import Code, Compiler, Constant, Warn, compiles
from engine.feel.names import weight
from engine.feel.nodes import ContextNode, Filter, ListNode, Path
from engine.feel.operators import kind_of, kind_zh
from engine.feel.properties import property_of
from engine.feel.values import MISSING, Frame, Value


@compiles(ListNode)
def _list(c: Compiler, node: ListNode) -> Code:
    items = [c.code(item) for item in node.items]
    if all(isinstance(item, Constant) for item in items):
        return Constant([item.value for item in items if isinstance(item, Constant)])
    return lambda f: [item(f) for item in items]


@compiles(ContextNode)
def _context(c: Compiler, node: ContextNode) -> Code:
    """Each entry sees the ones before it. A key that occurs twice makes the whole null."""
    entries = [(key, c.code(value)) for key, value in node.entries]
    warn = c.warner(node, "duplicate-entry")
    if len({key for key, _ in entries}) < len(entries):
        return lambda f: warn(f, "an entry occurs twice in the context", "上下文中有重复的条目")

    def run(f: Frame) -> Value:
        made: dict[str, Value] = {}
        inner = Frame(made, f, f.run)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return run


@compiles(Path)
def _path(c: Compiler, node: Path) -> Code:
    source, name, warn = c.code(node.source), node.name, c.warner(node, "unknown-path")

    def run(f: Frame) -> Value:
        value = source(f)
        if type(value) is dict:
            found = value.get(name, MISSING)
            if found is not MISSING:
                return found
        return get_path(f, value, name, warn)

    return run


def get_path(f: Frame, value: Value, name: str, warn: Warn) -> Value:
    """An entry, a property, or over a list the list of both."""
    if type(value) is list:
        f.run.size(len(value))
        return [get_path(f, item, name, warn) for item in value]
    found = value.get(name, MISSING) if type(value) is dict else property_of(value, name)
    if found is not MISSING:
        return found
    warn(f, f"a {kind_of(value)} has no '{name}'", f"{kind_zh(value)}没有“{name}”")
    return None


@compiles(Filter)
def _filter(c: Compiler, node: Filter) -> Code:
    """A number picks one item; anything else is asked of every item in turn."""
    source, condition = c.code(node.source), c.code(node.condition)
    warn_index, warn = c.warner(node, "bad-index"), c.warner(node, "bad-filter")

    def index(f: Frame, items: list[Value], number: Decimal) -> Value:
        if number != number.to_integral_value() or not 0 < abs(number) <= len(items):
            warn_index(f, f"the list has no item {number}", f"列表没有第{number}项")
            return None
        return items[int(number) - (number > 0)]

    def select(f: Frame, items: list[Value]) -> Value:
        f.run.spend(len(items) * steps)
        kept = []
        for item in items:
            passed = condition(item_frame(f, item))
            if passed is True:
                kept.append(item)
            elif type(passed) is Decimal:
                return index(f, items, passed)
            elif passed is not None and passed is not False:
                en = f"a filter needs a boolean or a number, not a {kind_of(passed)}"
                warn(f, en, f"筛选条件应为布尔值或序号，而不是{kind_zh(passed)}")
                return None
        return kept

    steps = weight(node.condition)
    constant = condition.value if isinstance(condition, Constant) else None

    def run(f: Frame) -> Value:
        value = source(f)
        items = value if type(value) is list else [] if value is None else [value]
        return index(f, items, constant) if type(constant) is Decimal else select(f, items)

    return run


def item_frame(f: Frame, item: Value) -> Frame:
    """The scope of a filter: the entries of the item, then `item`, then what lies around."""
    outer = Frame({"item": item}, f, f.run)
    return Frame(item, outer, f.run) if type(item) is dict else outer
