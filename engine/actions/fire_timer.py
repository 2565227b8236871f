"""A timer is due: the diagram's goes into the instance, a safety net catches its task."""

from __future__ import annotations

from datetime import datetime

from engine.actions import safety_net, timing
from engine.actions.step import finish
from engine.actions.views import CaseView
from engine.actions.work import Work, load_work
from engine.runtime import Cycle, Failure
from engine.store import timers
from engine.store.db import Tx
from engine.store.timers import TimerRow
from engine.types import SYSTEM


def fire_timer(tx: Tx, *, timer_id: int, at: datetime) -> CaseView | None:
    """Fire a timer once, if it is still there and due; None if somebody else was faster or it moved."""
    row = timers.find_timer(tx, timer_id)
    if row is None:
        return None
    work = load_work(tx, case_id=row.case_id, actor=SYSTEM, at=at)
    row = timers.find_timer(tx, timer_id)  # as it is now that nobody else can touch the case
    if row is None or row.due is None or row.due > at:
        return None
    if work.clockwork.changed:
        # The calendar has changed: the timer may have moved, so first of all everything is counted anew.
        return finish(work, "clocks_recalculated", [])
    if row.kind == "net":
        caught = safety_net.catch(work, row)
        return finish(work, "task_overdue", [], {"safety_net": [caught]})
    return _fire(work, row)


def _fire(work: Work, row: TimerRow) -> CaseView:
    timer = next(found for found in work.instance.timers() if found.key == row.key)
    facts = {"timer": timer.element_id, "due": row.due and row.due.isoformat()}
    if timer.escalation:
        work.note(
            "escalations",
            {"element": timer.element_id, "name": timer.name, "leads_to": list(timer.leads_to)},
        )
    failures: list[Failure] = work.instance.fire_timer(row.key)
    if isinstance(timer.value, Cycle) and any(t.key == row.key for t in work.instance.timers()):
        timing.next_beat(work, row, timer.value)
    return finish(work, "timer_fired", failures, facts)
