"""One case against its record: every derived row must be what the rows of history say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.actions.faults import Fault, Kind, fault_of
from engine.actions.postpone import wait_after
from engine.actions.proof import digest, micro, promise_digest, task_digest, timers_digest
from engine.actions.recount import recount
from engine.actions.replay import Replay, ToldTask, replay
from engine.actions.verify_funds import verify_entries
from engine.actions.verify_links import verify_household, verify_links
from engine.actions.verify_mentions import verify_mentions
from engine.actions.verify_notices import verify_notices
from engine.store import cases, clocks, events, incidents, outbox, tasks, timers
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.store.tasks import TaskRow
from engine.store.timers import TimerRow

_LEASE = timedelta(minutes=5)  # how long a worker may hold an item (engine.worker.LEASE)


def verify_case(tx: Tx, case_id: int, *, at: datetime) -> tuple[list[Fault], int]:
    """What does not hold in one case, the earliest row of history first; and how many rows it has.

    Where the chain itself is broken nothing behind the break is worth comparing.
    """
    row, revision = cases.get_case(tx, case_id)
    rows, broken = events.check_chain(tx, case_id, length=row.seq, head=row.head)
    if broken is not None:
        fault = fault_of(row, "history", broken, "与链不符", "breaks the chain")
        return [fault, *(recount(tx, row, revision) if row.closed_at is None else ())], len(rows)
    told = replay(rows)
    check = _Check(tx, row, revision, told, at)
    faults = [fault_of(row, "history", seq, zh, en) for seq, zh, en in told.breaks]
    faults += [*check.standing(), *check.state(), *check.work(), *check.ledgers(), *check.armed()]
    faults += [*check.promises(), *check.troubles(), *verify_entries(tx, row, rows)]
    faults += [*verify_links(tx, row, rows), *verify_household(tx, row, rows)]
    faults += [*verify_notices(tx, row, rows), *verify_mentions(tx, row, rows)]
    if row.closed_at is None:
        faults += recount(tx, row, revision)
    return sorted(faults, key=lambda fault: fault.seq or row.seq), len(rows)


@dataclass(frozen=True, slots=True)
class _Check:
    """The tables of one case beside what its record tells."""

    tx: Tx
    row: CaseRow
    revision: int
    told: Replay
    at: datetime

    def _fault(self, kind: Kind, seq: int | None, zh: str, en: str) -> Fault:
        return fault_of(self.row, kind, seq, zh, en)

    def standing(self) -> Iterator[Fault]:
        """The case row: where it came from, how it stands, when it was accepted and closed."""
        for name, found, said, seq in _standing(self.row, self.told):
            if found != said:
                zh, en = f"{name}应为{said}，实为{found}", f"{name} is {found}, not {said}"
                yield self._fault("case", seq, zh, en)

    def state(self) -> Iterator[Fault]:
        """The saved engine state."""
        said = self.told.state
        if said is None:
            return
        try:
            _, _, state = cases.get_case_with_state(self.tx, self.row.id)
            found = None if state is None else digest(state)
        except ValueError:
            found = "?"
        if found != said.value:
            yield self._fault(
                "state", said.seq, "运行状态与记录不符", "the saved state is not the one on record"
            )

    def work(self) -> Iterator[Fault]:
        """The task rows: open or closed, who, when, and what they ask for."""
        kept = {show_id(task.id): task for task in tasks.list_all(self.tx, self.row.id)}
        clock_of = {t.key: t.clock for t in timers.list_of_case(self.tx, self.row.id) if t.kind == "net"}
        for key, told in self.told.tasks.items():
            if key not in kept:
                yield self._task_fault(told.seq, key, told.element, "不见了", "is gone")
                continue
            task = kept.pop(key)
            for seq, zh, en in _differences(task, told, clock_of.get(task.key), self.row.process_id):
                yield self._task_fault(seq, key, told.element, zh, en)
        if self.told.standing:
            for key, task in kept.items():
                yield self._task_fault(None, key, task.element_id, "不在记录之内", "is not on record")

    def _task_fault(self, seq: int | None, key: str, element: str, zh: str, en: str) -> Fault:
        return self._fault("task", seq, f"任务{element}（{key}）{zh}", f"task {element} ({key}) {en}")

    def ledgers(self) -> Iterator[Fault]:
        """The clocks' ledgers, entry for entry."""
        kept = {clock.name: clock for clock in clocks.list_of_case(self.tx, self.row.id)}
        for name, said in self.told.clocks.items():
            clock = kept.pop(name, None)
            if clock is None or digest(clock.ledger.encode()) != said.value:
                zh, en = (
                    ("不见了", "is gone")
                    if clock is None
                    else ("台账与记录不符", "has another ledger than on record")
                )
                yield self._fault("clock", said.seq, f"时限“{name}”{zh}", f"clock {name!r} {en}")
        if self.told.standing:
            for name in kept:
                yield self._fault(
                    "clock", None, f"时限“{name}”不在记录之内", f"clock {name!r} is not on record"
                )

    def armed(self) -> Iterator[Fault]:
        """The timers, and that a worker will take each of them when it is due."""
        rows, said = timers.list_of_case(self.tx, self.row.id), self.told.timers
        if said is not None and _digest_of(rows) != said.value:
            yield self._fault("timer", said.seq, "定时与记录不符", "the timers are not those on record")
        waiting = {row.key for row in incidents.list_open(self.tx, self.row.id) if row.kind == "timer"}
        for row in rows:
            if not _will_run(row.due, row.run_at, row.attempts, self.at, given_up=str(row.id) in waiting):
                yield self._fault(
                    "timer", None, f"定时{row.key}不会按期执行", f"timer {row.key} would not run when due"
                )

    def promises(self) -> Iterator[Fault]:
        """The outbox: each promise is there, unchanged, and none was added."""
        kept = {show_id(item.id): item for item in outbox.list_of_case(self.tx, self.row.id)}
        waiting = {row.key for row in incidents.list_open(self.tx, self.row.id) if row.kind == "effect"}
        for key, said in self.told.promised.items():
            item = kept.pop(key, None)
            if item is None or promise_digest(item.kind, item.type, item.key, item.payload) != said.value:
                zh, en = ("不见了", "is gone") if item is None else ("与记录不符", "is not what is on record")
                yield self._fault("outbox", said.seq, f"待发事项{key}{zh}", f"outbox item {key} {en}")
            elif item.finished_at is None and not _will_run(
                self.at, item.run_at, item.attempts, self.at, given_up=str(item.id) in waiting
            ):
                yield self._fault(
                    "outbox", None, f"待发事项{key}不会发出", f"outbox item {key} would not go out"
                )
        if self.told.standing:
            for key in kept:
                yield self._fault(
                    "outbox", None, f"待发事项{key}不在记录之内", f"outbox item {key} is not on record"
                )

    def troubles(self) -> Iterator[Fault]:
        """A case is in trouble exactly while it has an open incident."""
        if self.row.closed_at is None:
            opened = bool(incidents.list_open(self.tx, self.row.id))
            if opened != (self.row.status == "incident"):
                yield self._fault(
                    "incident", None, "异常与案件状态不符", "its incidents do not fit its status"
                )


