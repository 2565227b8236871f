"""Plays the plan: each case is a scenario moved in time, so that its last act lies a while before now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import structlog
import yaml

from engine.actions.attached import require_attachments
from engine.actions.deploy import deploy
from engine.actions.reading import list_cases
from engine.actions.warnings.importing import import_warnings
from engine.clocks import SHANGHAI
from engine.definitions import read_folder
from engine.demo.people import Disguise
from engine.errors import EngineError
from engine.scenarios.reading import DEMO_TOWNSHIP, Scenario, Step, instant, read_scenario
from engine.scenarios.stage import Stage
from engine.store.db import Database
from engine.types import SYSTEM

log = structlog.get_logger(__name__)
_DAY = timedelta(days=1)
_WARNED = timedelta(hours=20)
"""How long ago the departments' data came: a red warning is to be looked into within the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCase:
    """One case of the demo: how far its scenario is played, and how long ago its last act was."""

    scenario: str
    acts: int
    quiet: timedelta
    region: str
    staff: str
    exact: bool


def seed_demo(database: Database, *, processes: Path, at: datetime) -> int:
    """Deploy `processes` and add the demo's cases as of `at`; returns how many (0 if there were cases)."""
    found = read_folder(processes)
    with database.write() as tx:
        deploy(tx, files=found, actor=SYSTEM, at=at)
        if list_cases(tx, actor=SYSTEM, at=at, limit=1).items:
            return 0
    try:
        return _seed(database, found, at)
    finally:
        require_attachments(database)  # the same database serves people afterwards


def _seed(database: Database, found: Mapping[str, bytes], at: datetime) -> int:
    scenarios = {name: read_scenario(found[name], file=name) for name in {p.scenario for p in plan()}}
    added = 0
    for number, planned in enumerate(plan()):
        added += play(database, scenarios[planned.scenario], planned, number, at)
    Stage(database, "", at - _DAY).advance(at - _WARNED)
    added += warn(database, at=at - _WARNED)
    Stage(database, "", at - _WARNED).advance(at)
    return added


def warn(database: Database, *, at: datetime) -> int:
    """Take in the signals of `warnings.csv`, which warn of somebody in each grade; how many cases came."""
    table = files(__package__).joinpath("warnings.csv").read_text(encoding="utf-8")
    day = (at.astimezone(SHANGHAI) - _DAY).date().isoformat()
    data = table.replace("{day}", day).encode()
    return import_warnings(database, data=data, actor=SYSTEM, at=at).opened


def plan() -> Iterator[PlannedCase]:
    """The demo's cases as `plan.yaml` lists them."""
    raw = yaml.safe_load(files(__package__).joinpath("plan.yaml").read_text(encoding="utf-8"))
    for entry in raw["cases"]:
        for acts, hours, *place in entry["at"]:
            region, staff = [*map(str, place), *(DEMO_TOWNSHIP, "")[len(place) :]]
            yield PlannedCase(
                scenario=entry["scenario"],
                acts=acts,
                quiet=timedelta(hours=hours),
                region=region,
                staff=staff,
                exact=entry.get("exact", False),
            )


def play(database: Database, scenario: Scenario, planned: PlannedCase, number: int, at: datetime) -> bool:
    """Open the case and carry out its acts; where today's calendar does not allow one, it rests there."""
    acts = list(_acts(scenario))[: planned.acts + 1]
    shift = at - planned.quiet - acts[-1][0]
    if not planned.exact:
        shift = timedelta(days=shift // _DAY)  # keeps the time of day, so that offices work in the morning
    stage = Stage(database, scenario.process, acts[0][0] + shift)
    disguise = Disguise(scenario.start.get("answers") or {}, number)
    for when, step in acts:
        what = {**step.what, "at": (when + shift).isoformat()}
        if "answers" in what:
            what["answers"] = disguise.over(what["answers"] or {})
        if "by" in what and planned.staff:
            what["by"] = f"{what['by']}_{planned.staff}"
        if step.kind == "start":
            what["region"] = planned.region
        try:
            stage.act(replace(step, what=what))
        except EngineError as error:
            log.debug("demo case rests", scenario=planned.scenario, step=step.number, reason=error.en)
            break
    return stage.case_id is not None


def _acts(scenario: Scenario) -> Iterator[tuple[datetime, Step]]:
    """What people do in a scenario, each with its instant; expectations and refused attempts are left out."""
    now = instant(scenario.start["at"])
    yield now, Step(kind="start", number=0, what=scenario.start)
    for step in scenario.steps:
        what: Any = step.what if step.refused is None else step.refused.what
        if "at" in what:
            now = max(now, instant(what["at"]))
        if step.kind not in ("advance_to", "expect", "refused"):
            yield now, step
