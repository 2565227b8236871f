"""From rows to views."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from engine.actions.clockwork import Clockwork
from engine.actions.program import Program
from engine.actions.views import CaseSummary, CaseView, ClockView, TaskView
from engine.clocks import SHANGHAI
from engine.runtime import NodeInfo
from engine.store.cases import CaseRow
from engine.store.ids import show_id
from engine.store.tasks import TaskRow
from engine.types import Light

_INSTANT = timedelta(microseconds=1)


def light_at(
    at: datetime, yellow_at: datetime | None, red_at: datetime | None, *, paused: bool, limited: bool
) -> Light | None:
    """The light by the instants kept in a row; None where no limit runs."""
    if red_at is not None and at >= red_at:
        return "red"
    if paused:
        return "grey"
    if yellow_at is not None and at >= yellow_at:
        return "yellow"
    return "green" if limited else None


def last_day(due: datetime | None) -> date | None:
    """The last day on which something due at the instant `due` is in time."""
    return due and (due.astimezone(SHANGHAI) - _INSTANT).date()


def show_task(row: TaskRow, case: CaseRow, at: datetime) -> TaskView:
    """A task with what its case adds."""
    status = "open" if row.closed_at is None else "completed" if row.closed_by else "cancelled"
    return TaskView(
        id=show_id(row.id),
        case_id=show_id(case.id),
        case_number=case.number,
        process=case.process,
        process_name=case.process_name,
        version=case.version,
        element_id=row.element_id,
        name=row.name,
        name_en=row.name_en or "",
        region=row.region,
        status=status,  # type: ignore[arg-type]
        assignee=row.assignee,
        candidate_groups=row.groups,
        candidate_users=row.users,
        separate_from=row.separate_elements,
        form_id=row.form_id,
        priority=row.priority,
        due=row.due,
        due_date=last_day(row.due),
        light=None
        if row.closed_at
        else light_at(at, row.yellow_at, row.red_at, paused=row.paused, limited=row.due is not None),
        follow_up=row.follow_up,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closed_for=row.closed_for,
    )


def show_clocks(
    clockwork: Clockwork, program: Program, at: datetime, *, stopped: bool = False
) -> tuple[ClockView, ...]:
    """The open clocks of a case, with `stopped` all of them; case clocks first."""
    names = [name for name in clockwork.clocks if stopped or clockwork.is_open(name)]
    names.sort(key=lambda name: (name not in program.clock_limits, name))
    return tuple(_show_clock(clockwork, program, name, at) for name in names)


def _show_clock(clockwork: Clockwork, program: Program, name: str, at: datetime) -> ClockView:
    clock, found = clockwork.clocks[name], clockwork.deadline(name)
    if found.state == "stopped":
        light: Light | None = clock.light(clockwork.calendar, at, clockwork.thresholds)
    else:
        light = light_at(at, found.yellow_at, found.red_at, paused=found.state == "paused", limited=True)
    node = program.nodes.get(name.partition("#")[0])
    kind = "task" if node is not None and node.kind == "userTask" else "timer"
    title, title_en = clock_title(name, clock.limit.key, node, program)
    return ClockView(
        name=name,
        title=title,
        title_en=title_en,
        kind="case" if name in program.clock_limits else kind,  # type: ignore[arg-type]
        status=found.state,
        due=found.due,
        due_date=found.due_date,
        promised_due=found.promised_due,
        promised_due_date=last_day(found.promised_due),
        light=light,
        provisional=found.provisional,
        clock=clock,
        calendar=clockwork.calendar,
    )


def clock_title(name: str, key: str | None, node: NodeInfo | None, program: Program) -> tuple[str, str]:
    """A case clock is called as the parameter that limits it, a step's as the step; in both languages."""
    if node is not None:
        zh = node.name or name
        return zh, node.properties.get("titleEn") or zh
    parameters = program.definition.parameters
    parameter = parameters.get(key or "")
    return (parameter.zh, parameter.en) if parameter else (name, name)


def _summary(row: CaseRow, at: datetime) -> dict[str, Any]:
    limited = row.red_at is not None
    return {
        "id": show_id(row.id),
        "number": row.number,
        "process": row.process,
        "process_name": row.process_name,
        "process_version": row.process_version,
        "region": row.region,
        "business_key": row.business_key,
        "status": row.status,
        "outcome": row.outcome,
        "version": row.version,
        "light": light_at(at, row.yellow_at, row.red_at, paused=row.paused, limited=limited),
        "opened_at": row.opened_at,
        "opened_by": row.opened_by,
        "accepted_at": row.accepted_at,
        "closed_at": row.closed_at,
    }


def show_summary(row: CaseRow, at: datetime) -> CaseSummary:
    """A case as lists show it."""
    return CaseSummary(**_summary(row, at))


def show_case(
    row: CaseRow, tasks: Iterable[TaskRow], clockwork: Clockwork, program: Program, at: datetime
) -> CaseView:
    """A case with its open tasks, in the order in which it came to them, and its clocks."""
    return CaseView(
        **_summary(row, at),
        tasks=tuple(show_task(task, row, at) for task in sorted(tasks, key=_reached)),
        clocks=show_clocks(clockwork, program, at),
    )


def _reached(task: TaskRow) -> tuple[int, str]:
    """The engine numbers what it comes to in base 36; ids of one millisecond have no order."""
    return len(task.key), task.key
