"""No silent escalation: what happens when a task is overdue and nothing in the diagram has dealt with it.

Under every open task with a limit lies an armed net. When it catches the task, the next in the line
is told and the net is armed again for the step after; who and when are parameters (`overdue.*`).
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from engine.actions import timing
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

    Returns what the history says of it.
    """
    task = work.tasks[row.key]
    rules = _rules(work)
    level = timing.net_level(row) + 1
    acts = rules.get("overdue.acts")
    act = acts[min(level, len(acts)) - 1]
    to = next_in_line(rules.get("overdue.line"), task, level)
    told = [name for name in (task.assignee or "", *task.groups, to) if name]
    details = {
        "task": task.element_id,
        "name": task.name,
        "act": act,
        "level": level,
        "due": task.due and task.due.isoformat(),
    }
    promise_notice(work, "task_overdue", {"to": ",".join(told)}, details)
    again = work.clockwork.due_of(_interval(work, rules, row, level), work.at)
    timing.rearm(work, row, due=again, data=timing.at_level(row, level))
    return {"task": task.element_id, "level": level, "act": act, "to": to}


def next_in_line(line: list[str], task: TaskRow, level: int) -> str:
    """Who is told at a level: the line begins above the task's own roles and ends with its last."""
    above = [index + 1 for index, role in enumerate(line) if role in task.groups]
    start = max(above, default=0)
    return line[min(start + level - 1, len(line) - 1)]


def _rules(work: Work) -> Parameters:
    day = (work.accepted_at or work.row.opened_at).astimezone(SHANGHAI).date()
    return _DEFAULTS.merge(work.program.definition.parameters, replace=True).at(day)


def _interval(work: Work, rules: Parameters, row: TimerRow, level: int) -> Limit:
    """How long until the next step: in hours for what is limited in hours."""
    clock = work.clockwork.clocks.get(row.clock) if row.clock else None
    if clock is not None and clock.limit.unit == "hours":
        return rules.limit("overdue.hours")
    last = max(int(key.rpartition(".")[2]) for key in rules.in_force if key.startswith("overdue.after."))
    return rules.limit(f"overdue.after.{min(level, last)}")
