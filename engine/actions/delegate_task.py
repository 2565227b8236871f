"""Pass a task that one holds on to a colleague."""

from __future__ import annotations

from datetime import datetime

from engine.actions.holding import find_colleague, hand_over, require_doer
from engine.actions.views import TaskView
from engine.actions.work import lock_task
from engine.store.db import Tx
from engine.types import Actor


def delegate_task(tx: Tx, *, task_id: int, to: str, actor: Actor, at: datetime) -> TaskView:
    """The holder (or, of an unclaimed task, anyone eligible) passes it to an eligible colleague.

    Separation of duties binds the colleague as it would bind the actor.
    """
    locked, _, task = lock_task(tx, task_id=task_id, actor=actor)
    absent = require_doer(tx, locked.row, task, actor)
    to = find_colleague(tx, locked.row, task, to, at.date()).username
    return hand_over(tx, locked.row, task, to=to, kind="task_delegated", actor=actor, at=at, absent=absent)
