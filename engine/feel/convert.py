"""Between Python or JSON values and FEEL values, and the exact text form of saved state."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import BoundError, InputError
from engine.feel.lexer import join_surrogates
from engine.feel.temporal import DAY, NANOS, Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.text import text_of
from engine.feel.values import DECIMAL, DEFAULT, FeelFunction, Range, Run, Value

MAX_NODES = 1_000_000
MAX_DEPTH = 100


class _Walk:
    """Counts what a conversion has seen: shared sublists can make a small value huge when written out."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_NODES

    def step(self, depth: int) -> None:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise BoundError("The value is too large or nested too deeply.", "数据过大或嵌套过深。")


def to_feel(obj: Any) -> Value:
    """The FEEL value of a Python object. Raises InputError for NaN, infinities and unknown types."""
    return _to_feel(obj, _Walk(), 0)


def _to_feel(obj: Any, walk: _Walk, depth: int) -> Value:
    walk.step(depth)
    convert = _FROM_PYTHON.get(type(obj))
    if convert is not None:
        return convert(obj)
    if isinstance(obj, Mapping):
        return {_key(key): _to_feel(value, walk, depth + 1) for key, value in obj.items()}
    if isinstance(obj, (list, tuple)):
        return [_to_feel(item, walk, depth + 1) for item in obj]
    if isinstance(obj, (set, frozenset, bytes, bytearray, complex)):
        raise _unknown(obj)
    return obj


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise InputError(f"A key must be text, not {type(key).__name__}.", "键必须是文本。")
    return key


def _unknown(obj: Any) -> InputError:
    return InputError(
        f"FEEL has no value for {type(obj).__name__}.", f"FEEL没有与{type(obj).__name__}对应的值。"
    )


def _number(obj: Any) -> Decimal:
    number = obj if isinstance(obj, Decimal) else Decimal(repr(obj) if isinstance(obj, float) else obj)
    if not number.is_finite():
        raise InputError("NaN and infinity are not numbers here.", "数字不能是NaN或无穷大。")
    if len(number.as_tuple().digits) <= 34 and abs(number.adjusted()) < 6000:
        return number
    try:
        return DECIMAL.create_decimal(number)
    except ArithmeticError:
        raise InputError("The number is too large.", "数字过大。") from None


def from_datetime(moment: dt.datetime) -> DateTime:
    """Keeps an IANA zone by name and any other offset as an offset."""
    nanos = ((moment.hour * 60 + moment.minute) * 60 + moment.second) * NANOS + moment.microsecond * 1000
    zone = getattr(moment.tzinfo, "key", None)
    offset = moment.utcoffset()
    seconds = None if zone or offset is None else int(offset.total_seconds())
    return DateTime(Date(moment.year, moment.month, moment.day), Time(nanos, seconds, zone))


def _from_time(time: dt.time) -> Time:
    return from_datetime(dt.datetime.combine(dt.date(1970, 1, 1), time)).time


def _from_timedelta(delta: dt.timedelta) -> DaysTime:
    return DaysTime(delta.days * DAY + delta.seconds * NANOS + delta.microseconds * 1000)


def _same(value: Value) -> Value:
    return value


_FROM_PYTHON: dict[type, Callable[[Any], Value]] = {
    **dict.fromkeys(
        (type(None), bool, Date, Time, DateTime, YearsMonths, DaysTime, Range, FeelFunction), _same
    ),
    str: join_surrogates,
    int: _number,
    float: _number,
    Decimal: _number,
    dt.datetime: from_datetime,
    dt.date: lambda d: Date(d.year, d.month, d.day),
    dt.time: _from_time,
    dt.timedelta: _from_timedelta,
}


def from_feel(value: Value) -> Any:
    """Plain JSON-able data: whole numbers as int, others as float, temporal values and ranges as text.

    What cannot be plain (a function, an opaque object without `to_json`) comes as its text.
    """
    return _from_feel(value, _Walk(), 0)


def _from_feel(value: Value, walk: _Walk, depth: int) -> Any:
    walk.step(depth)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Decimal):
        return _plain_number(value)
    if isinstance(value, list):
        return [_from_feel(item, walk, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: _from_feel(item, walk, depth + 1) for key, item in value.items()}
    if isinstance(value, Range):
        return text_of(value, Run(DEFAULT))
    to_json = getattr(value, "to_json", None)
    return to_json() if callable(to_json) else str(value)


def _plain_number(number: Decimal) -> int | float:
    if number == number.to_integral_value() and number.adjusted() < 60:
        return int(number)
    return float(number)


# saved state

_READERS: dict[str, Callable[[Any], Value]] = {
    "n": Decimal,
    "d": parse_date,
    "t": parse_time,
    "dt": parse_date_time,
    "ym": parse_duration,
    "dd": parse_duration,
}
_TAGS: dict[type, str] = {
    Decimal: "n",
    Date: "d",
    Time: "t",
    DateTime: "dt",
    YearsMonths: "ym",
    DaysTime: "dd",
}


def dumps(scope: Mapping[str, Value]) -> str:
    """Exact, typed, canonical text of a scope; `loads` gives the same values back.

    Raises InputError for a function or an opaque object: neither can be saved.
    """
    walk = _Walk()
    plain = {key: _pack(value, walk, 0) for key, value in scope.items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> dict[str, Value]:
    """Raises InputError when the text is not what `dumps` wrote."""
    try:
        plain = json.loads(text)
        return {key: _unpack(value) for key, value in plain.items()}
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise InputError("The saved values cannot be read.", "保存的数据无法读取。") from None


def _pack(value: Value, walk: _Walk, depth: int) -> Any:
    """Strings, booleans, nulls and lists as they are; all else as an object with one tagged entry."""
    walk.step(depth)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, list):
        return [_pack(item, walk, depth + 1) for item in value]
    if isinstance(value, dict):
        return {"c": {key: _pack(item, walk, depth + 1) for key, item in value.items()}}
    if isinstance(value, Range):
        ends = [_pack(value.low, walk, depth + 1), _pack(value.high, walk, depth + 1)]
        return {"r": [ends[0], value.low_closed, ends[1], value.high_closed, value.op]}
    tag = _TAGS.get(type(value))
    if tag is None:
        raise InputError(
            f"A {type(value).__name__} cannot be saved in a variable.",
            f"{type(value).__name__}不能保存为变量。",
        )
    return {tag: str(value)}


def _unpack(value: Any) -> Value:
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((tag, content),) = value.items()
    if tag == "c":
        return {key: _unpack(item) for key, item in content.items()}
    if tag == "r":
        low, low_closed, high, high_closed, op = content
        return Range(_unpack(low), low_closed, _unpack(high), high_closed, op)
    read = _READERS[tag](content)
    if read is None:
        raise ValueError(content)
    return read
