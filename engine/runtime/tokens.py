"""Tokens and the levels they live in: the library's tasks and workflows, kept to what is live.

Each level (process, sub-process, called process) is a library workflow whose tree is its root task with
the live tokens below it. What is finished is dropped at once: nothing looks back, so neither the cost of a
step nor the stored size depends on how much has happened before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.runtime.scopes import Scope
from engine.runtime.spiff import BpmnSubWorkflow, Task, TaskState

if TYPE_CHECKING:
    from engine.runtime.case import Case


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
        """Take a new local scope; a loop's instance already has one, and the two become one."""
        if self.own_scope is not None:
            given = scope.vars
            scope.release()
            self.own_scope.place(given)
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
        """Whether it waits on behalf of its owner, an activity or an event gateway."""
        return "watch" in self.internal_data

    @property
    def listening(self) -> bool:
        """Whether it waits to start an event sub-process of its level."""
        return "listener" in self.internal_data

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
            if level.scope.parent is None:
                level.scope.release()  # a called process's own variables; a sub-process has its token's scope
        tasks = self.workflow.tasks
        tasks.pop(self.id, None)
        parent = tasks.get(self._parent)
        if parent is not None:
            parent._children.remove(self.id)

    def detach(self) -> None:
        """Make a watching token independent of its owner."""
        self.internal_data.pop("watch", None)
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
        return (t for t in list(self.tasks.values()) if t is not root and not t.listening)

    def listeners(self) -> list[Token]:
        return [t for t in self.tasks.values() if t.listening]

    def clear(self, keep: Token | None = None) -> None:
        """Cancel every token (but one) of the level."""
        for token in list(self.tasks.values()):
            if token is self.task_tree or token is keep or token.gone:
                continue
            if token.listening:
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
