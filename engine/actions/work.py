"""One case while it is worked on: the locked row, the running instance, its clocks, tasks and timers.

Loaded at the start of a step and saved at its end. What costs time to rebuild (the instance, the
clocks, the list of timers) is kept in memory between the steps of a case under (case, version): the
version in the locked row says whether it is still true, it is taken out while in use, and it is put
back only after the commit. So a stale or half-changed copy can't be met.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.clockwork import Clockwork
from engine.actions.program import CaseHost, Program, load_program
from engine.actions.refusals import closed_error, not_open_error
from engine.clocks import Clock, Limit, Thresholds
from engine.errors import EngineFault
from engine.runtime import ElementEvent, Failure, Instance, OpenTask, WaitingTimer
from engine.store import calendars, outbox, tasks, timers
from engine.store import clocks as stored_clocks
from engine.store.cases import CaseRow, LockedCase, load_for_update
from engine.store.db import Database, Tx, after_commit, database_of
from engine.store.tasks import TaskRow
from engine.store.timers import TimerRow
from engine.types import Actor

_KEPT = "live"
_MOST_KEPT = 1000
_lock = threading.Lock()


@dataclass(eq=False)
class Live:
    """What is kept between two steps of a case."""

    program: Program
    host: CaseHost
    instance: Instance
    clockwork: Clockwork
    timers: dict[str, TimerRow]  # diagram timers by their key, safety nets by "net " and the task's key
    jobs: dict[str, int]  # job key → outbox item, for jobs that the case waits for
    calendar_revision: int


@dataclass(eq=False)
class Work:
    """A case in the middle of a step. `facts` becomes the data of the step's history row."""

    tx: Tx
    row: CaseRow
    live: Live
    actor: Actor
    at: datetime
    tasks: dict[str, TaskRow]  # open tasks by the engine's key
    accepted_at: datetime | None
    acting_for: str | None = None  # the absent person whose leave the actor covers in this step
    accepted_now: bool = False
    waiting_tasks: tuple[OpenTask, ...] = ()  # as the instance shows them after it ran
    waiting_timers: tuple[WaitingTimer, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    has_incident: bool = False
    withdrawn: bool = False
    opened: list[tuple[TaskRow, str | None]] = field(default_factory=list)  # in this step; with their clock
    closed: list[TaskRow] = field(default_factory=list)  # in this step, as they were before
    outgoing: list[dict[str, Any]] = field(default_factory=list)  # outbox rows
    notices: list[dict[str, Any]] = field(default_factory=list)  # rows beside those that carry them
    taken_down: dict[int, str] = field(default_factory=dict)  # postings that come down in this step, and why
    failures: list[Failure] = field(default_factory=list)
    trace: list[ElementEvent] = field(default_factory=list)

    @property
    def instance(self) -> Instance:
        return self.live.instance

    @property
    def program(self) -> Program:
        return self.live.program

    @property
    def clockwork(self) -> Clockwork:
        return self.live.clockwork

    @property
    def host(self) -> CaseHost:
        return self.live.host

    def look(self) -> None:
        """See what the instance did since the last look and what it waits for now."""
        self.trace = list(self.instance.trace)
        self.instance.trace.clear()
        self.waiting_tasks = self.instance.user_tasks()
        self.waiting_timers = self.instance.timers()

    def nets(self) -> list[TimerRow]:
        """The safety nets of the case."""
        return [timer for timer in self.live.timers.values() if timer.kind == "net"]

    def note(self, name: str, value: Any) -> None:
        """Add one thing that happened to a list in the history row."""
        self.facts.setdefault(name, []).append(value)

    def accept(self, since: datetime) -> None:
        """The case is accepted in this step, as of `since`: from here on it keeps the law of that day."""
        if self.accepted_at is None:
            self.accepted_at, self.accepted_now = since, True
            self.set_law()

    def current(self, limit: Limit) -> Limit:
        """A named limit as the law of the acceptance day has it.

        The very element that accepts the case was evaluated before it did.
        """
        if limit.key is None or self.accepted_at is None or not self.accepted_now:
            return limit
        return self.program.parameters_for(self.accepted_at).limit(limit.key)

    def set_law(self) -> None:
        """Give the host and the clocks the time, calendar and parameters that count for the case."""
        calendar = calendars.calendar_for(self.tx, self.row.region, self.live.calendar_revision)
        self.host.move_to(self.at, calendar, self.accepted_at, self.row.opened_at)
        parameters = self.program.parameters_for(self.accepted_at or self.row.opened_at)
        self.clockwork.set_law(calendar, Thresholds.of(parameters))


def load_work(tx: Tx, *, case_id: int, actor: Actor, at: datetime) -> Work:
    """Lock an open case and make it ready for a step.

    Raises NotFoundError if there is no such case or the actor may not see it, ConflictError if it is closed.
    """
    locked = load_for_update(tx, case_id=case_id)
    access.require_sight(actor, locked.row.region, locked.row.id)
    if locked.row.closed_at is not None:
        raise closed_error(locked.row)
    return _work(tx, locked, tasks.list_of_case(tx, case_id), actor, at)


def load_task_work(tx: Tx, *, task_id: int, actor: Actor, at: datetime) -> tuple[Work, TaskRow]:
    """Lock the case of an open task and make it ready. TaskNotOpenError names who did it and when."""
    locked, rows, task = lock_task(tx, task_id=task_id, actor=actor)
    return _work(tx, locked, rows, actor, at), task


def lock_task(tx: Tx, *, task_id: int, actor: Actor) -> tuple[LockedCase, list[TaskRow], TaskRow]:
    """Lock the case of an open task; returns it with its open tasks, and the task."""
    locked = load_for_update(tx, task_id=task_id)
    access.require_sight(actor, locked.row.region, locked.row.id)
    rows = tasks.list_of_case(tx, locked.row.id, task_id)
    task = next(row for row in rows if row.id == task_id)
    if task.closed_at is not None:
        raise not_open_error(tx, task)
    return locked, rows, task


def _work(tx: Tx, locked: LockedCase, rows: list[TaskRow], actor: Actor, at: datetime) -> Work:
    live = _take(database_of(tx), locked) or _load(tx, locked)
    work = Work(tx, locked.row, live, actor, at, {row.key: row for row in rows}, locked.row.accepted_at)
    work.has_incident = locked.row.status == "incident"
    work.host.decisions = []
    work.set_law()
    if locked.row.calendar != locked.calendar_revision:
        _recalculate(work)
    return work


def _recalculate(work: Work) -> None:
    """The calendar has changed since the case was last counted: record what moved, before anything else."""
    kept = {row.name: row for row in stored_clocks.list_of_case(work.tx, work.row.id)}
    moved = work.clockwork.recalculate(work.at, kept, "calendar changed")
    if moved:
        work.facts["recalculated"] = moved


def keep(work: Work, version: int) -> None:
    """Keep what was loaded for the next step, once this one has committed as `version`."""
    database, key = database_of(work.tx), (work.row.id, version)
    after_commit(work.tx, lambda: _put(database, key, work.live))


def _shelf(database: Database) -> OrderedDict[tuple[int, int], Live]:
    shelf: OrderedDict[tuple[int, int], Live] = database.kept.setdefault(_KEPT, OrderedDict())
    return shelf


def _take(database: Database, locked: LockedCase) -> Live | None:
    with _lock:
        live = _shelf(database).pop((locked.row.id, locked.row.version), None)
    if live is None or live.calendar_revision != locked.calendar_revision:
        return None
    return live


def _put(database: Database, key: tuple[int, int], live: Live) -> None:
    with _lock:
        shelf = _shelf(database)
        shelf[key] = live
        while len(shelf) > _MOST_KEPT:
            shelf.popitem(last=False)


def _load(tx: Tx, locked: LockedCase) -> Live:
    row = locked.row
    program = load_program(tx, row.process, row.definition_hash)
    host = CaseHost(program, row.number)
    if locked.state is None:
        raise EngineFault(
            f"Case {row.number} is closed and has no state.", f"案件{row.number}已办结，无运行状态。"
        )
    calendar = calendars.calendar_for(tx, row.region, locked.calendar_revision)
    host.move_to(row.opened_at, calendar, row.accepted_at, row.opened_at)
    instance = Instance.load(program.processes, row.process, locked.state, host)
    host.trace = instance.trace
    ledgers = {kept.name: Clock.from_json(kept.ledger) for kept in stored_clocks.list_of_case(tx, row.id)}
    return Live(
        program=program,
        host=host,
        instance=instance,
        clockwork=Clockwork(ledgers),
        timers={shelf_key(timer): timer for timer in timers.list_of_case(tx, row.id)},
        jobs=outbox.list_waiting(tx, row.id) if instance.jobs() else {},
        calendar_revision=locked.calendar_revision,
    )


def shelf_key(timer: TimerRow) -> str:
    """The name of a timer among those of its case."""
    return f"net {timer.key}" if timer.kind == "net" else timer.key
