"""Who has a task in hand: the rules that claiming, releasing, assigning, delegating and drafting share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from engine import access
from engine.access import Eligibility
from engine.actions.refusals import held_error
from engine.actions.showing import show_task
from engine.actions.views import TaskView
from engine.errors import FieldError, InputError
from engine.store import cases, events, people, tasks
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.tasks import TaskRow
from engine.types import Actor


def eligibility(tx: Tx, task: TaskRow) -> Eligibility:
    """What the task asks of whoever does it."""
    return Eligibility(
        region=task.region,
        assignee=task.assignee,
        groups=task.groups,
        users=task.users,
        excluded=tasks.find_doers(tx, task.case_id, task.separate_elements),
    )


def require_doer(tx: Tx, task: TaskRow, actor: Actor) -> None:
    """ForbiddenError unless the task is for the actor; ConflictError if somebody else has it in hand."""
    access.require_eligible(actor, eligibility(tx, task))
    if task.assignee is not None and task.assignee != actor.username:
        raise held_error(tx, task)


def find_colleague(tx: Tx, task: TaskRow, username: str, on: date) -> Actor:
    """The person a task is to go to. Raises InputError (unknown), ForbiddenError (not for them)."""
    colleague = people.find_actor(tx, username, on)
    if colleague is None:
        zh, en = f"没有账号“{username}”", f"there is no account {username!r}"
        fault = FieldError(pointer="/assignee", zh=zh, en=en)
        raise InputError(f"The task cannot go there: {en}.", f"无法交办：{zh}。", [fault])
    asks = eligibility(tx, task)
    open_to = Eligibility(
        region=asks.region, assignee=None, groups=asks.groups, users=asks.users, excluded=asks.excluded
    )
    access.require_eligible(colleague, open_to)
    return colleague


def hand_over(
    tx: Tx,
    case: CaseRow,
    task: TaskRow,
    *,
    to: str | None,
    kind: str,
    actor: Actor,
    at: datetime,
    **facts: Any,
) -> TaskView:
    """Put the task into somebody's hands, or (None) back on the list, and record it."""
    since = None if to is None else at
    tasks.update_task(tx, task.id, assignee=to, held_since=since)
    data = {"task": task.element_id, "from": task.assignee, "to": to, **facts}
    seq = case.seq + 1
    head = events.append(
        tx, case_id=case.id, seq=seq, previous=case.head, at=at, actor=actor.username, kind=kind, data=data
    )
    cases.save_head(tx, case.id, seq, head)
    return show_task(task._replace(assignee=to, held_since=since), case, at)
