"""Take a task in hand."""

from __future__ import annotations

from datetime import datetime

from engine.actions.holding import hand_over, require_doer
from engine.actions.showing import show_task
from engine.actions.views import TaskView
from engine.actions.work import lock_task
from engine.store.db import Tx
from engine.types import Actor


def claim_task(tx: Tx, *, task_id: int, actor: Actor, at: datetime) -> TaskView:
    """The actor takes an open task, for themselves or for somebody whose leave they cover.

    One that is in those hands already stays there.

    Raises NotFoundError, TaskNotOpenError, ForbiddenError, ConflictError (who holds it, since when).
    """
    locked, _, task = lock_task(tx, task_id=task_id, actor=actor)
    absent = require_doer(tx, locked.row, task, actor)
    holder = absent or actor.username
    if task.assignee == holder:
        return show_task(task, locked.row, at)
    return hand_over(tx, locked.row, task, to=holder, kind="task_claimed", actor=actor, at=at, absent=absent)
