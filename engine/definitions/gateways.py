"""Checks gateways and conditions: every way out is decided, and splits and joins fit together."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.diagram import GATEWAYS, Flow, Node, Scope
from engine.definitions.report import Context, found
from engine.types import Finding

DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})
ONE_OF = frozenset({"exclusiveGateway", "eventBasedGateway"})
MAX_JOIN_CHECK = 1_000


def check_gateway_flows(context: Context) -> Iterator[Finding]:
    """A deciding gateway has a condition on each way out but the default; others have none."""
    for node in context.process.all_nodes():
        default = node.element.get("default")
        if default and default not in {flow.id for flow in node.outgoing}:
            zh = f"默认顺序流“{default}”不是它的出口；请重新指定。"
            en = f'its default flow "{default}" doesn\'t leave it; choose one that does.'
            yield found("error", "bad-default", node, zh, en)
        if node.kind in DECIDING:
            yield from _check_deciding(node, default)
        else:
            for flow in node.outgoing:
                if flow.condition is not None:
                    yield _condition_without_effect(node, flow)
            if default and len(node.outgoing) > 1:
                zh = "只有排他和包容网关才有默认出口；此处所有出口都会走。请在其后加一个排他网关。"
                en = "only exclusive and inclusive gateways have a default; here all flows are taken. "
                yield found("error", "bad-default", node, zh, en + "Put an exclusive gateway behind it.")


def _check_deciding(node: Node, default: str | None) -> Iterator[Finding]:
    several = len(node.outgoing) > 1
    for flow in node.outgoing:
        empty = flow.condition is None or not (flow.condition.text or "").strip()
        if flow.id == default and not empty:
            zh = "是默认出口，其条件不起作用；请删除条件或取消默认。"
            en = "it is the default, so its condition has no effect; remove the condition or the default."
            yield found("warning", "condition-on-default", flow, zh, en)
        elif empty and several and flow.id != default:
            zh = f"离开网关“{node.name or node.id}”，既无条件也不是默认出口；请写条件或设为默认。"
            en = (
                f'it leaves gateway "{node.name or node.id}" with neither condition nor default; give it one.'
            )
            yield found("error", "flow-without-condition", flow, zh, en)
    if not default and node.outgoing and all(flow.condition is not None for flow in node.outgoing):
        zh = "没有默认出口：若所有条件都不成立，案件会停在此处并报告事件；建议设一个默认出口。"
        en = "it has no default: if no condition holds, a case stops here; consider a default."
        yield found("info", "no-default", node, zh, en)


def _condition_without_effect(node: Node, flow: Flow) -> Finding:
    if node.kind in GATEWAYS:
        zh = "离开的网关不作判断，条件不起作用；请删除条件，或改用排他/包容网关。"
        en = "its gateway doesn't decide, so this has no effect; remove it or use an exclusive gateway."
    else:
        zh = "只有排他和包容网关的出口可以带条件；请在其前加一个网关。"
        en = "only ways out of exclusive and inclusive gateways carry conditions; put a gateway before it."
    return found("error", "condition-without-effect", flow, zh, en)


def check_several_ways_out(context: Context) -> Iterator[Finding]:
    """Several ways out of a task or event are all taken: lawful, but easily mistaken for a choice."""
    for node in context.process.all_nodes():
        if node.kind not in GATEWAYS and len(node.outgoing) > 1:
            zh = "有多条离开的顺序流，会同时走；若是如此，请用并行网关明确表示，若要选择，请用排他网关。"
            en = "several flows leave it and all are taken; draw a parallel gateway, or a choice."
            yield found("warning", "hidden-split", node, zh, en)


def check_joins(context: Context) -> Iterator[Finding]:
    """Plain mismatches: alternatives that a parallel gateway waits for, parallel work that nobody joins."""
    for scope in context.process.scopes():
        joins = [n for n in scope.nodes.values() if len(n.incoming) > 1 and n.kind in GATEWAYS]
        if not joins or len(scope.nodes) > MAX_JOIN_CHECK:
            continue
        split_before = _nearest_common_splits(scope)
        for join in joins:
            split = split_before.get(join)
            if split is None:
                continue
            name = split.name or split.id
            if join.kind == "parallelGateway" and split.kind in ONE_OF:
                zh = f"等待所有分支，但“{name}”只会走其中一条，案件可能永远等待；请改用排他网关汇合。"
                en = f'it waits for all branches, but "{name}" takes only one, so a case may wait for ever.'
                yield found("warning", "join-may-wait", join, zh, en + " Join with an exclusive gateway.")
            elif join.kind == "exclusiveGateway" and split.kind == "parallelGateway":
                zh = f"“{name}”的并行分支在此未同步，之后的步骤会各执行一次；请改用并行网关汇合。"
                en = f'the parallel branches of "{name}" aren\'t joined, so what follows runs once for each.'
                yield found("warning", "branches-not-joined", join, zh, en + " Join with a parallel gateway.")


def _nearest_common_splits(scope: Scope) -> dict[Node, Node]:
    """For each reachable node the nearest node that every way to it passes (its immediate dominator)."""
    order = _reverse_postorder(scope)
    place = {node: i for i, node in enumerate(order)}
    nearest: dict[Node, Node] = {}
    roots = {node for node in order if not node.preceding()}
    changed = True
    while changed:
        changed = False
        for node in order:
            if node in roots:
                continue
            before = [p for p in node.preceding() if p in nearest or p in roots]
            common: Node | None = before[0] if before else None
            for other in before[1:]:
                common = _meet(common, other, nearest, place)
            if common is not None and nearest.get(node) is not common:
                nearest[node] = common
                changed = True
    return nearest


def _meet(
    one: Node | None, other: Node | None, nearest: dict[Node, Node], place: dict[Node, int]
) -> Node | None:
    while one is not other and one is not None and other is not None:
        if place[one] > place[other]:
            one = nearest.get(one)
        else:
            other = nearest.get(other)
    return one if one is other else None


def _reverse_postorder(scope: Scope) -> list[Node]:
    seen: set[Node] = set()
    done: list[Node] = []
    for start in scope.starts():
        stack = [(start, iter(start.following()))]
        seen.add(start)
        while stack:
            node, ways = stack[-1]
            step = next((way for way in ways if way not in seen), None)
            if step is None:
                done.append(node)
                stack.pop()
            else:
                seen.add(step)
                stack.append((step, iter(step.following())))
    return done[::-1]
