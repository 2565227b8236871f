"""A running case: the library's workflow with tokens as tasks, a queue of ready ones, and events.

Each level (process, sub-process, called process) is a library workflow whose tree is its root task with
the live tokens below it. What is finished is dropped at once: nothing looks back, so neither the cost of a
step nor the stored size depends on how much has happened before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .expressions import FeelEngine
from .nodes import Choice, Flow, Inclusive, Node
from .scopes import Budget, Scope
from .spiff import (
    BpmnEvent,
    BpmnSubWorkflow,
    BpmnWorkflow,
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    Task,
    TaskState,
)
from .values import ElementEvent, Host, Job, Status, What

if TYPE_CHECKING:
    from .processes import ProcessSet

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    """A whole number in lower-case base 36."""
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if not number:
            return text


class Token(Task):
    """A live task. `own_scope` is its local scope, if it has one."""

    workflow: Any
    task_spec: Any

    def __init__(self, level: Any, spec: Any, parent: Token | None, state: int, key: str) -> None:
        # The library's constructor mints a random id, reads the clock and copies nothing we keep.
        self.id = key
        self.workflow = level
        self.task_spec = spec
        self.own_scope: Scope | None = None
        self.internal_data = {}
        self.gone = False
        self.held = False
        self.triggered = False
        self._state = state
        self._children = []
        self._parent = None if parent is None else parent.id
        level.tasks[key] = self
        if parent is not None:
            parent._children.append(key)

    @property
    def case(self) -> Case:
        top: Case = self.workflow.top_workflow
        return top

    @property
    def root(self) -> Token:
        """The root task of the level."""
        root: Token = self.workflow.task_tree
        return root

    @property
    def owner(self) -> Token | None:
        """The activity, loop body or event gateway that this token belongs to."""
        parent: Token | None = self.workflow.tasks.get(self._parent)
        return None if parent is self.root else parent

    @property
    def below(self) -> list[Token]:
        """The tokens that belong to this one."""
        tasks = self.workflow.tasks
        return [tasks[key] for key in self._children]

    @property
    def outer(self) -> Scope:
        """The scope that results are merged into: a loop's instance writes to its own scope first."""
        if self.task_spec.looped and self.own_scope is not None:
            return self.own_scope
        return self.enclosing

    @property
    def enclosing(self) -> Scope:
        """The scope around the token's own."""
        if self.task_spec.looped and (body := self.owner) is not None:
            return body.scope
        scope: Scope = self.workflow.scope
        return scope

    @property
    def scope(self) -> Scope:
        """The scope that the token's expressions see."""
        return self.own_scope or self.enclosing

    def adopt(self, scope: Scope) -> None:
        """Take a new local scope; an instance of a loop already has one, which is then its parent's place."""
        if self.own_scope is not None:
            self.own_scope.set_local(scope.vars)
            scope.release()
        else:
            self.own_scope = scope

    def instances(self) -> list[Token]:
        """The instances of a loop body."""
        return [token for token in self.below if token.task_spec.looped]

    def sibling_spec(self, name: str) -> Any:
        return self.workflow.spec.task_specs[name]

    def _set_state(self, value: int) -> None:
        # Without the library's log record of a state change, which costs more than the step.
        self._state = value

    def wait(self) -> None:
        """Wait for something from outside."""
        self._state = TaskState.WAITING

    def hold(self) -> None:
        """Wait for what was started below."""
        self._state = TaskState.STARTED

    def cancel(self) -> None:
        """End the token and all it holds, innermost first."""
        if self.gone:
            return
        level = self.case.subprocesses.get(self.id)
        if level is not None:
            level.clear()
        for child in self.below:
            child.cancel()
        if self._state < TaskState.COMPLETED and self.was_entered():
            self.task_spec._on_cancel(self)
        self.discard()

    def was_entered(self) -> bool:
        """Whether the trace has told of this token; a watching or merely arriving one is silent."""
        return self._state in (TaskState.READY, TaskState.STARTED) or (
            self._state == TaskState.WAITING and "via" not in self.internal_data and not self.watching
        )

    @property
    def watching(self) -> bool:
        return bool(self.internal_data.get("watch"))

    def discard(self) -> None:
        """Drop the token from its level, silently."""
        self.gone = True
        case = self.case
        case.event_manager.remove_task(self)
        if self.own_scope is not None:
            self.own_scope.release()
        for child in self.below:
            child.discard()
        if (level := case.subprocesses.pop(self.id, None)) is not None:
            level.dead = True
        tasks = self.workflow.tasks
        tasks.pop(self.id, None)
        parent = tasks.get(self._parent)
        if parent is not None:
            parent._children.remove(self.id)

    def detach(self) -> None:
        """Make the token independent of its owner."""
        owner = self.owner
        if owner is not None:
            owner._children.remove(self.id)
            self._parent = self.root.id
            self.root._children.append(self.id)


class Level:
    """What the top workflow and the nested ones share."""

    spec: Any
    tasks: dict[str, Token]
    task_tree: Token
    top_workflow: Any
    scope: Scope
    outcome: str | None = None
    dead = False
    parent_token: Token | None = None
    depth: int

    def live(self) -> Iterator[Token]:
        """All tokens but the root and the waiting listeners, oldest first."""
        root = self.task_tree
        return (t for t in list(self.tasks.values()) if t is not root and not t.internal_data.get("listener"))

    def listeners(self) -> list[Token]:
        return [t for t in self.tasks.values() if t.internal_data.get("listener")]

    def clear(self, keep: Token | None = None) -> None:
        """Cancel every token (but one) of the level."""
        for token in list(self.tasks.values()):
            if token is self.task_tree or token is keep or token.gone:
                continue
            if token.internal_data.get("listener"):
                token.discard()
            elif token.owner is None:
                token.cancel()

    def _task_completed_notify(self, token: Token) -> None:
        """The library's notice that a task is complete: see whether the level is."""
        self.end_if_idle()

    def end_if_idle(self) -> None:
        if self.dead or next(self.live(), None) is not None:
            return
        for listener in self.listeners():
            listener.discard()
        self.dead = True
        self.top_workflow.level_done(self)


class SubLevel(Level, BpmnSubWorkflow):
    """A sub-process or called process."""

    def __init__(self, spec: Any, token: Token, top: Case, scope: Scope) -> None:
        self.parent_token = token
        self.scope = scope
        super().__init__(spec, token.id, top, deserializing=True)
        self.task_tree = Token(self, spec.start, None, TaskState.COMPLETED, "")

    def _calculate_depth(self) -> int:
        parent = self.parent_token
        return 1 + int(parent.workflow.depth) if parent else 0


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
                self.trace.append(
                    ElementEvent(element_id=flow.id, key=token.id, name=flow.name, what="taken")
                )
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

    # events

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
            for token in level.live():
                spec = token.task_spec
                if isinstance(spec, Inclusive) and token.state == TaskState.WAITING and spec.name not in seen:
                    seen.add(spec.name)
                    if spec.can_fire(token):
                        found.append(token)
        return found
