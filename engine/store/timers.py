"""Timer rows: what is due and when, the timers of the diagram and the safety nets under the tasks.

A worker claims a timer by locking its case, never the timer row: every writer locks the case first,
so that two of them can't wait for each other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, update

from engine.store.db import Tx
from engine.store.tables import cases, timers

EMERGENCY, ORDINARY = 0, 1  # served in this order
PRIORITIES = (EMERGENCY, ORDINARY)


class TimerRow(NamedTuple):
    """One timer. `due` and `run_at` are None while a paused clock holds it."""

    id: int
    case_id: int
    kind: str
    key: str
    clock: str | None
    due: datetime | None
    run_at: datetime | None
    priority: int
    attempts: int
    data: str


_OF_CASE = select(*timers.c).where(timers.c.case_id == bindparam("case_id"))
_BY_ID = select(*timers.c).where(timers.c.id == bindparam("timer_id"))
_CLAIM = (
    select(timers.c.id, timers.c.case_id)
    .join(cases)
    .where(timers.c.priority == bindparam("priority"), timers.c.run_at <= bindparam("at"))
    .order_by(timers.c.run_at, timers.c.kind, timers.c.id)  # "diagram" before "net"
    .limit(1)
    .with_for_update(of=cases, skip_locked=True)
)
_CHANGING = ("clock", "due", "run_at", "data")
_SAVE = (
    update(timers)
    .where(timers.c.id == bindparam("timer_id"))
    .values({**{name: bindparam(name) for name in _CHANGING}, "attempts": 0})
)
_POSTPONE = (
    update(timers)
    .where(timers.c.id == bindparam("timer_id"))
    .values(run_at=bindparam("run_at"), attempts=timers.c.attempts + 1)
)
_REVIVE = (
    update(timers).where(timers.c.id == bindparam("timer_id")).values(run_at=bindparam("run_at"), attempts=0)
)
_DELETE = delete(timers).where(timers.c.id == bindparam("timer_id"))
_NEXT = select(func.min(timers.c.run_at)).where(timers.c.priority == bindparam("priority"))
_INSERT = insert(timers)


def list_of_case(tx: Tx, case_id: int) -> list[TimerRow]:
    """All timers of a case."""
    return [TimerRow._make(row) for row in tx.execute(_OF_CASE, {"case_id": case_id})]


def find_timer(tx: Tx, timer_id: int) -> TimerRow | None:
    """The timer, or None if it has fired or its task is gone."""
    row = tx.execute(_BY_ID, {"timer_id": timer_id}).one_or_none()
    return TimerRow._make(row) if row else None


def claim_due(tx: Tx, at: datetime, priority: int) -> int | None:
    """The longest overdue timer of a free case, whose case is now locked for this transaction."""
    row = tx.execute(_CLAIM, {"at": at, "priority": priority}).first()
    return row.id if row else None


def next_due(tx: Tx) -> datetime | None:
    """When the next timer wants to run."""
    found = (tx.execute(_NEXT, {"priority": priority}).scalar() for priority in PRIORITIES)
    return min((instant for instant in found if instant is not None), default=None)


def add_timers(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Insert timers."""
    if rows:
        tx.execute(_INSERT, rows)


def save_timers(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Save when timers run and what holds them."""
    if rows:
        tx.execute(_SAVE, rows)


def remove_timers(tx: Tx, timer_ids: list[int]) -> None:
    """Delete timers that fired or whose task is gone."""
    if timer_ids:
        tx.execute(_DELETE, [{"timer_id": timer_id} for timer_id in timer_ids])


def postpone(tx: Tx, timer_id: int, run_at: datetime | None) -> None:
    """Count a failed attempt; None leaves the timer to an operator."""
    tx.execute(_POSTPONE, {"timer_id": timer_id, "run_at": run_at})


def revive(tx: Tx, timer_id: int, run_at: datetime) -> None:
    """Give a timer that failed too often all its attempts again."""
    tx.execute(_REVIVE, {"timer_id": timer_id, "run_at": run_at})
