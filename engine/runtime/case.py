"""A running case: the library's workflow, a queue of ready tokens, the trace, and how a token moves on."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import IncidentError
from engine.runtime.expressions import FeelEngine
from engine.runtime.gateways import Inclusive
from engine.runtime.nodes import Flow, Node
from engine.runtime.scopes import Budget, Scope
from engine.runtime.spiff import BpmnWorkflow, TaskState
from engine.runtime.tokens import Level, SubLevel, Token
from engine.runtime.values import ElementEvent, Host, Job, Status, What

if TYPE_CHECKING:
    from engine.runtime.processes import ProcessSet

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    """A whole number in lower-case base 36."""
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if not number:
            return text


class Case(Level, BpmnWorkflow):
    """The whole running case."""

    depth = 0

    def __init__(self, processes: ProcessSet, key: str, host: Host) -> None:
        self.processes = processes
        self.process_key = key
        self.host = host
        self.feel = FeelEngine(host)
        self.budget = Budget()
        self.queue: deque[Token] = deque()
        self.trace: list[ElementEvent] = []
        self.handed_over: list[Job] = []
        self.counter = 0
        self.status: Status = "active"
        self.begun = False
        super().__init__(processes.spec(key), processes.specs, self.feel, deserializing=True)
        self.scope = self.new_scope(None)
        self.task_tree = Token(self, self.spec.start, None, TaskState.COMPLETED, "")

    # building

    def new_scope(self, parent: Scope | None) -> Scope:
        return Scope(parent, {}, self.budget)

    def next_key(self) -> str:
        self.counter += 1
        return base36(self.counter)

    def spawn(
        self, level: Any, spec: Any, *, parent: Token | None = None, state: int = TaskState.FUTURE
    ) -> Token:
        """A new token; a future one is queued to be entered."""
        token = Token(level, spec, parent or level.task_tree, state, self.next_key())
        if state == TaskState.FUTURE:
            self.queue.append(token)
        return token

    def enqueue(self, token: Token) -> None:
        self.queue.append(token)

    def watch(self, owner: Token, spec: Any, private: Mapping[str, Any]) -> Token:
        """A waiting event that belongs to an activity or an event gateway."""
        token = self.spawn(owner.workflow, spec, parent=owner, state=TaskState.WAITING)
        token.internal_data.update(private, watch=True)
        self.event_manager.add_task(token)
        return token

    def listen(self, token: Token) -> None:
        token.wait()
        self.event_manager.add_task(token)

    def open_level(self, token: Token, name: str, scope: Scope) -> Any:
        """Start a nested process for an activity."""
        level = SubLevel(self.processes.spec(name), token, self, scope)
        self.subprocesses[token.id] = level
        self.begin_level(level, token.internal_data.pop("watches"))
        return level

    def watches(self, name: str, scope: Scope) -> dict[str, dict[str, Any]]:
        """What the event sub-processes of a level about to open wait for. May raise; changes nothing."""
        spec = self.processes.spec(name)
        if not spec.first:
            raise IncidentError(
                en=f"The process {name!r} has no start event that can be run.",
                zh=f"流程 {name!r} 没有可执行的开始事件。",
            )
        return {inner: spec.task_specs[inner].watch_for(self, scope) for inner in spec.event_subprocesses}

    def begin_level(self, level: Any, watches: Mapping[str, Mapping[str, Any]]) -> None:
        """Arm the event sub-processes and start at the start event."""
        specs = level.spec.task_specs
        for name, private in watches.items():
            listener = self.spawn(level, specs[name], state=TaskState.WAITING)
            listener.internal_data.update(private, listener=True)
            self.event_manager.add_task(listener)
        self.spawn(level, specs[level.spec.first])

    # leaving

    def leave(self, token: Token, chosen: tuple[Flow, ...], said: Mapping[str, Any] | None) -> None:
        """Record the end of an element (unless `said` is None: done), take its flows, drop the token."""
        spec, level = token.task_spec, token.workflow
        if said is not None:
            self.record(spec, token.id, "completed", said)
        if spec.looped and (body := token.owner) is not None:
            for child in token.below:
                child.discard()
            body.task_spec.instance_done(body, token)
            return
        token.discard()
        for flow in chosen:
            if flow.id:
                self.record_taken(flow, token.id)
            following = self.spawn(level, level.spec.task_specs[flow.target])
            if following.task_spec.joins:
                following.internal_data["via"] = flow.id

    def level_done(self, level: Any) -> None:
        token = level.parent_token
        if token is None:
            self.completed = True
            self.status = "completed"
            return
        self.subprocesses.pop(token.id, None)
        if (take_over := getattr(token.task_spec, "level_done", None)) is not None:
            take_over(token, level.scope)
        if token.internal_data.get("interrupts"):
            token.workflow.outcome = level.outcome
        token._ready()

    def record(self, spec: Node, key: str, what: What, data: Mapping[str, Any] | None = None) -> None:
        self.trace.append(
            ElementEvent(element_id=spec.element_id, key=key, name=spec.title, what=what, data=data or {})
        )

    def record_taken(self, flow: Flow, key: str) -> None:
        self.trace.append(ElementEvent(element_id=flow.id, key=key, name=flow.name, what="taken"))

    def hand_over(self, token: Token) -> None:
        """List a job that nobody waits for."""
        spec = token.task_spec
        self.handed_over.append(
            Job(
                key=token.id,
                element_id=spec.element_id,
                name=spec.title,
                type=token.internal_data.get("type", ""),
                headers=spec.ext.headers,
                scope=dict(token.scope.view()),
                waits=False,
                properties=spec.ext.properties,
            )
        )

    # running

    def find(self, key: str) -> Token | None:
        """The live token of a key."""
        for level in [self, *self.subprocesses.values()]:
            if key in level.tasks:
                token: Token = level.tasks[key]
                return token
        return None

    def joins(self) -> list[Token]:
        """Inclusive gateways that can fire now; asked when nothing else runs."""
        found: list[Token] = []
        for level in [self, *self.subprocesses.values()]:
            seen: set[str] = set()
            for token in level.live() if level.spec.has_inclusive else ():
                spec = token.task_spec
                if isinstance(spec, Inclusive) and token.state == TaskState.WAITING and spec.name not in seen:
                    seen.add(spec.name)
                    if spec.can_fire(token):
                        found.append(token)
        return found
