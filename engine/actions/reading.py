"""What people may look at: one case, its clocks and record, lists, definitions. Nothing here writes.

Everything is scoped: a case outside the actor's regions is not found, and lists don't count it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine import access, feel
from engine.actions.clockwork import Clockwork
from engine.actions.cursors import check_limit, read_cursor, write_cursor
from engine.actions.holding import require_doer
from engine.actions.personal import shown
from engine.actions.program import CaseHost, Program, load_program
from engine.actions.record import show_event
from engine.actions.showing import show_case, show_clocks, show_summary, show_task
from engine.actions.views import (
    CaseSummary,
    CaseView,
    ClockView,
    EventView,
    IncidentView,
    Page,
    TaskDetail,
    TaskView,
)
from engine.clocks import Clock, Thresholds
from engine.errors import ConflictError, FieldError, ForbiddenError, InputError, NotFoundError
from engine.runtime import Instance, OpenTask
from engine.store import calendars, cases, clocks, events, lists, tasks
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.store.lists import CaseFilter, TaskFilter
from engine.store.metadata import EPOCH, MICROSECOND
from engine.store.narrowing import EVERYTHING, Narrowing
from engine.store.tasks import TaskRow
from engine.types import Actor

_LIGHTS = ("green", "yellow", "red", "grey")
_STATUSES = ("active", "completed", "withdrawn", "incident")
PAGE = 50


def get_case(tx: Tx, *, case_id: int, actor: Actor, at: datetime) -> CaseView:
    """A case with its open tasks and clocks; NotFoundError if the actor may not see it."""
    row, clockwork, program = read_case(tx, case_id, actor)
    return show_case(row, tasks.list_of_case(tx, case_id), clockwork, program, at)


def get_clocks(tx: Tx, *, case_id: int, actor: Actor, at: datetime) -> tuple[ClockView, ...]:
    """All clocks of a case, stopped ones too."""
    _row, clockwork, program = read_case(tx, case_id, actor)
    return show_clocks(clockwork, program, at, stopped=True)


def get_history(
    tx: Tx, *, case_id: int, actor: Actor, cursor: str | None = None, limit: int = PAGE
) -> Page[EventView]:
    """A case's record, oldest first."""
    row, _ = cases.get_case(tx, case_id)
    access.require_sight(actor, row.region)
    program = load_program(tx, row.process, row.definition_hash)
    after = read_cursor("history", cursor, 1)
    found = events.list_events(tx, case_id, after=after[0] if after else 0, limit=check_limit(limit) + 1)
    views = [show_event(event, program) for event in found]
    return _page(views, limit, lambda view: write_cursor("history", view.seq))


def list_cases(
    tx: Tx,
    *,
    actor: Actor,
    at: datetime,
    region: str | None = None,
    process: str | None = None,
    status: str | None = None,
    light: str | None = None,
    number: str | None = None,
    text: str | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
    step: str | None = None,
    open_only: bool = False,
    narrowing: Narrowing = EVERYTHING,
    version: int | None = None,
    scope: Sequence[str] | None = None,
    blinds: Sequence[bytes] | None = None,
) -> Page[CaseSummary]:
    """The cases that the actor may see, newest first. `text` looks into number and business key.

    `step` is an element with an open task; `scope` narrows what the actor sees to some
    regions; `blinds` to cases with one of these in the index.
    """
    _check_choice("status", status, _STATUSES)
    _check_choice("light", light, _LIGHTS)
    what = CaseFilter(
        scope=access.regions_seen(actor) if scope is None else scope,
        region=region,
        process=process,
        status=status,
        light=light,
        number=number,
        text=text,
        step=step,
        open_only=open_only,
        narrowing=narrowing,
        version=version,
        blinds=blinds,
    )
    before = read_cursor("cases", cursor, 1)
    rows = lists.list_cases(tx, what, at, before=before[0] if before else None, limit=check_limit(limit) + 1)
    return _page(rows, limit, lambda row: write_cursor("cases", row.id), lambda row: show_summary(row, at))


