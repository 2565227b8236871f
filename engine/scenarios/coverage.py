"""Which flow nodes and sequence flows the scenarios of a folder have passed, from the record alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.safe_xml import parse

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
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


def elements_of(files: Mapping[str, bytes]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """The flow node ids and the sequence flow ids of every executable process in BPMN files."""
    found = {}
    for name, data in files.items():
        if not name.endswith(".bpmn"):
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
            found[process.get("id", "")] = (frozenset(nodes), frozenset(flows))
    return found


def measure(
    elements: Mapping[str, tuple[frozenset[str], frozenset[str]]],
    passed: Mapping[str, Iterable[str]],
) -> list[Coverage]:
    """The coverage of each process by the element ids that its cases passed."""
    report = []
    for process, (nodes, flows) in sorted(elements.items()):
        seen = frozenset(passed.get(process, ()))
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
