"""The text of a value, as `string()` gives it and as it is shown to people."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.lexer import quote
from engine.feel.values import Range, Run, Value


def number_text(number: Decimal) -> str:
    """Plain digits without trailing zeros; an exponent only beyond 60 digits."""
    if not number:
        return "0"
    plain = number.normalize()
    return str(plain) if abs(plain.adjusted()) > 60 else f"{plain:f}"


def text_of(value: Value, run: Run, *, inside: bool = False) -> str | None:
    """FEEL text; strings get quotes only inside lists and contexts. Null has none on its own."""
    if value is None:
        return "null" if inside else None
    if isinstance(value, str):
        return quote(value) if inside else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        run.spend(len(value) + 1)
        return _bounded("[" + ", ".join(_inner(item, run) for item in value) + "]", run)
    if isinstance(value, dict):
        run.spend(len(value) + 1)
        entries = (
            f"{key if key.isidentifier() else quote(key)}: {_inner(v, run)}" for key, v in value.items()
        )
        return _bounded("{" + ", ".join(entries) + "}", run)
    if isinstance(value, Range):
        return _range_text(value, run)
    return str(value)


def _inner(value: Value, run: Run) -> str:
    return text_of(value, run, inside=True) or ""


def _bounded(text: str, run: Run) -> str:
    run.string(len(text))
    return text


def _range_text(r: Range, run: Run) -> str:
    if r.op is not None:
        return f"{r.op} {_inner(r.high if r.low is None else r.low, run)}"
    low, high = _inner(r.low, run), _inner(r.high, run)
    return f"{'[' if r.low_closed else '('}{low}..{high}{']' if r.high_closed else ')'}"
