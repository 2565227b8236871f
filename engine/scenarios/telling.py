"""Says in both languages what was refused, how a case stood when a story failed, and what looks misspelt."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.actions.reading import list_incidents
from engine.clocks import SHANGHAI
from engine.errors import EngineError
from engine.scenarios.reading import Scenario, Step
from engine.scenarios.stage import Stage
from engine.types import SYSTEM


def said(error: EngineError) -> str:
    """The code of an error and its sentences, with those of its fields."""
    details = "; ".join(f"{item.pointer}: {item.zh} {item.en}" for item in error.errors)
    return f"{error.code}: {error.zh} {error.en}" + (f" ({details})" if details else "")


def how_it_stands(stage: Stage) -> Iterator[str]:
    """What is open, and what failed inside: where to look after a story went wrong."""
    if stage.case_id is None:
        return
    view = stage.look()[0]
    now = stage.now.astimezone(SHANGHAI).isoformat(timespec="minutes")
    tasks = ", ".join(task.element_id for task in view.tasks) or "—"
    yield f"当时 {now}，状态 {view.status}，待办 {tasks}。then {now}: {view.status}, open {tasks}"
    with stage.database.read() as tx:
        for incident in list_incidents(tx, actor=SYSTEM).items:
            yield f"incident at {incident.element_id}: {incident.zh} {incident.en}"


def slips(scenario: Scenario, known: Collection[str]) -> Iterator[str]:
    """Names that no element has where their absence makes the step pass: most likely misspelt."""
    for step in scenario.steps:
        for name in _absent(step):
            if name not in known:
                yield (
                    f"step {step.number}: 没有 id 为“{name}”的元素，此步因而必然通过。"
                    f'no element has the id "{name}", so this step can only pass'
                )


def _absent(step: Step) -> list[str]:
    if step.kind == "expect":
        return [str(name) for name in step.what.get("not_open", ())]
    if step.refused is not None and "task" in step.refused.what:
        return [str(step.refused.what["task"])]
    return []
