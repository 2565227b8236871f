"""Reads one process or sub-process: its nodes one by one, then the flows, edges and joins between them.

Reading is not recursive along the flow, so a chain of any length can be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from engine.runtime.dialect import B, Unreadable
from engine.runtime.events import Catch, LinkSource, LinkTarget, Receive
from engine.runtime.gateways import Inclusive, Joining
from engine.runtime.node_reader import SPECS, NodeReader
from engine.runtime.nodes import Flow
from engine.runtime.processes import LevelSpec
from engine.runtime.spiff import ProcessParser

if TYPE_CHECKING:
    from engine.runtime.parser import DefinitionsReader

#: Children of a process that have no meaning at run time, or are read elsewhere.
_PASSIVE = {
    B + tag
    for tag in (
        "sequenceFlow",
        "laneSet",
        "extensionElements",
        "documentation",
        "incoming",
        "outgoing",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "textAnnotation",
        "association",
        "group",
        "ioSpecification",
        "ioBinding",
        "property",
        "auditing",
        "monitoring",
        "category",
        "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics",
        "dataInputAssociation",
        "dataOutputAssociation",
        "supportedInterfaceRef",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "correlationSubscription",
        "artifact",
    )
}


#: What no flow may lead to.
_UNREACHED = ("startEvent", "boundaryEvent", "eventSubProcess")


class ProcessReader(ProcessParser):
    """Reads one process or sub-process into a `LevelSpec`."""

    parser: DefinitionsReader
    process_key: str

    def get_spec(self) -> LevelSpec:
        if self.spec is None:
            self.spec = LevelSpec(self.key, self.node.get("name") or self.bpmn_id or "")
            self._read()
        spec: LevelSpec = self.spec
        return spec

    @property
    def key(self) -> str:
        """The name of the level in the set; a sub-process is qualified by its process."""
        return self.bpmn_id if self.parent is None else f"{self.process_key}/{self.bpmn_id}"

    def _read(self) -> None:
        nodes: dict[str, Any] = {}
        for node in self.node:
            if not isinstance(node.tag, str) or node.tag in _PASSIVE or not node.tag.startswith(B):
                continue
            if node.tag not in SPECS:
                self.refuse(node, _unsupported(node))
            elif not node.get("id"):
                self.refuse(node, Unreadable("no-id", "The element has no id.", "该节点没有 id。"))
            else:
                try:
                    nodes[node.get("id")] = NodeReader(self, node, self.nsmap, self.lane).read()
                except Unreadable as problem:
                    self.refuse(node, problem)
        self._connect(nodes)
        self._attach(nodes)
        for spec in nodes.values():
            if isinstance(spec, Inclusive) and len(spec.incoming) > 1:
                spec.reach = _reach(spec, nodes)
                self.spec.has_inclusive = True
        self._choose_start(nodes)
        self.parser.describe(self.process_key, nodes)

    def refuse(self, node: Any, problem: Unreadable) -> None:
        """Record why an element cannot be run."""
        self.parser.refuse(node, problem, self.filename or "")

    def _connect(self, nodes: dict[str, Any]) -> None:
        incoming: dict[str, list[str]] = {}
        outgoing: dict[str, list[Flow]] = {}
        known = {node.get("id") for node in self.node}
        for flow in self.node.findall(f"{B}sequenceFlow"):
            source, target = flow.get("sourceRef"), flow.get("targetRef")
            if source not in known or target not in known:
                self.refuse(
                    flow,
                    Unreadable(
                        "dangling-flow",
                        "The sequence flow does not connect two elements of the same process.",
                        "该顺序流没有连接同一流程中的两个节点。",
                    ),
                )
            elif source in nodes and target in nodes:
                try:
                    outgoing.setdefault(source, []).append(self._flow(flow, nodes[source], nodes[target]))
                    incoming.setdefault(target, []).append(flow.get("id"))
                except Unreadable as problem:
                    self.refuse(flow, problem)
        ids = {spec.name: element_id for element_id, spec in nodes.items()}
        for element_id, spec in nodes.items():
            spec.flows = tuple(outgoing.get(element_id, ()))
            spec.incoming = tuple(incoming.get(element_id, ()))
            spec.leads_to = tuple(ids[flow.target] for flow in spec.flows)
            if spec.kind == "eventSubProcess":
                spec.leads_to = self.parser.leads_of(spec.spec)
            spec.joins = isinstance(spec, Joining) and len(spec.incoming) > 1
            spec._outputs = [flow.target for flow in spec.flows]
            self._check_choice(element_id, spec)
        self._join_links(nodes)

    def _join_links(self, nodes: dict[str, Any]) -> None:
        """A link event jumps to its namesake: a flow that is not drawn and has no id."""
        targets = {spec.link: spec for spec in nodes.values() if isinstance(spec, LinkTarget)}
        for spec in nodes.values():
            if not isinstance(spec, LinkSource):
                continue
            target = targets.get(spec.link)
            if target is None:
                reason = Unreadable(
                    "no-link-target",
                    f"No link catch event of this process is named {spec.link!r}.",
                    f"本流程中没有名为 {spec.link!r} 的链接捕获事件。",
                )
                self.refuse(self.get_node_by_id(spec.element_id), reason)
            else:
                spec.flows = (Flow(id="", target=target.name),)

    def _flow(self, flow: Any, source: Any, target: Any) -> Flow:
        condition = flow.find(f"{B}conditionExpression")
        text = (condition.text or "").strip() if condition is not None else ""
        if text and not source.chooses:
            raise Unreadable(
                "condition-without-gateway",
                "Only flows out of exclusive and inclusive gateways may carry a condition.",
                "只有排他网关和包容网关的出口顺序流可以带条件。",
            )
        if source.kind in ("endEvent", "eventSubProcess") or target.kind in _UNREACHED:
            raise Unreadable(
                "impossible-flow",
                "No flow leaves an end event or event sub-process; none leads to a start or boundary event.",
                "顺序流不能从结束事件或事件子流程引出，也不能进入开始事件、边界事件或事件子流程。",
            )
        if not flow.get("id"):
            raise Unreadable("no-id", "The sequence flow has no id.", "该顺序流没有 id。")
        is_default = source.default_flow == flow.get("id")
        return Flow(
            id=flow.get("id"),
            target=target.name,
            name=flow.get("name") or "",
            condition=None if is_default else text or None,
            default=is_default,
        )

    def _check_choice(self, element_id: str, spec: Any) -> None:
        if not spec.chooses or len(spec.flows) < 2:
            return
        for flow in spec.flows:
            if flow.condition is None and not flow.default:
                node = self.get_node_by_id(flow.id)
                self.refuse(
                    node,
                    Unreadable(
                        "flow-without-condition",
                        "The flow out of the gateway has neither a condition nor is it the default.",
                        "网关的该出口既无条件，也不是默认流。",
                    ),
                )

    def _attach(self, nodes: dict[str, Any]) -> None:
        for node in self.node.findall(f"{B}boundaryEvent"):
            spec, host = nodes.get(node.get("id")), nodes.get(node.get("attachedToRef"))
            if spec is None:
                continue
            if host is None or not host.is_activity:
                self.refuse(
                    node,
                    Unreadable(
                        "boundary-without-activity",
                        "The boundary event is not attached to an activity that can be run.",
                        "边界事件没有附着在可执行的活动上。",
                    ),
                )
            else:
                host.boundary = (*host.boundary, spec.name)
        for spec in nodes.values():
            self._check_event_gateway(spec, nodes)

    def _check_event_gateway(self, spec: Any, nodes: dict[str, Any]) -> None:
        if spec.kind != "eventBasedGateway":
            return
        by_name = {other.name: other for other in nodes.values()}
        bad = [f.target for f in spec.flows if not _follows_choice(by_name[f.target])]
        if bad or len(spec.flows) < 2:
            self.refuse(
                self.get_node_by_id(spec.element_id),
                Unreadable(
                    "bad-event-gateway",
                    "At least two catch events or receive tasks must follow the gateway.",
                    "事件网关之后须直接连接至少两个捕获事件（消息、定时、信号）或接收任务。",
                ),
            )

    def _choose_start(self, nodes: dict[str, Any]) -> None:
        starts = [n for n in nodes.values() if n.kind == "startEvent"]
        if not starts:
            reason = Unreadable(
                "no-start", "There is no start event that can be run.", "没有可执行的开始事件。"
            )
            self.refuse(self.node, reason)
            return
        if self.parent is not None and len(starts) > 1:
            reason = Unreadable(
                "several-starts", "A sub-process has exactly one start event.", "子流程只能有一个开始事件。"
            )
            self.refuse(self.node, reason)
        plain = [n for n in starts if n.plain_start]
        if len(plain) > 1 and self.parent is None:
            reason = Unreadable(
                "several-starts",
                "A process has at most one none start event.",
                "流程最多只能有一个空开始事件。",
            )
            self.refuse(self.node, reason)
        self.spec.first = (plain or starts)[0].name
        self.spec.event_subprocesses = tuple(n.name for n in nodes.values() if n.kind == "eventSubProcess")
        if self.parent is not None and self.node.get("triggeredByEvent") != "true" and not plain:
            reason = Unreadable(
                "triggered-start",
                "An embedded sub-process must start with a none start event.",
                "嵌入式子流程必须以空开始事件开始。",
            )
            self.refuse(self.node, reason)


def _follows_choice(spec: Any) -> bool:
    """Whether a node may stand behind an event gateway, which waits in its place."""
    return isinstance(spec, Catch | Receive) and not spec.boundary and not spec.ext.inputs


def _unsupported(node: Any) -> Unreadable:
    tag = etree.QName(node).localname
    return Unreadable(
        "unsupported-element",
        f"Elements of the kind {tag!r} are not run here.",
        f"本引擎不执行 {tag!r} 类节点。",
    )


def _reach(gateway: Any, nodes: dict[str, Any]) -> dict[str, frozenset[str]]:
    """For each incoming flow: the specifications from which it can be reached, not passing the gateway."""
    before: dict[str, set[str]] = {}
    source_of: dict[str, str] = {}
    for spec in nodes.values():
        for flow in spec.flows:
            before.setdefault(flow.target, set()).add(spec.name)
            source_of[flow.id] = spec.name
        for name in spec.boundary:
            before.setdefault(name, set()).add(spec.name)
    found: dict[str, frozenset[str]] = {}
    for flow_id in gateway.incoming:
        seen, todo = set(), [source_of[flow_id]]
        while todo:
            name = todo.pop()
            if name not in seen and name != gateway.name:
                seen.add(name)
                todo.extend(before.get(name, ()))
        found[flow_id] = frozenset(seen)
    return found
