"""Timer definitions: what a timer waits for, evaluated when its element is entered.

Nothing here looks at a clock, and nothing fires by itself: the case is told which timer is due.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.clocks import ClockRef, Limit
from engine.errors import ExpressionError
from engine.runtime.expressions import FeelEngine
from engine.runtime.spiff import TimerEventDefinition
from engine.runtime.values import Cycle

_TIMES = feel.Date | feel.DateTime
_SPANS = feel.DaysTime | feel.YearsMonths
_CYCLE = re.compile(r"R(\d*)/(?:([^/P]+)/)?(P[^/]+)")
_DURATION = re.compile(r"-?P[0-9YMWDTHS.,]+")
_WEEKS = re.compile(r"P(\d{1,6})W")
_MOMENT = re.compile(r"-?\d{4,}-\d\d-\d\d(T.+)?")


class Timer(TimerEventDefinition):
    """A `timeDuration`, `timeDate` or `timeCycle` with its text."""

    def __init__(self, name: str, kind: str, text: str) -> None:
        super().__init__(name, text)
        self.kind = kind

    def evaluate(self, engine: FeelEngine, scope: Mapping[str, Any]) -> dict[str, Any]:
        """The private variables of a waiting timer: its value and how many firings are left."""
        value = moment(self.expression, engine, scope)
        if self.kind == "timeCycle" and not isinstance(value, Cycle):
            raise ExpressionError(
                en=f"{self.expression!r} is not a cycle such as R/P1M or R3/PT10H.",
                zh=f"{self.expression!r} 不是周期（如 R/P1M 或 R3/PT10H）。",
            )
        if not isinstance(value, Limit | ClockRef | Cycle | _TIMES | _SPANS):
            raise ExpressionError(
                en=f"The timer's {self.expression!r} gives no limit, duration or date.",
                zh=f"定时器 {self.expression!r} 的结果不是时限、时长或日期。",
            )
        return {"timer": pack(value), "left": value.repeats if isinstance(value, Cycle) else 1}


def due(text: str, engine: FeelEngine, scope: Mapping[str, Any]) -> Any:
    """A task's due or follow-up value, packed: a limit, a case clock, an instant, a date or None."""
    value = moment(text, engine, scope)
    if isinstance(value, _SPANS):  # counted from when the task opens
        value = engine.value("now() + span", {"span": value})
    if value is None or isinstance(value, Limit | ClockRef | _TIMES):
        return pack(value)
    raise ExpressionError(
        en=f"The due date {text!r} gives no limit, clock, duration, date or instant.",
        zh=f"到期时间 {text!r} 的结果不是时限、计时、时长、日期或时刻。",
    )


def moment(text: str, engine: FeelEngine, scope: Mapping[str, Any]) -> Any:
    """A limit, duration, date, instant or cycle from ISO 8601 text or a FEEL expression."""
    plain = text.strip()
    if not plain.startswith("=") and (value := iso(plain)) is not None:
        return value
    value = engine.value(plain, scope)
    return (iso(value.strip()) or value) if isinstance(value, str) else value


def iso(text: str) -> Any:
    """The FEEL value of ISO 8601 text, or None if it is none."""
    if cycle := _CYCLE.fullmatch(text):
        count, start, duration = cycle.groups()
        length = _span(duration)
        begin = iso(start) if start else None
        if length is None or (start and begin is None):
            return None
        return Cycle(repeats=int(count) if count else None, start=begin, duration=length)
    if _DURATION.fullmatch(text):
        return _span(text)
    if found := _MOMENT.fullmatch(text):
        return _constant("date and time" if found[1] else "date", text)
    return None


def _span(text: str) -> Any:
    """A duration; ISO 8601 weeks, which FEEL does not know, are days."""
    if weeks := _WEEKS.fullmatch(text):
        text = f"P{int(weeks[1]) * 7}D"
    return _constant("duration", text)


def _constant(function: str, text: str) -> Any:
    if '"' in text or "\\" in text:
        return None
    return feel.compile(f'{function}("{text}")').evaluate({})


def pack(value: Any) -> Any:
    """A timer's or due value as plain FEEL data, for the saved state."""
    if isinstance(value, Limit | ClockRef | Cycle):
        fields = {f.name: pack(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"#": _NAME_OF[type(value)], **{n: v for n, v in fields.items() if v not in (None, "", False)}}
    if isinstance(value, tuple):
        return list(value)
    return feel.to_feel(value)


def unpack(value: Any) -> Any:
    """The reverse of `pack`."""
    if not isinstance(value, dict) or "#" not in value:
        return value
    fields = {name: part for name, part in value.items() if name != "#"}
    match value["#"]:
        case "limit":
            grounds = tuple(fields.pop("grounds", ()))
            return Limit(**{**fields, "amount": int(fields["amount"])}, grounds=grounds)
        case "clock":
            return ClockRef(fields["name"])
    repeats = fields.get("repeats")
    return Cycle(
        repeats=None if repeats is None else int(repeats),
        start=fields.get("start"),
        duration=unpack(fields["duration"]),
    )


_NAME_OF: dict[type, str] = {Limit: "limit", ClockRef: "clock", Cycle: "cycle"}
