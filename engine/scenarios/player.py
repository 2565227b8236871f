"""Plays one scenario of a folder and keeps how the case stood after every step, for a page to show.

The same stage, actions and comparisons as `aidflow test`, on a store of its own: nothing real is touched.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from engine.actions.deploy import deploy
from engine.actions.record import get_record, get_variables
from engine.actions.seed_means import seed_demo_means
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.actions.views import ClockView, EventView, TaskView
from engine.definitions.scenario_files import is_scenario
from engine.errors import DeploymentError, EngineError, InputError
from engine.scenarios.reading import Scenario, instant, read_earlier
from engine.scenarios.runner import begin, take
from engine.scenarios.stage import Stage
from engine.store import schema
from engine.store.db import Database, clone_in_memory, open_database
from engine.types import SYSTEM

MAX_STEPS = 300
MAX_ROUNDS = 500  # of the worker: a few seconds, with somebody waiting
_PREPARED = 6  # stores kept: a designer plays the same folder many times
_LONG_AGO = instant("2020-01-01")

_lock = threading.Lock()
_prepared: OrderedDict[str, Database] = OrderedDict()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How the case stands after one step. `number` 0 is the start; `at` the virtual instant."""

    number: int
    kind: str
    what: Mapping[str, Any]
    at: datetime
    failures: tuple[str, ...]
    status: str | None
    outcome: str | None
    number_of_case: str | None
    tasks: tuple[TaskView, ...]
    clocks: tuple[ClockView, ...]
    variables: Mapping[str, Any]
    events: tuple[EventView, ...]
    """What happened in this step, oldest first."""
    active: Mapping[str, int]
    """Where the tokens are: element ids with how many."""
    done: tuple[str, ...]
    """Flow nodes completed and sequence flows taken until now."""
    next_due: datetime | None
    """When the clock next brings something by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """A scenario with a frame for its start and for each step up to the first that fails."""

    title: str
    process: str
    source: str
    file: str
    steps: int
    frames: tuple[Frame, ...]

    @property
    def ok(self) -> bool:
        """Whether every step came as the scenario says."""
        return len(self.frames) == self.steps + 1 and not any(frame.failures for frame in self.frames)


def play(
    files: Mapping[str, bytes], scenario: Scenario, *, beside: Sequence[Mapping[str, bytes]] = ()
) -> Playback:
    """Deploy the files to a store of their own and play the scenario there.

    `beside` are the files of all processes in force: a case may open others, a story follow another. Raises
    DeploymentError where the files can't be deployed; what fails in the story is in its frame.
    """
    if len(scenario.steps) > MAX_STEPS:
        raise InputError(
            f"A scenario is played step by step up to {MAX_STEPS} steps; this one has {len(scenario.steps)}.",
            f"逐步演示最多{MAX_STEPS}步，该场景有{len(scenario.steps)}步。",
        )
    with closing(_stage_for(files, beside)) as database:
        earlier = read_earlier(scenario, {name: f[name] for f in (*beside, files) for name in f})
        first = instant((earlier or scenario).start.get("at", "2026-01-01"))
        stage = Stage(database, scenario.process, first, rounds=MAX_ROUNDS)
        frames = tuple(_frames(stage, scenario, earlier))
    return Playback(
        title=scenario.title, process=scenario.process, source=scenario.source, file=scenario.file,
        steps=len(scenario.steps), frames=frames,
    )  # fmt: skip


def _frames(stage: Stage, scenario: Scenario, earlier: Scenario | None) -> Iterable[Frame]:
    failures = begin(stage, scenario, earlier)
    seen = 0
    frame = _frame(stage, 0, "start", scenario.start, failures, seen)
    yield frame
    for step in scenario.steps:
        if frame.failures:
            return
        seen += len(frame.events)
        failures = take(stage, step)
        what = step.what
        if step.refused is not None:
            what = {step.refused.kind: step.refused.what, "code": step.code}
        frame = _frame(stage, step.number, step.kind, what, failures, seen)
        yield frame


def _frame(
    stage: Stage, number: int, kind: str, what: Mapping[str, Any], failures: list[str], seen: int
) -> Frame:
    if stage.case_id is None:
        return Frame(
            number=number, kind=kind, what=_shown(what), at=stage.now, failures=tuple(failures), status=None,
            outcome=None, number_of_case=None, tasks=(), clocks=(), variables={}, events=(), active={},
            done=(), next_due=None,
        )  # fmt: skip
    view = stage.look()[0]
    with stage.database.read() as tx:
        variables = get_variables(tx, case_id=stage.case_id, actor=SYSTEM)
        record = get_record(tx, case_id=stage.case_id, actor=SYSTEM)
    active, done = _tokens(record)
    return Frame(
        number=number, kind=kind, what=_shown(what), at=stage.now, failures=tuple(failures),
        status=view.status, outcome=view.outcome, number_of_case=view.number, tasks=view.tasks,
        clocks=view.clocks,
        variables=variables, events=tuple(record[seen:]), active=active, done=done,
        next_due=stage.next_due() if view.status == "active" else None,
    )  # fmt: skip


def _shown(value: Any) -> Any:
    """What a scenario says as JSON can: an exact fraction as its text."""
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value


def _tokens(record: Iterable[EventView]) -> tuple[dict[str, int], tuple[str, ...]]:
    """What was entered and not left, and what was passed, by the record alone."""
    inside: Counter[str] = Counter()
    passed: dict[str, None] = {}
    closed = False
    for event in record:
        inside.update(event.data.get("entered", ()))
        for left in ("completed", "cancelled"):
            inside.subtract(event.data.get(left, ()))
        for what in ("completed", "taken"):
            passed.update(dict.fromkeys(event.data.get(what, ())))
        closed = closed or "variables" in event.data
    return {} if closed else {name: n for name, n in inside.items() if n > 0}, tuple(passed)


def _stage_for(files: Mapping[str, bytes], beside: Sequence[Mapping[str, bytes]]) -> Database:
    """A store with everything deployed, the caller's own copy. The others are deployed once."""
    own = _deployable(files)
    others = "".join(sorted(_digest(_deployable(found)) for found in beside))
    with _lock:
        ground = _empty()
        if beside:
            ground = _kept(f"beside {others}", ground, beside, lenient=True)
        return clone_in_memory(_kept(f"{_digest(own)} {others}", ground, [own]))


