"""What if there were more people: when would the queue of a role in a region clear?

A straight line, and it says so: work comes and goes as it did on the working days of the last weeks, and
everybody who is added does as much as one of those there did. The answer carries these assumptions. With
more coming than can be done the answer is never; with nothing done to measure by, or nobody who did it,
there is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from engine import access
from engine.clocks import SHANGHAI
from engine.errors import FieldError, InputError
from engine.store import calendars, people, staff, workloads
from engine.store.counters import CALENDAR, current_value
from engine.store.db import Tx
from engine.types import Actor

MOST_WEEKS = 52
MOST_PEOPLE = 1000
_HORIZON = 2500  # working days, ten years: no straight line is worth more
_PLACES = Decimal("0.01")

Verdict = Literal["clear", "clears", "never", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One thing the forecast takes for granted."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueForecast:
    """When a queue clears. Rates are tasks a working day, as text with two places."""

    region: str
    role: str
    weeks: int
    workdays: int
    queue: int
    people: int
    more: int
    arrived: int
    done: int
    arrivals_a_day: str
    done_a_day_each: str | None
    capacity_a_day: str | None
    verdict: Verdict
    days: int | None
    clears_on: date | None
    provisional: bool  # the day lies in a year whose holidays are not published
    assumptions: tuple[Assumption, ...]


def forecast_queue(
    tx: Tx, *, actor: Actor, at: datetime, region: str, role: str, more: int = 0, weeks: int = 8
) -> QueueForecast:
    """Raises InputError by field, UnknownRegionError, ForbiddenError."""
    access.require(actor, "people.see", region)
    people.get_region(tx, region)
    _check(role, access.ROLES | people.list_roles(tx), more, weeks)
    today = at.astimezone(SHANGHAI).date()
    calendar = calendars.calendar_for(tx, region, current_value(tx, CALENDAR))
    since = at - timedelta(weeks=weeks)
    workdays = calendar.workdays_between((today - timedelta(weeks=weeks)).toordinal(), today.toordinal())
    holders = sorted(
        {name for name, held, code in staff.list_held(tx, today) if held == role and _serves(code, region)}
    )
    flow = workloads.count_flow(tx, region=region, role=role, holders=holders, since=since)
    able = len(holders)
    arrivals = Decimal(flow.arrived) / workdays if workdays else Decimal(0)
    each = Decimal(flow.done) / workdays / able if workdays and able else None
    capacity = None if each is None else each * (able + more)
    verdict, days = _verdict(flow.open, arrivals, capacity)
    clears_on = None if days is None else date.fromordinal(calendar.workday_after(today.toordinal(), days))
    return QueueForecast(
        region=region,
        role=role,
        weeks=weeks,
        workdays=workdays,
        queue=flow.open,
        people=able,
        more=more,
        arrived=flow.arrived,
        done=flow.done,
        arrivals_a_day=str(arrivals.quantize(_PLACES)),
        done_a_day_each=None if each is None else str(each.quantize(_PLACES)),
        capacity_a_day=None if capacity is None else str(capacity.quantize(_PLACES)),
        verdict=verdict,
        days=days,
        clears_on=clears_on,
        provisional=clears_on is not None and not calendar.is_published(clears_on.year),
        assumptions=_assumptions(weeks),
    )


def _verdict(queue: int, arrivals: Decimal, capacity: Decimal | None) -> tuple[Verdict, int | None]:
    if queue == 0:
        return "clear", 0
    if not capacity:
        return "unknown", None
    if capacity <= arrivals:
        return "never", None
    days = int((queue / (capacity - arrivals)).to_integral_value(ROUND_CEILING))
    return ("clears", days) if days <= _HORIZON else ("never", None)


def _serves(code: str, region: str) -> bool:
    """Whether whoever serves `code` does work of `region`: all of it, or a part."""
    return region.startswith(code) or code.startswith(region)


def _check(role: str, known: frozenset[str], more: int, weeks: int) -> None:
    faults = []
    if role not in known:
        faults.append(("role", f"没有岗位“{role}”", f"there is no role {role!r}"))
    if not 0 <= more <= MOST_PEOPLE:
        faults.append(("more", f"应为0至{MOST_PEOPLE}", f"it is 0 to {MOST_PEOPLE}"))
    if not 1 <= weeks <= MOST_WEEKS:
        faults.append(("weeks", f"应为1至{MOST_WEEKS}", f"it is 1 to {MOST_WEEKS}"))
    if faults:
        errors = [FieldError(pointer=f"/{name}", zh=f"{zh}。", en=f"{en}.") for name, zh, en in faults]
        raise InputError(f"{errors[0].en}", f"{errors[0].zh}", errors)


def _assumptions(weeks: int) -> tuple[Assumption, ...]:
    return (
        Assumption(
            zh=f"今后每个工作日新增和办结的件数与过去{weeks}周相同；流程撤回的任务不计。",
            en=f"Each working day brings and ends as many tasks as in the last {weeks} weeks; "
            "what the process took back does not count.",
        ),
        Assumption(
            zh="新增人员与现有人员的平均办结速度相同，从第一天起即可办理。",
            en="Whoever is added works as fast as the average of those there, from the first day on.",
        ),
        Assumption(
            zh="办结速度是实际办结数，不是最大能力：若现有人员未满负荷，实际会更快。",
            en="The pace is what was done, not what could be: people who were not busy will be faster.",
        ),
        Assumption(
            zh="所有任务工作量相同，不考虑休假、法定时限的先后和未公布年度的节假日。",
            en="All tasks are equal; leave, the order of limits and holidays not yet published are left out.",
        ),
        Assumption(
            zh="办结数按现任该岗位人员在本地区办结的任务计算；一人多岗或服务多个地区的，按全员计入。",
            en="What was done is what those who hold the role today did here; whoever has several roles or "
            "regions counts in full.",
        ),
    )
