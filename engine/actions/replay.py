"""What a case's record says must stand in the tables beside it: rows of history, read in order.

Reads what `proof` wrote. Knows nothing of the tables; the first contradiction within the record itself
(a task closed that was never opened, say) is kept in `breaks`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from engine.store.events import PROOF, EventRow


class Said(NamedTuple):
    """A value and the row of history that last set it."""

    value: Any
    seq: int


@dataclass(eq=False, slots=True)
class ToldTask:
    """A task as the record tells it."""

    element: str
    digest: str
    opened: EventRow
    assignee: str | None
    held_since: datetime | None
    closed: EventRow | None = None
    closed_by: str | None = None
    closed_for: str | None = None
    due: int | None = None  # as it stood when the task was closed, in microseconds
    seq: int = 0  # the row that last touched it


@dataclass(eq=False, slots=True)
class Replay:
    """A case as its record tells it. What no row has said yet is None."""

    standing: Said | None = None  # version, status, outcome
    origin: Said | None = None  # number, region, business key
    process: Said | None = None  # key, version, hash
    accepted: Said | None = None
    decided: Said | None = None  # when, and when it was due
    first: EventRow | None = None
    closed: EventRow | None = None
    tasks: dict[str, ToldTask] = field(default_factory=dict)
    clocks: dict[str, Said] = field(default_factory=dict)
    promised: dict[str, Said] = field(default_factory=dict)
    timers: Said | None = None
    state: Said | None = None
    breaks: list[tuple[int, str, str]] = field(default_factory=list)  # seq, Chinese, English


def replay(rows: Iterable[EventRow]) -> Replay:
    """Follow the record of one case from its first row to its last."""
    told = Replay()
    for row in rows:
        told.first = told.first or row
        proof = row.data.get(PROOF)
        if proof is not None:
            _stand(told, row, proof)
            _work(told, row, proof)
    return told


def _stand(told: Replay, row: EventRow, proof: dict[str, Any]) -> None:
    if "case" in proof:
        before = told.standing.value[0] if told.standing else 0
        told.standing = Said(proof["case"], row.seq)
        if proof["case"][0] != before + 1:
            told.breaks.append(
                (row.seq, f"版本由{before}变为{proof['case'][0]}", "the version is not the next")
            )
        if told.closed is None and proof["case"][1] in ("completed", "withdrawn"):
            told.closed = row
    for name in ("origin", "accepted", "decided"):
        if name in proof:
            setattr(told, name, Said(proof[name], row.seq))
    if "process" in row.data and row.kind == "case_opened":
        told.process = Said(row.data["process"], row.seq)
    for name in ("timers", "state"):
        if name in proof:
            setattr(told, name, Said(proof[name], row.seq))
    told.clocks.update({name: Said(value, row.seq) for name, value in proof.get("clocks", {}).items()})
    told.promised.update({key: Said(value, row.seq) for key, value in proof.get("promised", {}).items()})


def _work(told: Replay, row: EventRow, proof: dict[str, Any]) -> None:
    for key, due in proof.get("closed", {}).items():
        task = told.tasks.get(key)
        if task is None or task.closed is not None:
            told.breaks.append(
                (row.seq, f"任务{key}未曾开始即已结束", f"it closes task {key}, which was not open")
            )
            continue
        task.closed, task.due, task.seq = row, due, row.seq
        task.assignee = task.held_since = None
        if key == proof.get("done"):
            task.closed_by, task.closed_for = row.actor, row.data.get("for")
    for key, (element, digest, assignee) in proof.get("opened", {}).items():
        since = row.at if assignee else None
        told.tasks[key] = ToldTask(element, digest, row, assignee, since, seq=row.seq)
    for key, holder in proof.get("held", {}).items():
        task = told.tasks.get(key)
        if task is None or task.closed is not None:
            told.breaks.append((row.seq, f"任务{key}不在办", f"it hands over task {key}, which is not open"))
            continue
        task.assignee, task.held_since, task.seq = holder, row.at if holder else None, row.seq
