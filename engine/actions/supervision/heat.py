"""Where a process spends its time: finished and open tasks by step of one version, or of all its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.actions.program import load_program
from engine.actions.supervision.board import Lights, add_up
from engine.actions.supervision.field import look_at, window
from engine.store import durations, supervision
from engine.store.db import Tx
from engine.types import Actor

DAYS = 30
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StepHeat:
    """One step. Times are in seconds from its coming up to its being done, None where nothing was done.

    `late_share` is of those done under a limit; None where no limit ran.
    """

    step: str
    name: str
    name_en: str
    done: int
    median: int | None
    p90: int | None
    limited: int
    late: int
    late_share: float | None
    open: Lights


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A process's steps from one day to another, and the diagram to lay them over."""

    at: datetime
    process: str
    version: int
    versions: tuple[int, ...]
    since: datetime
    until: datetime
    bpmn: str
    steps: tuple[StepHeat, ...]


def get_heat(
    tx: Tx,
    *,
    actor: Actor,
    at: datetime,
    process: str,
    version: int | None = None,
    region: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Heat:
    """The heat of one version; without a version, of the one that new cases take.

    Raises ForbiddenError, NotFoundError (process, version), InputError (the days).
    """
    every = look_at(tx, actor, region=region, process=process)
    known = sorted(row.version for row in every.versions.values() if row.key == process)
    chosen = version or next(
        row.version for row in every.versions.values() if row.key == process and row.current
    )
    field = look_at(tx, actor, region=region, process=process, version=chosen)
    assert field.processes is not None, "a process was named"
    first, last = window(since, until, at, DAYS)
    times = {
        row.element_id: row for row in durations.time_steps(tx, field.scope, field.processes, first, last)
    }
    open_: dict[str, list[supervision.StepCount]] = {}
    for count in supervision.count_steps(tx, field.scope, at, field.processes):
        open_.setdefault(count.element_id, []).append(count)
    row = next(row for row in field.versions.values() if row.id in field.processes)
    program = load_program(tx, row.key, row.hash)
    steps = []
    for element in sorted({*times, *open_}):
        node, time = program.nodes.get(element), times.get(element)
        steps.append(
            StepHeat(
                step=element,
                name=node.name if node else element,
                name_en=node.properties.get("titleEn", "") if node else "",
                done=time.done if time else 0,
                median=time.median // _SECOND if time else None,
                p90=time.p90 // _SECOND if time else None,
                limited=time.limited if time else 0,
                late=time.late if time else 0,
                late_share=time.late / time.limited if time and time.limited else None,
                open=add_up(open_.get(element, ())),
            )
        )
    return Heat(
        at=at,
        process=process,
        version=chosen,
        versions=tuple(known),
        since=first,
        until=last,
        bpmn=program.definition.files[program.definition.file].decode(),
        steps=tuple(steps),
    )
