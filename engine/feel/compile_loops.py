"""Compiles `for`, `some` and `every`. A range is walked, never built in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeAlias

from engine.feel.compiler import Code, Compiler, compiles
from engine.feel.names import reads, weight
from engine.feel.nodes import For, Iterator, Quantified
from engine.feel.temporal import Date
from engine.feel.values import Frame, Range, Value

Domain: TypeAlias = Callable[[Frame], "Iterable[Value] | None"]
Visit: TypeAlias = Callable[[Frame], bool]
"""Sees one combination of iterator values; True stops the walk."""


def _domain(iterator: Iterator, c: Compiler) -> Domain:
    source = c.code(iterator.source)
    end = None if iterator.end is None else c.code(iterator.end)
    warn = c.warner(iterator, "not-iterable")

    def domain(f: Frame) -> Iterable[Value] | None:
        value = source(f)
        if end is not None:
            found = _steps(value, end(f))
        elif type(value) is Range:
            found = _range_steps(value)
        else:
            found = value if type(value) is list else None if value is None else [value]
        if found is None:
            warn(f, "there is nothing to go through", "没有可遍历的内容")
        return found

    return domain


def _steps(low: Value, high: Value) -> Iterable[Value] | None:
    """Whole numbers (of at most 34 digits) or days from one to the other, down when the first is greater."""
    if type(low) is Decimal and type(high) is Decimal:
        if not (_is_countable(low) and _is_countable(high)):
            return None
        return map(Decimal, _both_ways(int(low), int(high)))
    if type(low) is Date and type(high) is Date:
        return map(Date.from_days, _both_ways(low.days, high.days))
    return None


def _is_countable(number: Decimal) -> bool:
    return number.adjusted() < 34 and number == number.to_integral_value()


def _both_ways(low: int, high: int) -> range:
    return range(low, high + 1) if low <= high else range(low, high - 1, -1)


def _range_steps(r: Range) -> Iterable[Value] | None:
    """The members of a range of whole numbers or days; a range goes only upwards."""
    found = None if r.op is not None else _steps(r.low, r.high)
    if found is None or (r.low > r.high if type(r.low) is Decimal else r.low.days > r.high.days):
        return None
    return (v for v in found if (v != r.low or r.low_closed) and (v != r.high or r.high_closed))


def _walker(
    c: Compiler, iterators: tuple[Iterator, ...], steps: int
) -> Callable[[Frame, Visit], bool | None]:
    """Calls a visitor for every combination, the last iterator innermost, for so many steps each.

    None when a domain is missing.
    """
    parts = [(iterator.name, _domain(iterator, c)) for iterator in iterators]

    def walk(f: Frame, visit: Visit, level: int = 0) -> bool | None:
        name, domain = parts[level]
        values = domain(f)
        if values is None:
            return None
        run, is_last = f.run, level == len(parts) - 1
        for value in values:
            run.spend(steps)
            inner = Frame({name: value}, f, run)
            stopped = visit(inner) if is_last else walk(inner, visit, level + 1)
            if stopped is not False:
                return stopped
        return False

    return walk


@compiles(For)
def _for(c: Compiler, node: For) -> Code:
    """`partial`, where the body reads it, is a copy of the results so far."""
    walk, body = _walker(c, node.iterators, weight(node.body)), c.code(node.body)
    wanted = reads(node.body)
    wants_partial = "partial" in wanted.names | wanted.item_names

    def run(f: Frame) -> Value:
        results: list[Value] = []
        limit = f.run.bounds.list_size

        def visit(inner: Frame) -> bool:
            if wants_partial:
                f.run.spend(len(results) >> 4)
                inner = Frame({"partial": list(results)}, inner, f.run)
            results.append(body(inner))
            if len(results) > limit:
                raise f.run.past("list size", limit)
            return False

        return None if walk(f, visit) is None else results

    return run


@compiles(Quantified)
def _quantified(c: Compiler, node: Quantified) -> Code:
    """Three-valued, as `or` and `and` over all combinations would be; one that decides ends the walk."""
    walk, kind = _walker(c, node.iterators, weight(node.condition)), node.kind
    condition, decisive, warn = c.code(node.condition), kind == "some", c.warner(node, "not-boolean")

    def run(f: Frame) -> Value:
        unknown = False

        def visit(inner: Frame) -> bool:
            nonlocal unknown
            value = condition(inner)
            if type(value) is not bool:
                unknown = True
                if value is not None:
                    warn(f, f"'{kind}' needs a boolean condition", f"“{kind}”的条件应为布尔值")
            return value is decisive

        stopped = walk(f, visit)
        if stopped is None or (unknown and not stopped):
            return None
        return decisive if stopped else not decisive

    return run
