"""Events: what waits for one (catching), what raises one (throwing), and how they match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import IncidentError
from engine.runtime.delivery import find_catcher, throw
from engine.runtime.nodes import Flow, Node
from engine.runtime.scopes import Scope, weigh
from engine.runtime.spiff import (
    BoundaryEvent,
    BpmnEvent,
    EndEvent,
    ErrorEventDefinition,
    EventDefinition,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    MessageEventDefinition,
    NoneEventDefinition,
    ReceiveTask,
    SendTask,
    StartEvent,
    TerminateEventDefinition,
)
from engine.runtime.timers import Timer

if TYPE_CHECKING:
    from engine.runtime.case import Case
    from engine.runtime.tokens import Token


class Start(Node, StartEvent):
    """A start event. Whoever starts the level has already seen to its trigger."""


class Catching(Node):
    """A node that waits for its event."""

    event_definition: EventDefinition
    correlation: str = ""

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        return prepare_event(self.event_definition, self.correlation, token.case, scope)

    def begin(self, token: Token) -> bool:
        token.case.listen(token)
        return False

    def catches(self, token: Token, event: BpmnEvent) -> bool:
        """Whether the event is the one waited for (the library's own comparison)."""
        return self.event_definition.catches(token, event)


def prepare_event(definition: EventDefinition, correlation: str, case: Case, scope: Scope) -> dict[str, Any]:
    """What a waiting event must remember: its timer's value or its message's correlation value."""
    engine = case.feel
    if isinstance(definition, Timer):
        return definition.evaluate(engine, scope.view())
    if correlation:
        value = engine.value(correlation, scope.view())
        weigh(value)  # refuses what cannot be saved
        return {"correlation": value}
    return {}


class Catch(Catching, IntermediateCatchEvent):
    """An intermediate catch event."""


class LinkTarget(Node, IntermediateCatchEvent):
    """Where a link leads to: passes through."""

    link: str = ""


class Receive(Catching, ReceiveTask):
    """A receive task: an activity that waits for a message."""


class Boundary(Catching, BoundaryEvent):
    """An event on the edge of an activity; the case creates it as the activity's child."""

    cancel_activity: bool

    def _update_hook(self, token: Token) -> bool:
        # It is entered when its event has come; the waiting before belongs to the activity.
        token.case.record(self, token.id, "entered")
        return True


class Throwing(Node):
    """A node that raises its event when left."""

    event_definition: EventDefinition

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        feel, view = token.case.feel, scope.view()
        return {"type": str(feel.text_or_value(self.ext.job_type, view))} if self.ext.job_type else {}

    def choose(self, token: Token) -> tuple[Flow, ...]:
        """The flows to take. An error that nobody catches is an incident, as in Camunda 8."""
        definition = self.event_definition
        if isinstance(definition, ErrorEventDefinition) and not find_catcher(
            token.workflow, BpmnEvent(definition)
        ):
            raise IncidentError(
                en=f"The error {definition.code!r} is caught nowhere.",
                zh=f"错误 {definition.code!r} 没有任何节点捕获。",
            )
        return self.flows

    def _on_complete_hook(self, token: Token) -> None:
        case, definition = token.case, self.event_definition
        if isinstance(definition, MessageEventDefinition) or isinstance(self, SendTask):
            case.hand_over(token)
        if isinstance(definition, NoneEventDefinition | TerminateEventDefinition):
            return super()._on_complete_hook(token)
        case.record(self, token.id, "completed")
        throw(case, token.workflow, BpmnEvent(definition))
        if not token.gone:  # what was thrown may have ended this very branch
            case.leave(token, token.internal_data.pop("chosen", ()), None)
        return None


class Throw(Throwing, IntermediateThrowEvent):
    """An intermediate throw event (or an undefined one, which passes through)."""


class LinkSource(Node, IntermediateThrowEvent):
    """Jumps to the link catch event of the same name; its flow is not drawn and not recorded."""

    link: str = ""


class Send(Throwing, SendTask):
    """A send task hands over and goes on."""


class End(Throwing, EndEvent):
    """An end event."""

    def _on_complete_hook(self, token: Token) -> None:
        level = token.workflow
        level.outcome = self.ext.properties.get("outcome") or self.element_id
        if isinstance(self.event_definition, TerminateEventDefinition):
            level.clear(keep=token)
        super()._on_complete_hook(token)
