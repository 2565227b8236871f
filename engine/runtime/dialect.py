"""Reads Camunda 8's `zeebe:` extension elements of one BPMN element into a frozen `Extensions`.

Refuses nothing by itself that Camunda Modeler can write; what the engine cannot run raises
`Unreadable`, which the parser turns into a finding. Unknown extension elements are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
Z = "{" + ZEEBE + "}"
B = "{" + BPMN + "}"


class Unreadable(Exception):
    """An element that cannot be run: the reason in both languages and a stable code."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code, self.en, self.zh = code, en, zh


@dataclass(frozen=True, slots=True)
class Loop:
    """A multi-instance or standard loop. Texts are FEEL."""

    sequential: bool = True
    collection: str = ""
    cardinality: str = ""
    element: str = ""
    output_collection: str = ""
    output_element: str = ""
    completion: str = ""
    # a standard loop
    standard: bool = False
    maximum: int | None = None
    condition: str = ""
    test_before: bool = False


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the dialect says of one element. Empty texts mean: not said."""

    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    assignment: tuple[tuple[str, str], ...] = ()
    script: str = ""
    result_variable: str = ""
    decision_id: str = ""
    job_type: str = ""
    retries: str = "3"
    headers: Mapping[str, str] = field(default_factory=dict)
    called_process: str = ""
    propagate_children: bool = True
    propagate_parent: bool = True
    loop: Loop | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


NO_EXTENSIONS = Extensions()

_ASSIGNMENT = (
    ("assignee", "assignmentDefinition", "assignee"),
    ("groups", "assignmentDefinition", "candidateGroups"),
    ("users", "assignmentDefinition", "candidateUsers"),
    ("due", "taskSchedule", "dueDate"),
    ("follow_up", "taskSchedule", "followUpDate"),
    ("priority", "priorityDefinition", "priority"),
)


def read(node: Any) -> Extensions:
    """The extensions of an element; raises `Unreadable`."""
    found = _by_tag(node)
    if (
        not found
        and node.find(f"{B}multiInstanceLoopCharacteristics") is None
        and node.find(f"{B}standardLoopCharacteristics") is None
    ):
        return NO_EXTENSIONS
    if listeners := found.keys() & {"executionListeners", "taskListeners"}:
        raise Unreadable(
            "listeners",
            f"{', '.join(sorted(listeners))} are not run here.",
            f"本引擎不执行监听器（{', '.join(sorted(listeners))}）。",
        )
    mapping = found.get("ioMapping", {})
    script, decision = _attributes(found, "script"), _attributes(found, "calledDecision")
    job, called = _attributes(found, "taskDefinition"), _attributes(found, "calledElement")
    return Extensions(
        inputs=_mappings(mapping, "input"),
        outputs=_mappings(mapping, "output"),
        assignment=_assignment(found),
        script=script.get("expression", ""),
        result_variable=script.get("resultVariable") or decision.get("resultVariable") or "",
        decision_id=decision.get("decisionId", ""),
        job_type=job.get("type", ""),
        retries=job.get("retries", "3"),
        headers=_pairs(found.get("taskHeaders"), "header", "key"),
        called_process=called.get("processId", ""),
        propagate_children=called.get("propagateAllChildVariables", "true") != "false",
        propagate_parent=called.get("propagateAllParentVariables", "true") != "false",
        loop=read_loop(node),
        properties=_pairs(found.get("properties"), "property", "name"),
    )


def read_loop(node: Any) -> Loop | None:
    """The loop of an activity, if it has one; raises `Unreadable`."""
    standard = node.find(f"{B}standardLoopCharacteristics")
    if standard is not None:
        return _standard_loop(standard)
    multi = node.find(f"{B}multiInstanceLoopCharacteristics")
    if multi is None:
        return None
    said = _attributes(_by_tag(multi), "loopCharacteristics")
    loop = Loop(
        sequential=multi.get("isSequential") == "true",
        collection=said.get("inputCollection", "").strip(),
        cardinality=_text(multi, "loopCardinality"),
        element=said.get("inputElement", "").strip(),
        output_collection=said.get("outputCollection", "").strip(),
        output_element=said.get("outputElement", "").strip(),
        completion=_text(multi, "completionCondition"),
    )
    if not loop.collection and not loop.cardinality:
        raise Unreadable(
            "loop-without-collection",
            "The multi-instance element names neither an input collection nor a cardinality.",
            "多实例节点既未指定输入集合，也未指定次数。",
        )
    return loop


def _standard_loop(node: Any) -> Loop:
    maximum, condition = node.get("loopMaximum"), _text(node, "loopCondition")
    if maximum is not None and not (maximum.isascii() and maximum.isdigit()):
        raise Unreadable(
            "bad-loop",
            f"loopMaximum {maximum!r} is no whole number.",
            f"loopMaximum {maximum!r} 不是非负整数。",
        )
    if maximum is None and not condition:
        raise Unreadable(
            "bad-loop",
            "The loop has neither a maximum nor a condition, so it would never end.",
            "循环既无最大次数也无条件，将永不结束。",
        )
    return Loop(
        standard=True,
        maximum=None if maximum is None else int(maximum),
        condition=condition,
        test_before=node.get("testBefore") == "true",
    )


def correlation_key(message: Any) -> str:
    """The correlation key of a `bpmn:message` (`zeebe:subscription`), or ""."""
    return _attributes(_by_tag(message), "subscription").get("correlationKey", "").strip()


def properties(node: Any) -> Mapping[str, str]:
    """The `zeebe:property` pairs of an element."""
    return _pairs(_by_tag(node).get("properties"), "property", "name")


def _by_tag(node: Any) -> dict[str, Any]:
    holder = node.find(f"{B}extensionElements")
    if holder is None:
        return {}
    return {
        child.tag[len(Z) :]: child
        for child in holder
        if isinstance(child.tag, str) and child.tag.startswith(Z)
    }


def _attributes(found: Mapping[str, Any], tag: str) -> dict[str, str]:
    node = found.get(tag)
    return {} if node is None else dict(node.attrib)


def _text(node: Any, tag: str) -> str:
    child = node.find(B + tag)
    return "" if child is None else (child.text or "").strip()


def _mappings(node: Any, tag: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for child in node.findall(Z + tag) if len(node) else ():
        source, target = child.get("source"), (child.get("target") or "").strip()
        if not target:
            raise Unreadable(
                "mapping-without-target",
                "An input or output mapping has no target.",
                "输入或输出映射缺少目标变量。",
            )
        pairs.append((source if source is not None else "=null", target))
    return tuple(pairs)


def _pairs(node: Any, tag: str, key: str) -> Mapping[str, str]:
    if node is None:
        return MappingProxyType({})
    return MappingProxyType({child.get(key, ""): child.get("value", "") for child in node.findall(Z + tag)})


def _assignment(found: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs = [
        (name, text)
        for name, tag, attribute in _ASSIGNMENT
        if (text := _attributes(found, tag).get(attribute, "").strip())
    ]
    form = _attributes(found, "formDefinition")
    if text := (form.get("formId") or form.get("externalReference") or form.get("formKey") or "").strip():
        pairs.append(("form", text))
    return tuple(pairs)
