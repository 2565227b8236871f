"""Compares what a scenario expects with how the case stands. Says every difference, not only the first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from engine import feel
from engine.actions.views import CaseView
from engine.clocks import SHANGHAI
from engine.scenarios.reading import instant
from engine.scenarios.record import Record

Failures = Iterable[str]


def compare(
    expected: Mapping[str, Any], view: CaseView, record: Record, variables: Mapping[str, Any]
) -> list[str]:
    """A sentence for each expectation that does not hold; empty when all do."""
    facts: dict[str, Callable[[Any], Failures]] = {
        "open": lambda wanted: _subset("open", wanted, {task.element_id for task in view.tasks}),
        "not_open": lambda wanted: _absent(wanted, {task.element_id for task in view.tasks}),
        "done": lambda wanted: _subset("done", wanted, record.done),
        "escalations": lambda wanted: _subset("escalations", wanted, record.escalations),
        "notices": lambda wanted: _subset("notices", wanted, record.notices),
        "incidents": lambda wanted: _subset("incidents", wanted, record.incidents),
        "due": lambda wanted: _dues(wanted, view),
        "lights": lambda wanted: _each("light", wanted, _lights(view)),
        "variables": lambda wanted: _variables(wanted, variables),
        "outcome": lambda wanted: _same("outcome", wanted, view.outcome),
        "status": lambda wanted: _same("status", wanted, view.status),
    }
    return [failure for key, wanted in expected.items() for failure in facts[key](wanted)]


def _subset(what: str, wanted: Iterable[Any], found: set[str]) -> Failures:
    for item in wanted:
        if str(item) not in found:
            yield f"缺少 {item}。{what}: {item} is missing; there is {_listed(found)}"


def _absent(wanted: Iterable[Any], found: set[str]) -> Failures:
    for item in wanted:
        if str(item) in found:
            yield f"{item} 正待办理。not_open: {item} is open"


def _same(what: str, wanted: Any, found: Any) -> Failures:
    if wanted != found:
        yield f"应为 {wanted}，实为 {found}。{what}: expected {wanted}, found {found}"


def _each(what: str, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Failures:
    for name, value in wanted.items():
        if name not in found:
            yield _nothing_runs(what, name, found)
        else:
            yield from _same(f"{what} of {name}", value, found[name])


def _nothing_runs(what: str, name: str, found: Iterable[str]) -> str:
    return f"{name} 不在运行。{what} of {name}: nothing of that name runs; there is {_listed(found)}"


def _lights(view: CaseView) -> dict[str, Any]:
    return {clock.name: clock.light for clock in view.clocks} | {
        task.element_id: task.light for task in view.tasks
    }


def _dues(wanted: Mapping[str, Any], view: CaseView) -> Failures:
    """Dates are compared by the last day that is in time, instants by the instant."""
    found: dict[str, tuple[datetime | None, date | None]] = {
        clock.name: (clock.due, clock.due_date) for clock in view.clocks
    }
    found |= {task.element_id: (task.due, task.due_date) for task in view.tasks if task.due is not None}
    for name, value in wanted.items():
        if name not in found:
            yield _nothing_runs("due", name, found)
            continue
        due, day = found[name]
        text = str(value)
        if len(text) > len("2026-09-22"):
            if due is None or due != instant(text):
                yield from _same(f"due of {name}", text, due and due.astimezone(SHANGHAI).isoformat())
        else:
            yield from _same(f"due of {name}", text, day and day.isoformat())


def _variables(wanted: Mapping[str, Any], variables: Mapping[str, Any]) -> Failures:
    """Names may be paths (`aid.amount`); values are compared as JSON."""
    for path, value in wanted.items():
        found: Any = variables
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        if found != feel.from_feel(feel.to_feel(value)):
            yield from _same(f"variable {path}", _shown(value), _shown(found))


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
