"""Deploys a folder to a store of its own, plays its scenarios, and reports results and coverage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine.actions.deploy import deploy
from engine.actions.seed_means import seed_demo_means
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.definitions import read_folder
from engine.errors import EngineError
from engine.scenarios.coverage import Coverage, elements_of, measure
from engine.scenarios.expecting import compare
from engine.scenarios.reading import Scenario, Step, instant, read_earlier, read_scenarios
from engine.scenarios.stage import Stage
from engine.scenarios.telling import how_it_stands, said, slips
from engine.store import schema
from engine.store.db import Database, clone_in_memory, open_database
from engine.types import SYSTEM, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one scenario went."""

    title: str
    file: str
    source: str
    failures: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    """What the scenario names that no element is, and how the case stood when it failed."""
    passed: Mapping[str, Collection[str]] = field(default_factory=dict)
    """The elements that its cases passed, by process."""

    @property
    def ok(self) -> bool:
        """Whether everything came as the scenario says."""
        return not self.failures


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReport:
    """Everything `aidflow test` has to say about a folder."""

    findings: tuple[Finding, ...]
    results: tuple[Result, ...]
    coverage: tuple[Coverage, ...]

    @property
    def ok(self) -> bool:
        """Whether there were scenarios and all of them passed."""
        return bool(self.results) and all(result.ok for result in self.results)


def run_folder(
    folder: Path, *, only: str = "", progress: Callable[[str], None] = lambda _text: None
) -> FolderReport:
    """Play every scenario below `folder` whose title or file contains `only`.

    Raises DeploymentError when the folder cannot be deployed or a scenario file cannot be read.
    """
    files = read_folder(folder)
    scenarios = read_scenarios(files)
    chosen = [scenario for scenario in scenarios if only in scenario.title or only in scenario.file]
    passed: dict[str, set[str]] = {}
    elements = elements_of(files)
    known = frozenset(name for found in elements.values() for name in found.nodes)
    results = []
    with _fresh_store() as database:
        with database.write() as tx:
            first = min((instant(s.start["at"]) for s in scenarios if "at" in s.start), default=_LONG_AGO)
            findings = deploy(tx, files=files, actor=SYSTEM, at=first).findings
        for number, scenario in enumerate(chosen, 1):
            progress(f"{number}/{len(chosen)} {scenario.title}")
            # A store for each: one scenario's clock must not wake another's case.
            with closing(clone_in_memory(database)) as own:
                results.append(_play(own, scenario, passed, known, read_earlier(scenario, files)))
    return FolderReport(findings=findings, results=tuple(results), coverage=tuple(measure(elements, passed)))


_LONG_AGO = instant("2026-01-01")


@contextmanager
def _fresh_store() -> Iterator[Database]:
    database = open_database("sqlite://")
    schema.upgrade(database)
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
        seed_demo_means(tx, at=_LONG_AGO)
    try:
        yield database
    finally:
        database.close()


def _play(
    database: Database,
    scenario: Scenario,
    passed: dict[str, set[str]],
    known: Collection[str],
    earlier: Scenario | None,
) -> Result:
    """One scenario from its start; it stops at the first step that fails."""
    first = (earlier or scenario).start.get("at", _LONG_AGO)
    stage = Stage(database, scenario.process, instant(first))
    failures: list[str] = []
    remarks = list(slips(scenario, known))
    failures += begin(stage, scenario, earlier)
    for step in scenario.steps if not failures else ():
        failures += [f"step {step.number}: {failure}" for failure in take(stage, step)]
        if failures:
            break
    own = stage.passed()
    for process, elements in own.items():
        passed.setdefault(process, set()).update(elements)
    if failures:
        remarks += how_it_stands(stage)
    return Result(
        title=scenario.title,
        file=scenario.file,
        source=scenario.source,
        failures=tuple(failures),
        remarks=tuple(remarks),
        passed=own,
    )


def begin(stage: Stage, scenario: Scenario, earlier: Scenario | None) -> list[str]:
    """Play the scenario that comes before, if any, and open the case; a sentence for what went wrong."""
    try:
        if earlier is not None:
            stage.process = earlier.process
            stage.start(earlier.start)
            for step in earlier.steps:
                if failed := take(stage, step):
                    return [f"{earlier.file} step {step.number}: {failure}" for failure in failed]
            stage.process, stage.case_id = scenario.process, None
        stage.start(scenario.start)
    except EngineError as error:
        return [f"start: {said(error)}"]
    return []


def take(stage: Stage, step: Step) -> list[str]:
    """Carry out one step; a sentence for each thing that did not come as the scenario says."""
    try:
        if step.kind == "advance_to":
            stage.advance(step.what["at"])
        elif step.kind == "expect":
            with stage.turned_to(step.what.get("case")):
                view, record = stage.look()
                expected = {key: wanted for key, wanted in step.what.items() if key != "case"}
                return compare(expected, view, record, stage.variables())
        elif step.refused is not None:
            return _attempt(stage, step.refused, step.code)
        else:
            stage.act(step)
    except EngineError as error:
        return [f"{step.kind}: {said(error)}"]
    return []


def _attempt(stage: Stage, attempt: Step, code: str | None) -> list[str]:
    """An attempt that must fail with `code` and change nothing."""
    if "at" in attempt.what:
        stage.advance(instant(attempt.what["at"]))
    with stage.turned_to(attempt.what.get("case")):
        before = stage.look()[0]
    try:
        stage.act(attempt)
    except EngineError as error:
        if code is not None and error.code != code:
            return [f"refused {attempt.kind}: 应为 {code}。expected code {code}, got {said(error)}"]
    else:
        return [f"未被拒绝。refused {attempt.kind}: it was not refused"]
    with stage.turned_to(attempt.what.get("case")):
        after = stage.look()[0]
    return (
        [] if before.version == after.version else [f"案件已改变。refused {attempt.kind}: the case changed"]
    )
