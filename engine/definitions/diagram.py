"""A BPMN file as a graph: scopes, flow nodes and sequence flows, read once for closure and checks.

Owns the namespaces and the reading of `zeebe:` extension elements. Judges nothing: what is wrong with the
graph (dangling flows, unknown elements) stays visible in it for the checks to name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from engine.safe_xml import Element, refused

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
CAMUNDA7 = "{http://camunda.org/schema/1.0/bpmn}"

TASKS = frozenset(
    "task userTask manualTask serviceTask scriptTask businessRuleTask sendTask receiveTask".split()
)
ACTIVITIES = TASKS | {"callActivity", "subProcess", "transaction", "adHocSubProcess"}
GATEWAYS = frozenset(
    "exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway".split()
)
EVENTS = frozenset("startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent".split())
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})
MAX_NODES = 5_000
MAX_FLOWS = 1_000, 4
"""Sequence flows: so many, or so many a node. What reaches what is looked for from every one of them."""


@dataclass(slots=True, eq=False)
class Node:
    """One flow node. `inner` is the scope of a sub-process; `boundary` its boundary events."""

    element: Element
    id: str
    name: str
    kind: str
    scope: Scope
    lane: str = ""
    attached_to: str = ""
    inner: Scope | None = None
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundary: list[Node] = field(default_factory=list)

    @property
    def is_event_subprocess(self) -> bool:
        return self.kind == "subProcess" and self.element.get("triggeredByEvent") == "true"

    @property
    def is_interrupting(self) -> bool:
        """Of a boundary event or an event sub-process's start: whether it ends what it interrupts."""
        attribute = "cancelActivity" if self.kind == "boundaryEvent" else "isInterrupting"
        return str(self.element.get(attribute, "true")).lower() != "false"

    def following(self) -> list[Node]:
        """The nodes that may run next in its scope: over flows and links, and its boundary events."""
        nodes = self.scope.nodes
        found = [nodes[flow.target] for flow in self.outgoing if flow.target in nodes]
        return found + self.boundary + self._linked("intermediateThrowEvent", "intermediateCatchEvent")

    def preceding(self) -> list[Node]:
        nodes = self.scope.nodes
        found = [nodes[flow.source] for flow in self.incoming if flow.source in nodes]
        found += [nodes[self.attached_to]] if self.attached_to in nodes else []
        return found + self._linked("intermediateCatchEvent", "intermediateThrowEvent")

    @property
    def link(self) -> str:
        """The name of a link event, else empty."""
        return str(self.event_definitions()[0].get("name", "")) if self.event_kind() == "link" else ""

    def _linked(self, own: str, other: str) -> list[Node]:
        if self.kind != own or not self.link:
            return []
        return [n for n in self.scope.nodes.values() if n.kind == other and n.link == self.link]

    def event_definitions(self) -> list[Element]:
        """The children that say what the event waits for or throws (timer, message, …)."""
        return [
            e
            for e in self.element
            if local(e).endswith("EventDefinition") or local(e) == "eventDefinitionRef"
        ]

    @property
    def throws(self) -> bool:
        return self.kind in {"endEvent", "intermediateThrowEvent"}

    @property
    def job_type(self) -> str:
        """The type of the job that the node hands over; a script or rule task may be one as well."""
        own = {"scriptTask": ("script", "expression"), "businessRuleTask": ("calledDecision", "decisionId")}
        hands_over = self.kind in {"serviceTask", "sendTask"} or (
            self.throws and self.event_kind() == "message"
        )
        if hands_over or (self.kind in own and not zeebe(self.element, *own[self.kind])):
            return zeebe(self.element, "taskDefinition", "type")
        return ""

    def event_kind(self) -> str:
        """`timer`, `message`, … of the only event definition; empty for none or several."""
        found = self.event_definitions()
        return local(found[0]).removesuffix("EventDefinition") if len(found) == 1 else ""


@dataclass(slots=True, eq=False)
class Flow:
    element: Element
    id: str
    name: str
    source: str
    target: str
    scope: Scope

    @property
    def condition(self) -> Element | None:
        return self.element.find(BPMN + "conditionExpression")


@dataclass(slots=True, eq=False)
class Scope:
    """A process or sub-process with what stands directly in it."""

    element: Element
    id: str
    name: str
    kind: str
    file: str
    parent: Scope | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def scopes(self) -> Iterator[Scope]:
        """This scope and all below it."""
        yield self
        for node in self.nodes.values():
            if node.inner is not None:
                yield from node.inner.scopes()

    def all_nodes(self) -> Iterator[Node]:
        for scope in self.scopes():
            yield from scope.nodes.values()

    def all_flows(self) -> Iterator[Flow]:
        for scope in self.scopes():
            yield from scope.flows

    def starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "startEvent"]


@dataclass(slots=True, eq=False)
class Diagram:
    """One BPMN file. `roots` are its messages, signals, errors and escalations by id."""

    file: str
    root: Element
    processes: tuple[Scope, ...]
    roots: Mapping[str, Element]

    def executable(self) -> list[Scope]:
        return [p for p in self.processes if p.element.get("isExecutable") == "true"]


