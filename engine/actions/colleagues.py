"""To whom a task could go: those it is for, whom no duty bars, with what each has in hand already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import access
from engine.actions.holding import eligibility, find_bars
from engine.errors import ForbiddenError, NotFoundError
from engine.store import cases, people, tasks
from engine.store.db import Tx
from engine.types import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who could do a task; `holds` is how many open tasks are in their hands."""

    username: str
    name: str
    roles: tuple[str, ...]
    holds: int


def list_colleagues(tx: Tx, *, task_id: int, actor: Actor, at: datetime) -> tuple[Colleague, ...]:
    """Who could do an open task, whoever has least in hand first. NotFoundError out of sight."""
    task = tasks.find_task(tx, task_id)
    if task is None:
        raise NotFoundError
    case, _ = cases.get_case(tx, task.case_id)
    access.require_sight(actor, case.region)
    asks, bars = eligibility(case, task), find_bars(tx, case, task)
    found: dict[str, Actor] = {}
    for role in task.groups:
        for person in people.list_people(tx, role=role, region=task.region, on=at.date()):
            found[person.username] = person
    for name in task.users:
        if (named := people.find_actor(tx, name, at.date())) is not None:
            found[named.username] = named
    held = tasks.count_held(tx, list(found))
    fit = []
    for person in found.values():
        try:
            bars.require(person, person)
        except ForbiddenError:
            continue
        roles = tuple(sorted(person.roles & set(asks.groups)))
        fit.append(
            Colleague(
                username=person.username, name=person.name, roles=roles, holds=held.get(person.username, 0)
            )
        )
    return tuple(sorted(fit, key=lambda one: (one.holds, one.username)))
