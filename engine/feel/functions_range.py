"""Range functions (DMN 1.5 table 78): how points and ranges lie to each other.

A point counts as a closed range of one value.
"""

from __future__ import annotations

from engine.feel.operators import ORDERED, compare
from engine.feel.registry import builtin
from engine.feel.values import Null, Range, Run, Value


def _interval(value: Value) -> Range:
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(value, Range):
        return value
    if not isinstance(value, ORDERED):
        raise Null("the arguments must be points or ranges", "参数应为可比较的值或区间")
    return Range(value, True, value, True)


def _range(value: Value) -> Range:
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(value, Range):
        raise Null("the argument must be a range", "参数应为区间")
    return value


def _point(value: Value) -> Value:
    if not isinstance(value, ORDERED):
        raise Null("the argument must be a point", "参数应为可比较的值")
    return value


def _order(a: Value, b: Value) -> int:
    """Order of two end points; an open end (None) has none."""
    found = None if a is None or b is None else compare(a, b)
    if found is None:
        raise Null("the end points cannot be compared", "端点不能比较")
    return found


def _ends_before(a: Range, b: Range) -> bool:
    """No point of `a` reaches the first of `b`."""
    order = _order(a.high, b.low)
    return order < 0 or (order == 0 and not (a.high_closed and b.low_closed))


def _same_low(a: Range, b: Range) -> bool:
    return _order(a.low, b.low) == 0 and a.low_closed == b.low_closed


def _same_high(a: Range, b: Range) -> bool:
    return _order(a.high, b.high) == 0 and a.high_closed == b.high_closed


def _low_within(inner: Range, outer: Range) -> bool:
    """`inner` starts no earlier than `outer`."""
    order = _order(inner.low, outer.low)
    return order > 0 or (order == 0 and (outer.low_closed or not inner.low_closed))


def _high_within(inner: Range, outer: Range) -> bool:
    order = _order(inner.high, outer.high)
    return order < 0 or (order == 0 and (outer.high_closed or not inner.high_closed))


@builtin("before", "point1: any, point2: any", "point: any, range: any", "range1: any, range2: any")
def _before(run: Run, a: Value, b: Value) -> Value:
    return _ends_before(_interval(a), _interval(b))


@builtin("after", "point1: any, point2: any", "point: any, range: any", "range1: any, range2: any")
def _after(run: Run, a: Value, b: Value) -> Value:
    return _ends_before(_interval(b), _interval(a))


@builtin("meets", "range1: any, range2: any")
def _meets(run: Run, a: Value, b: Value) -> Value:
    first, second = _range(a), _range(b)
    return first.high_closed and second.low_closed and _order(first.high, second.low) == 0


@builtin("met by", "range1: any, range2: any")
def _met_by(run: Run, a: Value, b: Value) -> Value:
    return _meets(run, b, a)


@builtin("overlaps", "range1: any, range2: any")
def _overlaps(run: Run, a: Value, b: Value) -> Value:
    first, second = _range(a), _range(b)
    return not _ends_before(first, second) and not _ends_before(second, first)


@builtin("overlaps before", "range1: any, range2: any")
def _overlaps_before(run: Run, a: Value, b: Value) -> Value:
    """`a` starts first, reaches into `b`, and ends within it."""
    first, second = _range(a), _range(b)
    starts_first = not _low_within(first, second)
    return starts_first and not _ends_before(first, second) and _high_within(first, second)


@builtin("overlaps after", "range1: any, range2: any")
def _overlaps_after(run: Run, a: Value, b: Value) -> Value:
    return _overlaps_before(run, b, a)


@builtin("finishes", "point: any, range: any", "range1: any, range2: any")
def _finishes(run: Run, a: Value, b: Value) -> Value:
    second = _range(b)
    first = _interval(a)
    if not isinstance(a, Range):
        return second.high_closed and _order(first.high, second.high) == 0
    return _same_high(first, second) and _low_within(first, second)


@builtin("finished by", "range: any, point: any", "range1: any, range2: any")
def _finished_by(run: Run, a: Value, b: Value) -> Value:
    return _finishes(run, b, a)


@builtin("includes", "range: any, point: any", "range1: any, range2: any")
def _includes(run: Run, a: Value, b: Value) -> Value:
    outer, inner = _range(a), _interval(b)
    return _low_within(inner, outer) and _high_within(inner, outer)


@builtin("during", "point: any, range: any", "range1: any, range2: any")
def _during(run: Run, a: Value, b: Value) -> Value:
    return _includes(run, b, a)


@builtin("starts", "point: any, range: any", "range1: any, range2: any")
def _starts(run: Run, a: Value, b: Value) -> Value:
    second = _range(b)
    first = _interval(a)
    if not isinstance(a, Range):
        return second.low_closed and _order(first.low, second.low) == 0
    return _same_low(first, second) and _high_within(first, second)


@builtin("started by", "range: any, point: any", "range1: any, range2: any")
def _started_by(run: Run, a: Value, b: Value) -> Value:
    return _starts(run, b, a)


@builtin("coincides", "point1: any, point2: any", "range1: any, range2: any")
def _coincides(run: Run, a: Value, b: Value) -> Value:
    if isinstance(a, Range) and isinstance(b, Range):
        return _same_low(a, b) and _same_high(a, b)
    return _order(_point(a), _point(b)) == 0
