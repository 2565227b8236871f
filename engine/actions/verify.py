"""Proves at any time that nothing was lost or changed: every case against its record, and what spans cases.

The record is the hash chains; what stands in other tables is recomputed from it. Not covered, because
no row of history tells of it: drafts, whether a notice nobody waits for has gone out, accounts and
positions (the audit log records their changes), idempotency keys. Somebody with every right in the
database who also writes a whole chain anew is found only against a receipt of heads kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from engine.actions.faults import Fault, fault_of
from engine.actions.verify_case import verify_case
from engine.actions.verify_funds import verify_totals
from engine.clocks import SHANGHAI
from engine.definitions import read_bundle
from engine.errors import EngineError
from engine.store import audit, cases, definitions, people, unarmed
from engine.store.db import Tx

BATCH = 500

__all__ = ["BATCH", "Batch", "Fault", "Report", "unarmed_deadlines", "verify", "verify_batch", "verify_rest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at and what does not hold."""

    cases: int
    events: int
    problems: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Report):
    """Some cases in id order; `last` is where the next batch goes on, None at the end."""

    last: int | None


def verify(tx: Tx, *, at: datetime) -> Report:
    """Look at everything in one transaction; no problems means that all of it holds at `at`."""
    count, rows, faults, last = 0, 0, list[Fault](), 0
    while True:
        batch = verify_batch(tx, at=at, after=last)
        count, rows = count + batch.cases, rows + batch.events
        faults += batch.problems
        if batch.last is None:
            break
        last = batch.last
    return Report(cases=count, events=rows, problems=(*faults, *verify_rest(tx, at=at)))


def verify_batch(tx: Tx, *, at: datetime, after: int = 0, limit: int = BATCH) -> Batch:
    """The next cases in id order from behind `after`, each by itself."""
    ids, rows, faults = cases.list_ids(tx, after, limit), 0, list[Fault]()
    for case_id in ids:
        found, length = verify_case(tx, case_id, at=at)
        faults += found
        rows += length
    last = ids[-1] if len(ids) == limit else None
    return Batch(cases=len(ids), events=rows, problems=tuple(faults), last=last)


def verify_rest(tx: Tx, *, at: datetime) -> list[Fault]:
    """What belongs to no single case: definitions, numbers, the audit log, funds, armed deadlines."""
    faults = [*_changed_definitions(tx), *_missing_numbers(tx), *_broken_audit(tx), *verify_totals(tx)]
    return faults + unarmed_deadlines(tx, on=at.astimezone(SHANGHAI).date())


def unarmed_deadlines(tx: Tx, *, on: date) -> list[Fault]:
    """Open tasks with a limit that have no armed net, or nobody who could act, on a day."""
    faults, staffed = [], {}
    for found in unarmed.list_limited_tasks(tx):
        task, row = found.task, found.case
        name = f"“{task.name}”"
        if not found.armed:
            faults.append(
                fault_of(
                    row, "unarmed", None, f"任务{name}的时限没有监测", f"no net lies under {task.name!r}"
                )
            )
        key = (task.assignee, task.candidates, task.region)
        if key not in staffed:
            staffed[key] = _has_owner(tx, found, on)
        if not staffed[key]:
            faults.append(
                fault_of(row, "unarmed", None, f"任务{name}无人可办", f"nobody could do {task.name!r}")
            )
    return faults


def _has_owner(tx: Tx, found: unarmed.LimitedTask, on: date) -> bool:
    task = found.task
    names = [name for name in (task.assignee, *task.users) if name]
    if any(people.find_actor(tx, name, on) for name in names):
        return True
    if any(people.list_people(tx, role=role, region=task.region, on=on) for role in task.groups):
        return True
    return not names and not task.groups


def _changed_definitions(tx: Tx) -> Iterator[Fault]:
    """Every deployed content must still have the hash that cases are bound to."""
    for key, version, hash_ in definitions.list_hashes(tx):
        try:
            found = read_bundle(definitions.load_files(tx, hash_)).definition(key).hash
        except (EngineError, ValueError, KeyError, OSError):
            found = None
        if found != hash_:
            zh = f"流程{key}第{version}版的内容与其哈希不符。"
            yield Fault(
                kind="definition", zh=zh, en=f"Version {version} of process {key} is not what was deployed."
            )


def _missing_numbers(tx: Tx) -> Iterator[Fault]:
    """Numbers are given out without a gap: a case that was taken away with all its rows is missed here."""
    for prefix, given, kept in cases.count_numbers(tx):
        if given != kept:
            zh = f"案件编号{prefix}：已编{given}件，现存{kept}件。"
            yield Fault(
                kind="number", zh=zh, en=f"Case numbers {prefix}: {given} were given, {kept} cases exist."
            )


def _broken_audit(tx: Tx) -> Iterator[Fault]:
    if (seq := audit.find_break(tx)) is not None:
        en = f"Row {seq} of the audit log breaks its chain."
        yield Fault(kind="audit", seq=seq, zh=f"审计日志第{seq}条与链不符。", en=en)
