"""What somebody's work looks like from above: how much there is, which task is next, and why that one.

The next task is the most pressing of those in one's hands; only with empty hands one of those that one
could take. Pressing is: a red light, then a yellow one, then an emergency, then priority, then the due day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine import access
from engine.actions.program import Program, load_program
from engine.actions.showing import show_task
from engine.actions.views import TaskView
from engine.store import definitions, lists, openings
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.ids import read_id, show_id
from engine.store.lists import TaskFilter
from engine.store.tasks import TaskRow
from engine.store.timers import EMERGENCY
from engine.types import Actor

_LOOKED_AT = 20  # the soonest due; a less urgent one is not next
_ORDER = {"red": 0, "yellow": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTask:
    """The task to do next. `left` is None where no limit runs, negative once it is over."""

    task: TaskView
    mine: bool
    emergency: bool
    waiting: timedelta
    left: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCounts:
    """How many open tasks there are, and how many of them are overdue."""

    mine: int
    mine_overdue: int
    group: int
    group_overdue: int


def find_next(tx: Tx, *, actor: Actor, at: datetime) -> NextTask | None:
    """The task that the actor should do next, or None."""
    for mine in (True, False):
        rows = lists.list_tasks(tx, _filter(actor, mine=mine), at, after=None, limit=_LOOKED_AT)
        found = [_show(tx, task, case, at, mine=mine) for task, case in rows]
        if found:
            return min(found, key=_pressing)
    return None


def count_work(tx: Tx, *, actor: Actor, at: datetime) -> WorkCounts:
    """How much the actor has in hand and could take."""
    mine, mine_overdue = lists.count_tasks(tx, _filter(actor, mine=True), at)
    group, group_overdue = lists.count_tasks(tx, _filter(actor, mine=False), at)
    return WorkCounts(mine=mine, mine_overdue=mine_overdue, group=group, group_overdue=group_overdue)


def list_applicants(tx: Tx, *, case_ids: Sequence[str]) -> dict[str, str]:
    """Whose cases these are, by case: the name that stands first in the form that opened each.

    Callers pass cases that whoever asks may see.
    """
    found = {}
    for row in openings.list_openings(tx, [read_id(one) for one in case_ids]):
        name = _name_in(load_program(tx, row.process, row.definition_hash), row.answers)
        if name:
            found[show_id(row.case_id)] = name
    return found


def _name_in(program: Program, answers: dict[str, Any]) -> str:
    form = program.definition.start_form
    for item in form.level.fields if form else ():
        if item.kind == "name" and len(item.path) == 1:
            return str(answers.get(item.path[0]) or "")
    return ""


def _filter(actor: Actor, *, mine: bool) -> TaskFilter:
    return TaskFilter(
        scope=access.regions_seen(actor),
        assignee=actor.username if mine else None,
        username=actor.username,
        roles=None if mine else [(held.role, held.region) for held in actor.positions],
        stands_in=actor.stands_in,
    )


def _show(tx: Tx, task: TaskRow, case: CaseRow, at: datetime, *, mine: bool) -> NextTask:
    program = load_program(tx, case.process, case.definition_hash)
    return NextTask(
        task=show_task(task, case, at),
        mine=mine,
        emergency=program.priority == EMERGENCY,
        waiting=at - task.opened_at,
        left=None if task.due is None else task.due - at,
    )


def _pressing(found: NextTask) -> tuple[int, bool, int, timedelta]:
    """The less, the more pressing."""
    light = _ORDER.get(found.task.light or "", 2)
    return light, not found.emergency, -found.task.priority, found.left or timedelta.max


def list_steps(tx: Tx, *, process: str) -> tuple[tuple[str, str, str], ...]:
    """The user tasks of a process's current version: element, Chinese and English name. NotFoundError."""
    row = definitions.get_version(tx, process, None)
    nodes = load_program(tx, process, row.hash).nodes.values()
    return tuple(
        (node.element_id, node.name or node.element_id, node.properties.get("titleEn", ""))
        for node in nodes
        if node.kind == "userTask"
    )
