"""The sentences for who was faster: they name the person and the time, so that nobody has to ask around."""

from __future__ import annotations

from datetime import datetime

from engine.clocks import SHANGHAI
from engine.errors import ConflictError, TaskNotOpenError
from engine.store import people
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.tasks import TaskRow


def closed_error(row: CaseRow) -> ConflictError:
    """The case is over."""
    when = _when(row.closed_at)
    return ConflictError(
        f"Case {row.number} was closed on {when} ({row.status}).",
        f"案件{row.number}已于{when}办结（{'撤回' if row.status == 'withdrawn' else '完成'}）。",
        data={"status": row.status},
    )


def not_open_error(tx: Tx, task: TaskRow) -> TaskNotOpenError:
    """The task is done, or the process took it away."""
    when, name = _when(task.closed_at), task.name_en or task.name
    if task.closed_by is None:
        return TaskNotOpenError(
            f'The process took the task "{name}" back on {when}; nobody needs to do it any more.',
            f"任务“{task.name}”已于{when}由流程收回，无需再办。",
        )
    who = name_of(tx, task.closed_by, task.closed_at)
    return TaskNotOpenError(
        f'The task "{name}" was completed by {who} on {when}.',
        f"任务“{task.name}”已由{who}于{when}办结。",
        data={"closed_by": task.closed_by, "closed_at": task.closed_at and task.closed_at.isoformat()},
    )


def held_error(tx: Tx, task: TaskRow) -> ConflictError:
    """Somebody else has the task in hand."""
    who, when = name_of(tx, task.assignee or "", task.held_since), _when(task.held_since)
    return ConflictError(
        f'The task "{task.name_en or task.name}" has been in the hands of {who} since {when}.',
        f"任务“{task.name}”自{when}起由{who}办理。",
        data={"assignee": task.assignee},
    )


def name_of(tx: Tx, username: str, at: datetime | None) -> str:
    """The person's name with the account, or the account alone if it is gone."""
    actor = people.find_actor(tx, username, at.date()) if at else None
    return f"{actor.name} ({username})" if actor and actor.name else username


def _when(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else "?"
