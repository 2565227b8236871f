"""Checks the shape of a process: supported elements, ids, starts and ends, sequence flows, reachability.

Refuses what the engine can't run, with the reason, so that no element's meaning is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import BPMN, FLOW_NODES, Flow, Node, local, reach
from engine.definitions.report import Context, found
from engine.safe_xml import Element
from engine.types import Finding

REFUSED: dict[str, tuple[str, str]] = {
    "complexGateway": (
        "不支持复杂网关；请用包容网关或并行网关表达。",
        "complex gateways can't be run; draw it with inclusive or parallel gateways.",
    ),
    "transaction": (
        "不支持事务子流程；请用普通子流程和错误边界事件。",
        "transactions can't be run; use a sub-process with an error boundary event.",
    ),
    "adHocSubProcess": (
        "不支持即席子流程；请画出任务的先后或并行关系。",
        "ad-hoc sub-processes can't be run; draw the order of the tasks.",
    ),
    "implicitThrowEvent": (
        "不支持隐式抛出事件；请用中间抛出事件。",
        "implicit throw events can't be run; use an intermediate throw event.",
    ),
}
CHOREOGRAPHY = frozenset({"choreographyTask", "subChoreography", "callChoreography", "callConversation"})
WITHOUT_EFFECT = frozenset(
    {"dataObject", "dataObjectReference", "dataStoreReference", "property", "ioSpecification"}
)
DRAWING = frozenset(
    "documentation extensionElements laneSet incoming outgoing sequenceFlow textAnnotation association group "
    "auditing monitoring multiInstanceLoopCharacteristics standardLoopCharacteristics supportedInterfaceRef "
    "correlationSubscription ioBinding artifact completionCondition".split()
)
MAX_ID = 200


def check_elements(context: Context) -> Iterator[Finding]:
    """Everything that stands in a scope is supported, known to be without effect, or refused."""
    for scope in context.process.scopes():
        data: list[str] = []
        for element in scope.element:
            kind = local(element)
            if kind in WITHOUT_EFFECT:
                data.append(element.get("name") or element.get("id", ""))
            elif (reason := _reason_to_refuse(element, kind)) is not None:
                yield found("error", "unsupported-element", (scope.file, element), *reason)
        if data:
            zh = f"数据对象等仅作说明，运行时不起作用，数据由表单和变量承载：{'、'.join(data)}。"
            en = f"data objects have no effect here; forms and variables carry the data: {', '.join(data)}."
            yield found("info", "without-effect", scope, zh, en)


def _reason_to_refuse(element: Element, kind: str) -> tuple[str, str] | None:
    if kind in REFUSED:
        return REFUSED[kind]
    if kind in CHOREOGRAPHY:
        zh = "编排（choreography）只描述参与方之间的约定，不能执行；请画成流程。"
        return zh, "choreographies can't be run; draw a process."
    if element.get("isForCompensation") == "true":
        return "不执行补偿活动；请画出撤销步骤。", "compensation can't be run; draw the steps that undo."
    if kind and kind not in FLOW_NODES and kind not in DRAWING:
        zh = "引擎不认识此元素，不能执行；请删除或改用受支持的元素。"
        return zh, "the engine doesn't know this element and can't run it; use a supported one."
    return None


def check_ids(context: Context) -> Iterator[Finding]:
    """Every flow node and flow has an id; no id occurs twice in the file."""
    parts: list[Node | Flow] = [*context.process.all_nodes(), *context.process.all_flows()]
    for part in parts:
        if not part.id:
            yield found("error", "missing-id", part, "没有 id；请补上。", "it has no id; give it one.")
        elif len(part.id) > MAX_ID or any(c.isspace() for c in part.id):
            zh = f"id 不得含空白，且不超过 {MAX_ID} 个字符。"
            yield found(
                "error", "bad-id", part, zh, f"an id has no white space and at most {MAX_ID} characters."
            )
    seen: set[str] = set()
    for element in context.diagram.root.iter(BPMN + "*"):
        identity = element.get("id")
        if identity and identity in seen:
            zh, en = (
                "文件中已有相同的 id；请改为唯一的 id。",
                "another element of the file has the same id; make it unique.",
            )
            yield found("error", "duplicate-id", (context.diagram.file, element), zh, en)
        seen.add(identity)


def check_starts(context: Context) -> Iterator[Finding]:
    """A process or sub-process starts in one way; an event sub-process by one event."""
    for scope in context.process.scopes():
        starts = scope.starts()
        plain = [start for start in starts if not start.event_definitions()]
        triggered = scope.element.get("triggeredByEvent") == "true"
        if not starts:
            yield found(
                "error", "no-start", scope, "没有开始事件；请添加一个。", "it has no start event; add one."
            )
        elif triggered and (plain or len(starts) > 1):
            zh = "事件子流程须有且仅有一个带触发事件（定时、消息、信号、错误、升级）的开始事件。"
            en = "an event sub-process has one start event: a timer, message, signal, error or escalation."
            yield found("error", "bad-event-subprocess", scope, zh, en)
        elif len(plain) > 1:
            zh, en = (
                "有多个空开始事件，无法确定从何处开始；只保留一个。",
                "several plain start events: keep one.",
            )
            yield found("error", "several-starts", plain[1], zh, en)
        elif scope.parent is not None and not triggered and (not plain or len(starts) > 1):
            zh, en = (
                "子流程须有且仅有一个空开始事件。",
                "a sub-process has exactly one start event, without an event.",
            )
            yield found("error", "bad-subprocess-start", scope, zh, en)


def check_ways_in(context: Context) -> Iterator[Finding]:
    """Cases are opened by people: no timer, message or signal opens one, and one start is enough."""
    starts = context.process.starts()
    first = next((start for start in starts if not start.event_definitions()), starts[0] if starts else None)
    for start in starts:
        if start is not first and start.event_definitions():
            zh = "立案总是从另一个开始事件进入，此处及其后的专有步骤永不执行；请合并，或画成事件子流程。"
            en = "cases begin at the other start event, so this one is never used; "
            yield found("warning", "unused-start", start, zh, en + "join them, or draw an event sub-process.")
        elif start.event_definitions():
            zh = "不会由此自动立案：案件由人（或接口）打开，打开时直接通过此事件。"
            en = "it doesn't open cases by itself: people (or the API) open a case, which then passes it."
            yield found("warning", "opened-by-hand", start, zh, en)


def check_flows(context: Context) -> Iterator[Finding]:
    """Every flow joins two nodes of its own scope."""
    scopes = {node.id: node.scope for process in context.diagram.processes for node in process.all_nodes()}
    for flow in context.process.all_flows():
        for end, zh_end, en_end in ((flow.source, "起点", "source"), (flow.target, "终点", "target")):
            if not end:
                yield found("error", "dangling-flow", flow, f"没有{zh_end}。", f"it has no {en_end}.")
            elif end not in scopes:
                zh, en = f"{zh_end}“{end}”不存在。", f'its {en_end} "{end}" doesn\'t exist.'
                yield found("error", "dangling-flow", flow, zh, en)
            elif end not in flow.scope.nodes:
                zh = f"{zh_end}“{end}”不在同一（子）流程内；顺序流不得跨越子流程或泳池边界，请用消息或信号。"
                en = f'its {en_end} "{end}" is in another (sub-)process; no flow may cross that border.'
                yield found("error", "crossing-flow", flow, zh, en)


def check_ends_of_nodes(context: Context) -> Iterator[Finding]:
    """Starts have no incoming flow, ends no outgoing; whatever else stops needs an end event."""
    for node in context.process.all_nodes():
        if node.kind in {"startEvent", "boundaryEvent"} and node.incoming:
            yield found("error", "flow-into-start", node, "不得有进入的顺序流。", "no flow may lead into it.")
        if node.is_event_subprocess:
            if node.incoming or node.outgoing:
                zh, en = "由事件触发，不得连接顺序流。", "it is started by its event; no flow may touch it."
                yield found("error", "flow-at-event-subprocess", node, zh, en)
        elif node.kind == "endEvent":
            if node.outgoing:
                yield found("error", "flow-out-of-end", node, "不得有离开的顺序流。", "no flow may leave it.")
        elif not node.outgoing and not node.following():
            zh = "之后没有任何去向；请连接到下一步或结束事件。"
            yield found(
                "error", "no-way-on", node, zh, "nothing follows it; connect it to a step or an end event."
            )


def check_reachability(context: Context) -> Iterator[Finding]:
    """Every node can be reached from a start, and an end can be reached from every node."""
    for scope in context.process.scopes():
        nodes = list(scope.nodes.values())
        reached = reach((n for n in nodes if n.kind == "startEvent" or n.is_event_subprocess), Node.following)
        if scope.starts():
            for node in _heads([node for node in nodes if node not in reached]):
                zh = "从开始事件无法到达；请连接或删除。"
                en = "it can't be reached from a start event; connect or remove it."
                yield found("error", "unreachable", node, zh, en)
        # A node without a way on is reported by itself; what leads to it needs no second finding.
        ending = reach((node for node in nodes if not node.following()), Node.preceding)
        for node in nodes:
            if node not in ending:
                zh = "由此无法到达任何结束事件，案件将永远办不完；请补上通往结束的路径。"
                en = "no end event can be reached from here, so a case would never finish; draw one."
                yield found("error", "no-end", node, zh, en)


def _heads(lost: list[Node]) -> list[Node]:
    """The lost nodes that nothing leads to, and those of lost loops: the rest follows from them."""
    heads = [node for node in lost if not node.preceding()]
    explained = reach(heads, Node.following)
    return heads + [node for node in lost if node not in explained]
