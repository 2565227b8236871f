"""Drives cases in tests: every move is followed by a dump and a load, as in real use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.runtime import Failure, Instance, ProcessSet, parse_processes


class FakeHost:
    """Decides by a table of functions."""

    def __init__(self, **decisions: Any) -> None:
        self.env = feel.Environment()
        self.decisions = decisions

    def decide(self, decision_id: str, scope: Mapping[str, Any], element_id: str) -> Any:
        return self.decisions[decision_id](scope)


def parsed(*files: bytes) -> ProcessSet:
    processes, findings = parse_processes({f"{n}.bpmn": data for n, data in enumerate(files)})
    assert [f.en for f in findings] == []
    return processes


class Drive:
    """One case; keeps the whole trace over all reloads."""

    def __init__(
        self,
        processes: ProcessSet,
        key: str = "p",
        variables: Mapping[str, Any] | None = None,
        **decisions: Any,
    ) -> None:
        self.host = FakeHost(**decisions)
        self.processes, self.key = processes, key
        self.trace: list[tuple[str, str]] = []
        self.handed_over: list[str] = []
        self.failures: list[Failure] = []
        self.instance = Instance.start(
            processes, key, {n: feel.to_feel(v) for n, v in (variables or {}).items()}, self.host
        )
        self._after(self.instance.run())

    def _after(self, failures: list[Failure]) -> Drive:
        self.failures = failures
        self.trace += [(event.what, event.element_id) for event in self.instance.trace]
        self.handed_over += [job.element_id for job in self.instance.handed_over]
        self.reload()
        return self

    def reload(self) -> bytes:
        before, saved = self.instance, self.instance.dump()
        self.instance = Instance.load(self.processes, self.key, saved, self.host)
        assert self.instance.dump() == saved
        # What the variables weigh was counted change by change, and is counted anew on loading.
        assert before._case.budget.weight == self.instance._case.budget.weight
        return saved

    # moving

    def run(self) -> Drive:
        return self._after(self.instance.run())

    def complete(self, element_id: str, **answers: Any) -> Drive:
        key = next(t.key for t in self.instance.user_tasks() if t.element_id == element_id)
        return self._after(self.instance.complete(key, {n: feel.to_feel(v) for n, v in answers.items()}))

    def finish(self, element_id: str, **result: Any) -> Drive:
        key = next(j.key for j in self.instance.jobs() if j.element_id == element_id)
        return self._after(self.instance.finish_job(key, {n: feel.to_feel(v) for n, v in result.items()}))

    def fire(self, element_id: str) -> Drive:
        key = next(t.key for t in self.instance.timers() if t.element_id == element_id)
        return self._after(self.instance.fire_timer(key))

    def message(self, name: str, correlation: Any = None, **payload: Any) -> bool:
        caught = self.instance.message(name, {n: feel.to_feel(v) for n, v in payload.items()}, correlation)
        self._after(self.instance.failures)
        return caught

    # looking

    @property
    def open(self) -> list[str]:
        return [task.element_id for task in self.instance.user_tasks()]

    @property
    def armed(self) -> list[str]:
        return [timer.element_id for timer in self.instance.timers()]

    @property
    def done(self) -> list[str]:
        return [element for what, element in self.trace if what == "completed"]

    @property
    def taken(self) -> list[str]:
        return [element for what, element in self.trace if what == "taken"]

    @property
    def cancelled(self) -> list[str]:
        return [element for what, element in self.trace if what == "cancelled"]

    @property
    def status(self) -> str:
        return self.instance.status

    @property
    def variables(self) -> dict[str, Any]:
        return {name: feel.from_feel(value) for name, value in self.instance.variables.items()}
