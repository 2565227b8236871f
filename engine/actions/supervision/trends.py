"""What came and what was decided, week by week or month by month, and how long a decision takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from engine.actions.supervision.field import day_of, look_at, window
from engine.actions.supervision.survival import CurvePoint, days_until, estimate
from engine.clocks import SHANGHAI
from engine.errors import FieldError, InputError
from engine.store import durations
from engine.store.db import Tx
from engine.types import Actor

Unit = Literal["week", "month"]
DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A week or month, as far as it lies within the window. `on_time` and `late` had a limit."""

    first: date
    last: date
    received: int
    decided: int
    on_time: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """The periods, and the curve of the cases received from `since` on until before `until`."""

    at: datetime
    since: datetime
    until: datetime
    unit: Unit
    periods: tuple[Period, ...]
    curve: tuple[CurvePoint, ...]
    median_days: int | None
    p90_days: int | None


def get_trends(
    tx: Tx,
    *,
    actor: Actor,
    at: datetime,
    region: str | None = None,
    process: str | None = None,
    since: date | None = None,
    until: date | None = None,
    unit: Unit = "month",
) -> Trends:
    """Trends of what the actor supervises. Raises InputError (the days, the unit)."""
    if unit not in ("week", "month"):
        zh, en = "unit 只能是 week 或 month", "unit must be week or month"
        raise InputError(f"{en}.", f"{zh}。", [FieldError(pointer="/unit", zh=zh, en=en)])
    field = look_at(tx, actor, region=region, process=process)
    first, last = window(since, until, at, DAYS)
    received = durations.count_received(tx, field.scope, first, last, field.processes)
    decided = durations.count_decided(tx, field.scope, first, last, field.processes)
    waits = durations.list_waits(tx, field.scope, first, last, at, field.processes)
    curve = estimate(waits)
    begin, end = (day.astimezone(SHANGHAI).date() for day in (first, last - timedelta(microseconds=1)))
    came, done, limited, late = (Counter[date]() for _ in range(4))
    for number, count in received.items():
        came[_start(day_of(number), unit)] += count
    for row in decided:
        start = _start(day_of(row.day), unit)
        done[start] += row.decided
        limited[start] += row.limited
        late[start] += row.late
    periods = []
    start = _start(begin, unit)
    while start <= end:
        following = _start(start + timedelta(days=7 if unit == "week" else 31), unit)
        periods.append(
            Period(
                first=max(start, begin),
                last=min(following - timedelta(days=1), end),
                received=came[start],
                decided=done[start],
                on_time=limited[start] - late[start],
                late=late[start],
            )
        )
        start = following
    return Trends(
        at=at,
        since=first,
        until=last,
        unit=unit,
        periods=tuple(periods),
        curve=curve,
        median_days=days_until(0.5, curve),
        p90_days=days_until(0.9, curve),
    )


def _start(day: date, unit: Unit) -> date:
    """The Monday, or the first of the month."""
    return day - timedelta(days=day.weekday()) if unit == "week" else day.replace(day=1)
