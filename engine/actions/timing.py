"""Keeps the timer rows true: the timers of the diagram, and a safety net under every task with a limit.

Timers in lawful units are clocks of their own below the clock of what they are attached to, so that a
pause holds them; dates, durations and cycles run on the calendar of the wall.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from engine import feel
from engine.actions.instants import Beat, first_beat, instant_of, later
from engine.actions.work import Work, shelf_key
from engine.clocks import ClockRef, Limit
from engine.runtime import Cycle, OpenTask, WaitingTimer
from engine.store import timers
from engine.store.ids import new_id
from engine.store.timers import TimerRow


def remove_gone_timers(work: Work) -> None:
    """Drop the timers and nets whose element is gone, and stop the clocks that were theirs."""
    waiting = {timer.key for timer in work.waiting_timers}
    gone = [
        row
        for row in work.live.timers.values()
        if row.key not in (work.tasks if row.kind == "net" else waiting)
    ]
    for row in gone:
        del work.live.timers[shelf_key(row)]
        if row.clock is not None and row.clock.partition("#")[0] == json.loads(row.data)["element"]:
            work.clockwork.stop(row.clock, work.at, work.actor.username)
    timers.remove_timers(work.tx, [row.id for row in gone])


def arm_new_timers(work: Work, opened: list[tuple[OpenTask, str | None]]) -> None:
    """Arm the timers that have come to wait, and a net under every task in `opened` that has a limit."""
    rows = [_net(work, task, clock) for task, clock in opened if task.due is not None]
    for row in rows:
        work.live.timers[shelf_key(row)] = row
    for timer in work.waiting_timers:
        if timer.key not in work.live.timers:
            row = work.live.timers[timer.key] = _row(work, timer)
            rows.append(row)
    timers.add_timers(work.tx, [row._asdict() for row in rows])


def refresh_timers(work: Work) -> None:
    """Move, hold or release the timers whose clock changed."""
    moved = []
    for name, row in work.live.timers.items():
        if row.clock is None or row.clock not in work.clockwork.changed:
            continue
        due, data = work.clockwork.deadline(row.clock).due, row.data
        if row.kind == "diagram" and not work.clockwork.is_open(row.clock):
            due = None  # the clock it follows has stopped in time
        if row.kind == "net" and json.loads(data)["level"]:
            if due is not None and due <= work.at:
                continue  # the net has caught it already and goes up the line at its own pace
            data = at_level(row, 0, None)
        if due != row.due or data != row.data:
            row = work.live.timers[name] = row._replace(due=due, run_at=due, data=data)
            moved.append(_changes(row))
    timers.save_timers(work.tx, moved)


def rearm(work: Work, row: TimerRow, **changes: Any) -> None:
    """Give a timer that has fired its next date (`due`, `data`)."""
    row = row._replace(run_at=changes["due"], **changes)
    work.live.timers[shelf_key(row)] = row
    timers.save_timers(work.tx, [_changes(row)])


def next_beat(work: Work, row: TimerRow, cycle: Cycle) -> None:
    """Arm a cycle for its next date after now."""
    data = json.loads(row.data)
    beat = Beat(datetime.fromisoformat(data["first"]), data["n"]).after(cycle, work.at)
    rearm(work, row, due=beat.due(cycle), data=_beat_data(data["element"], beat))


def net_level(row: TimerRow) -> int:
    """How often a net has caught its task already."""
    level: int = json.loads(row.data)["level"]
    return level


def at_level(row: TimerRow, level: int, since: datetime | None) -> str:
    """The data of a net that has caught its task `level` times, overdue since an instant."""
    fields = {"element": json.loads(row.data)["element"], "level": level}
    return _data(**fields, since=since.isoformat()) if since else _data(**fields)


def overdue_since(row: TimerRow) -> datetime:
    """The instant at which a net caught its task first."""
    since = json.loads(row.data).get("since")
    found = datetime.fromisoformat(since) if since else row.due
    assert found is not None, "a net that fires has a due instant"
    return found


def _row(work: Work, timer: WaitingTimer) -> TimerRow:
    clock, due, data = None, None, _data(element=timer.element_id)
    match timer.value:
        case Limit():
            clock = _own_clock(work, timer, work.current(timer.value))
            due = work.clockwork.deadline(clock).due
        case ClockRef(name):
            clock, due = name, _due_of_clock(work, name)
        case Cycle():
            beat = first_beat(timer.value, work.at)
            due, data = beat.due(timer.value), _beat_data(timer.element_id, beat)
        case feel.DaysTime() | feel.YearsMonths():
            due = later(work.at, timer.value)
        case _:
            due = instant_of(timer.value)
    return _timer(work, "diagram", timer.key, clock, due, data)


def _due_of_clock(work: Work, name: str) -> datetime | None:
    """When a clock is due; None while it stands still, has not started or has stopped."""
    if name not in work.program.clock_limits:
        work.clockwork.get(name)  # refuses a name that is no clock
    return work.clockwork.deadline(name).due if work.clockwork.is_open(name) else None


def _own_clock(work: Work, timer: WaitingTimer, limit: Limit) -> str:
    """A clock for the timer, below its activity's clock, else below the case's."""
    name = work.clockwork.free_name(timer.element_id, timer.key)
    net = work.live.timers.get(f"net {timer.attached_key}")
    if net is not None and work.clockwork.is_open(net.clock):
        parent = net.clock
    else:
        parent = work.clockwork.parent_for(work.program.clock_limits, timer.attached_key or None)
    work.clockwork.start(name, limit, work.at, by=work.actor.username, parent=parent)
    return name


def _net(work: Work, task: OpenTask, clock: str | None) -> TimerRow:
    due = work.tasks[task.key].due
    return _timer(work, "net", task.key, clock, due, _data(element=task.element_id, level=0))


def _timer(work: Work, kind: str, key: str, clock: str | None, due: Any, data: str) -> TimerRow:
    return TimerRow(
        id=new_id(work.at),
        case_id=work.row.id,
        kind=kind,
        key=key,
        clock=clock,
        due=due,
        run_at=due,
        priority=work.program.priority,
        attempts=0,
        data=data,
    )


def _changes(row: TimerRow) -> dict[str, Any]:
    return {"timer_id": row.id, "clock": row.clock, "due": row.due, "run_at": row.run_at, "data": row.data}


def _beat_data(element: str, beat: Beat) -> str:
    return _data(element=element, first=beat.first.isoformat(), n=beat.count)


def _data(**fields: Any) -> str:
    return json.dumps(fields, separators=(",", ":"))
