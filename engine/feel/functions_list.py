"""List functions. Positions count from 1; negative ones from the end."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from functools import cmp_to_key
from typing import Any

from engine.feel.functions_string import whole
from engine.feel.operators import arithmetic, compare, equal
from engine.feel.registry import builtin
from engine.feel.values import DECIMAL, FeelFunction, Frame, Null, Run, Value


def _same(a: Value, b: Value, run: Run) -> bool:
    run.spend(1)
    return equal(a, b, run) is True


def _numbers(items: list[Value]) -> list[Decimal]:
    if not all(isinstance(item, Decimal) for item in items):
        raise Null("the list holds something that is no number", "列表中有不是数字的内容")
    return items


def _reals(operation: Any, *args: Any) -> Decimal:
    try:
        result: Decimal = operation(*args)
    except DecimalException:
        raise Null("the result is too large", "结果过大") from None
    return result


@builtin("list contains", "list: list, element: any?")
def _list_contains(run: Run, items: list[Value], element: Value) -> Value:
    return any(_same(item, element, run) for item in items)


@builtin("count", "list: list")
def _count(run: Run, items: list[Value]) -> Value:
    return Decimal(len(items))


def _extreme(run: Run, items: list[Value], sign: int) -> Value:
    if not items:
        return None
    run.spend(len(items))
    best = items[0]
    for item in items:
        order = compare(item, best)
        if order is None:
            raise Null("the items cannot be compared with each other", "列表各项之间不能比较")
        if order * sign > 0:
            best = item
    return best


@builtin("min", "*list: any")
def _min(run: Run, items: list[Value]) -> Value:
    return _extreme(run, items, -1)


@builtin("max", "*list: any")
def _max(run: Run, items: list[Value]) -> Value:
    return _extreme(run, items, 1)


@builtin("sum", "*list: any")
def _sum(run: Run, items: list[Value]) -> Value:
    """Null for an empty list. Durations of one kind can be added up too."""
    if not items:
        return None
    run.spend(len(items))
    total = items[0]
    if compare(total, total) is None or isinstance(total, str):
        raise Null("the items cannot be added", "列表各项不能相加")
    for item in items[1:]:
        total = arithmetic("+", total, item)
        if total is None or isinstance(total, str):
            raise Null("the items cannot be added", "列表各项不能相加")
    return total


@builtin("mean", "*list: any")
def _mean(run: Run, items: list[Value]) -> Value:
    total = _sum(run, items)
    return None if total is None else arithmetic("/", total, Decimal(len(items)))


@builtin("product", "*list: any")
def _product(run: Run, items: list[Value]) -> Value:
    if not items:
        return None
    run.spend(len(items))
    result = Decimal(1)
    for number in _numbers(items):
        result = _reals(DECIMAL.multiply, result, number)
    return result


@builtin("median", "*list: any")
def _median(run: Run, items: list[Value]) -> Value:
    if not items:
        return None
    run.spend(len(items) * 4)
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return _reals(DECIMAL.divide, _reals(DECIMAL.add, ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev", "*list: any")
def _stddev(run: Run, items: list[Value]) -> Value:
    """Of a sample: the divisor is one less than the count."""
    if len(items) < 2:
        return None
    run.spend(len(items) * 2)
    numbers = _numbers(items)
    mean = _mean(run, items)
    total = Decimal(0)
    for number in numbers:
        off = _reals(DECIMAL.subtract, number, mean)
        total = _reals(DECIMAL.add, total, _reals(DECIMAL.multiply, off, off))
    return _reals(DECIMAL.sqrt, _reals(DECIMAL.divide, total, Decimal(len(items) - 1)))


@builtin("mode", "*list: any")
def _mode(run: Run, items: list[Value]) -> Value:
    """The most frequent numbers, in ascending order."""
    run.spend(len(items) * 2)
    counts: dict[Decimal, int] = {}
    for number in _numbers(items):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _ternary(run: Run, items: list[Value], decisive: bool) -> Value:
    run.spend(len(items))
    if any(item is decisive for item in items):
        return decisive
    return None if any(not isinstance(item, bool) for item in items) else not decisive


@builtin("all", "*list: any")
def _all(run: Run, items: list[Value]) -> Value:
    return _ternary(run, items, False)


@builtin("any", "*list: any")
def _any(run: Run, items: list[Value]) -> Value:
    return _ternary(run, items, True)


def _position(number: Decimal, size: int) -> int:
    """The index from 0 of a position from 1 or from the end, its fraction dropped; Null outside the list."""
    position = int(max(Decimal(-(10**9)), min(number, Decimal(10**9))))
    if position == 0 or abs(position) > size:
        raise Null("the position lies outside the list", "位置超出列表")
    return position - 1 if position > 0 else size + position


@builtin("sublist", "list: list, start position: number, length?: number?")
def _sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None) -> Value:
    begin = _position(start, len(items))
    if length is None:
        return items[begin:]
    count = whole(length, "length")
    if count < 0 or begin + count > len(items):
        raise Null("the length goes past the end of the list", "长度超出列表")
    return items[begin : begin + count]


@builtin("append", "list: list, *item: any?")
def _append(run: Run, items: list[Value], *added: Value) -> Value:
    run.size(len(items) + len(added))
    return [*items, *added]


@builtin("concatenate", "*list: any")
def _concatenate(run: Run, lists: list[Value]) -> Value:
    joined: list[Value] = []
    for part in lists:
        joined.extend(part if isinstance(part, list) else [part])
        run.size(len(joined))
    return joined


@builtin("insert before", "list: list, position: number, newItem: any?")
def _insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    run.size(len(items) + 1)
    index = _position(position, len(items))
    return [*items[:index], item, *items[index:]]


@builtin("remove", "list: list, position: number")
def _remove(run: Run, items: list[Value], position: Decimal) -> Value:
    run.spend(len(items))
    index = _position(position, len(items))
    return items[:index] + items[index + 1 :]


@builtin("list replace", "list: list, position: any, newItem: any?", "list: list, match: any, newItem: any?")
def _list_replace(run: Run, items: list[Value], where: Value, item: Value) -> Value:
    """At a position, or wherever `match(item, newItem)` is true."""
    run.size(len(items))
    if isinstance(where, Decimal):
        index = _position(where, len(items))
        return [*items[:index], item, *items[index + 1 :]]
    if not isinstance(where, FeelFunction):
        raise Null("'position' must be a number, or 'match' a function", "第二个参数应为位置或函数")
    chosen = [_ask(run, where, old, item) for old in items]
    if any(not isinstance(choice, bool) for choice in chosen):
        raise Null("'match' must give true or false", "匹配函数应返回布尔值")
    return [item if choice else old for old, choice in zip(items, chosen, strict=True)]


def _ask(run: Run, function: FeelFunction, a: Value, b: Value) -> Value:
    if not function.takes(2):
        raise Null("the function must take two arguments", "函数应有两个参数")
    return function.invoke([a, b], Frame({}, None, run))


@builtin("reverse", "list: list")
def _reverse(run: Run, items: list[Value]) -> Value:
    run.spend(len(items))
    return items[::-1]


@builtin("index of", "list: list, match: any?")
def _index_of(run: Run, items: list[Value], match: Value) -> Value:
    return [Decimal(i) for i, item in enumerate(items, 1) if _same(item, match, run)]


@builtin("union", "*list: any")
def _union(run: Run, lists: list[Value]) -> Value:
    return _distinct(run, _concatenate(run, lists))


@builtin("distinct values", "list: list")
def _distinct(run: Run, items: list[Value]) -> Value:
    """The first of each; strings and numbers, the usual case, by hash."""
    kept: list[Value] = []
    seen: set[Any] = set()
    others: list[Value] = []
    run.spend(len(items))
    for item in items:
        if isinstance(item, (str, Decimal)):
            if item not in seen:
                seen.add(item)
                kept.append(item)
        elif not any(_same(other, item, run) for other in others):
            others.append(item)
            kept.append(item)
    return kept


@builtin("flatten", "list: list")
def _flatten(run: Run, items: list[Value]) -> Value:
    flat: list[Value] = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            run.spend(1)
            if isinstance(item, list):
                stack.append(iter(item))
                break
            flat.append(item)
        else:
            stack.pop()
    run.size(len(flat))
    return flat


@builtin("sort", "list: list, precedes?: function?")
def _sort(run: Run, items: list[Value], precedes: FeelFunction | None) -> Value:
    """Stable; by `precedes(x, y)`, or in natural order without it."""
    run.spend(len(items) * max(1, len(items).bit_length()))

    def order(a: Value, b: Value) -> int:
        if precedes is None:
            found = compare(a, b)
            if found is None:
                raise Null("the items cannot be compared with each other", "列表各项之间不能比较")
            return found
        if _ask(run, precedes, a, b) is True:
            return -1
        return 1 if _ask(run, precedes, b, a) is True else 0

    return sorted(items, key=cmp_to_key(order))