def _kept(
    key: str, ground: Database, folders: Sequence[Mapping[str, bytes]], *, lenient: bool = False
) -> Database:
    """A copy of `ground` with the folders deployed one after the other, made once; few are kept.

    `lenient`: what can't be deployed is left out; a story that needs it says so at that step.
    """
    found = _prepared.get(key)
    if found is None:
        found = clone_in_memory(ground)
        try:
            for files in folders:
                with suppress(DeploymentError) if lenient else nullcontext(), found.write() as tx:
                    deploy(tx, files=_deployable(files), actor=SYSTEM, at=_LONG_AGO)
        except EngineError:
            found.close()
            raise
        _prepared[key] = found
        while len(_prepared) > _PREPARED + 1:
            _prepared.pop(next(name for name in _prepared if name)).close()
    _prepared.move_to_end(key)
    return found


def _deployable(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not is_scenario(name, data)}


def _digest(files: Mapping[str, bytes]) -> str:
    digest = sha256()
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _empty() -> Database:
    """The store with the regions and the demo's people, made once."""
    if "" not in _prepared:
        database = open_database("sqlite://")
        schema.upgrade(database)
        with database.write() as tx:
            seed_regions(tx)
            seed_demo_accounts(tx)
            seed_demo_means(tx, at=instant("2026-01-01"))
        _prepared[""] = database
    return _prepared[""]
