"""Task rows: the work lists' record of what waits for a person and who did what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from engine.store.db import Tx
from engine.store.packing import pack, seal, unpack, unseal
from engine.store.tables import tasks


class TaskRow(NamedTuple):
    """One task. `candidates` and `separate_from` are split by the readers below."""

    id: int
    case_id: int
    key: str
    element_id: str
    name: str
    name_en: str | None
    region: str
    assignee: str | None
    held_since: datetime | None
    candidates: str | None
    separate_from: str | None
    form_id: str | None
    priority: int
    follow_up: datetime | None
    due: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None
    paused: bool
    draft: bytes | None
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_for: str | None
    process_id: int | None
    draft_by: str | None = None
    draft_at: datetime | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(part for part in _parts(self.candidates) if not part.startswith("@"))

    @property
    def users(self) -> tuple[str, ...]:
        return tuple(part[1:] for part in _parts(self.candidates) if part.startswith("@"))

    @property
    def separate_elements(self) -> tuple[str, ...]:
        return _parts(self.separate_from)


class Doer(NamedTuple):
    """Who completed a task, and for whom if for somebody on leave."""

    element_id: str
    name: str
    by: str
    absent: str | None

    @property
    def people(self) -> frozenset[str]:
        return frozenset((self.by, self.absent or self.by))


def join_parts(parts: Sequence[str]) -> str | None:
    """Names in one text that SQL can search for `|name|`; None for no names."""
    return f"|{'|'.join(parts)}|" if parts else None


def _parts(text: str | None) -> tuple[str, ...]:
    return tuple(text.strip("|").split("|")) if text else ()


# Two conditions, each with an index: with the case's id before both, a long case would be read whole.
_OF_STEP = select(*tasks.c).where(
    or_(
        and_(tasks.c.case_id == bindparam("case_id"), tasks.c.closed_at.is_(None)),
        and_(tasks.c.id == bindparam("task_id"), tasks.c.case_id == bindparam("case_id")),
    )
)
_OPEN = select(*tasks.c).where(tasks.c.case_id == bindparam("case_id"), tasks.c.closed_at.is_(None))
_BY_ID = select(*tasks.c).where(tasks.c.id == bindparam("task_id"))
_DOERS = (
    select(tasks.c.element_id, tasks.c.name, tasks.c.closed_by, tasks.c.closed_for)
    .where(
        tasks.c.case_id == bindparam("case_id"),
        tasks.c.element_id.in_(bindparam("elements", expanding=True)),
        tasks.c.closed_by.is_not(None),
    )
    .distinct()
)
_CLOSE = (
    update(tasks)
    .where(tasks.c.id == bindparam("task_id"))
    .values(
        closed_at=bindparam("closed_at"), closed_by=bindparam("closed_by"),
        closed_for=bindparam("closed_for"), assignee=None,
        candidates=None, separate_from=None, draft=None, held_since=None,
        yellow_at=None, red_at=None, paused=False, draft_by=None, draft_at=None,
    )
)  # fmt: skip
_LIGHTS = (
    update(tasks)
    .where(tasks.c.id == bindparam("task_id"))
    .values({name: bindparam(name) for name in ("due", "yellow_at", "red_at", "paused")})
)
_INSERT = insert(tasks)


def list_of_case(tx: Tx, case_id: int, task_id: int | None = None) -> list[TaskRow]:
    """The open tasks of a case, with `task_id` that one too, open or not."""
    if task_id is None:
        return [TaskRow._make(row) for row in tx.execute(_OPEN, {"case_id": case_id})]
    return [TaskRow._make(row) for row in tx.execute(_OF_STEP, {"case_id": case_id, "task_id": task_id})]


def list_all(tx: Tx, case_id: int) -> list[TaskRow]:
    """All tasks of a case, open and closed, oldest first; drafts stay sealed."""
    query = select(*tasks.c).where(tasks.c.case_id == case_id).order_by(tasks.c.id)
    return [TaskRow._make(row) for row in tx.execute(query)]


def find_task(tx: Tx, task_id: int) -> TaskRow | None:
    """The task, or None."""
    row = tx.execute(_BY_ID, {"task_id": task_id}).one_or_none()
    return TaskRow._make(row) if row else None


def find_last(tx: Tx, case_id: int, element_id: str) -> int | None:
    """The id of the newest task that an element of the diagram had, open or not."""
    query = select(tasks.c.id).where(tasks.c.case_id == case_id, tasks.c.element_id == element_id)
    found: int | None = tx.scalar(query.order_by(tasks.c.id.desc()).limit(1))
    return found


def list_doers(tx: Tx, case_id: int, elements: Sequence[str]) -> list[Doer]:
    """Who completed these elements in the case, each person once an element however often it was done."""
    return [Doer._make(row) for row in tx.execute(_DOERS, {"case_id": case_id, "elements": elements})]


def add_tasks(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Insert tasks."""
    if rows:
        tx.execute(_INSERT, rows)


def close_tasks(
    tx: Tx, closed: list[tuple[int, str | None]], at: datetime, closed_for: str | None = None
) -> None:
    """Close tasks, each by who completed it or (None) by the process; what only open work needs goes.

    `closed_for` is the absent person on whose behalf the one that was completed was done.
    """
    if closed:
        rows = [
            {"task_id": i, "closed_at": at, "closed_by": by, "closed_for": closed_for if by else None}
            for i, by in closed
        ]
        tx.execute(_CLOSE, rows)


def save_lights(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Save the due instant and the lights of tasks whose clock changed."""
    if rows:
        tx.execute(_LIGHTS, rows)


def update_task(tx: Tx, task_id: int, **values: Any) -> None:
    """Change who holds a task, or its draft."""
    tx.execute(update(tasks).where(tasks.c.id == task_id).values(**values))


def save_draft(tx: Tx, task_id: int, draft: bytes, *, by: str, at: datetime) -> None:
    """Keep a draft (JSON) until the task is closed, and whose it is."""
    sealed = seal(tx, pack(draft), "tasks", task_id)
    update_task(tx, task_id, draft=sealed, draft_by=by, draft_at=at)


def read_draft(tx: Tx, task: TaskRow) -> bytes | None:
    """The draft that `save_draft` was given, or None."""
    return None if task.draft is None else unpack(unseal(tx, task.draft, "tasks", task.id))


def list_hands(tx: Tx, case_id: int) -> set[str]:
    """Who completed a task of the case, or has one in hand."""
    query = select(tasks.c.closed_by, tasks.c.assignee).where(tasks.c.case_id == case_id)
    return {name for row in tx.execute(query) for name in row if name}


def count_held(tx: Tx, usernames: Sequence[str]) -> dict[str, int]:
    """How many open tasks each of these people has in hand."""
    query = select(tasks.c.assignee, func.count()).where(
        tasks.c.closed_at.is_(None), tasks.c.assignee.in_(usernames)
    )
    return {row[0]: row[1] for row in tx.execute(query.group_by(tasks.c.assignee))}
