"""What the supervisor's board counts with: indexes that hold all that is counted, in the order of its groups.

So that a count reads neither the rows themselves nor sorts anything: that is what keeps the board quick
when a hundred thousand cases are open.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, text

from engine.store.tables import cases, tasks


def _partial_index(name: str, *columns: Column[Any], where: str) -> None:
    Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_partial_index(
    "ix_cases_open_lights",
    cases.c.region,
    cases.c.process_id,
    cases.c.paused,
    cases.c.red_at,
    cases.c.yellow_at,
    cases.c.closed_at,  # what the condition names must stand in the index, or the rows are read after all
    where="closed_at IS NULL",
)
Index(
    "ix_cases_opened",
    cases.c.opened_at,
    cases.c.region,
    cases.c.process_id,
    cases.c.accepted_at,
    cases.c.decided_at,
    cases.c.closed_at,
)
_partial_index(
    "ix_cases_decided",
    cases.c.decided_at,
    cases.c.region,
    cases.c.process_id,
    cases.c.decision_due,
    cases.c.accepted_at,
    cases.c.opened_at,
    where="decided_at IS NOT NULL",
)
_partial_index("ix_cases_open_process_id", cases.c.process_id, cases.c.region, where="closed_at IS NULL")
_partial_index(
    "ix_tasks_open_steps",
    tasks.c.region,
    tasks.c.process_id,
    tasks.c.element_id,
    tasks.c.assignee,
    tasks.c.candidates,
    tasks.c.paused,
    tasks.c.red_at,
    tasks.c.yellow_at,
    tasks.c.closed_at,
    where="closed_at IS NULL",
)
_partial_index(
    "ix_tasks_done",
    tasks.c.process_id,
    tasks.c.closed_at,
    tasks.c.element_id,
    tasks.c.region,
    tasks.c.opened_at,
    tasks.c.due,
    tasks.c.closed_by,
    where="closed_by IS NOT NULL",
)
