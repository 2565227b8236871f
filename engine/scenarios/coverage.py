"""Which flow nodes and sequence flows the scenarios of a folder have passed, from the record alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.safe_xml import parse

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
_NODE_ENDINGS = ("Event", "Gateway", "Task", "task", "callActivity", "subProcess")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of one process was passed; `missing` names the rest by element id."""

    process: str
    nodes: int
    nodes_covered: int
    flows: int
    flows_covered: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """What one process is made of, by id, and the processes that it calls."""

    nodes: frozenset[str]
    flows: frozenset[str]
    calls: frozenset[str]


def elements_of(files: Mapping[str, bytes]) -> dict[str, Elements]:
    """The elements of every executable process in BPMN files."""
    found = {}
    for name, data in files.items():
        if not name.lower().endswith(".bpmn"):
            continue
        for process in parse(data, file=name).iter(f"{_BPMN}process"):
            if process.get("isExecutable") != "true":
                continue
            nodes, flows = set(), set()
            for element in process.iter(f"{_BPMN}*"):
                kind = element.tag.removeprefix(_BPMN)
                identifier = element.get("id")
                if identifier is None or element is process:
                    continue
                if kind == "sequenceFlow":
                    flows.add(identifier)
                elif kind.endswith(_NODE_ENDINGS):
                    nodes.add(identifier)
            calls = {called.get("processId", "") for called in process.iter(f"{_ZEEBE}calledElement")}
            found[process.get("id", "")] = Elements(
                nodes=frozenset(nodes), flows=frozenset(flows), calls=frozenset(calls)
            )
    return found


def measure(
    elements: Mapping[str, Elements],
    passed: Mapping[str, Iterable[str]],
) -> list[Coverage]:
    """The coverage of each process by the element ids that its cases, or those that call it, passed."""
    report = []
    for process, found in sorted(elements.items()):
        seen = frozenset(name for caller in _callers(process, elements) for name in passed.get(caller, ()))
        nodes, flows = found.nodes, found.flows
        report.append(
            Coverage(
                process=process,
                nodes=len(nodes),
                nodes_covered=len(nodes & seen),
                flows=len(flows),
                flows_covered=len(flows & seen),
                missing=tuple(sorted((nodes | flows) - seen)),
            )
        )
    return report


def _callers(process: str, elements: Mapping[str, Elements]) -> set[str]:
    """The process itself and whatever calls it, directly or through others."""
    found, waiting = {process}, [process]
    while waiting:
        called = waiting.pop()
        for caller, own in elements.items():
            if called in own.calls and caller not in found:
                found.add(caller)
                waiting.append(caller)
    return found
