"""What the operators mean: equality, order, membership and arithmetic over all kinds of values.

None stands for null. An operation that the standard leaves undefined gives None; the compiled code
records the warning.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel.temporal import DAY, NANOS, Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import DECIMAL, FeelFunction, Range, Run, Value

_MILLI = NANOS // 1000
_MAX_MONTHS = 10**14
_MAX_NANOS = 10**33


def equal(a: Value, b: Value, run: Run) -> bool | None:
    """Whether two values are the same; None when they are of different kinds. Null equals only null."""
    if a is None or b is None:
        return a is b
    kind = type(a)
    if kind is not type(b):
        return None
    if kind is list:
        run.spend(len(a))
        return len(a) == len(b) and all(equal(x, y, run) is True for x, y in zip(a, b, strict=True))
    if kind is dict:
        run.spend(len(a))
        return a.keys() == b.keys() and all(equal(x, b[key], run) is True for key, x in a.items())
    if kind is DateTime or kind is Time:
        return same_moment(a, b)
    if kind is Range:
        return (
            (a.low_closed, a.high_closed, a.op) == (b.low_closed, b.high_closed, b.op)
            and equal(a.low, b.low, run) is True
            and equal(a.high, b.high, run) is True
        )
    return bool(a == b)


def same_moment(a: Any, b: Any) -> bool:
    """Equality of times and date-times, to the millisecond; a local one never equals one with an offset."""
    if isinstance(a, Time):
        return bool(a.is_local == b.is_local and a.utc_nanos // _MILLI == b.utc_nanos // _MILLI)
    return bool(a.time.is_local == b.time.is_local and a.instant // _MILLI == b.instant // _MILLI)


_ORDER_KEY: dict[type, Callable[[Any], Any]] = {
    Date: lambda v: (v.year, v.month, v.day),
    YearsMonths: lambda v: v.months,
    DaysTime: lambda v: v.nanos,
    Time: lambda v: v.utc_nanos // _MILLI,
    DateTime: lambda v: v.instant // _MILLI,
}


def compare(a: Value, b: Value) -> int | None:
    """-1, 0 or 1; None when the two have no order (different kinds, or local time against zoned)."""
    kind = type(a)
    if kind is not type(b):
        return None
    if kind is Decimal or kind is str:
        return int(a > b) - int(a < b)
    key = _ORDER_KEY.get(kind)
    if key is None:
        return None
    if (kind is Time and a.is_local != b.is_local) or (
        kind is DateTime and a.time.is_local != b.time.is_local
    ):
        return None
    x, y = key(a), key(b)
    return int(x > y) - int(x < y)


def relate(op: str, a: Value, b: Value, run: Run) -> bool | None:
    """`a op b` for the six comparison operators."""
    if op == "=" or op == "!=":
        same = equal(a, b, run)
        return same if same is None or op == "=" else not same
    order = compare(a, b)
    if order is None:
        return None
    if op == "<":
        return order < 0
    if op == "<=":
        return order <= 0
    return order > 0 if op == ">" else order >= 0


def in_range(value: Value, r: Range, run: Run) -> bool | None:
    if r.op is not None:
        return relate(r.op, value, r.low if r.op in (">", ">=", "=", "!=") else r.high, run)
    low, high = compare(value, r.low), compare(value, r.high)
    if low is None or high is None:
        return None
    return (low > 0 or (low == 0 and r.low_closed)) and (high < 0 or (high == 0 and r.high_closed))


def passes(value: Value, test: Value, run: Run) -> bool | None:
    """`value in test`: equal to it, inside the range, or matched by an element of the list."""
    kind = type(test)
    if kind is Range:
        return equal(value, test, run) if type(value) is Range else in_range(value, test, run)
    if kind is list:
        run.spend(len(test))
        if type(value) is list and equal(value, test, run):
            return True
        return any(_is_element(value, element, run) for element in test)
    return equal(value, test, run)


def _is_element(value: Value, element: Value, run: Run) -> bool:
    if type(element) is Range and type(value) is not Range:
        return in_range(value, element, run) is True
    return equal(value, element, run) is True


# arithmetic


def arithmetic(op: str, a: Value, b: Value) -> Value:
    """The result, None where the standard defines none, including division by zero and overflow."""
    handler = _HANDLERS.get((op, type(a), type(b)))
    if handler is None:
        return None
    try:
        return handler(a, b)
    except (DecimalException, OverflowError, ValueError, ZeroDivisionError):
        return None


def power(a: Decimal, b: Decimal) -> Decimal:
    """Decimal power; its cost is bounded because the context's exponent range is."""
    if a == 0 and b <= 0:
        if b == 0:
            return Decimal(1)
        raise ZeroDivisionError  # the decimal library gives Infinity without a signal
    return DECIMAL.power(a, b)


def _months(months: int) -> YearsMonths:
    """Longer than the calendar itself: null, and no number too long to print."""
    if abs(months) > _MAX_MONTHS:
        raise OverflowError("duration out of range")
    return YearsMonths(months)


def _days_time(nanos: int) -> DaysTime:
    if abs(nanos) > _MAX_NANOS:
        raise OverflowError("duration out of range")
    return DaysTime(nanos)


def _scale_nanos(nanos: int, factor: Decimal) -> DaysTime:
    return _days_time(int(DECIMAL.multiply(Decimal(nanos), factor)))


