"""The light of a clock (policy.md section 9) and the instants at which it changes.

Yellow when no more is left than the threshold of working days or the share of the limit, whichever comes
first; hour limits know the share only. Red from the due instant on. Grey while paused before it. The
thresholds are parameters (`light.yellow.*`), never numbers here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from engine.clocks.calendar import Calendar
from engine.clocks.reckoning import Reckoned, days_between, nth_day, reckon, run_on, start_of
from engine.parameters import DEFAULTS, Parameters, Unit
from engine.types import Light

if TYPE_CHECKING:
    from engine.clocks.clock import Clock


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a clock turns yellow: working days left, and share of the limit left."""

    workdays: int
    ratio: Decimal

    @staticmethod
    @lru_cache(maxsize=64)
    def of(parameters: Parameters) -> Thresholds:
        return Thresholds(int(parameters.get("light.yellow.workdays")), parameters.get("light.yellow.ratio"))


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is derived from a ledger and kept beside it, indexed.

    While paused before its due instant a clock has no `due`, `yellow_at` or `red_at`.
    """

    due: datetime | None
    due_date: date | None
    promised_due: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    provisional: bool
    state: Literal["running", "paused", "stopped"]


def deadline(clock: Clock, calendar: Calendar, thresholds: Thresholds | None) -> Deadline:
    """Due instants and light changes, as the ledger stands."""
    found = reckon(clock, calendar, clock.limit)
    yellow = None if found.suspended else _yellow_at(clock, found, calendar, thresholds)
    red = found.due
    if (stopped := clock.stopped_at) is not None:
        yellow = yellow if yellow and yellow <= stopped else None
        red = red if red and red <= stopped else None
    promised = None if found.suspended else _promised_due(clock, calendar, found.at_pause)
    return Deadline(found.due, found.due_date, promised, yellow, red, found.provisional, clock.state)


def promised_due(clock: Clock, calendar: Calendar) -> datetime | None:
    """The promised instant, capped by the statutory one: a promise can't outlast the law."""
    found = reckon(clock, calendar, clock.limit)
    return None if found.suspended else _promised_due(clock, calendar, found.at_pause)


def light(clock: Clock, calendar: Calendar, at: datetime, thresholds: Thresholds | None) -> Light:
    """The light at `at`, by the ledger as it stood then."""
    clock = clock.as_of(at)
    found = reckon(clock, calendar, clock.limit)
    at = min(at, clock.stopped_at or at)
    if at >= found.at_pause and not found.suspended:
        return "red"
    if clock.open_causes():  # also of a clock that was stopped while paused
        return "grey"
    return "yellow" if at >= _yellow_at(clock, found, calendar, thresholds) else "green"


def _promised_due(clock: Clock, calendar: Calendar, statutory: datetime) -> datetime | None:
    promised = clock.promised
    return min(reckon(clock, calendar, promised).at_pause, statutory) if promised else None


def _yellow_at(clock: Clock, found: Reckoned, calendar: Calendar, thresholds: Thresholds | None) -> datetime:
    opened = clock.opened_at
    bounds = thresholds or Thresholds.of(DEFAULTS.at(date.fromordinal(found.start)))
    unit, amount = found.limit.unit, found.limit.amount
    if unit == "hours":
        running = timedelta(seconds=int(amount * 3600 * (1 - bounds.ratio)))
        return run_on(opened, running, [(p.begin, p.end) for p in found.pauses if p.end is not None])
    by_workdays = _day_with_left("workdays", bounds.workdays, found, calendar)
    by_ratio = _day_with_left(unit, int(amount * bounds.ratio), found, calendar)
    return max(opened, start_of(min(by_workdays, by_ratio)))


def _day_with_left(unit: Unit, left: int, found: Reckoned, calendar: Calendar) -> int:
    """The first day after which no more than `left` counted days remain."""
    total = days_between(unit, found.start, found.last_day, found.gaps, calendar)
    return nth_day(unit, found.start, total - left, found.gaps, calendar)
