"""The board of lights: open cases by county, town, process and step, as of now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actions.program import load_program
from engine.actions.supervision.field import Field, look_at
from engine.store import people, supervision
from engine.store.db import Tx
from engine.store.people import Region
from engine.types import Actor

LEVELS = (4, 6, 9, 12)  # how long the codes of city, county, town and village are


@dataclass(frozen=True, slots=True, kw_only=True)
class Lights:
    """How many show which light; `none` have no limit that runs."""

    total: int = 0
    red: int = 0
    yellow: int = 0
    green: int = 0
    grey: int = 0
    none: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionLights:
    """Open cases in a region and all below it."""

    region: str
    name: str
    name_en: str
    level: str
    parent: str | None
    lights: Lights


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLights:
    """Open cases of a process, whatever their version."""

    process: str
    name: str
    lights: Lights


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLights:
    """Open tasks of one step of a process."""

    process: str
    step: str
    name: str
    name_en: str
    lights: Lights


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board as of `at`. Regions and processes count cases, steps count tasks."""

    at: datetime
    region: str | None
    process: str | None
    total: Lights
    regions: tuple[RegionLights, ...]
    processes: tuple[ProcessLights, ...]
    steps: tuple[StepLights, ...]


def get_board(
    tx: Tx, *, actor: Actor, at: datetime, region: str | None = None, process: str | None = None
) -> Board:
    """The lights of all that the actor supervises, narrowed to a region and a process."""
    field = look_at(tx, actor, region=region, process=process)
    counts = supervision.count_cases(tx, field.scope, at, field.processes)
    steps = supervision.count_steps(tx, field.scope, at, field.processes)
    return Board(
        at=at,
        region=region,
        process=process,
        total=add_up(counts),
        regions=_by_region(counts, {found.code: found for found in people.list_regions(tx)}, field),
        processes=_by_process(counts, field),
        steps=_by_step(tx, steps, field),
    )


def add_up(rows: Iterable[Any]) -> Lights:
    """One sum of rows that count by light."""
    total = red = grey = yellow = limited = 0
    for row in rows:
        total, red, grey = total + row.total, red + row.red, grey + row.grey
        yellow, limited = yellow + row.yellow, limited + row.limited
    return Lights(
        total=total,
        red=red,
        yellow=yellow,
        green=limited - red - grey - yellow,
        grey=grey,
        none=total - limited,
    )


def _by_region(
    counts: Iterable[supervision.CaseCount], known: Mapping[str, Region], field: Field
) -> tuple[RegionLights, ...]:
    """Each region with open cases, and those that contain it as far as they are supervised."""
    found: dict[str, list[supervision.CaseCount]] = defaultdict(list)
    for row in counts:
        for code in {row.region[:length] for length in LEVELS if length <= len(row.region)}:
            if any(code.startswith(own) for own in field.scope):
                found[code].append(row)
    return tuple(
        RegionLights(
            region=code,
            name=known[code].name if code in known else code,
            name_en=known[code].name_en if code in known else code,
            level=known[code].level if code in known else "",
            parent=known[code].parent if code in known else None,
            lights=add_up(rows),
        )
        for code, rows in sorted(found.items())
    )


def _by_process(counts: Iterable[supervision.CaseCount], field: Field) -> tuple[ProcessLights, ...]:
    found: dict[str, list[supervision.CaseCount]] = defaultdict(list)
    for row in counts:
        found[field.versions[row.process_id].key].append(row)
    names = process_names(field)
    return tuple(
        ProcessLights(process=key, name=names[key], lights=add_up(rows))
        for key, rows in sorted(found.items())
    )


def process_names(field: Field) -> dict[str, str]:
    """The name of each process in its newest version."""
    rows = sorted(field.versions.values(), key=lambda row: row.version)
    return {row.key: row.name for row in rows}


def _by_step(tx: Tx, counts: Iterable[supervision.StepCount], field: Field) -> tuple[StepLights, ...]:
    found: dict[tuple[str, str], list[supervision.StepCount]] = defaultdict(list)
    for row in counts:
        found[field.versions[row.process_id].key, row.element_id].append(row)
    shown = []
    for (key, element), rows in sorted(found.items()):
        name, name_en = step_name(tx, field, max(row.process_id for row in rows), element)
        shown.append(StepLights(process=key, step=element, name=name, name_en=name_en, lights=add_up(rows)))
    return tuple(shown)


def step_name(tx: Tx, field: Field, process_id: int, element_id: str) -> tuple[str, str]:
    """A step's name in Chinese, and in English where the designer gave one."""
    version = field.versions[process_id]
    node = load_program(tx, version.key, version.hash).nodes.get(element_id)
    return (node.name, node.properties.get("titleEn", "")) if node else (element_id, "")