def read_diagram(root: Element, *, file: str) -> Diagram:
    """The graph of a BPMN file; `DeploymentError` if the root element is not BPMN 2.0 definitions."""
    if root.tag != BPMN + "definitions":
        raise refused(
            file,
            root.sourceline,
            "不是 BPMN 2.0 文件：根元素应为 definitions。",
            "Not a BPMN 2.0 file: the root element must be definitions.",
        )
    nodes = sum(local(element) in FLOW_NODES for element in root.iter(BPMN + "*"))
    if nodes > MAX_NODES:
        raise refused(
            file,
            None,
            f"文件有 {nodes} 个流程节点，最多 {MAX_NODES} 个；请拆成可调用的流程。",
            f"The file has {nodes} flow nodes, at most {MAX_NODES} are read; split it into called processes.",
        )
    flows, most = sum(1 for _ in root.iter(BPMN + "sequenceFlow")), max(MAX_FLOWS[0], MAX_FLOWS[1] * nodes)
    if flows > most:
        raise refused(
            file,
            None,
            f"文件有 {nodes} 个流程节点、{flows} 条连线，连线最多 {most} 条；请拆成可调用的流程。",
            f"The file has {flows} sequence flows between {nodes} flow nodes, at most {most} are read; "
            "split it into called processes.",
        )
    processes = tuple(_read_scope(element, file, None, {}) for element in root.findall(BPMN + "process"))
    kinds = ("message", "signal", "error", "escalation")
    roots = {e.get("id"): e for kind in kinds for e in root.findall(BPMN + kind) if e.get("id")}
    return Diagram(file=file, root=root, processes=processes, roots=roots)


def _read_scope(element: Element, file: str, parent: Scope | None, outer_lanes: Mapping[str, str]) -> Scope:
    scope = Scope(
        element=element,
        id=element.get("id", ""),
        name=element.get("name", ""),
        kind=local(element),
        file=file,
        parent=parent,
    )
    lanes = {**outer_lanes, **_lanes(element)}
    for child in element:
        kind = local(child)
        if kind in FLOW_NODES:
            _add_node(scope, child, kind, lanes)
        elif kind == "sequenceFlow":
            source, target = child.get("sourceRef", ""), child.get("targetRef", "")
            scope.flows.append(Flow(child, child.get("id", ""), child.get("name", ""), source, target, scope))
    for flow in scope.flows:
        if flow.source in scope.nodes:
            scope.nodes[flow.source].outgoing.append(flow)
        if flow.target in scope.nodes:
            scope.nodes[flow.target].incoming.append(flow)
    for node in scope.nodes.values():
        if node.attached_to in scope.nodes:
            scope.nodes[node.attached_to].boundary.append(node)
    return scope


def _add_node(scope: Scope, element: Element, kind: str, lanes: Mapping[str, str]) -> None:
    identity = element.get("id", "")
    # Two elements of one id, or none, are refused by name; here both must stay reachable by the checks.
    key = identity if identity and identity not in scope.nodes else f"{identity}?{len(scope.nodes)}"
    lane = lanes.get(identity) or lanes.get(scope.id, "")
    node = Node(element, identity, element.get("name", ""), kind, scope, lane=lane)
    if kind == "boundaryEvent":
        node.attached_to = element.get("attachedToRef", "")
    scope.nodes[key] = node
    if kind in SCOPES:
        node.inner = _read_scope(element, scope.file, scope, {**lanes, identity: lane})


def _lanes(element: Element) -> dict[str, str]:
    """Lane name by flow node id; the innermost lane wins."""
    found: dict[str, str] = {}
    for lane_set in element.findall(BPMN + "laneSet"):
        for lane in lane_set.iter(BPMN + "lane"):  # document order: outer lanes come first
            for ref in lane.findall(BPMN + "flowNodeRef"):
                found[(ref.text or "").strip()] = " ".join(lane.get("name", "").split())
    return found


def reach(starts: Iterable[Node], step: Callable[[Node], list[Node]]) -> set[Node]:
    """Every node that `step` leads to from `starts`, themselves included."""
    seen: set[Node] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(step(node))
    return seen


def local(element: Element) -> str:
    """The BPMN name of an element, or empty for elements of other namespaces."""
    tag = element.tag
    return tag.removeprefix(BPMN) if isinstance(tag, str) and tag.startswith(BPMN) else ""


def extension(element: Element, name: str) -> Element | None:
    """The `zeebe:` extension element `name` of a BPMN element."""
    return element.find(f"{BPMN}extensionElements/{ZEEBE}{name}")


def zeebe(element: Element, name: str, attribute: str) -> str:
    """An attribute of a `zeebe:` extension element, without white space at its edges; empty if absent."""
    found = extension(element, name)
    return cast(str, found.get(attribute, "")).strip() if found is not None else ""


def properties(element: Element) -> dict[str, str]:
    """The `zeebe:property` pairs of an element."""
    path = f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property"
    return {p.get("name", ""): p.get("value", "") for p in element.findall(path)}


def written_names(diagram: Diagram) -> set[str]:
    """The variables that `zeebe:` elements of the file write, for names of several words."""
    attributes = ("resultVariable", "inputElement", "outputCollection", "target")
    elements = diagram.root.iter(ZEEBE + "*")
    return {name for e in elements for a in attributes if (name := e.get(a, "").strip())}


def called_process(element: Element) -> str:
    """The process key that a call activity names; BPMN's own `calledElement` attribute isn't Camunda 8's."""
    return zeebe(element, "calledElement", "processId")
