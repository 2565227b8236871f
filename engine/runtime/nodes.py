"""How our flow nodes live on the library's task life cycle, and the plain tasks and gateways.

A node is entered (`_update_hook`: evaluate, then commit), runs (`_run_hook`) and is left
(`_on_complete_hook`: one new token for each flow taken). Nothing is predicted, so a workflow holds live
tokens only. A hook evaluates everything that can fail before it changes anything: that is what makes a
failed step repeatable. Specifications are never written to once parsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.errors import IncidentError

from .dialect import NO_EXTENSIONS, Extensions
from .scopes import Scope
from .spiff import (
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ManualTask,
    NoneTask,
    ParallelGateway,
    ScriptTask,
    ServiceTask,
    StartEvent,
    TaskState,
    UserTask,
)
from .timers import moment, pack

if TYPE_CHECKING:
    from .case import Token


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow as its source sees it; `target` is a specification's name."""

    id: str
    target: str
    name: str = ""
    condition: str | None = None
    default: bool = False


class Node:
    """What all flow nodes share. Mixed in before the library's class."""

    name: str
    manual: bool
    element_id: str = ""
    title: str = ""
    kind: str = ""
    lane: str | None
    ext: Extensions = NO_EXTENSIONS
    flows: tuple[Flow, ...] = ()
    incoming: tuple[str, ...] = ()
    boundary: tuple[str, ...] = ()
    #: an instance of a loop, whose body is its owner
    looped = False
    #: has a scope of its own even without input mappings
    opens_scope = False
    #: a gateway that waits for tokens of several flows
    joins = False

    def test(self) -> None:
        """The library's structural test at run time; ours was made when the file was parsed."""

    def _predict(self, *_: Any, **__: Any) -> None:
        """The future is not kept."""

    # entering

    def _update_hook(self, token: Token) -> bool:
        scope = token.scope
        local: Scope | None = None
        if self.ext.inputs or self.opens_scope:
            local = token.case.new_scope(scope)
            local.set_local(token.case.feel.context(self.ext.inputs, scope.view()))
        inner = local or scope
        try:
            private = self.prepare(token, inner)
            watches = [(spec, spec.prepare(token, inner)) for spec in map(token.sibling_spec, self.boundary)]
        except Exception:
            if local is not None:
                local.release()
            raise
        if local is not None:
            token.adopt(local)
        token.internal_data.update(private)
        token.case.record(self, token.id, "entered")
        for spec, watch in watches:
            token.case.watch(token, spec, watch)
        return self.begin(token)

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        """What the token must remember, evaluated in its scope. May raise; changes nothing."""
        return {}

    def begin(self, token: Token) -> bool:
        """Start the work. True: run at once; False: the token waits."""
        return True

    # running and leaving

    def _run_hook(self, token: Token) -> bool:
        results = self.results(token)
        chosen = self.choose(token)
        merged = self.mapped(token, results)
        if self.looped and (body := token.owner) is not None:
            loop = body.task_spec.before_done(body, token, {**results, **merged})
        else:
            loop = None
        if merged:
            self.target(token).merge(merged)
        if loop is not None:
            token.internal_data["loop"] = loop
        token.internal_data["chosen"] = chosen
        return True

    def results(self, token: Token) -> dict[str, Any]:
        """The variables the element brings back."""
        found: dict[str, Any] = token.internal_data.get("results") or {}
        return found

    def mapped(self, token: Token, results: dict[str, Any]) -> dict[str, Any]:
        """The variables to merge upwards. With output mappings the raw results stay local."""
        if not self.ext.outputs:
            return results
        return token.case.feel.context(self.ext.outputs, token.scope.view(results))

    def target(self, token: Token) -> Scope:
        """Where results go. Camunda 8: with output mappings past the element's own scope, else through it."""
        return token.outer if self.ext.outputs else token.scope

    def choose(self, token: Token) -> tuple[Flow, ...]:
        """The flows to take."""
        return self.flows

    def _on_ready_hook(self, token: Token) -> None:
        token.case.enqueue(token)

    def _on_complete_hook(self, token: Token) -> None:
        token.case.leave(token, token.internal_data.pop("chosen", ()), token.internal_data.pop("said", {}))

    def _on_cancel(self, token: Token) -> None:
        token.case.record(self, token.id, "cancelled")

    def _on_error(self, token: Token) -> None:
        """The case puts the token back to ready and reports the failure."""


class PlainTask(Node, NoneTask):
    """A task without a type passes through."""


class PassingManualTask(Node, ManualTask):
    """A manual task happens outside of any system: as in Camunda 8 it passes through."""


class HumanTask(Node, UserTask):
    """Waits until a person completes it."""

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        engine, view = token.case.feel, scope.view()
        found: dict[str, Any] = {}
        for name, text in self.ext.assignment:
            if name in ("due", "follow_up"):
                found[name] = pack(moment(text, engine, view))
            elif text.startswith("="):
                found[name] = engine.value(text, view)
        return found

    def begin(self, token: Token) -> bool:
        token.wait()
        return False


class FeelTask(Node, ScriptTask):
    """A script task: a FEEL expression and the variable that takes its value."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, script=None, **kwargs)

    def results(self, token: Token) -> dict[str, Any]:
        value = token.case.feel.value(self.ext.script, token.scope.view())
        return {self.ext.result_variable: value} if self.ext.result_variable else {}


class DecisionTask(Node, NoneTask):
    """A business-rule task: the host evaluates the decision."""

    def results(self, token: Token) -> dict[str, Any]:
        case, view = token.case, token.scope.view()
        decision = str(case.feel.text_or_value(self.ext.decision_id, view))
        value = feel.to_feel(case.host.decide(decision, view, self.element_id))
        token.internal_data["said"] = {"decision": decision, "value": value}
        return {self.ext.result_variable: value} if self.ext.result_variable else {}


class JobTask(Node, ServiceTask):
    """Work for the outside, by type; waits for its result."""

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        engine, view = token.case.feel, scope.view()
        found = {"type": str(engine.text_or_value(self.ext.job_type, view))}
        if self.ext.retries.startswith("="):
            found["retries"] = engine.value(self.ext.retries, view)
        return found

    def begin(self, token: Token) -> bool:
        token.wait()
        return False


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


class Start(Node, StartEvent):
    """A start event. Whoever starts the level has already seen to its trigger."""


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
