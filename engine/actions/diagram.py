"""A case on its own diagram: where it is, what it has passed, when, and how long each thing took.

Read from the record and the task rows; nothing here writes. Lengths of time are told twice: as the
calendar has them, and, where a limit ran, in the limit's own unit with its pauses left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from engine.actions.clockwork import Clockwork
from engine.actions.program import Program
from engine.actions.reading import read_case
from engine.actions.showing import light_at
from engine.clocks import SHANGHAI, Calendar, Clock, Limit
from engine.store import events, tasks
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.store.tasks import TaskRow
from engine.types import Actor, Light

How = Literal["open", "completed", "cancelled"]
State = Literal["current", "overdue", "done", "cancelled"]
VISITS_SHOWN = 20  # of an element that a long case comes back to for years, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stay at an element. `spent` counts in the limit's `unit`, hours in seconds."""

    entered_at: datetime
    left_at: datetime | None
    how: How
    seconds: int
    by: str | None = None
    holder: str | None = None
    due: datetime | None = None
    light: Light | None = None
    unit: str | None = None
    allowed: int | None = None
    spent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementView:
    """An element that the case has come to; `visits` are the newest ones, of `count` in all."""

    id: str
    name: str
    name_en: str
    kind: str
    state: State
    count: int
    seconds: int
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramView:
    """The exact BPMN that a case is bound to, what it came to on it, and the flows that it took."""

    case_id: str
    process: str
    process_version: int
    at: datetime
    bpmn: str
    elements: tuple[ElementView, ...]
    flows: tuple[str, ...]


def get_diagram(tx: Tx, *, case_id: int, actor: Actor, at: datetime) -> DiagramView:
    """The case's diagram with its tokens and times; NotFoundError if the actor may not see the case."""
    row, clockwork, program = read_case(tx, case_id, actor)
    record = events.list_events(tx, case_id)
    visits: dict[str, list[Visit]] = defaultdict(list)
    worked = tasks.list_all(tx, case_id)
    people = {task.element_id for task in worked}
    for element, visit in _passed(((event.at, event.data) for event in record), at):
        if element not in people:
            visits[element].append(visit)
    for task in worked:
        visits[task.element_id].append(_of_task(task, clockwork, at))
    flows = dict.fromkeys(flow for event in record for flow in event.data.get("taken", ()))
    return DiagramView(
        case_id=show_id(row.id),
        process=row.process,
        process_version=row.process_version,
        at=at,
        bpmn=program.definition.files[program.definition.file].decode(),
        elements=tuple(_element(element, found, program) for element, found in visits.items()),
        flows=tuple(flows),
    )


def _passed(rows: Iterable[tuple[datetime, Any]], at: datetime) -> Iterator[tuple[str, Visit]]:
    """The stays that the record tells of; who came to an element first is taken to leave it first."""
    open_: dict[str, list[datetime]] = defaultdict(list)
    for when, data in rows:
        for element in data.get("entered", ()):
            open_[element].append(when)
        for how in ("completed", "cancelled"):
            for element in data.get(how, ()):
                if open_[element]:
                    yield element, _visit(open_[element].pop(0), when, how)
    for element, begun in open_.items():
        for when in begun:
            yield element, replace(_visit(when, at, "open"), left_at=None)


def _visit(begin: datetime, end: datetime, how: How) -> Visit:
    return Visit(entered_at=begin, left_at=end, how=how, seconds=int((end - begin).total_seconds()))


def _of_task(task: TaskRow, clockwork: Clockwork, at: datetime) -> Visit:
    how: How = "open" if task.closed_at is None else "completed" if task.closed_by else "cancelled"
    end = task.closed_at or at
    visit = replace(_visit(task.opened_at, end, how), by=task.closed_by, holder=task.assignee, due=task.due)
    if task.closed_at is None:
        light = light_at(at, task.yellow_at, task.red_at, paused=task.paused, limited=task.due is not None)
        visit = replace(visit, left_at=None, light=light)
    elif task.due is not None:
        visit = replace(visit, light="red" if end >= task.due else "green")
    clock = clockwork.clocks.get(f"{task.element_id}#{task.key}") or clockwork.clocks.get(task.element_id)
    if clock is None:
        return visit
    limit, calendar = clock.limit, clockwork.calendar
    own = clock.opened_at == task.opened_at.replace(microsecond=0)
    spent = _by_ledger(clock, calendar, end) if own else _by_calendar(limit, calendar, task.opened_at, end)
    return replace(visit, unit=limit.unit, allowed=limit.amount, spent=spent)


def _by_ledger(clock: Clock, calendar: Calendar, at: datetime) -> int:
    """What was used of the budget at `at`, pauses left out."""
    left = clock.remaining(calendar, at).amount
    return (clock.limit.amount * 3600 if clock.limit.unit == "hours" else clock.limit.amount) - left


def _by_calendar(limit: Limit, calendar: Calendar, begin: datetime, end: datetime) -> int:
    """What a stay took whose ledger a later one has replaced."""
    first, last = (when.astimezone(SHANGHAI).date().toordinal() for when in (begin, end))
    if limit.unit == "hours":
        return int((end - begin).total_seconds())
    return calendar.workdays_between(first, last) if limit.unit == "workdays" else last - first


def _element(element_id: str, visits: list[Visit], program: Program) -> ElementView:
    node = program.nodes.get(element_id)
    visits.sort(key=lambda visit: visit.entered_at)
    return ElementView(
        id=element_id,
        name=(node.name if node else "") or element_id,
        name_en=node.properties.get("titleEn", "") if node else "",
        kind=node.kind if node else "",
        state=_state(visits),
        count=len(visits),
        seconds=sum(visit.seconds for visit in visits),
        visits=tuple(visits[-VISITS_SHOWN:]),
    )


def _state(visits: list[Visit]) -> State:
    here = [visit for visit in visits if visit.how == "open"]
    if here:
        return "overdue" if any(visit.light == "red" for visit in here) else "current"
    return "done" if any(visit.how == "completed" for visit in visits) else "cancelled"
