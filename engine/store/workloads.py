"""Counts of tasks for supervision: who carries what, and how fast a queue came and went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from engine.store.db import Tx
from engine.store.ids import lowest_id
from engine.store.tables import tasks

LONGEST_OPEN = timedelta(days=366)
"""A completed task that had been open for longer is not counted among the completions."""


class Carried(NamedTuple):
    """Open tasks in somebody's hands, or (assignee None) in nobody's, by region and candidates."""

    assignee: str | None
    region: str
    candidates: str | None
    open: int
    yellow: int
    red: int


class Flow(NamedTuple):
    """A queue: open now, what arrived and what was done since."""

    open: int
    arrived: int
    done: int


def list_carried(tx: Tx, *, scope: Sequence[str], at: datetime) -> list[Carried]:
    """The open tasks of these regions, counted."""
    red = and_(tasks.c.red_at.is_not(None), tasks.c.red_at <= at)
    yellow = and_(~red, tasks.c.yellow_at.is_not(None), tasks.c.yellow_at <= at)
    group = (tasks.c.assignee, tasks.c.region, tasks.c.candidates)
    query = select(*group, func.count(), _count(func.coalesce(yellow, false())), _count(red))
    query = query.where(tasks.c.closed_at.is_(None), _inside(scope)).group_by(*group)
    return [Carried._make(row) for row in tx.execute(query)]


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


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _inside(scope: Sequence[str]) -> ColumnElement[bool]:
    inside = [and_(tasks.c.region >= prefix, tasks.c.region < prefix + ":") for prefix in scope]
    return or_(*inside) if inside else false()
