"""Keeps the work list true: what the instance waits for is open, what it no longer waits for is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from engine.actions.instants import end_of, instant_of
from engine.actions.work import Work
from engine.clocks import SHANGHAI, Calendar, ClockRef, Limit
from engine.runtime import OpenTask
from engine.store import tasks
from engine.store.ids import new_id
from engine.store.tasks import TaskRow, join_parts


def close_gone_tasks(work: Work, completed: str | None) -> None:
    """Close the tasks that are gone; `completed` is the key of the one that the actor has just done."""
    waiting = {task.key for task in work.waiting_tasks}
    gone = [row for key, row in work.tasks.items() if key not in waiting]
    doer = work.actor.username
    closed = [(row.id, doer if row.key == completed else None) for row in gone]
    tasks.close_tasks(work.tx, closed, work.at, closed_for=work.acting_for)
    for row in gone:
        del work.tasks[row.key]
    work.closed = gone


def open_new_tasks(work: Work) -> list[tuple[OpenTask, str | None]]:
    """Put new tasks on the list; returns them, each with the name of the clock that governs it."""
    opened = []
    for task in work.waiting_tasks:
        if task.key in work.tasks:
            continue
        clock = _start_clock(work, task)
        work.tasks[task.key] = _row(work, task, clock)
        opened.append((task, clock))
    work.opened = [(work.tasks[task.key], clock) for task, clock in opened]
    tasks.add_tasks(work.tx, [row._asdict() for row, _ in work.opened])
    return opened


def refresh_lights(work: Work) -> None:
    """Carry changed clocks over to the tasks that they govern."""
    changed = []
    for net in work.nets():
        row = work.tasks.get(net.key)
        if row is None or net.clock is None or net.clock not in work.clockwork.changed:
            continue
        lights = _lights(work, net.clock)
        if any(getattr(row, name) != value for name, value in lights.items()):
            work.tasks[net.key] = row._replace(**lights)
            changed.append({"task_id": row.id, **lights})
    tasks.save_lights(work.tx, changed)


def _start_clock(work: Work, task: OpenTask) -> str | None:
    if isinstance(task.due, ClockRef):
        return task.due.name if task.due.name in work.clockwork.clocks else None
    if not isinstance(task.due, Limit):
        return None
    name = work.clockwork.free_name(task.element_id, task.key)
    parent = work.clockwork.parent_for(work.program.clock_limits, task.key)
    work.clockwork.start(name, work.current(task.due), work.at, by=work.actor.username, parent=parent)
    return name


def _lights(work: Work, clock: str) -> dict[str, Any]:
    found = work.clockwork.deadline(clock)
    return {
        "due": found.due,
        "yellow_at": found.yellow_at,
        "red_at": found.red_at,
        "paused": found.state == "paused",
    }


def _row(work: Work, task: OpenTask, clock: str | None) -> TaskRow:
    lights: dict[str, Any] = {"due": None, "yellow_at": None, "red_at": None, "paused": False}
    if clock is not None:
        lights = _lights(work, clock)
    elif task.due is not None and not isinstance(task.due, ClockRef):
        due = end_of(task.due)
        yellow = max(work.at, last_workday(due, work.clockwork.calendar))
        lights |= {"due": due, "yellow_at": yellow, "red_at": due}
    groups = task.candidate_groups or ((task.lane,) if task.lane else ())
    return TaskRow(
        id=new_id(work.at),
        case_id=work.row.id,
        key=task.key,
        element_id=task.element_id,
        name=task.name or task.element_id,
        name_en=task.properties.get("titleEn"),
        region=work.row.region,
        assignee=task.assignee or None,
        held_since=work.at if task.assignee else None,
        candidates=join_parts([*groups, *(f"@{user}" for user in task.candidate_users)]),
        separate_from=join_parts(_names(task.properties.get("separateFrom", ""))),
        form_id=task.form_id or None,
        priority=task.priority,
        follow_up=None if task.follow_up is None else _follow_up(work, task),
        draft=None,
        opened_at=work.at,
        closed_at=None,
        closed_by=None,
        closed_for=None,
        process_id=work.row.process_id,
        **lights,
    )


def _follow_up(work: Work, task: OpenTask) -> datetime | None:
    """A follow-up in lawful units counts like a deadline from now; a date is its first moment."""
    if isinstance(task.follow_up, Limit):
        return work.clockwork.due_of(task.follow_up, work.at)
    return None if isinstance(task.follow_up, ClockRef) else instant_of(task.follow_up)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def last_workday(due: datetime, calendar: Calendar) -> datetime:
    """The first moment of the last working day before `due` is past: from then on a fixed date is near."""
    day = (due.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
