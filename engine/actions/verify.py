"""Proves at any time that nothing was lost: history chains, clocks counted anew, no unarmed deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.actions.clockwork import Clockwork
from engine.actions.program import load_program
from engine.clocks import SHANGHAI, Clock, Thresholds
from engine.errors import EngineError
from engine.store import calendars, cases, clocks, events, people, tasks, unarmed
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.ids import show_id

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that does not hold, in both languages."""

    case_id: str
    case_number: str
    kind: Literal["history", "clock", "light", "unarmed"]
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.en} {self.zh}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at and what does not hold."""

    cases: int
    events: int
    problems: tuple[Fault, ...]


def verify(tx: Tx, *, at: datetime) -> Report:
    """Look at every case in the store; no problems means that all of it holds at `at`."""
    after, count, rows, faults = 0, 0, 0, list[Fault]()
    while batch := cases.list_ids(tx, after, _BATCH):
        for case_id in batch:
            row, revision = cases.get_case(tx, case_id)
            faults += _verify_case(tx, row, revision)
            count, rows = count + 1, rows + row.seq
        after = batch[-1]
    faults += unarmed_deadlines(tx, on=at.astimezone(SHANGHAI).date())
    return Report(cases=count, events=rows, problems=tuple(faults))


def _verify_case(tx: Tx, row: CaseRow, revision: int) -> Iterator[Fault]:
    """The faults of one case: its chain, and its clocks and lights counted anew from the ledgers."""
    if (seq := verify_chain(tx, row)) is not None:
        yield _fault(row, "history", f"办理记录第{seq}条与链不符", f"history row {seq} breaks the chain")
    if row.closed_at is None and row.calendar == revision:
        yield from _verify_clocks(tx, row, revision)


def verify_chain(tx: Tx, row: CaseRow) -> int | None:
    """The first row of history that does not fit the chain, or None."""
    return events.find_break(tx, row.id, length=row.seq, head=row.head)


def unarmed_deadlines(tx: Tx, *, on: date) -> list[Fault]:
    """Open tasks with a limit that have no armed net, or nobody who could act, on a day."""
    faults, staffed = [], {}
    for found in unarmed.list_limited_tasks(tx):
        task, row = found.task, found.case
        name = f"“{task.name}”"
        if not found.armed:
            faults.append(
                _fault(row, "unarmed", f"任务{name}的时限没有监测", f"no net lies under {task.name!r}")
            )
        key = (task.assignee, task.candidates, task.region)
        if key not in staffed:
            staffed[key] = _has_owner(tx, found, on)
        if not staffed[key]:
            faults.append(_fault(row, "unarmed", f"任务{name}无人可办", f"nobody could do {task.name!r}"))
    return faults


def _has_owner(tx: Tx, found: unarmed.LimitedTask, on: date) -> bool:
    task = found.task
    names = [name for name in (task.assignee, *task.users) if name]
    if any(people.find_actor(tx, name, on) for name in names):
        return True
    if any(people.list_people(tx, role=role, region=task.region, on=on) for role in task.groups):
        return True
    return not names and not task.groups


def _verify_clocks(tx: Tx, row: CaseRow, revision: int) -> Iterator[Fault]:
    kept = clocks.list_of_case(tx, row.id)
    try:
        program = load_program(tx, row.process, row.definition_hash)
        clockwork = Clockwork({clock.name: Clock.from_json(clock.ledger) for clock in kept})
        parameters = program.parameters_for(row.accepted_at or row.opened_at)
        clockwork.set_law(calendars.calendar_for(tx, row.region, revision), Thresholds.of(parameters))
        anew = {clock.name: clock for clock in clockwork.rows(set(clockwork.clocks))}
    except (EngineError, ValueError, KeyError) as error:
        yield _fault(row, "clock", f"时限台账无法读取（{error}）", f"a ledger cannot be read ({error})")
        return
    for clock in kept:
        if anew[clock.name] != clock:
            zh, en = f"时限“{clock.name}”与台账重算不符", f"clock {clock.name!r} differs from its ledger"
            yield _fault(row, "clock", zh, en)
    lights = clockwork.case_lights(tasks.list_of_case(tx, row.id))
    if any(getattr(row, name) != value for name, value in lights.items()):
        yield _fault(row, "light", "案件灯色与时限不符", "the case's light differs from its clocks")


def _fault(row: CaseRow, kind: Literal["history", "clock", "light", "unarmed"], zh: str, en: str) -> Fault:
    return Fault(
        case_id=show_id(row.id),
        case_number=row.number,
        kind=kind,
        zh=f"案件{row.number}：{zh}。",
        en=f"Case {row.number}: {en}.",
    )
