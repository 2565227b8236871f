"""From what a designer wrote (a FEEL date, date-time, duration or cycle) to an instant on the time line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine import feel
from engine.clocks import SHANGHAI
from engine.errors import InputError
from engine.runtime import Cycle

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)


def instant_of(value: Any) -> datetime:
    """An aware datetime from a FEEL date (its first moment) or date-time (without an offset: Shanghai's)."""
    match value:
        case feel.DateTime():
            naive = value.offset is None
            nanos = value.local_nanos if naive else value.instant
            found = _EPOCH + timedelta(microseconds=nanos // 1000)
            return found.replace(tzinfo=SHANGHAI) if naive else found
        case feel.Date():
            return datetime.combine(date(value.year, value.month, value.day), time(), SHANGHAI)
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
        case date():
            return datetime.combine(value, time(), SHANGHAI)
        case _:
            raise InputError(
                f"{value!s:.100} is neither a date nor an instant.", f"{value!s:.100} 既不是日期也不是时刻。"
            )


def end_of(value: Any) -> datetime:
    """The instant from which something due on a date, or at an instant, is late: a date counts in full."""
    late = instant_of(value)
    return (
        late + _ONE_DAY if isinstance(value, feel.Date | date) and not isinstance(value, datetime) else late
    )


def later(start: datetime, duration: Any, times: int = 1) -> datetime:
    """`start` plus a FEEL duration; months are counted on Shanghai's calendar from `start` itself."""
    match duration:
        case feel.DaysTime():
            return start + timedelta(microseconds=duration.nanos // 1000) * times
        case feel.YearsMonths():
            moved = feel.to_feel(start.astimezone(SHANGHAI)).plus_months(duration.months * times)
            return instant_of(moved)
        case _:
            raise InputError(f"{duration!s:.100} is not a duration.", f"{duration!s:.100} 不是时长。")


@dataclass(frozen=True, slots=True)
class Beat:
    """Where a cycle stands: its first date and how many durations from there the next firing is."""

    first: datetime
    count: int

    def due(self, cycle: Cycle) -> datetime:
        """When this beat is due."""
        return later(self.first, cycle.duration, self.count)

    def after(self, cycle: Cycle, at: datetime) -> Beat:
        """The first beat after this one that lies after `at`: what an outage missed is not made up for."""
        count = self.count + 1
        if isinstance(cycle.duration, feel.DaysTime) and cycle.duration.nanos > 0:
            passed = (at - self.first) // timedelta(microseconds=max(1, cycle.duration.nanos // 1000))
            count = max(count, passed + 1)
        beat = Beat(self.first, count)
        while beat.due(cycle) <= at:
            beat = Beat(self.first, beat.count + 1)
        return beat


def first_beat(cycle: Cycle, at: datetime) -> Beat:
    """A cycle with a start begins there, one without begins a duration from `at`.

    Raises InputError for a duration that does not move forward: it would be due for ever.
    """
    if later(at, cycle.duration) <= at:
        raise InputError(
            f"The cycle's duration {cycle.duration} is not longer than nothing.",
            f"周期时长 {cycle.duration} 必须大于零。",
        )
    return Beat(at, 1) if cycle.start is None else Beat(instant_of(cycle.start), 0)
