"""What turns yellow or red in the next days, by the instants that stand in the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.actions.program import load_program
from engine.actions.showing import show_summary
from engine.actions.supervision.field import Field, day_of, day_start, look_at
from engine.actions.views import CaseSummary
from engine.clocks import SHANGHAI
from engine.errors import FieldError, InputError
from engine.store import lists, supervision
from engine.store.db import Tx
from engine.store.lists import CaseFilter
from engine.store.narrowing import EVERYTHING, Narrowing
from engine.types import Actor

MOST_DAYS = 60
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """How many cases turn yellow and how many red on a day, if nothing happens before."""

    day: date
    yellow: int
    red: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A case that turns; `due` is when it turns red."""

    case: CaseSummary
    yellow_at: datetime | None
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The days ahead, today included, and the cases that turn red first."""

    at: datetime
    until: datetime
    days: tuple[DayAhead, ...]
    items: tuple[Coming, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The open emergency cases, the most urgent first; `more` says that there are others behind them."""

    at: datetime
    items: tuple[Coming, ...]
    more: bool


def get_forecast(
    tx: Tx,
    *,
    actor: Actor,
    at: datetime,
    region: str | None = None,
    process: str | None = None,
    days: int = 7,
) -> Forecast:
    """What turns within so many days, today being the first."""
    if not 1 <= days <= MOST_DAYS:
        zh, en = f"days 应为 1 至 {MOST_DAYS}", f"days must be from 1 to {MOST_DAYS}"
        raise InputError(f"{en}.", f"{zh}。", [FieldError(pointer="/days", zh=zh, en=en)])
    field = look_at(tx, actor, region=region, process=process)
    today = at.astimezone(SHANGHAI).date()
    until = day_start(today + timedelta(days=days))
    found: dict[str, Counter[date]] = {"yellow": Counter(), "red": Counter()}
    for light, counted in found.items():
        for row in supervision.count_turning(tx, field.scope, light, at, until, field.processes):
            counted[day_of(row.day)] += row.cases
    return Forecast(
        at=at,
        until=until,
        days=tuple(
            DayAhead(day=day, yellow=found["yellow"][day], red=found["red"][day])
            for day in (today + timedelta(days=n) for n in range(days))
        ),
        items=_coming(tx, field, at, until, _SHOWN),
    )


def _coming(tx: Tx, field: Field, at: datetime, until: datetime | None, limit: int) -> tuple[Coming, ...]:
    narrowing = Narrowing(red_after=at, red_until=until) if until else EVERYTHING
    what = CaseFilter(scope=field.scope, versions=field.processes, open_only=True, narrowing=narrowing)
    rows = lists.list_soonest(tx, what, at, limit=limit)
    return tuple(Coming(case=show_summary(row, at), yellow_at=row.yellow_at, due=row.red_at) for row in rows)


def get_lane(tx: Tx, *, actor: Actor, at: datetime, region: str | None = None, limit: int = 50) -> Lane:
    """The open cases of the processes that are emergencies (process property `emergency`)."""
    field = look_at(tx, actor, region=region)
    counts = supervision.count_cases(tx, field.scope, at)
    urgent = frozenset(row.process_id for row in counts if _is_emergency(tx, field, row.process_id))
    narrowed = Field(
        scope=field.scope, region=region, process=None, processes=urgent, versions=field.versions
    )
    items = _coming(tx, narrowed, at, None, limit + 1) if urgent else ()
    return Lane(at=at, items=items[:limit], more=len(items) > limit)


def _is_emergency(tx: Tx, field: Field, process_id: int) -> bool:
    version = field.versions[process_id]
    properties = load_program(tx, version.key, version.hash).definition.properties
    return properties.get("emergency") == "true"