def _standing(row: CaseRow, told: Replay) -> Iterator[tuple[str, object, object, int]]:
    """Column, what it holds, what it must hold, and the row of history that says so."""
    if told.standing is None or told.origin is None or told.process is None or told.first is None:
        return
    said, closed, accepted = told.standing, told.closed, told.accepted
    for name, value in zip(("version", "status", "outcome"), said.value, strict=True):
        yield name, getattr(row, name), value, said.seq
    yield "closed_at", row.closed_at, closed and closed.at, closed.seq if closed else row.seq
    for name, value in zip(("number", "region", "business_key"), told.origin.value, strict=True):
        yield name, getattr(row, name), value, told.origin.seq
    bound = [row.process, row.process_version, row.definition_hash]
    yield "process_id", bound, told.process.value, told.process.seq
    yield "opened_at", row.opened_at, told.first.at, 1
    yield "opened_by", row.opened_by, told.first.actor, 1
    yield from _decided(row, told)
    yield "accepted_at", micro(row.accepted_at), accepted and accepted.value, accepted.seq if accepted else 1


def _decided(row: CaseRow, told: Replay) -> Iterator[tuple[str, object, object, int]]:
    """The decision's instants. Of a case closed before they were kept, the record names none."""
    kept = micro(row.decided_at), micro(row.decision_due)
    if told.decided is None and kept == (micro(row.closed_at), None):
        return
    when, due = told.decided.value if told.decided else (None, None)
    seq = told.decided.seq if told.decided else row.seq
    yield "decided_at", kept[0], when, seq
    yield "decision_due", kept[1], due, seq


def _differences(
    task: TaskRow, told: ToldTask, clock: str | None, process_id: int
) -> Iterator[tuple[int, str, str]]:
    """What a task's row has otherwise than the record, and the row of history that says so."""
    closed = told.closed
    wanted: dict[str, tuple[object, object]] = {
        "element_id": (task.element_id, told.element),
        "opened_at": (task.opened_at, told.opened.at),
        "closed_at": (task.closed_at, closed and closed.at),
        "closed_by": (task.closed_by, told.closed_by),
        "closed_for": (task.closed_for, told.closed_for),
        "assignee": (task.assignee, told.assignee),
        "held_since": (task.held_since, told.held_since),
    }
    if closed is not None:
        wanted["due"] = (micro(task.due), told.due)
    for name, (found, said) in wanted.items():
        if found != said:
            yield told.seq, f"的 {name} 应为 {said}，实为 {found}", f"has {name} {found}, not {said}"
    if closed is None and task.process_id != process_id:
        yield told.seq, "的流程版本与案件不符", "belongs to another version than its case"
    if closed is None and task.closed_at is None and task_digest(task, clock) != told.digest:
        yield told.opened.seq, "的内容与记录不符", "asks for something else than on record"


def _digest_of(rows: list[TimerRow]) -> str:
    try:
        return timers_digest(rows)
    except ValueError:
        return "?"


def _will_run(
    due: datetime | None, run_at: datetime | None, attempts: int, at: datetime, *, given_up: bool
) -> bool:
    """Whether a worker will take an item in time: when it is due, or after the wait that failures cost."""
    if due is None or run_at is None:
        return run_at is None and (due is None or given_up)
    return run_at <= max(due, at + max(_LEASE, wait_after(attempts)))
