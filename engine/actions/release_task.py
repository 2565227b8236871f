"""Put a task back on the list."""

from __future__ import annotations

from datetime import datetime

from engine import access
from engine.actions.holding import hand_over
from engine.actions.refusals import held_error
from engine.actions.showing import show_task
from engine.actions.views import TaskView
from engine.actions.work import lock_task
from engine.errors import ConflictError
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.tasks import TaskRow
from engine.types import Actor


def release_task(tx: Tx, *, task_id: int, actor: Actor, at: datetime) -> TaskView:
    """Whoever holds the task, or may assign it, gives it back to all who could do it.

    Raises ConflictError if somebody else holds it, or if nobody else could ever take it.
    """
    locked, _, task = lock_task(tx, task_id=task_id, actor=actor)
    if task.assignee is None:
        return show_task(task, locked.row, at)
    absent = _in_whose_place(tx, locked.row, task, actor)
    if not task.groups and not task.users:
        raise ConflictError(
            f'The task "{task.name}" names no role that could take it up; delegate or assign it instead.',
            f"任务“{task.name}”没有可接手的岗位，请改为转办或指派。",
        )
    return hand_over(tx, locked.row, task, to=None, kind="task_released", actor=actor, at=at, absent=absent)


def _in_whose_place(tx: Tx, case: CaseRow, task: TaskRow, actor: Actor) -> str | None:
    """For whom the actor gives it back: as its holder, else as one who may assign it; None for themselves."""
    for absent, person in access.capacities(actor, case.process, task.region):
        if person.username == task.assignee:
            return absent
    if not access.may(actor, "task.assign", task.region, case.process):
        raise held_error(tx, task)
    return access.require(actor, "task.assign", task.region, case.process)
