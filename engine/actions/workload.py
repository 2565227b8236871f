"""Who carries what: open tasks, overdue ones and a weight, by person and by what nobody has taken up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import access
from engine.actions.measures import measures_on
from engine.clocks import SHANGHAI
from engine.store import staff, workloads
from engine.store.db import Tx
from engine.types import Actor

_ROLES = ("village.helper", "town.officer", "town.leader", "county.officer", "county.checker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one person has in hand. `weight` counts an overdue task and one near its limit for more."""

    username: str
    name: str
    roles: tuple[str, ...]
    regions: tuple[str, ...]
    open: int
    yellow: int
    overdue: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a role in a region and is in nobody's hands; `people` are those who hold the role."""

    region: str
    roles: tuple[str, ...]
    open: int
    overdue: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """The people of some regions, the most loaded first, and what nobody has taken up."""

    people: tuple[Load, ...]
    waiting: tuple[Waiting, ...]


def get_workload(tx: Tx, *, actor: Actor, at: datetime, region: str = "") -> Workload:
    """The load where the actor is in charge. Raises ForbiddenError where there is none."""
    scope = access.regions_where(actor, "people.see")
    if not scope:
        access.require(actor, "people.see", "")
    narrowed = tuple(found for one in scope if (found := access.overlap(one, region)) is not None)
    rules = measures_on(tx, at)
    weights = [int(rules.get(f"load.weight.{light}")) for light in ("green", "yellow", "red")]
    today = at.astimezone(SHANGHAI).date()
    held = staff.list_held(tx, today)
    counted: dict[str, list[int]] = {}
    waiting = []
    for row in workloads.list_carried(tx, scope=narrowed, at=at):
        if row.assignee is not None:
            sums = counted.setdefault(row.assignee, [0, 0, 0])
            for place, count in enumerate((row.open, row.yellow, row.red)):
                sums[place] += count
            continue
        roles = tuple(
            name for name in (row.candidates or "").strip("|").split("|") if name[:1] not in ("", "@")
        )
        able = {name for name, role, code in held if role in roles and row.region.startswith(code)}
        waiting.append(
            Waiting(region=row.region, roles=roles, open=row.open, overdue=row.red, people=len(able))
        )
    people = []
    for person in staff.list_persons(tx, scope=narrowed) if narrowed else ():
        now = [one for one in person.positions if one.is_held(today) and one.role in _ROLES]
        open_, yellow, red = counted.get(person.username, (0, 0, 0))
        if not person.active or not (now or open_):
            continue
        load = Load(
            username=person.username,
            name=person.name,
            roles=tuple(dict.fromkeys(one.role for one in now)),
            regions=tuple(dict.fromkeys(one.region for one in now)),
            open=open_,
            yellow=yellow,
            overdue=red,
            weight=weights[0] * (open_ - yellow - red) + weights[1] * yellow + weights[2] * red,
        )
        people.append(load)
    return Workload(
        people=tuple(sorted(people, key=lambda one: (-one.weight, one.username))),
        waiting=tuple(sorted(waiting, key=lambda one: (-one.overdue, -one.open, one.region))),
    )
