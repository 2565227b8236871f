"""No silent escalation: what happens when a task is overdue and nothing in the diagram has dealt with it.

Under every open task with a limit lies an armed net. When it catches the task, the next in the line
is told and the net is armed again for the step after; who and when are parameters (`overdue.*`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from engine.actions import timing
from engine.actions.program import Program
from engine.actions.promises import promise_notice
from engine.actions.work import Work
from engine.clocks import SHANGHAI
from engine.parameters import Limit, Parameters, load_parameters
from engine.store.tasks import TaskRow
from engine.store.timers import TimerRow

_DEFAULTS = load_parameters(
    files("engine.actions").joinpath("supervision.yaml").read_bytes(), file="engine/actions/supervision.yaml"
)


def catch(work: Work, row: TimerRow) -> dict[str, Any]:
    """Record the escalation of an overdue task, tell the next in the line, arm the net again.

    After an outage the step that is due by now is taken once; those that were missed are not made up
    for. Returns what the history says of it.
    """
    task, rules, since = (
        work.tasks[row.key],
        rules_for(work.program, work.accepted_at or work.row.opened_at),
        timing.overdue_since(row),
    )
    level = timing.net_level(row) + 1
    while (again := _due_of_step(work, rules, row, since, level)) <= work.at:
        level += 1
    acts = rules.get("overdue.acts")
    act = acts[min(level, len(acts)) - 1]
    to = next_in_line(rules.get("overdue.line"), task, level)
    told = [name for name in (task.assignee or "", *task.groups, to) if name]
    details = {
        "task": task.element_id,
        "name": task.name,
        "act": act,
        "level": level,
        "due": since.isoformat(),
    }
    promise_notice(work, "task_overdue", {"to": ",".join(told)}, details)
    timing.rearm(work, row, due=again, data=timing.at_level(row, level, since))
    return {"task": task.element_id, "level": level, "act": act, "to": to}


def next_in_line(line: list[str], task: TaskRow, level: int) -> str:
    """Who is told at a level: the line begins above the task's own roles and ends with its last."""
    above = [index + 1 for index, role in enumerate(line) if role in task.groups]
    start = max(above, default=0)
    return line[min(start + level - 1, len(line) - 1)]


def rules_for(program: Program, counts_from: datetime) -> Parameters:
    """The `overdue.*` parameters of a process on the local day of `counts_from`."""
    day = counts_from.astimezone(SHANGHAI).date()
    return _DEFAULTS.merge(program.definition.parameters, replace=True).at(day)


def _due_of_step(work: Work, rules: Parameters, row: TimerRow, since: datetime, level: int) -> datetime:
    """When the step after `level` is taken: so many working days (or hours) after the due instant."""
    clock = work.clockwork.clocks.get(row.clock) if row.clock else None
    if clock is not None and clock.limit.unit == "hours":
        return since + level * timedelta(hours=rules.limit("overdue.hours").amount)
    steps = [f"overdue.after.{number}" for number in (1, 2, 3)]
    days = rules.limit(steps[min(level, len(steps)) - 1]).amount
    days += max(0, level - len(steps)) * rules.limit("overdue.again").amount
    # Days are counted from the last day in time, which is the one that `since` is the end of.
    due = work.clockwork.due_of(Limit("workdays", days), since - timedelta(seconds=1))
    assert due is not None, "a clock that has just begun is not paused"
    return due
