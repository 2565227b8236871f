"""How long things took: steps by element, cases from acceptance to decision, and what came and went a day.

Percentiles are by nearest rank: the smallest value that at least that share of the values does not exceed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, case, cast, func, select, type_coerce

from engine.store.db import Tx
from engine.store.metadata import EPOCH, MICROSECOND
from engine.store.narrowing import inside
from engine.store.supervision import DAY, local_day
from engine.store.tables import cases, tasks


class StepTime(NamedTuple):
    """An element's finished tasks: how many, their median and 90th percentile in microseconds, how late."""

    element_id: str
    done: int
    median: int
    p90: int
    limited: int
    late: int


class DayCount(NamedTuple):
    """What came, or was decided, on one local day (counted from 1970-01-01)."""

    day: int
    decided: int
    limited: int
    late: int


class Wait(NamedTuple):
    """Cases that waited so many whole days, until decided or (not `decided`) until now or their end."""

    days: int
    decided: bool
    cases: int


def time_steps(
    tx: Tx, scope: Sequence[str], processes: Collection[int], since: datetime, until: datetime
) -> list[StepTime]:
    """The tasks that people finished from `since` until before `until`, by element."""
    took = type_coerce(tasks.c.closed_at, BigInteger) - type_coerce(tasks.c.opened_at, BigInteger)
    limited, late = _late(tasks.c.closed_at, tasks.c.due)
    done = (
        select(
            tasks.c.element_id,
            took.label("took"),
            limited.label("limited"),
            late.label("late"),
            func.row_number().over(partition_by=tasks.c.element_id, order_by=took).label("rank"),
            func.count().over(partition_by=tasks.c.element_id).label("of"),
        )
        .where(tasks.c.closed_by.is_not(None), tasks.c.process_id.in_(sorted(processes)))
        .where(tasks.c.closed_at >= since, tasks.c.closed_at < until, inside(tasks.c.region, scope))
        .subquery()
    )
    query = select(
        done.c.element_id,
        func.count(),
        func.max(case((done.c.rank == (done.c.of + 1) // 2, done.c.took))),
        func.max(case((done.c.rank == (done.c.of * 9 + 9) // 10, done.c.took))),
        func.sum(done.c.limited),
        func.sum(done.c.late),
    ).group_by(done.c.element_id)
    return [StepTime._make(row) for row in tx.execute(query)]


def count_received(
    tx: Tx, scope: Sequence[str], since: datetime, until: datetime, processes: Collection[int] | None = None
) -> dict[int, int]:
    """Cases opened, by local day."""
    day = local_day(cases.c.opened_at)
    query = select(day, func.count()).where(*_cohort(scope, since, until, processes)).group_by(day)
    return {row[0]: row[1] for row in tx.execute(query)}


def count_decided(
    tx: Tx, scope: Sequence[str], since: datetime, until: datetime, processes: Collection[int] | None = None
) -> list[DayCount]:
    """Cases decided, by local day: those that a limit bound, and those of them that were late."""
    day = local_day(cases.c.decided_at)
    limited, late = _late(cases.c.decided_at, cases.c.decision_due)
    query = select(day, func.count(), func.sum(limited), func.sum(late))
    query = query.where(cases.c.decided_at >= since, cases.c.decided_at < until)
    query = query.where(inside(cases.c.region, scope))
    if processes is not None:
        query = query.where(cases.c.process_id.in_(sorted(processes)))
    return [DayCount._make(row) for row in tx.execute(query.group_by(day))]


def list_waits(
    tx: Tx,
    scope: Sequence[str],
    since: datetime,
    until: datetime,
    at: datetime,
    processes: Collection[int] | None = None,
) -> list[Wait]:
    """The cases opened from `since` until before `until`, by how long they waited and whether in the end."""
    begun = func.coalesce(
        type_coerce(cases.c.accepted_at, BigInteger), type_coerce(cases.c.opened_at, BigInteger)
    )
    decided = cases.c.decided_at.is_not(None)
    ended = func.coalesce(
        type_coerce(cases.c.decided_at, BigInteger),
        type_coerce(cases.c.closed_at, BigInteger),
        (at - EPOCH) // MICROSECOND,
    )
    days = (ended - begun) // DAY
    query = select(days, decided, func.count()).where(*_cohort(scope, since, until, processes))
    return [Wait(max(0, row[0]), bool(row[1]), row[2]) for row in tx.execute(query.group_by(days, decided))]


def _cohort(
    scope: Sequence[str], since: datetime, until: datetime, processes: Collection[int] | None
) -> list[ColumnElement[bool]]:
    found = [cases.c.opened_at >= since, cases.c.opened_at < until, inside(cases.c.region, scope)]
    return found if processes is None else [*found, cases.c.process_id.in_(sorted(processes))]


def _late(done: ColumnElement[Any], due: ColumnElement[Any]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Whether a limit ran, and whether it was over: due is the instant from which it is late."""
    return cast(due.is_not(None), Integer), cast(and_(due.is_not(None), done >= due), Integer)
