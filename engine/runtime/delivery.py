"""How an event finds what waits for it, and what its coming does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.runtime.gateways import Choice
from engine.runtime.spiff import (
    BpmnEvent,
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    TaskState,
)
from engine.runtime.tokens import Token

if TYPE_CHECKING:
    from engine.runtime.case import Case

Payload = Mapping[str, Any] | None


def throw(case: Case, level: Any, event: BpmnEvent) -> None:
    """Deliver an event thrown in a level: errors and escalations upwards, messages and signals by name."""
    if isinstance(event.event_definition, ErrorEventDefinition | EscalationEventDefinition):
        catcher = find_catcher(level, event)
        if catcher is not None:
            trigger(case, catcher, event.payload)
    elif isinstance(event.event_definition, MessageEventDefinition):
        publish(case, event, None)
    else:
        for token in _catchers(case, event):
            if not token.gone:
                trigger(case, token, event.payload)


def publish(case: Case, event: BpmnEvent, correlation: Any) -> bool:
    """Give a message to the oldest that waits for it; as in Camunda 8, to one in a case."""
    for token in _catchers(case, event):
        wanted = token.internal_data.get("correlation")
        if correlation is None or wanted is None or wanted == correlation:
            trigger(case, token, event.payload)
            return True
    return False


def find_catcher(level: Any, event: BpmnEvent, activity: Token | None = None) -> Token | None:
    """The nearest catcher of an error or escalation: at the activity, then level by level upwards."""
    while True:
        if activity is not None:
            owner = activity.owner  # a loop's body holds the boundary events of its instances
            near = activity.below + (owner.below if owner is not None else [])
            if found := _best(near, event):
                return found
            level = activity.workflow
        if found := _best(level.listeners(), event):
            return found
        activity = level.parent_token
        if activity is None:
            return None


def trigger(case: Case, token: Token, payload: Payload) -> None:
    """The event that a token waits for has come."""
    if token.listening:
        _trigger_listener(case, token, payload)
    elif (owner := token.owner) is None or not token.watching:
        _go(case, token, payload)
    elif isinstance(owner.task_spec, Choice):
        _trigger_choice(case, owner, token, payload)
    else:
        _trigger_boundary(case, owner, token, payload)


def _catchers(case: Case, event: BpmnEvent) -> list[Token]:
    """Every waiting token that catches the event, oldest first."""
    return [t for t in case.event_manager.tasks.values() if t.task_spec.catches(t, event)]


def _best(tokens: list[Token], event: BpmnEvent) -> Token | None:
    """The catcher of the very code, else one of every code."""
    fits = [t for t in tokens if (t.watching or t.listening) and t.task_spec.catches(t, event)]
    return min(fits, key=lambda t: t.task_spec.event_definition.code is None, default=None)


def _go(case: Case, token: Token, payload: Payload) -> None:
    case.event_manager.remove_task(token)
    _remember(token, payload)
    token._ready()


def _trigger_choice(case: Case, gateway: Token, token: Token, payload: Payload) -> None:
    flow = next(f for f in gateway.task_spec.flows if f.target == token.task_spec.name)
    token.detach()
    case.leave(gateway, (), {})
    case.record_taken(flow, gateway.id)
    case.record(token.task_spec, token.id, "entered")
    _go(case, token, payload)


def _trigger_boundary(case: Case, activity: Token, token: Token, payload: Payload) -> None:
    if not token.task_spec.cancel_activity:
        _remember(case.spawn(token.workflow, token.task_spec), payload)
        _rearm(token)
        return
    token.detach()
    case.event_manager.remove_task(token)
    activity.cancel()
    _remember(token, payload)
    token._set_state(TaskState.FUTURE)
    case.enqueue(token)


def _trigger_listener(case: Case, listener: Token, payload: Payload) -> None:
    level, spec = listener.workflow, listener.task_spec
    if spec.interrupting:
        level.clear()
    fired = case.spawn(level, spec)
    _remember(fired, payload)
    if spec.interrupting:
        fired.internal_data["interrupts"] = True
    else:
        _rearm(listener)


def _remember(token: Token, payload: Payload) -> None:
    if payload:
        token.internal_data["results"] = dict(payload)


def _rearm(token: Token) -> None:
    """Keep a non-interrupting event; a timer only while it has firings left."""
    if "timer" not in token.internal_data:
        return
    left = token.internal_data["left"]
    if left is None or left > 1:
        token.internal_data["left"] = None if left is None else left - 1
    else:
        token.discard()
