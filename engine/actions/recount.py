"""The clocks and lights of an open case, counted anew from the ledgers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.clockwork import Clockwork
from engine.actions.faults import Fault, fault_of
from engine.actions.program import load_program
from engine.clocks import Clock, Thresholds
from engine.errors import EngineError
from engine.store import calendars, clocks, tasks, timers
from engine.store.cases import CaseRow
from engine.store.clocks import ClockRow
from engine.store.db import Tx


def recount(tx: Tx, row: CaseRow, revision: int) -> Iterator[Fault]:
    """What differs; nothing is said of a case that has yet to be counted on a changed calendar."""
    if row.calendar != revision:
        return
    kept = clocks.list_of_case(tx, row.id)
    try:
        program = load_program(tx, row.process, row.definition_hash)
        clockwork = Clockwork({clock.name: Clock.from_json(clock.ledger) for clock in kept})
        parameters = program.parameters_for(row.accepted_at or row.opened_at)
        clockwork.set_law(calendars.calendar_for(tx, row.region, revision), Thresholds.of(parameters))
        anew = {clock.name: clock for clock in clockwork.rows(set(clockwork.clocks))}
    except (EngineError, ValueError, KeyError) as error:
        yield fault_of(
            row, "clock", None, f"时限台账无法读取（{error}）", f"a ledger cannot be read ({error})"
        )
        return
    yield from _recounted(row, kept, anew)
    yield from _lit(tx, row, clockwork)


def _recounted(row: CaseRow, kept: list[ClockRow], anew: dict[str, ClockRow]) -> Iterator[Fault]:
    for clock in kept:
        if anew.get(clock.name) != clock:
            zh, en = f"时限“{clock.name}”与台账重算不符", f"clock {clock.name!r} differs from its ledger"
            yield fault_of(row, "clock", None, zh, en)


def _lit(tx: Tx, row: CaseRow, clockwork: Clockwork) -> Iterator[Fault]:
    open_tasks = tasks.list_of_case(tx, row.id)
    nets = {t.key: t.clock for t in timers.list_of_case(tx, row.id) if t.kind == "net" and t.clock}
    for task in open_tasks:
        clock = nets.get(task.key)
        if clock is None or not clockwork.is_open(clock):
            continue
        found = clockwork.deadline(clock)
        wanted = (found.due, found.yellow_at, found.red_at, found.state == "paused")
        if (task.due, task.yellow_at, task.red_at, task.paused) != wanted:
            zh, en = (
                f"任务{task.element_id}的期限与时限不符",
                f"task {task.element_id} differs from its clock",
            )
            yield fault_of(row, "light", None, zh, en)
    lights = clockwork.case_lights(open_tasks)
    if any(getattr(row, name) != value for name, value in lights.items()):
        yield fault_of(row, "light", None, "案件灯色与时限不符", "the case's light differs from its clocks")
