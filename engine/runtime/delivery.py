"""How an event finds what waits for it, and what its coming does: the case's events half."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from .gateways import Choice
from .nodes import Flow, Node
from .spiff import (
    BpmnEvent,
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    TaskState,
)
from .tokens import Token
from .values import ElementEvent, What


class Delivery:
    """Mixed into `Case`, which supplies the parts declared here."""

    event_manager: Any
    queue: deque[Token]
    trace: list[ElementEvent]

    def spawn(self, level: Any, spec: Any, *, parent: Token | None = None, state: int = 0) -> Token:
        raise NotImplementedError

    def record(self, spec: Node, key: str, what: What, data: Mapping[str, Any] | None = None) -> None:
        raise NotImplementedError

    def leave(self, token: Token, chosen: tuple[Flow, ...], said: Mapping[str, Any] | None) -> None:
        raise NotImplementedError

    def throw(self, level: Any, event: BpmnEvent) -> None:
        """Deliver an event thrown in a level: errors and escalations upwards, the rest by name."""
        if isinstance(event.event_definition, ErrorEventDefinition | EscalationEventDefinition):
            catcher = self.find_catcher(level, event)
            if catcher is not None:
                self.trigger(catcher, event.payload)
        elif isinstance(event.event_definition, MessageEventDefinition):
            self.publish(event, None)
        else:
            for token in self.catchers(event):
                if not token.gone:
                    self.trigger(token, event.payload)

    def catchers(self, event: BpmnEvent) -> list[Token]:
        """Every waiting token that catches the event, oldest first."""
        return [t for t in self.event_manager.tasks.values() if t.task_spec.catches(t, event)]

    def publish(self, event: BpmnEvent, correlation: Any) -> bool:
        """Give a message to the first that waits for it; like Camunda 8, once in a case."""
        for token in self.catchers(event):
            wanted = token.internal_data.get("correlation")
            if correlation is None or wanted is None or wanted == correlation:
                self.trigger(token, event.payload)
                return True
        return False

    def find_catcher(self, level: Any, event: BpmnEvent, activity: Token | None = None) -> Token | None:
        """The nearest catcher of an error or escalation: at the activity, then level by level upwards."""
        while True:
            if activity is not None:
                owner = activity.owner
                near = activity.below + (owner.below if owner is not None else [])
                if found := self._best(near, event):
                    return found
                level = activity.workflow
            if found := self._best(level.listeners(), event):
                return found
            activity = level.parent_token
            if activity is None:
                return None

    @staticmethod
    def _best(tokens: list[Token], event: BpmnEvent) -> Token | None:
        fits = [
            t
            for t in tokens
            if (t.watching or t.internal_data.get("listener")) and t.task_spec.catches(t, event)
        ]
        fits.sort(key=lambda t: getattr(t.task_spec.event_definition, "code", None) is None)
        return fits[0] if fits else None

    def trigger(self, token: Token, payload: Mapping[str, Any] | None) -> None:
        """The event that a token waits for has come."""
        if token.internal_data.get("listener"):
            self._trigger_listener(token, payload)
        elif (owner := token.owner) is None or not token.watching:
            self._go(token, payload)
        elif isinstance(owner.task_spec, Choice):
            self._trigger_choice(owner, token, payload)
        else:
            self._trigger_boundary(owner, token, payload)

    def _go(self, token: Token, payload: Mapping[str, Any] | None) -> None:
        self.event_manager.remove_task(token)
        if payload:
            token.internal_data["results"] = dict(payload)
        token._ready()

    def _trigger_choice(self, gateway: Token, token: Token, payload: Mapping[str, Any] | None) -> None:
        flow = next(f for f in gateway.task_spec.flows if f.target == token.task_spec.name)
        token.detach()
        token.internal_data.pop("watch")
        self.leave(gateway, (), {})
        self.trace.append(ElementEvent(element_id=flow.id, key=gateway.id, name=flow.name, what="taken"))
        self.record(token.task_spec, token.id, "entered")
        self._go(token, payload)

    def _trigger_boundary(self, activity: Token, token: Token, payload: Mapping[str, Any] | None) -> None:
        if token.task_spec.cancel_activity:
            token.detach()
            token.internal_data.pop("watch")
            self.event_manager.remove_task(token)
            token._state = TaskState.FUTURE
            activity.cancel()
            self.queue.append(token)
            self._remember(token, payload)
            return
        fired = self.spawn(token.workflow, token.task_spec)
        self._remember(fired, payload)
        self._rearm(token)

    def _trigger_listener(self, listener: Token, payload: Mapping[str, Any] | None) -> None:
        level, spec = listener.workflow, listener.task_spec
        if spec.interrupting:
            level.clear()
        fired = self.spawn(level, spec)
        self._remember(fired, payload)
        if spec.interrupting:
            fired.internal_data["interrupts"] = True
        else:
            self._rearm(listener)

    @staticmethod
    def _remember(token: Token, payload: Mapping[str, Any] | None) -> None:
        if payload:
            token.internal_data["results"] = dict(payload)

    @staticmethod
    def _rearm(token: Token) -> None:
        """Keep a non-interrupting event; a timer only while it has firings left."""
        if "timer" not in token.internal_data:
            return
        left = token.internal_data["left"]
        if left is None or left > 1:
            token.internal_data["left"] = None if left is None else left - 1
        else:
            token.discard()
