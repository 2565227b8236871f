"""The lists: cases, tasks and incidents, scoped by region, filtered, a page at a time.

Pages follow keys, not offsets: a cursor names the last row seen, so that nothing is skipped or shown
twice when the list changes meanwhile. Nothing here decides what a person may see; callers pass it in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, or_, select, type_coerce

from engine.store.cases import COLUMNS, CaseRow
from engine.store.db import Tx
from engine.store.incidents import IncidentRow
from engine.store.narrowing import EVERYTHING, Narrowing, inside
from engine.store.tables import cases, incidents, process_versions, tasks
from engine.store.tasks import TaskRow
from engine.store.vault_tables import identities
from engine.types import StandIn

_NEVER = 1 << 62  # sorts tasks without a limit behind all others


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What a list of cases is narrowed to. `scope` are region prefixes; empty sees nothing."""

    scope: Sequence[str]
    region: str | None = None
    process: str | None = None
    status: str | None = None
    light: str | None = None
    number: str | None = None
    text: str | None = None
    blinds: Sequence[bytes] | None = None
    versions: Collection[int] | None = None
    version: int | None = None
    open_only: bool = False
    step: str | None = None
    narrowing: Narrowing = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """What a work list is narrowed to. `roles` are pairs of role and region prefix.

    The work of those whose leave is covered (`stands_in`) counts as one's own.
    """

    scope: Sequence[str]
    region: str | None = None
    process: str | None = None
    light: str | None = None
    overdue: bool = False
    assignee: str | None = None
    username: str | None = None
    roles: Sequence[tuple[str, str]] | None = None
    case_id: int | None = None
    step: str | None = None
    holder: str | None = None
    queue: str | None = None
    text: str | None = None
    stands_in: Sequence[StandIn] = ()


def list_cases(tx: Tx, what: CaseFilter, at: datetime, *, before: int | None, limit: int) -> list[CaseRow]:
    """Newest first, those whose id is below `before`."""
    query = _cases(what, at)
    if before is not None:
        query = query.where(cases.c.id < before)
    return [CaseRow._make(row) for row in tx.execute(query.order_by(cases.c.id.desc()).limit(limit))]


def list_soonest(tx: Tx, what: CaseFilter, at: datetime, *, limit: int) -> list[CaseRow]:
    """Those with a limit, the first to be overdue first."""
    query = _cases(what, at).where(cases.c.red_at.is_not(None)).order_by(cases.c.red_at, cases.c.id)
    return [CaseRow._make(row) for row in tx.execute(query.limit(limit))]


def _cases(what: CaseFilter, at: datetime) -> Select[Any]:
    query = select(*COLUMNS).select_from(cases).join(process_versions)
    query = query.where(inside(cases.c.region, what.scope))
    if what.region is not None:
        query = query.where(inside(cases.c.region, [what.region]))
    if what.process is not None:
        query = query.where(process_versions.c.key == what.process)
    if what.status is not None:
        query = query.where(cases.c.status == what.status)
    if what.light is not None:
        query = query.where(cases.c.closed_at.is_(None), *_lit(cases.c, what.light, at))
    if what.number is not None:
        query = query.where(cases.c.number == what.number)
    if what.text is not None:
        found = (
            column.contains(what.text, autoescape=True) for column in (cases.c.number, cases.c.business_key)
        )
        query = query.where(or_(*found))
    if what.blinds is not None:
        found_in = select(identities.c.case_id).where(identities.c.blind.in_(what.blinds))
        query = query.where(cases.c.id.in_(found_in))
    if what.versions is not None:
        query = query.where(cases.c.process_id.in_(sorted(what.versions)))
    if what.version is not None:
        query = query.where(process_versions.c.version == what.version)
    if what.open_only:
        query = query.where(cases.c.closed_at.is_(None))
    if what.step is not None:
        here = select(tasks.c.case_id).where(tasks.c.closed_at.is_(None), tasks.c.element_id == what.step)
        query = query.where(cases.c.id.in_(here.where(inside(tasks.c.region, what.scope))))
    return query.where(*what.narrowing.conditions(at))


def list_tasks(
    tx: Tx, what: TaskFilter, at: datetime, *, after: tuple[int, int] | None, limit: int
) -> list[tuple[TaskRow, CaseRow]]:
    """Open tasks, the soonest due first; `after` is the sort key of the last row seen.

    They are found and sorted by their ids alone: whole rows are read for those that are shown.
    """
    soonest, found = _soonest(), _source(what, tasks.c.id).where(*_wanted(what, at))
    if after is not None:
        found = found.where(or_(soonest > after[0], and_(soonest == after[0], tasks.c.id > after[1])))
    shown = found.order_by(soonest, tasks.c.id).limit(limit).subquery()
    query = select(*tasks.c, *COLUMNS).select_from(tasks).join(cases).join(process_versions)
    width = len(tasks.c)
    rows = tx.execute(query.where(tasks.c.id.in_(select(shown.c.id))).order_by(soonest, tasks.c.id))
    return [(TaskRow._make(row[:width]), CaseRow._make(row[width:])) for row in rows]


