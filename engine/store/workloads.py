"""How fast a queue came and went: counts of tasks for the what-if."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from engine.store.db import Tx
from engine.store.ids import lowest_id
from engine.store.tables import tasks

LONGEST_OPEN = timedelta(days=366)
"""A completed task that had been open for longer is not counted among the completions."""


class Flow(NamedTuple):
    """A queue: open now, what arrived and what was done since."""

    open: int
    arrived: int
    done: int


def count_flow(tx: Tx, *, region: str, role: str, holders: Sequence[str], since: datetime) -> Flow:
    """The queue of a role in a region since an instant.

    A closed task no longer says whom it was for: it counts for the role whose holders did it. What the
    process took back counts for nobody, neither as come nor as done.
    """
    here = _inside([region])
    waiting = and_(
        here, tasks.c.closed_at.is_(None), tasks.c.candidates.contains(f"|{role}|", autoescape=True)
    )
    by_them = or_(tasks.c.closed_by.in_(holders), tasks.c.closed_for.in_(holders))
    done = and_(here, by_them, tasks.c.closed_at >= since, tasks.c.id >= lowest_id(since - LONGEST_OPEN))
    new = tasks.c.id >= lowest_id(since)
    counts = [
        tx.scalar(select(func.count()).select_from(tasks).where(condition)) or 0
        for condition in (waiting, and_(waiting, new), done, and_(done, new))
    ]
    return Flow(open=counts[0], arrived=counts[1] + counts[3], done=counts[2])


def _inside(scope: Sequence[str]) -> ColumnElement[bool]:
    inside = [and_(tasks.c.region >= prefix, tasks.c.region < prefix + ":") for prefix in scope]
    return or_(*inside) if inside else false()
