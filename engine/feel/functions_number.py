"""Numeric and boolean functions, on decimals of 34 digits."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from engine.feel.registry import builtin
from engine.feel.temporal import DateTime, DaysTime, Time, YearsMonths
from engine.feel.values import DECIMAL, POWER_STEPS, Null, Range, Run, Value

_MIN_SCALE, _MAX_SCALE = -6111, 6176


def rounded(number: Decimal, scale: Decimal | None, rounding: str) -> Decimal:
    """`number` with `scale` digits after the point (before it when negative)."""
    digits = Decimal(0) if scale is None else scale
    if not _MIN_SCALE <= digits <= _MAX_SCALE:
        raise Null("the scale lies outside -6111..6176", "小数位数应在-6111至6176之间")
    exponent = -int(digits)
    if number.as_tuple().exponent >= exponent:  # type: ignore[operator]  # finite: never 'n' or 'F'
        return number
    try:
        result = number.quantize(Decimal(1).scaleb(exponent, DECIMAL), rounding=rounding, context=DECIMAL)
    except DecimalException:
        raise Null("the result has no 34-digit form", "结果超出34位精度") from None
    return result if result else abs(result)


@builtin("decimal", "n: number, scale: number")
def _decimal(run: Run, number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_HALF_EVEN)


@builtin("floor", "n: number, scale?: number")
def _floor(run: Run, number: Decimal, scale: Decimal | None) -> Value:
    return rounded(number, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number, scale?: number")
def _ceiling(run: Run, number: Decimal, scale: Decimal | None) -> Value:
    return rounded(number, scale, ROUND_CEILING)


@builtin("round up", "n: number, scale: number")
def _round_up(run: Run, number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_UP)


@builtin("round down", "n: number, scale: number")
def _round_down(run: Run, number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_DOWN)


@builtin("round half up", "n: number, scale: number")
def _round_half_up(run: Run, number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number, scale: number")
def _round_half_down(run: Run, number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: any")
def _abs(run: Run, value: Value) -> Value:
    value = value[0] if type(value) is list and len(value) == 1 else value
    if isinstance(value, Decimal):
        return value.copy_abs()
    if isinstance(value, DaysTime):
        return DaysTime(abs(value.nanos))
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    raise Null("'n' must be a number or a duration", "参数应为数字或时长")


@builtin("modulo", "dividend: number, divisor: number")
def _modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """dividend - divisor * floor(dividend / divisor): the sign is the divisor's."""
    try:
        rest = DECIMAL.remainder(dividend, divisor)
    except DecimalException:
        raise Null("the divisor is zero, or the quotient too large", "除数为零或商过大") from None
    if rest and (rest < 0) != (divisor < 0):
        rest = DECIMAL.add(rest, divisor)
    return rest


def _real(run: Run, number: Decimal, operation: str) -> Value:
    run.spend(POWER_STEPS)
    try:
        return getattr(DECIMAL, operation)(number)
    except DecimalException:
        raise Null(f"{number} has no such value", f"{number}没有对应的值") from None


@builtin("sqrt", "number: number")
def _sqrt(run: Run, number: Decimal) -> Value:
    return _real(run, number, "sqrt")


@builtin("log", "number: number")
def _log(run: Run, number: Decimal) -> Value:
    if number <= 0:
        raise Null("the number must be greater than 0", "数字应大于0")
    return _real(run, number, "ln")


@builtin("exp", "number: number")
def _exp(run: Run, number: Decimal) -> Value:
    return _real(run, number, "exp")


def _parity(number: Decimal) -> int | None:
    if number != number.to_integral_value():
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        return 0
    return int(number) % 2


@builtin("even", "number: number")
def _even(run: Run, number: Decimal) -> Value:
    return _parity(number) == 0


@builtin("odd", "number: number")
def _odd(run: Run, number: Decimal) -> Value:
    return _parity(number) == 1


@builtin("not", "negand: any?")
def _not(run: Run, value: Value) -> Value:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None:
        return None
    if not isinstance(value, bool):
        raise Null("'not' needs a boolean", "“not”的参数应为布尔值")
    return not value


@builtin("is", "value1?: any?, value2?: any?")
def _is(run: Run, a: Value, b: Value) -> Value:
    """The same value in the same form: unlike `=`, two names of one instant differ."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (Time, DateTime, YearsMonths, DaysTime)):
        return bool(a == b)
    return _same(a, b, run)


def _same(a: Value, b: Value, run: Run) -> bool:
    run.spend(1)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y, run) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(x, b[key], run) for key, x in a.items())
    if isinstance(a, Range) and isinstance(b, Range):
        ends = _same(a.low, b.low, run) and _same(a.high, b.high, run)
        return ends and (a.low_closed, a.high_closed, a.op) == (b.low_closed, b.high_closed, b.op)
    return type(a) is type(b) and bool(a == b)
