"""Counts of open work: by light, region, process, step, holder. One statement each, over indexes alone.

A light is told by the instants kept in the rows, in the same order as `actions.showing.light_at`.
Nothing here decides what a person may see: callers pass the region prefixes in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, cast, func, or_, select, type_coerce

from engine.store.db import Tx
from engine.store.metadata import EPOCH, MICROSECOND
from engine.store.narrowing import inside, turns
from engine.store.tables import cases, process_versions, tasks

DAY = 86_400_000_000  # microseconds
_SHANGHAI = 8 * 3_600_000_000  # since 1991 without summer time


class VersionRow(NamedTuple):
    """A deployed version of a process."""

    id: int
    key: str
    version: int
    hash: str
    name: str
    current: bool


class CaseCount(NamedTuple):
    """Open cases of one region and version by light; what has no limit is in `total` only."""

    region: str
    process_id: int
    total: int
    red: int
    grey: int
    yellow: int
    limited: int


class StepCount(NamedTuple):
    """Open tasks of one region, version and element by light."""

    region: str
    process_id: int
    element_id: str
    total: int
    red: int
    grey: int
    yellow: int
    limited: int


class HandCount(NamedTuple):
    """Open tasks in one person's hands, or (no assignee) on the lists of their candidates, in one region."""

    region: str
    process_id: int
    assignee: str | None
    candidates: str | None
    total: int
    red: int
    grey: int
    yellow: int
    limited: int


class TurnCount(NamedTuple):
    """Open cases that turn to a light on one local day (counted from 1970-01-01)."""

    day: int
    process_id: int
    cases: int


def list_versions(tx: Tx) -> dict[int, VersionRow]:
    """All deployed versions by their id."""
    names = (process_versions.c[name] for name in VersionRow._fields)
    return {row.id: VersionRow._make(row) for row in tx.execute(select(*names))}


def count_cases(
    tx: Tx, scope: Sequence[str], at: datetime, processes: Collection[int] | None = None
) -> list[CaseCount]:
    """Open cases by region and version."""
    keys = (cases.c.region, cases.c.process_id)
    query = select(*keys, *_lights(cases.c, at)).where(cases.c.closed_at.is_(None))
    query = query.where(inside(cases.c.region, scope), *_of(cases.c.process_id, processes)).group_by(*keys)
    return [CaseCount._make(row) for row in tx.execute(query)]


def count_steps(
    tx: Tx, scope: Sequence[str], at: datetime, processes: Collection[int] | None = None
) -> list[StepCount]:
    """Open tasks by region, version and element."""
    keys = (tasks.c.region, tasks.c.process_id, tasks.c.element_id)
    query = select(*keys, *_lights(tasks.c, at)).where(tasks.c.closed_at.is_(None))
    query = query.where(inside(tasks.c.region, scope), *_of(tasks.c.process_id, processes)).group_by(*keys)
    return [StepCount._make(row) for row in tx.execute(query)]


def count_hands(
    tx: Tx, scope: Sequence[str], at: datetime, processes: Collection[int] | None = None
) -> list[HandCount]:
    """Open tasks by who holds them, or by whom they wait for."""
    keys = (tasks.c.region, tasks.c.process_id, tasks.c.assignee, tasks.c.candidates)
    query = select(*keys, *_lights(tasks.c, at)).where(tasks.c.closed_at.is_(None))
    query = query.where(inside(tasks.c.region, scope), *_of(tasks.c.process_id, processes)).group_by(*keys)
    return [HandCount._make(row) for row in tx.execute(query)]


def count_turning(
    tx: Tx,
    scope: Sequence[str],
    light: str,
    at: datetime,
    until: datetime,
    processes: Collection[int] | None = None,
) -> list[TurnCount]:
    """Open cases that turn yellow or red after `at` and before `until`, by local day and version."""
    day = local_day(cases.c.red_at if light == "red" else cases.c.yellow_at)
    query = select(day, cases.c.process_id, func.count())
    query = query.where(inside(cases.c.region, scope), *_of(cases.c.process_id, processes))
    query = query.where(*turns(light, at, until)).group_by(day, cases.c.process_id)
    return [TurnCount._make(row) for row in tx.execute(query)]


def local_day(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The local day that an instant falls on, counted from 1970-01-01."""
    return (type_coerce(column, BigInteger) + _SHANGHAI) // DAY


def _lights(columns: Any, at: datetime) -> tuple[ColumnElement[Any], ...]:
    """The counts by light, as sums over the grouped rows."""
    now = (at - EPOCH) // MICROSECOND
    red_at, yellow_at = (type_coerce(columns[name], BigInteger) for name in ("red_at", "yellow_at"))
    red = and_(red_at.is_not(None), red_at <= now)
    later = or_(red_at.is_(None), red_at > now)
    return (
        func.count(),
        _sum(red),
        _sum(and_(later, columns.paused)),
        _sum(and_(later, ~columns.paused, yellow_at.is_not(None), yellow_at <= now)),
        _sum(or_(red_at.is_not(None), columns.paused, and_(yellow_at.is_not(None), yellow_at <= now))),
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(condition, Integer)), 0)


def _of(column: ColumnElement[int], wanted: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if wanted is None else [column.in_(sorted(wanted))]
