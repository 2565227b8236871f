"""The properties of temporal values and ranges (DMN 1.5 table 64), as paths read them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.temporal import DAY, NANOS, Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import MISSING, Range, Value


def _offset(seconds: int | None) -> Value:
    return None if seconds is None else DaysTime(seconds * NANOS)


def _parts(part: int, size: int, modulus: int | None) -> Callable[[Any], Decimal]:
    """A component of a duration, negative in a negative one."""

    def read(duration: Any) -> Decimal:
        total = duration.nanos if isinstance(duration, DaysTime) else duration.months
        whole = abs(total) // size
        return Decimal((whole % modulus if modulus else whole) * (1 if total >= 0 else -1) * part)

    return read


def _of(part: str, read: Callable[[Any], Value]) -> Callable[[Any], Value]:
    return lambda value: read(getattr(value, part))


_DATE: dict[str, Callable[[Any], Value]] = {
    "year": lambda d: Decimal(d.year),
    "month": lambda d: Decimal(d.month),
    "day": lambda d: Decimal(d.day),
    "weekday": lambda d: Decimal(d.weekday),
}
_TIME: dict[str, Callable[[Any], Value]] = {
    "hour": lambda t: Decimal(t.hour),
    "minute": lambda t: Decimal(t.minute),
    "second": lambda t: Decimal(t.second),
    "time offset": lambda t: _offset(t.offset_on(0)),
    "timezone": lambda t: t.zone,
}
_PROPERTIES: dict[type, dict[str, Callable[[Any], Value]]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of("date", read) for name, read in _DATE.items()},
        **{name: _of("time", read) for name, read in _TIME.items()},
        "time offset": lambda v: _offset(v.offset),
    },
    YearsMonths: {"years": _parts(1, 12, None), "months": _parts(1, 1, 12)},
    DaysTime: {
        "days": _parts(1, DAY, None),
        "hours": _parts(1, 3600 * NANOS, 24),
        "minutes": _parts(1, 60 * NANOS, 60),
        "seconds": _parts(1, NANOS, 60),
    },
    Range: {
        "start": lambda r: r.low,
        "end": lambda r: r.high,
        "start included": lambda r: r.low_closed,
        "end included": lambda r: r.high_closed,
    },
}


def property_of(value: Value, name: str) -> Value:
    """The property, MISSING when values of this kind have none of that name."""
    read = _PROPERTIES.get(type(value), {}).get(name)
    return MISSING if read is None else read(value)
