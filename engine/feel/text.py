"""The text of a value, as `string()` gives it and as it is shown to people."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.lexer import is_word, quote
from engine.feel.values import DECIMAL, Range, Run, Value


def number_text(number: Decimal) -> str:
    """Plain digits without trailing zeros; an exponent only beyond 60 digits."""
    if not number:
        return "0"
    plain = number.normalize(DECIMAL)  # the thread's own context would round to 28 digits
    return str(plain) if abs(plain.adjusted()) > 60 else f"{plain:f}"


def text_of(value: Value, run: Run, *, depth: int = 0) -> str | None:
    """FEEL text; strings get quotes only inside lists and contexts. Null has none on its own."""
    if value is None:
        return "null" if depth else None
    if isinstance(value, str):
        return quote(value) if depth else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return _bounded("[" + ", ".join(_inside(item, run, depth) for item in value) + "]", run)
    if isinstance(value, dict):
        entries = (
            f"{key if is_word(key) else quote(key)}: {_inside(v, run, depth)}" for key, v in value.items()
        )
        return _bounded("{" + ", ".join(entries) + "}", run)
    if isinstance(value, Range):
        return _range_text(value, run, depth)
    return str(value)


def _inside(value: Value, run: Run, depth: int) -> str:
    run.spend(1)
    if depth >= run.bounds.depth:
        raise run.past("depth", run.bounds.depth)
    return text_of(value, run, depth=depth + 1) or ""


def _bounded(text: str, run: Run) -> str:
    run.string(len(text))
    return text


def _range_text(r: Range, run: Run, depth: int) -> str:
    if r.op is not None:
        return f"{r.op} {_inside(r.high if r.low is None else r.low, run, depth)}"
    low, high = _inside(r.low, run, depth), _inside(r.high, run, depth)
    return f"{'[' if r.low_closed else '('}{low}..{high}{']' if r.high_closed else ')'}"
