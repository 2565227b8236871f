"""Shorthand for the tests of this folder."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import Environment, Value, compile, compile_unary, to_feel
from engine.feel.temporal_text import parse_date_time

NOW = parse_date_time("2026-10-27T10:30:00@Asia/Shanghai")


def environment(**changes: Any) -> Environment:
    return Environment(**{"now": NOW, "warnings": [], **changes})


def feel(text: str, **scope: Any) -> Value:
    """The value of `text`; keyword arguments are the scope, as Python values."""
    return compile(text, names=scope).evaluate(to_feel(scope), environment())


def warnings(text: str, **scope: Any) -> list[str]:
    """The codes of the warnings that `text` gives."""
    env = environment()
    compile(text, names=scope).evaluate(to_feel(scope), env)
    return [warning.code for warning in env.warnings]


def passes(tests: str, value: Any, **scope: Any) -> bool | None:
    """Whether `value` passes the unary tests."""
    result: bool | None = compile_unary(tests).evaluate(
        {**to_feel(scope), "?": to_feel(value)}, environment()
    )
    return result


def dec(text: str | int) -> Decimal:
    return Decimal(text)
