"""Checks events: which kind may stand where, and that each knows its message, signal, error or escalation."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import ACTIVITIES, Node
from engine.definitions.report import Context, found
from engine.types import Finding

ALLOWED: dict[str, frozenset[str]] = {
    "startEvent": frozenset({"timer", "message", "signal"}),
    "event sub-process": frozenset({"timer", "message", "signal", "error", "escalation"}),
    "endEvent": frozenset({"error", "escalation", "signal", "message", "terminate"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "link"}),
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation", "link"}),
    "boundaryEvent": frozenset({"timer", "message", "signal", "error", "escalation"}),
}
NEEDS_ONE = frozenset({"intermediateCatchEvent", "boundaryEvent"})
REASONS: dict[str, tuple[str, str]] = {
    "conditional": (
        "不支持条件事件；请用网关、消息或定时事件",
        "conditional events can't be run; use a gateway or a message",
    ),
    "compensate": ("不支持补偿事件；请画出撤销步骤", "compensation can't be run; draw the steps that undo"),
    "cancel": (
        "不支持取消事件（事务）；请用错误事件",
        "cancel events (transactions) can't be run; use an error event",
    ),
}
REFERENCES: dict[str, tuple[str, str, str, str]] = {
    # definition: attribute with the reference, attribute that must be filled, names of the latter
    "message": ("messageRef", "name", "消息名称", "message name"),
    "signal": ("signalRef", "name", "信号名称", "signal name"),
    "error": ("errorRef", "errorCode", "错误代码", "error code"),
    "escalation": ("escalationRef", "escalationCode", "升级代码", "escalation code"),
}


def check_event_kinds(context: Context) -> Iterator[Finding]:
    """One event definition at most, of a kind that may stand there."""
    for node in context.process.all_nodes():
        if node.kind not in ALLOWED:
            continue
        definitions = node.event_definitions()
        triggered = node.kind == "startEvent" and node.scope.element.get("triggeredByEvent") == "true"
        kind = node.event_kind()
        if len(definitions) > 1:
            zh = "有多个事件定义；引擎只支持一个，请拆成多个事件。"
            yield found(
                "error", "multiple-event", node, zh, "several event definitions; draw one event for each."
            )
        elif not definitions and node.kind in NEEDS_ONE:
            zh = "没有说明等待什么；请选择定时、消息、信号等。"
            yield found(
                "error", "event-without-kind", node, zh, "it doesn't say what it waits for; choose a kind."
            )
        elif kind and kind not in ALLOWED["event sub-process" if triggered else node.kind]:
            reason_zh, reason_en = REASONS.get(
                kind, ("此处不支持这种事件", f"this kind of event ({kind}) can't stand here")
            )
            yield found("error", "unsupported-event", node, reason_zh + "。", reason_en + ".")
        elif definitions and not kind:
            zh = "事件定义无法识别；请重新选择事件类型。"
            yield found(
                "error", "unsupported-event", node, zh, "its event definition isn't known; choose a kind."
            )


def check_event_references(context: Context) -> Iterator[Finding]:
    """Messages and signals have names, thrown errors and escalations have codes."""
    for node in context.process.all_nodes():
        kind = node.event_kind()
        if node.kind == "receiveTask":
            yield from _check_reference(context, node, "message", node.element.get("messageRef", ""))
        elif kind in REFERENCES:
            reference = node.event_definitions()[0].get(REFERENCES[kind][0], "")
            if reference or _must_name(node, kind):
                yield from _check_reference(context, node, kind, reference)


def _must_name(node: Node, kind: str) -> bool:
    """Catching without a code catches every error; a thrown message may be named by its job type."""
    if kind == "message":
        return not node.job_type
    return kind == "signal" or node.throws


def _check_reference(context: Context, node: Node, kind: str, reference: str) -> Iterator[Finding]:
    _, attribute, zh_what, en_what = REFERENCES[kind]
    target = context.diagram.roots.get(reference)
    if not reference:
        zh, en = f"没有指定{zh_what}；请填写。", f"it has no {en_what}; give it one."
        yield found("error", f"missing-{kind}", node, zh, en)
    elif target is None:
        zh, en = (
            f"引用的“{reference}”不存在；请重新选择。",
            f'it refers to "{reference}", which doesn\'t exist.',
        )
        yield found("error", f"unknown-{kind}", node, zh, en)
    elif not (target.get(attribute) or "").strip():
        zh, en = (
            f"引用的“{reference}”没有{zh_what}；请填写。",
            f'"{reference}" has no {en_what}; give it one.',
        )
        yield found("error", f"{kind}-without-name", node, zh, en)
    elif target.get(attribute).lstrip().startswith("="):
        zh = f"“{reference}”的{zh_what}不能是表达式；消息要区分个案时请用关联键。"
        en = f'the {en_what} of "{reference}" can\'t be an expression; correlation keys tell messages apart.'
        yield found("error", f"computed-{kind}", node, zh, en)


def check_links(context: Context) -> Iterator[Finding]:
    """A link has a name, one end where it arrives, and somebody who leaves for it."""
    for node in context.process.all_nodes():
        if node.event_kind() != "link":
            continue
        ends = [n for n in node.scope.nodes.values() if n.link == node.link]
        arrivals = [n for n in ends if n.kind == "intermediateCatchEvent"]
        if not node.link:
            yield found(
                "error", "no-link", node, "链接没有名称；请填写。", "the link has no name; give it one."
            )
        elif node.throws and len(arrivals) != 1:
            zh = f"同一层须有且仅有一个名为“{node.link}”的链接捕获事件。"
            en = f'its level needs exactly one link catch event named "{node.link}".'
            yield found("error", "no-link-target", node, zh, en)
        elif (node.throws and node.outgoing) or (not node.throws and node.incoming):
            zh, en = "链接的两端之间不画顺序流。", "no flow is drawn between the two ends of a link."
            yield found("error", "flow-at-link", node, zh, en)


def check_boundary(context: Context) -> Iterator[Finding]:
    """A boundary event sits on an activity of its own scope; errors always interrupt."""
    for node in context.process.all_nodes():
        if node.kind == "boundaryEvent":
            host = node.scope.nodes.get(node.attached_to)
            if not node.attached_to:
                zh = "没有附着在任何活动上；请拖到活动的边上。"
                yield found(
                    "error", "not-attached", node, zh, "it is attached to nothing; put it on an activity."
                )
            elif host is None or host.kind not in ACTIVITIES:
                zh = f"附着的“{node.attached_to}”不是同一层的活动。"
                en = f'it is attached to "{node.attached_to}", which is no activity of the same level.'
                yield found("error", "not-attached", node, zh, en)
        interrupts = node.is_interrupting
        if node.kind in {"boundaryEvent", "startEvent"} and node.event_kind() == "error" and not interrupts:
            zh, en = (
                "错误事件总会中断所在活动；请改为中断式。",
                "an error always interrupts; make it interrupting.",
            )
            yield found("error", "error-not-interrupting", node, zh, en)


def check_event_gateways(context: Context) -> Iterator[Finding]:
    """Behind an event-based gateway stand events to wait for, and nothing else leads to them."""
    for node in context.process.all_nodes():
        if node.kind != "eventBasedGateway":
            continue
        if node.element.get("instantiate") == "true" or node.element.get("eventGatewayType") == "Parallel":
            zh = "不支持实例化或并行的事件网关。"
            yield found(
                "error", "unsupported-gateway", node, zh, "instantiating or parallel ones can't be run."
            )
        targets = [node.scope.nodes[flow.target] for flow in node.outgoing if flow.target in node.scope.nodes]
        if len(targets) < 2:
            zh = "至少要等待两个事件；只等一个时请去掉网关。"
            yield found(
                "error", "one-event", node, zh, "it waits for fewer than two events; drop the gateway."
            )
        for target in targets:
            if target.kind not in {"intermediateCatchEvent", "receiveTask"}:
                zh = "事件网关之后只能是捕获事件或接收任务。"
                en = "only catching events and receive tasks may follow an event-based gateway."
                yield found("error", "bad-event-gateway", target, zh, en)
            elif len(target.incoming) > 1:
                zh = "事件网关之后的事件不得有其他进入的顺序流。"
                en = "an event behind an event-based gateway may have no other flow into it."
                yield found("error", "bad-event-gateway", target, zh, en)


def check_same_event(context: Context) -> Iterator[Finding]:
    """At one activity or event gateway no two events wait for the same thing: the second would never come."""
    for node in context.process.all_nodes():
        waiting = node.boundary
        if node.kind == "eventBasedGateway":
            nodes = node.scope.nodes
            waiting = [nodes[flow.target] for flow in node.outgoing if flow.target in nodes]
        seen: set[tuple[str, str]] = set()
        for event in waiting:
            what = _awaited(context, event)
            if what is not None and what in seen:
                zh = "与同一处的另一事件等待相同的内容，永远轮不到它；请改用不同的消息或代码。"
                en = "another event at the same place waits for the same, so this one never comes; "
                yield found("error", "same-event", event, zh, en + "use another message or code.")
            seen |= {what} if what is not None else set()


def _awaited(context: Context, event: Node) -> tuple[str, str] | None:
    kind = "message" if event.kind == "receiveTask" else event.event_kind()
    if kind not in {"message", "error", "escalation"}:
        return None
    holder = event.element if event.kind == "receiveTask" else event.event_definitions()[0]
    target = context.diagram.roots.get(holder.get(REFERENCES[kind][0], ""))
    return kind, str(target.get(REFERENCES[kind][1]) or "") if target is not None else ""


def check_caught(context: Context) -> Iterator[Finding]:
    """A thrown error or escalation has somebody to catch it in this process, unless it may be the caller."""
    for node in context.process.all_nodes():
        kind = node.event_kind()
        if node.throws and kind in {"error", "escalation"}:
            code = _code(context, node, kind)
            if code and not _is_caught(context, node, kind, code) and not _is_called(context):
                zh = f"抛出的代码“{code}”没有对应的捕获事件；请在外层活动上加边界事件，或加事件子流程。"
                en = f'nothing catches the code "{code}" that it throws; add a boundary event.'
                yield found("warning", f"uncaught-{kind}", node, zh, en)


CAN_THROW = frozenset({"serviceTask", "subProcess", "callActivity"})


def check_thrown(context: Context) -> Iterator[Finding]:
    """An error boundary event sits on something that can raise an error: a job, or what has one inside."""
    for node in context.process.all_nodes():
        host = node.scope.nodes.get(node.attached_to)
        if node.event_kind() != "error" or host is None or host.kind in CAN_THROW or host.job_type:
            continue
        zh = "附着的活动不会抛出错误，此事件永不触发；请改为附着在服务任务、子流程或调用活动上。"
        en = "its activity never raises an error, so it never fires; attach it to a service task, "
        yield found("warning", "never-thrown", node, zh, en + "a sub-process or a call activity.")


def _code(context: Context, node: Node, kind: str) -> str:
    reference, attribute, _, _ = REFERENCES[kind]
    target = context.diagram.roots.get(node.event_definitions()[0].get(reference, ""))
    return str(target.get(attribute) or "") if target is not None else ""


def _is_caught(context: Context, node: Node, kind: str, code: str) -> bool:
    scope = node.scope
    while True:
        catchers = [
            s for n in scope.nodes.values() if n.is_event_subprocess and n.inner for s in n.inner.starts()
        ]
        if scope.parent is not None and scope.id in scope.parent.nodes:
            catchers += scope.parent.nodes[scope.id].boundary
        if any(c.event_kind() == kind and _code(context, c, kind) in ("", code) for c in catchers):
            return True
        if scope.parent is None:
            return False
        scope = scope.parent


def _is_called(context: Context) -> bool:
    return context.process.id in context.bundle.called_processes
