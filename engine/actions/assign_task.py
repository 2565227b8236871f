"""Give a task to somebody, as the one in charge of the region."""

from __future__ import annotations

from datetime import datetime

from engine import access
from engine.actions.holding import find_colleague, hand_over
from engine.actions.views import TaskView
from engine.actions.work import lock_task
from engine.store.db import Tx
from engine.types import Actor


def assign_task(tx: Tx, *, task_id: int, to: str, actor: Actor, at: datetime) -> TaskView:
    """Assign an open task to an eligible person, whoever held it before.

    Raises ForbiddenError if the actor may not assign here, or the person may not do the task.
    """
    locked, _, task = lock_task(tx, task_id=task_id, actor=actor)
    absent = access.require(actor, "task.assign", task.region, locked.row.process)
    to = find_colleague(tx, locked.row, task, to, at.date()).username
    return hand_over(tx, locked.row, task, to=to, kind="task_assigned", actor=actor, at=at, absent=absent)
