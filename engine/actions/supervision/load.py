"""Who carries what: open tasks by person, and by queue where nobody has taken them yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from engine import access
from engine.actions.measures import measures_on
from engine.actions.supervision.board import Lights, add_up
from engine.actions.supervision.field import look_at
from engine.parameters import Parameters
from engine.store import people, staff, supervision
from engine.store.db import Tx
from engine.store.supervision import HandCount
from engine.types import Actor

TOWN = 9  # queues are told by town: whoever serves the village serves its town as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A person with the open tasks in their hands; `weight` counts what is late or nearly so for more."""

    username: str
    name: str
    lights: Lights
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The open tasks of a region that wait for somebody of a role; `people` is how many hold it there."""

    role: str
    region: str
    region_name: str
    region_name_en: str
    people: int
    lights: Lights


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """People, the heaviest laden first, and queues, the longest first."""

    at: datetime
    people: tuple[Carrier, ...]
    queues: tuple[Queue, ...]


def get_load(
    tx: Tx, *, actor: Actor, at: datetime, region: str | None = None, process: str | None = None
) -> Load:
    """What everybody carries of the work that the actor supervises.

    Whoever holds a post there and has nothing in hand is named as well: that is who has time.
    """
    field = look_at(tx, actor, region=region, process=process)
    counts = supervision.count_hands(tx, field.scope, at, field.processes)
    hands: dict[str, list[HandCount]] = defaultdict(list)
    waiting: dict[tuple[str, str], list[HandCount]] = defaultdict(list)
    for row in counts:
        if row.assignee is not None:
            hands[row.assignee].append(row)
            continue
        for role in (row.candidates or "").strip("|").split("|"):
            waiting[role, row.region[:TOWN]].append(row)
    held = staff.list_posts(tx, field.scope, at.date())
    posts = [post for post in held if access.works_on_cases(post[1])]
    wanted = {*hands, *(username for username, _, _ in posts)}
    names = dict.fromkeys(wanted) | staff.list_names(tx, wanted)
    regions = {found.code: found for found in people.list_regions(tx)}
    rules = measures_on(tx, at)
    carriers = []
    for username, name in names.items():
        lights = add_up(hands.get(username, ()))
        carriers.append(
            Carrier(username=username, name=name or username, lights=lights, weight=_weigh(lights, rules))
        )
    queues = [
        Queue(
            role=role,
            region=code,
            region_name=regions[code].name if code in regions else code,
            region_name_en=regions[code].name_en if code in regions else code,
            people=len({name for name, held, place in posts if held == role and code.startswith(place)}),
            lights=add_up(rows),
        )
        for (role, code), rows in waiting.items()
    ]
    return Load(
        at=at,
        people=tuple(sorted(carriers, key=lambda c: (-c.lights.red, -c.lights.total, c.username))),
        queues=tuple(sorted(queues, key=lambda q: (-q.lights.red, -q.lights.total, q.region, q.role))),
    )


def _weigh(lights: Lights, rules: Parameters) -> int:
    rest = lights.total - lights.yellow - lights.red
    counts = {"green": rest, "yellow": lights.yellow, "red": lights.red}
    return sum(int(rules.get(f"load.weight.{name}")) * count for name, count in counts.items())