def list_tasks(
    tx: Tx,
    *,
    actor: Actor,
    at: datetime,
    mine: bool = False,
    group: bool = False,
    overdue: bool = False,
    light: str | None = None,
    process: str | None = None,
    region: str | None = None,
    case_id: int | None = None,
    step: str | None = None,
    holder: str | None = None,
    queue: str | None = None,
    text: str | None = None,
    scope: Sequence[str] | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[TaskView]:
    """Open tasks in the actor's regions, the soonest due first.

    `mine` are those in the actor's hands, `group` the unclaimed ones that the actor could take; `holder` is
    whose hands they are in, `queue` the role that those wait for which nobody has taken.
    """
    _check_choice("light", light, _LIGHTS)
    what = TaskFilter(
        scope=access.regions_seen(actor) if scope is None else scope,
        region=region,
        process=process,
        light=light,
        overdue=overdue,
        step=step,
        holder=holder,
        queue=queue,
        text=text,
        assignee=actor.username if mine else None,
        username=actor.username,
        roles=[(p.role, p.region) for p in actor.positions] if group else None,
        case_id=case_id,
        stands_in=actor.stands_in,
    )
    after = read_cursor("tasks", cursor, 2)
    rows = lists.list_tasks(
        tx, what, at, after=(after[0], after[1]) if after else None, limit=check_limit(limit) + 1
    )
    return _page(
        rows,
        limit,
        lambda row: write_cursor("tasks", lists.sort_key(_microseconds(row[0].due)), row[0].id),
        lambda row: show_task(row[0], row[1], at),
    )


def get_task(tx: Tx, *, task_id: int, actor: Actor, at: datetime) -> TaskDetail:
    """One task, open or done, with its form, what is known, the draft and what the actor may do with it."""
    task = tasks.find_task(tx, task_id)
    if task is None:
        raise NotFoundError
    case, revision, state = cases.get_case_with_state(tx, task.case_id)
    access.require_sight(actor, case.region, case.id)
    program = load_program(tx, case.process, case.definition_hash)
    form = program.definition.forms.get(task.form_id) if task.form_id else None
    known: dict[str, Any] = {}
    if task.closed_at is None and state is not None:
        found, _host = open_task(tx, case, revision, state, program, task.key, at)
        known = feel.from_feel(dict(found.scope))
    draft = tasks.read_draft(tx, task)
    return TaskDetail(
        task=show_task(task, case, at),
        form=form,
        known=shown(program, known),
        draft=shown(program, json.loads(draft)) if draft else None,
        draft_by=task.draft_by,
        draft_at=task.draft_at,
        allowed=_allowed(tx, case, task, actor),
    )


def list_incidents(
    tx: Tx, *, actor: Actor, open_only: bool = True, cursor: str | None = None, limit: int = PAGE
) -> Page[IncidentView]:
    """Failures in the cases that the actor may see, newest first."""
    before = read_cursor("incidents", cursor, 1)
    rows = lists.list_incidents(
        tx,
        access.regions_seen(actor),
        open_only=open_only,
        before=before[0] if before else None,
        limit=check_limit(limit) + 1,
    )
    return _page(
        rows, limit, lambda row: write_cursor("incidents", row[0].id), lambda row: show_incident(*row)
    )


def show_incident(row: Any, case: CaseRow) -> IncidentView:
    """An incident with its case."""
    return IncidentView(
        id=show_id(row.id),
        case_id=show_id(case.id),
        case_number=case.number,
        region=case.region,
        kind=row.kind,
        element_id=row.element_id,
        code=row.code,
        zh=row.zh,
        en=row.en,
        attempts=row.attempts,
        at=row.at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def read_case(tx: Tx, case_id: int, actor: Actor) -> tuple[CaseRow, Clockwork, Program]:
    """The case's row with its clocks and program; NotFoundError if the actor may not see it."""
    row, revision = cases.get_case(tx, case_id)
    access.require_sight(actor, row.region)
    program = load_program(tx, row.process, row.definition_hash)
    ledgers = {kept.name: Clock.from_json(kept.ledger) for kept in clocks.list_of_case(tx, case_id)}
    clockwork = Clockwork(ledgers)
    parameters = program.parameters_for(row.accepted_at or row.opened_at)
    clockwork.set_law(calendars.calendar_for(tx, row.region, revision), Thresholds.of(parameters))
    return row, clockwork, program


def open_task(
    tx: Tx, case: CaseRow, revision: int, state: bytes, program: Program, key: str, at: datetime
) -> tuple[OpenTask, CaseHost]:
    """An open task as the instance has it, and the host that its expressions speak to."""
    host = CaseHost(program, case.number)
    calendar = calendars.calendar_for(tx, case.region, revision)
    host.move_to(at, calendar, case.accepted_at, case.opened_at)
    instance = Instance.load(program.processes, case.process, state, host)
    return next(task for task in instance.user_tasks() if task.key == key), host


def _allowed(tx: Tx, case: CaseRow, task: TaskRow, actor: Actor) -> tuple[str, ...]:
    """What the actor may do with the task now; the same rules as the actions'."""
    if task.closed_at is not None:
        return ()
    assigns = access.may(actor, "task.assign", task.region, case.process)
    hands = {person.username for _, person in access.capacities(actor, case.process, task.region)}
    try:
        require_doer(tx, case, task, actor)
    except (ForbiddenError, ConflictError):
        fits = False
    else:
        fits = True
    allowed = ["claim"] if fits and task.assignee is None else []
    if task.assignee and (task.assignee in hands or assigns):
        allowed.append("release")
    if assigns:
        allowed.append("assign")
    return (*allowed, "delegate", "draft", "complete") if fits else tuple(allowed)


def _page(rows: list[Any], limit: int, cursor: Any, show: Any = None) -> Page[Any]:
    """The first `limit` of `limit` + 1 rows, and the cursor of the next page if there is one."""
    more = len(rows) > limit
    rows = rows[:limit]
    items = tuple(rows if show is None else map(show, rows))
    return Page(items=items, next=cursor(rows[-1]) if more else None)


def _check_choice(name: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        zh, en = f"{name} 只能是 {'、'.join(known)}", f"{name} must be one of {', '.join(known)}"
        raise InputError(f"{en}.", f"{zh}。", [FieldError(pointer=f"/{name}", zh=zh, en=en)])


def _microseconds(at: datetime | None) -> int | None:
    return None if at is None else (at - EPOCH) // MICROSECOND
