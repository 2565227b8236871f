"""Compiles what opens a scope or walks a list: paths, filters, loops, contexts, functions, invocations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from engine.feel.compiler import Code, Compiler, Constant, compiles, find
from engine.feel.names import reads
from engine.feel.nodes import (
    Call,
    ContextNode,
    Filter,
    For,
    FunctionDef,
    Iterator,
    ListNode,
    Name,
    Path,
    Quantified,
)
from engine.feel.operators import kind_of
from engine.feel.properties import MISSING, property_of
from engine.feel.temporal import Date
from engine.feel.types import FeelType, conforms
from engine.feel.values import FeelFunction, Frame, Null, Range, Run, Value

Place = tuple[int, int]


@compiles(ListNode)
def _list(c: Compiler, node: ListNode) -> Code:
    items = [c.code(item) for item in node.items]
    if all(isinstance(item, Constant) for item in items):
        return Constant([item.value for item in items if isinstance(item, Constant)])
    return lambda f: [item(f) for item in items]


@compiles(ContextNode)
def _context(c: Compiler, node: ContextNode) -> Code:
    entries = [(key, c.code(value)) for key, value in node.entries]
    place = c.place(node)
    duplicate = next((k for i, (k, _) in enumerate(entries) if k in [key for key, _ in entries[:i]]), None)

    def run(f: Frame) -> Value:
        if duplicate is not None:
            f.run.warn(
                "duplicate-entry", f"entry '{duplicate}' occurs twice", f"条目“{duplicate}”重复", *place
            )
            return None
        made: dict[str, Value] = {}
        inner = Frame(made, f, f.run)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return run


@compiles(Path)
def _path(c: Compiler, node: Path) -> Code:
    source, name, place = c.code(node.source), node.name, c.place(node)

    def run(f: Frame) -> Value:
        value = source(f)
        if type(value) is dict:
            found = value.get(name, MISSING)
            if found is not MISSING:
                return found
        return get_path(f, value, name, place)

    return run


def get_path(f: Frame, value: Value, name: str, place: Place) -> Value:
    """An entry, a property, or over a list the list of both."""
    if type(value) is list:
        f.run.size(len(value))
        return [get_path(f, item, name, place) for item in value]
    found = value.get(name, MISSING) if isinstance(value, dict) else property_of(value, name)
    if found is not MISSING:
        return found
    if value is None:
        f.run.warn("null-path", f"'{name}' of null", f"对空值取“{name}”", *place)
    else:
        f.run.warn(
            "unknown-path", f"a {kind_of(value)} has no '{name}'", f"{kind_of(value)}没有“{name}”", *place
        )
    return None


@compiles(Filter)
def _filter(c: Compiler, node: Filter) -> Code:
    source, condition, place = c.code(node.source), c.code(node.condition), c.place(node)

    def index(f: Frame, items: list[Value], number: Decimal) -> Value:
        if number != number.to_integral_value() or not 0 < abs(number) <= len(items):
            f.run.warn("bad-index", f"the list has no item {number}", f"列表没有第{number}项", *place)
            return None
        return items[int(number) - (number > 0)]

    def select(f: Frame, items: list[Value]) -> Value:
        f.run.spend(len(items))
        kept = []
        for item in items:
            passed = condition(item_frame(f, item))
            if passed is True:
                kept.append(item)
            elif type(passed) is Decimal:
                return index(f, items, passed)
            elif passed is not None and passed is not False:
                en = f"a filter needs a boolean or a number, not a {kind_of(passed)}"
                f.run.warn("bad-filter", en, f"筛选条件应为布尔值或序号，而不是{kind_of(passed)}", *place)
                return None
        return kept

    def run(f: Frame) -> Value:
        value = source(f)
        items = value if type(value) is list else [] if value is None else [value]
        if constant is not None:
            return index(f, items, constant)
        return select(f, items)

    constant = (
        condition.value if isinstance(condition, Constant) and type(condition.value) is Decimal else None
    )
    return run


def item_frame(f: Frame, item: Value) -> Frame:
    """The scope of a filter: the entries of the item, then `item`, then what lies around."""
    outer = Frame({"item": item}, f, f.run)
    return Frame(item, outer, f.run) if type(item) is dict else outer


# iteration


def _domain(iterator: Iterator, c: Compiler) -> Callable[[Frame], Iterable[Value] | None]:
    source, place = c.code(iterator.source), c.place(iterator)
    end = None if iterator.end is None else c.code(iterator.end)

    def domain(f: Frame) -> Iterable[Value] | None:
        value = source(f)
        if end is not None:
            found = _steps(value, end(f))
        elif type(value) is Range:
            found = _range_steps(value)
        else:
            return value if type(value) is list else None if value is None else [value]
        if found is None:
            f.run.warn("not-iterable", "one cannot count through this range", "该区间不能逐项遍历", *place)
        return found

    def checked(f: Frame) -> Iterable[Value] | None:
        found = domain(f)
        if found is None:
            f.run.warn("not-iterable", "there is nothing to iterate over", "没有可遍历的内容", *place)
        return found

    return checked


def _steps(low: Value, high: Value) -> Iterable[Value] | None:
    """Whole numbers or days from one to the other, down when the first is greater; never a list in memory."""
    if type(low) is Decimal and type(high) is Decimal:
        if low != low.to_integral_value() or high != high.to_integral_value():
            return None
        a, b = int(low), int(high)
        return (Decimal(n) for n in (range(a, b + 1) if a <= b else range(a, b - 1, -1)))
    if type(low) is Date and type(high) is Date:
        a, b = low.days, high.days
        return (Date.from_days(n) for n in (range(a, b + 1) if a <= b else range(a, b - 1, -1)))
    return None


def _range_steps(r: Range) -> Iterable[Value] | None:
    """The members of a closed or open range of whole numbers or days; only upwards."""
    found = _steps(r.low, r.high)
    if found is None or r.op is not None:
        return None
    if r.low > r.high if type(r.low) is Decimal else r.low.days > r.high.days:
        return None
    return (v for v in found if (v != r.low or r.low_closed) and (v != r.high or r.high_closed))


Visit = Callable[[Frame], bool]
"""Sees one combination of iterator values; True stops the walk."""


def _walker(c: Compiler, iterators: tuple[Iterator, ...]) -> Callable[[Frame, Visit], bool | None]:
    """Calls a visitor for every combination, the last iterator innermost. None when there is no domain."""
    parts = [(iterator.name, _domain(iterator, c)) for iterator in iterators]

    def walk(f: Frame, visit: Visit, level: int = 0) -> bool | None:
        name, domain = parts[level]
        values = domain(f)
        if values is None:
            return None
        run, last = f.run, level == len(parts) - 1
        for value in values:
            run.spend(1)
            inner = Frame({name: value}, f, run)
            stopped = visit(inner) if last else walk(inner, visit, level + 1)
            if stopped is not False:
                return stopped
        return False

    return walk


@compiles(For)
def _for(c: Compiler, node: For) -> Code:
    walk, body = _walker(c, node.iterators), c.code(node.body)
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
    walk, condition, place = _walker(c, node.iterators), c.code(node.condition), c.place(node)
    decisive = node.kind == "some"

    def run(f: Frame) -> Value:
        unknown = False

        def visit(inner: Frame) -> bool:
            nonlocal unknown
            value = condition(inner)
            if type(value) is not bool:
                unknown = True
                if value is not None:
                    f.run.warn(
                        "not-boolean",
                        f"'{node.kind}' needs a boolean condition",
                        f"“{node.kind}”的条件应为布尔值",
                        *place,
                    )
            return value is decisive

        stopped = walk(f, visit)
        if stopped is None:
            return None
        if stopped:
            return decisive
        return None if unknown else not decisive

    return run


# functions


@compiles(FunctionDef)
def _function(c: Compiler, node: FunctionDef) -> Code:
    params, types, place = node.params, node.types, c.place(node)
    if node.external:

        def refuse(f: Frame) -> Value:
            f.run.warn("external-function", "external functions are not run here", "不执行外部函数", *place)
            return None

        return refuse
    body = c.code(node.body)

    def make(f: Frame) -> Value:
        def invoke(args: list[Value], caller: Frame) -> Value:
            run = caller.run
            run.spend(1)
            run.depth -= 1
            if run.depth < 0:
                raise run.past("depth", run.bounds.depth)
            bound = {
                name: value if kind is None else fit(value, kind, run, name)
                for name, kind, value in zip(params, types, args, strict=True)
            }
            value = body(Frame(bound, f, run))
            run.depth += 1
            return value

        return FeelFunction(params, invoke, types=types)

    return make


def fit(value: Value, kind: FeelType, run: Run, name: str) -> Value:
    """The value as the declared type wants it (lists of one are unwrapped, and made). Raises Null otherwise."""
    if value is None or conforms(value, kind, run.env.types):
        return value
    if type(value) is list and len(value) == 1 and conforms(value[0], kind, run.env.types):
        return value[0]
    if type(value) is not list and conforms([value], kind, run.env.types):
        return [value]
    raise Null(
        f"'{name}' must be a {kind}, not a {kind_of(value)}", f"“{name}”应为{kind}，而不是{kind_of(value)}"
    )


@compiles(Call)
def _call(c: Compiler, node: Call) -> Code:
    target, args, names = _target(c, node), [c.code(arg) for arg in node.args], node.names
    place, count = c.place(node), len(node.args)
    label = node.function.name if isinstance(node.function, Name) else "function"

    def run(f: Frame) -> Value:
        function = target(f)
        if not isinstance(function, FeelFunction):
            if function is not None:
                f.run.warn("not-a-function", f"'{label}' is no function", f"“{label}”不是函数", *place)
            return None
        values: list[Value] | None = [arg(f) for arg in args]
        if names:
            values = function.arrange(names, values or [])
        if values is None or not (names or function.takes(count)):
            f.run.warn(
                "bad-arguments", f"'{label}' does not take these arguments", f"“{label}”的参数不符", *place
            )
            return None
        try:
            return function.invoke(values, f)
        except Null as why:
            f.run.warn(why.code, f"{label}: {why.en}", f"{label}：{why.zh}", *place)
            return None

    return run


def _target(c: Compiler, node: Call) -> Code:
    if not isinstance(node.function, Name):
        return c.code(node.function)
    name, place = node.function.name, c.place(node)
    return lambda f: find(f, name, place)
