"""Activities that hold a process of their own: sub-processes, event sub-processes, call activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import BoundError, IncidentError
from engine.runtime.dialect import NO_EXTENSIONS, Extensions
from engine.runtime.events import prepare_event
from engine.runtime.nodes import Node
from engine.runtime.scopes import Scope
from engine.runtime.spiff import BpmnEvent, CallActivity, EventDefinition, EventSubprocess, SubWorkflowTask

if TYPE_CHECKING:
    from engine.runtime.case import Case
    from engine.runtime.tokens import Token

#: Processes that call each other deeper than this call each other for ever.
MAX_DEPTH = 30


class Nested(Node):
    """Opens a level when entered and completes when that level is done."""

    spec: str

    def check_depth(self, token: Token) -> None:
        """Raises `BoundError` where processes nest too deep."""
        if token.workflow.depth >= MAX_DEPTH:
            raise BoundError(
                en=f"Processes are nested deeper than {MAX_DEPTH}.", zh=f"流程嵌套超过 {MAX_DEPTH} 层。"
            )

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        self.check_depth(token)
        return {"watches": token.case.watches(self.spec, scope)}

    def begin(self, token: Token) -> bool:
        token.hold()
        token.case.open_level(token, self.spec, token.scope)
        return False


class SubProcess(Nested, SubWorkflowTask):
    """An embedded sub-process: its own scope below the enclosing one."""

    opens_scope = True


class EventSubProcess(Nested, EventSubprocess):
    """Waits, while its level lives, for its start event; the waiting token is a listener."""

    opens_scope = True
    event_definition: EventDefinition
    correlation: str = ""
    interrupting: bool = True
    start_id: str = ""
    start_title: str = ""
    start_ext: Extensions = NO_EXTENSIONS

    def watch_for(self, case: Case, scope: Scope) -> dict[str, Any]:
        """What the listener must remember, evaluated when its level opens."""
        return prepare_event(self.event_definition, self.correlation, case, scope)

    def catches(self, token: Token, event: BpmnEvent) -> bool:
        return self.event_definition.catches(token, event)

    def begin(self, token: Token) -> bool:
        token.hold()
        payload = token.internal_data.pop("results", None)
        level = token.case.open_level(token, self.spec, token.scope)
        if payload:
            next(level.live()).internal_data["results"] = payload
        return False


class Call(Nested, CallActivity):
    """A call activity: the called process has its own root scope, a copy of what it is given."""

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        self.check_depth(token)
        name = str(token.case.feel.text_or_value(self.ext.called_process, scope.view()))
        if not token.case.processes.is_process(name):
            raise IncidentError(
                en=f"The called process {name!r} is not deployed with this one.",
                zh=f"被调用的流程 {name!r} 不在同一部署中。",
            )
        given = dict(scope.view()) if self.ext.propagate_parent else {}
        if not self.ext.propagate_parent and self.ext.inputs:
            given = dict(scope.vars)
        root = token.case.new_scope(None)
        root.set_local(given)
        try:
            return {"called": name, "root": root, "watches": token.case.watches(name, root)}
        except Exception:
            root.release()
            raise

    def begin(self, token: Token) -> bool:
        token.hold()
        token.case.open_level(token, token.internal_data.pop("called"), token.internal_data.pop("root"))
        return False

    def level_done(self, token: Token, scope: Scope) -> None:
        """Take over the called process's variables when it is done."""
        if self.ext.propagate_children or self.ext.outputs:
            # The called process got a copy of the loop's collection too; what others have put there stays.
            body = token.owner.own_scope if self.looped and token.owner is not None else None
            kept = body.vars if body is not None else {}
            token.internal_data["results"] = {n: v for n, v in scope.vars.items() if n not in kept}
        scope.release()