def _divide_nanos(nanos: int, divisor: Decimal) -> DaysTime:
    return _days_time(int(DECIMAL.divide(Decimal(nanos), divisor)))


def subtract_moments(a: DateTime, b: DateTime) -> DaysTime | None:
    if a.time.is_local != b.time.is_local:
        return None
    return DaysTime(a.instant - b.instant)


def subtract_times(a: Time, b: Time) -> DaysTime | None:
    return DaysTime(a.utc_nanos - b.utc_nanos) if a.is_local == b.is_local else None


def _at_midnight(date: Date) -> DateTime:
    """A date as a date-time: midnight UTC, so that its difference to a local date-time is null (DMN 1.5)."""
    return DateTime(date, Time(0, 0))


def _add_days_time(date: Date, duration: DaysTime) -> Date:
    return Date.from_days((date.days * DAY + duration.nanos) // DAY)


def _add_time(time: Time, nanos: int) -> Time:
    return Time((time.nanos + nanos) % DAY, time.offset, time.zone)


_D, _S, _DT, _T, _YM, _DY = Decimal, str, DateTime, Time, YearsMonths, DaysTime
_HANDLERS: dict[tuple[str, type, type], Callable[[Any, Any], Value]] = {
    ("+", _D, _D): DECIMAL.add,
    ("-", _D, _D): DECIMAL.subtract,
    ("*", _D, _D): DECIMAL.multiply,
    ("/", _D, _D): DECIMAL.divide,
    ("**", _D, _D): power,
    ("+", _S, _S): lambda a, b: a + b,
    ("+", _YM, _YM): lambda a, b: _months(a.months + b.months),
    ("-", _YM, _YM): lambda a, b: _months(a.months - b.months),
    ("*", _YM, _D): lambda a, b: _months(int(DECIMAL.multiply(Decimal(a.months), b))),
    ("*", _D, _YM): lambda a, b: _months(int(DECIMAL.multiply(Decimal(b.months), a))),
    ("/", _YM, _D): lambda a, b: _months(int(DECIMAL.divide(Decimal(a.months), b))),
    ("/", _YM, _YM): lambda a, b: DECIMAL.divide(Decimal(a.months), Decimal(b.months)),
    ("+", _DY, _DY): lambda a, b: _days_time(a.nanos + b.nanos),
    ("-", _DY, _DY): lambda a, b: _days_time(a.nanos - b.nanos),
    ("*", _DY, _D): lambda a, b: _scale_nanos(a.nanos, b),
    ("*", _D, _DY): lambda a, b: _scale_nanos(b.nanos, a),
    ("/", _DY, _D): lambda a, b: _divide_nanos(a.nanos, b),
    ("/", _DY, _DY): lambda a, b: DECIMAL.divide(Decimal(a.nanos), Decimal(b.nanos)),
    ("+", Date, _YM): lambda a, b: a.plus_months(b.months),
    ("+", _YM, Date): lambda a, b: b.plus_months(a.months),
    ("-", Date, _YM): lambda a, b: a.plus_months(-b.months),
    ("+", Date, _DY): _add_days_time,
    ("+", _DY, Date): lambda a, b: _add_days_time(b, a),
    ("-", Date, _DY): lambda a, b: _add_days_time(a, DaysTime(-b.nanos)),
    ("-", Date, Date): lambda a, b: _days_time((a.days - b.days) * DAY),
    ("-", Date, _DT): lambda a, b: subtract_moments(_at_midnight(a), b),
    ("-", _DT, Date): lambda a, b: subtract_moments(a, _at_midnight(b)),
    ("-", _DT, _DT): subtract_moments,
    ("+", _DT, _YM): lambda a, b: a.plus_months(b.months),
    ("+", _YM, _DT): lambda a, b: b.plus_months(a.months),
    ("-", _DT, _YM): lambda a, b: a.plus_months(-b.months),
    ("+", _DT, _DY): lambda a, b: a.plus_nanos(b.nanos),
    ("+", _DY, _DT): lambda a, b: b.plus_nanos(a.nanos),
    ("-", _DT, _DY): lambda a, b: a.plus_nanos(-b.nanos),
    ("+", _T, _DY): lambda a, b: _add_time(a, b.nanos),
    ("+", _DY, _T): lambda a, b: _add_time(b, a.nanos),
    ("-", _T, _DY): lambda a, b: _add_time(a, -b.nanos),
    ("-", _T, _T): subtract_times,
}

ORDERED = (Decimal, str, Date, Time, DateTime, YearsMonths, DaysTime)


def kind_zh(value: Value) -> str:
    """The same in Chinese."""
    return _KINDS_ZH.get(kind_of(value), "值")


def kind_of(value: Value) -> str:
    """The type's name as a person reads it in a warning."""
    return _KINDS.get(type(value), "value")


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    YearsMonths: "years and months duration",
    DaysTime: "days and time duration",
    Range: "range",
    FeelFunction: "function",
}

_KINDS_ZH = {
    "null": "空值",
    "boolean": "布尔值",
    "number": "数字",
    "string": "文本",
    "list": "列表",
    "context": "上下文",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "years and months duration": "年月时长",
    "days and time duration": "日时时长",
    "range": "区间",
    "function": "函数",
}
