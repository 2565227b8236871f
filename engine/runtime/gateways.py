"""The gateways: which flows are taken, and how tokens meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import IncidentError
from engine.runtime.nodes import Flow, Node
from engine.runtime.spiff import (
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
    TaskState,
)

if TYPE_CHECKING:
    from engine.runtime.tokens import Token


class Exclusive(Node, ExclusiveGateway):
    """Takes the first flow whose condition is true, else the default."""

    def choose(self, token: Token) -> tuple[Flow, ...]:
        return choose_flows(self.flows, token, first=True)


class Joining(Node):
    """What the two joining gateways share: tokens wait at the gateway until it fires."""

    def _update_hook(self, token: Token) -> bool:
        if len(self.incoming) < 2:
            return super()._update_hook(token)
        token.wait()
        return self.fires(token) and self.join(token)

    def arrivals(self, token: Token) -> dict[str, Token]:
        """The first waiting token of each incoming flow."""
        found: dict[str, Token] = {}
        for other in token.workflow.live():
            if other.task_spec is self and other.state == TaskState.WAITING:
                found.setdefault(other.internal_data.get("via", ""), other)
        return found

    def fires(self, token: Token) -> bool:
        """Whether the gateway can go on now."""
        return False

    def join(self, token: Token) -> bool:
        """Consume one token of each flow; the given one, the first of its flow, goes on."""
        for other in self.arrivals(token).values():
            if other is not token:
                other.discard()
        token.case.record(self, token.id, "entered")
        return True


class Parallel(Joining, ParallelGateway):
    """Fires when a token waits on each incoming flow; starts all outgoing flows."""

    def fires(self, token: Token) -> bool:
        return len(self.arrivals(token)) == len(self.incoming)


class Inclusive(Joining, InclusiveGateway):
    """Fires when no other token can still reach one of its empty flows. The case asks when all is still."""

    reach: dict[str, frozenset[str]] = {}

    def can_fire(self, token: Token) -> bool:
        """BPMN 2.0 table 13.3: no token may reach an empty flow without also reaching a full one."""
        full = self.arrivals(token)
        for other in token.workflow.live():
            if other.task_spec is self:
                continue
            ways = {flow for flow, names in self.reach.items() if other.task_spec.name in names}
            if ways and not ways & full.keys():
                return False
        return True

    def choose(self, token: Token) -> tuple[Flow, ...]:
        return choose_flows(self.flows, token, first=False)


class Choice(Node, EventBasedGateway):
    """Waits for the first of the events behind it."""

    def _update_hook(self, token: Token) -> bool:
        case, scope = token.case, token.scope
        specs = [token.sibling_spec(flow.target) for flow in self.flows]
        watches = [(spec, spec.prepare(token, scope)) for spec in specs]
        case.record(self, token.id, "entered")
        token.wait()
        for spec, watch in watches:
            case.watch(token, spec, watch)
        return False


def choose_flows(flows: tuple[Flow, ...], token: Token, *, first: bool) -> tuple[Flow, ...]:
    """The flows whose condition is true, else the default; raises `IncidentError` if there is neither.

    A condition that gives null or no boolean counts as false and is noted in the trace.
    """
    if len(flows) < 2 and not any(flow.condition for flow in flows):
        return flows
    view, odd, taken = token.scope.view(), [], []
    for flow in flows:
        if flow.default:
            continue
        holds = True if flow.condition is None else token.case.feel.holds(flow.condition, view)
        if holds is None:
            odd.append(flow.id)
        if holds:
            taken.append(flow)
            if first:
                break
    if odd:
        token.internal_data["said"] = {"not_boolean": odd}
    chosen = tuple(taken) or tuple(flow for flow in flows if flow.default)
    if not chosen:
        raise IncidentError(
            en="No condition of an outgoing flow is true and there is no default flow.",
            zh="没有任何出口条件成立，且未设默认流。",
        )
    return chosen
