"""Which open tasks have a limit, and whether a safety net is armed under each."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, or_, select

from engine.store.cases import COLUMNS, CaseRow
from engine.store.db import Tx
from engine.store.tables import cases, process_versions, tasks, timers
from engine.store.tasks import TaskRow


class LimitedTask(NamedTuple):
    """An open task that has a limit."""

    task: TaskRow
    case: CaseRow
    armed: bool


def list_limited_tasks(tx: Tx) -> list[LimitedTask]:
    """All open tasks with a limit, running or paused; under a paused one a held net counts as armed."""
    net = and_(timers.c.case_id == tasks.c.case_id, timers.c.key == tasks.c.key, timers.c.kind == "net")
    query = (
        select(*tasks.c, *COLUMNS, timers.c.id, timers.c.run_at)
        .select_from(tasks)
        .join(cases)
        .join(process_versions)
        .outerjoin(timers, net)
        .where(tasks.c.closed_at.is_(None), or_(tasks.c.due.is_not(None), tasks.c.paused))
        .order_by(tasks.c.id)
    )
    width = len(tasks.c)
    return [
        LimitedTask(
            task := TaskRow._make(row[:width]),
            CaseRow._make(row[width:-2]),
            row[-2] is not None and (row[-1] is not None or task.paused),
        )
        for row in tx.execute(query)
    ]