def count_tasks(tx: Tx, what: TaskFilter, at: datetime) -> tuple[int, int]:
    """How many open tasks there are, and how many of them are overdue."""
    late = func.coalesce(func.sum(case((tasks.c.red_at <= at, 1), else_=0)), 0)
    row = tx.execute(_source(what, func.count(), late).where(*_wanted(what, at))).one()
    return int(row[0]), int(row[1])


def _source(what: TaskFilter, *columns: Any) -> Select[Any]:
    """The tasks, with their cases only where a condition is on these."""
    query = select(*columns).select_from(tasks)
    covers = any(leave.process is not None for leave in what.stands_in)
    joins = what.process is not None or what.text is not None or covers
    return query.join(cases).join(process_versions) if joins else query


def _wanted(what: TaskFilter, at: datetime) -> list[ColumnElement[bool]]:
    wanted = [tasks.c.closed_at.is_(None), inside(tasks.c.region, what.scope)]
    if what.region is not None:
        wanted += [inside(tasks.c.region, [what.region])]
    if what.process is not None:
        wanted += [process_versions.c.key == what.process]
    if what.case_id is not None:
        wanted += [tasks.c.case_id == what.case_id]
    if what.step is not None:
        wanted += [tasks.c.element_id == what.step]
    if what.holder is not None:
        wanted += [tasks.c.assignee == what.holder]
    if what.queue is not None:
        waits = tasks.c.candidates.contains(f"|{what.queue}|", autoescape=True)
        wanted += [tasks.c.assignee.is_(None), waits]
    if what.overdue:
        wanted += [tasks.c.red_at <= at]
    if what.light is not None:
        wanted += _lit(tasks.c, what.light, at)
    if what.assignee is not None:
        theirs = (and_(tasks.c.assignee == leave.absent, _covered(leave)) for leave in what.stands_in)
        wanted += [or_(tasks.c.assignee == what.assignee, *theirs)]
    if what.roles is not None:
        for_them = (
            and_(_meant_for(leave.absent, [(p.role, p.region) for p in leave.positions]), _covered(leave))
            for leave in what.stands_in
        )
        mine = _meant_for(what.username or "", what.roles)
        wanted += [tasks.c.assignee.is_(None), or_(mine, *for_them)]
    if what.text is not None:
        wanted.append(
            or_(
                *(
                    column.contains(what.text, autoescape=True)
                    for column in (cases.c.number, cases.c.business_key)
                )
            )
        )
    return wanted


def sort_key(due_microseconds: int | None) -> int:
    """Where a task with this due instant stands in the list."""
    return _NEVER if due_microseconds is None else due_microseconds


def list_incidents(
    tx: Tx, scope: Sequence[str], *, open_only: bool, before: int | None, limit: int
) -> list[tuple[IncidentRow, CaseRow]]:
    """Newest first."""
    query = select(*incidents.c, *COLUMNS).select_from(incidents).join(cases).join(process_versions)
    query = query.where(inside(cases.c.region, scope))
    if open_only:
        query = query.where(incidents.c.closed_at.is_(None))
    if before is not None:
        query = query.where(incidents.c.id < before)
    width = len(incidents.c)
    rows = tx.execute(query.order_by(incidents.c.id.desc()).limit(limit))
    return [(IncidentRow._make(row[:width]), CaseRow._make(row[width:])) for row in rows]


def _soonest() -> ColumnElement[int]:
    return func.coalesce(type_coerce(tasks.c.due, BigInteger), _NEVER)


def _meant_for(username: str, roles: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    mine = [tasks.c.candidates.contains(f"|@{username}|", autoescape=True)]
    for role, region in roles:
        here = inside(tasks.c.region, [region])
        mine.append(and_(tasks.c.candidates.contains(f"|{role}|", autoescape=True), here))
    return or_(*mine)


def _covered(leave: StandIn) -> ColumnElement[bool]:
    here = inside(tasks.c.region, [leave.region])
    return here if leave.process is None else and_(here, process_versions.c.key == leave.process)


def _lit(columns: Any, light: str, at: datetime) -> list[ColumnElement[bool]]:
    """The conditions under which a row shows a light; the same order as `actions.showing.light_at`."""
    red = and_(columns.red_at.is_not(None), columns.red_at <= at)
    yellow = and_(columns.yellow_at.is_not(None), columns.yellow_at <= at)
    not_red = or_(columns.red_at.is_(None), columns.red_at > at)
    if light == "red":
        return [red]
    if light == "grey":
        return [not_red, columns.paused]
    if light == "yellow":
        return [not_red, ~columns.paused, yellow]
    not_yellow = or_(columns.yellow_at.is_(None), columns.yellow_at > at)
    return [not_red, ~columns.paused, not_yellow, columns.red_at.is_not(None)]
