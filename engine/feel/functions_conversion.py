"""Conversion functions: number, string, date, time, date and time, durations, range."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException

from engine.errors import ExpressionError
from engine.feel.nodes import AtLiteral, Call, Literal, Name, Negate, Node, RangeNode
from engine.feel.operators import ORDERED, compare, kind_of, kind_zh
from engine.feel.parser import parse
from engine.feel.registry import builtin
from engine.feel.temporal import MAX_OFFSET, NANOS, Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.temporal_text import (
    make_date,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_temporal,
    parse_time,
)
from engine.feel.text import text_of
from engine.feel.values import DECIMAL, Null, Range, Run, Value

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?", re.ASCII)


def _failed(value: Value, kind: str, zh: str) -> Null:
    """Quotes text and numbers only: a list that shares its parts can be endless when written out."""
    quoted = isinstance(value, (str, Decimal))
    shown, shown_zh = (f"'{str(value)[:60]}'",) * 2 if quoted else (f"a {kind_of(value)}", kind_zh(value))
    return Null(f"{shown} is no {kind}", f"{shown_zh}不是{zh}", "failed-conversion")


def _whole(number: Decimal, low: int, high: int, what: str) -> int:
    if number != number.to_integral_value() or not low <= number <= high:
        raise _failed(number, what, what)
    return int(number)


@builtin("number", "from: string, grouping separator?: string?, decimal separator?: string?")
def _number(run: Run, text: str, grouping: str | None, point: str | None) -> Value:
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        raise Null("a separator must be a space, a comma or a period", "分隔符只能是空格、逗号或句点")
    if grouping is not None and grouping == point:
        raise Null("both separators are the same", "两个分隔符相同")
    plain = text.replace(grouping, "") if grouping else text
    if point:
        plain = plain.replace(".", "?").replace(point, ".") if point != "." else plain
    if not _NUMBER.fullmatch(plain):
        raise _failed(text, "number", "数字")
    try:
        return DECIMAL.create_decimal(plain)
    except DecimalException:
        raise _failed(text, "number", "数字") from None


@builtin("string", "from: any")
def _string(run: Run, value: Value) -> Value:
    return text_of(value, run)


@builtin("date", "from: any")
def _date(run: Run, value: Value) -> Value:
    value = value[0] if type(value) is list and len(value) == 1 else value
    if type(value) is Date:
        return value
    if type(value) is DateTime:
        return value.date
    found = parse_date(value) if type(value) is str else None
    if found is None:
        raise _failed(value, "date", "日期")
    return found


@builtin("date", "year: number, month: number, day: number")
def _date_of(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    found = make_date(
        _whole(year, -999_999_999, 999_999_999, "year"),
        _whole(month, 1, 12, "month"),
        _whole(day, 1, 31, "day"),
    )
    if found is None:
        raise _failed(f"{year}-{month}-{day}", "date", "日期")
    return found


@builtin("time", "from: any")
def _time(run: Run, value: Value) -> Value:
    value = value[0] if type(value) is list and len(value) == 1 else value
    if type(value) is Time:
        return value
    if type(value) is DateTime:
        return value.time
    if type(value) is Date:
        return Time(0, 0)
    found = parse_time(value) if type(value) is str else None
    if found is None:
        raise _failed(value, "time", "时间")
    return found


@builtin("time", "hour: number, minute: number, second: number, offset?: days?")
def _time_of(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None) -> Value:
    if not 0 <= second < 60:
        raise _failed(second, "second", "秒")
    whole = (_whole(hour, 0, 23, "hour") * 60 + _whole(minute, 0, 59, "minute")) * 60
    nanos = whole * NANOS + int(DECIMAL.multiply(second, Decimal(NANOS)))
    if offset is None:
        return Time(nanos)
    seconds = abs(offset.nanos) // NANOS
    if seconds > MAX_OFFSET:
        raise _failed(offset, "offset", "时区偏移")
    return Time(nanos, seconds if offset.nanos >= 0 else -seconds)


@builtin("date and time", "from: any")
def _date_and_time(run: Run, value: Value) -> Value:
    value = value[0] if type(value) is list and len(value) == 1 else value
    if type(value) is DateTime:
        return value
    if type(value) is Date:
        return DateTime(value, Time(0))
    found = parse_date_time(value) if type(value) is str else None
    if found is None:
        raise _failed(value, "date and time", "日期时间")
    return found


@builtin("date and time", "date: day, time: time")
def _date_and_time_of(run: Run, day: Date | DateTime, time: Time) -> Value:
    return DateTime(day.date if isinstance(day, DateTime) else day, time)


@builtin("duration", "from: any")
def _duration(run: Run, value: Value) -> Value:
    value = value[0] if type(value) is list and len(value) == 1 else value
    if isinstance(value, (DaysTime, YearsMonths)):
        return value
    found = parse_duration(value) if type(value) is str else None
    if found is None:
        raise _failed(value, "duration", "时长")
    return found


@builtin("years and months duration", "from: day, to: day")
def _years_and_months(run: Run, start: Date | DateTime, end: Date | DateTime) -> Value:
    """Whole months between two days; the time of day and the zone play no part."""
    a = start.date if isinstance(start, DateTime) else start
    b = end.date if isinstance(end, DateTime) else end
    months = (b.year - a.year) * 12 + b.month - a.month
    if months > 0 and b.day < a.day:
        months -= 1
    elif months < 0 and b.day > a.day:
        months += 1
    return YearsMonths(months)


@builtin("range", "from: string")
def _range(run: Run, text: str) -> Value:
    """A range written as text; its ends may only be literals."""
    try:
        node = parse(text)
    except ExpressionError:
        raise _failed(text, "range", "区间") from None
    if not isinstance(node, RangeNode):
        raise _failed(text, "range", "区间")
    low, high = _literal(node.low), _literal(node.high)
    if not isinstance(low, ORDERED) or not isinstance(high, ORDERED):
        raise _failed(text, "range", "区间")
    order = compare(low, high)
    if order is None or order > 0:
        raise _failed(text, "range", "区间")
    return Range(low, node.low_closed, high, node.high_closed)


_TEMPORAL_CALLS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
}


def _literal(node: Node) -> Value:
    """The value of a literal end point, None when it is anything else."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, AtLiteral):
        return parse_temporal(node.text)
    if (
        isinstance(node, Negate)
        and isinstance(node.operand, Literal)
        and isinstance(node.operand.value, Decimal)
    ):
        return node.operand.value.copy_negate()
    if isinstance(node, Call) and isinstance(node.function, Name) and len(node.args) == 1:
        read, arg = _TEMPORAL_CALLS.get(node.function.name), node.args[0]
        if read is not None and isinstance(arg, Literal) and isinstance(arg.value, str):
            return read(arg.value)
    return None
