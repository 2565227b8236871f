"""Loops around an activity: sequential and parallel multi-instance (Camunda 8), standard loops (BPMN).

The body is a token of its own; it holds the boundary events and the output collection, and each
instance is its child with a scope of its own (`loopCounter` from 1, the input element).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.errors import BoundError, ExpressionError
from engine.runtime.dialect import Loop
from engine.runtime.nodes import Node
from engine.runtime.scopes import Scope, weigh
from engine.runtime.spiff import ParallelMultiInstanceTask, SequentialMultiInstanceTask, StandardLoopTask

if TYPE_CHECKING:
    from engine.runtime.tokens import Token

#: More instances than this are a mistake, not a case.
MAX_INSTANCES = 10_000


class Body(Node):
    """What all loop bodies share. `task_spec` is the name of the inner specification."""

    task_spec: str
    loop: Loop
    opens_scope = True

    def target(self, token: Token) -> Scope:
        """A body's result is its output collection, which goes out of the body's own scope."""
        return token.enclosing

    def instance(self, token: Token, number: int, local: Mapping[str, Any]) -> None:
        """Start the instance `number` (from 1) with its local variables."""
        inner = token.case.spawn(token.workflow, token.sibling_spec(self.task_spec), parent=token)
        scope = token.case.new_scope(token.scope)
        scope.place({"loopCounter": Decimal(number), **local})
        inner.adopt(scope)
        inner.internal_data["number"] = number

    def instance_done(self, token: Token, inner: Token) -> None:
        """An instance has completed: collect, test, start the next or finish the body."""
        raise NotImplementedError

    def before_done(self, token: Token, inner: Token, results: dict[str, Any]) -> dict[str, Any]:
        """What must be evaluated while the instance can still fail; kept until `instance_done`."""
        return {}

    def finish(self, token: Token) -> None:
        """End the remaining instances and run the body's own end."""
        for child in token.instances():
            child.cancel()
        token._ready()


class MultiInstance(Body):
    """A body over a collection or a number of times."""

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        items = self.items(token, scope)
        if len(items) > MAX_INSTANCES:
            raise BoundError(
                en=f"The loop would start {len(items)} instances; at most {MAX_INSTANCES} are run.",
                zh=f"多实例将启动 {len(items)} 个，超过上限 {MAX_INSTANCES}。",
            )
        token.case.budget.check(weigh(items) + 60 * len(items))
        return {"total": len(items), "completed": 0, "items": items}

    def items(self, token: Token, scope: Scope) -> list[Any]:
        feel, view = token.case.feel, scope.view()
        if self.loop.collection:
            return feel.items(self.loop.collection, view)
        count = feel.value(self.loop.cardinality, view)
        if not isinstance(count, Decimal) or count < 0 or count != int(count):
            raise ExpressionError(
                en=f"The cardinality {self.loop.cardinality!r} gives no whole number.",
                zh=f"循环次数 {self.loop.cardinality!r} 的结果不是非负整数。",
            )
        if count > MAX_INSTANCES:
            raise BoundError(
                en=f"The loop would start {count} instances; at most {MAX_INSTANCES} are run.",
                zh=f"多实例将启动 {count} 个，超过上限 {MAX_INSTANCES}。",
            )
        return [Decimal(number) for number in range(1, int(count) + 1)]

    def begin(self, token: Token) -> bool:
        private = token.internal_data
        items = private["items"]
        if self.loop.output_collection:
            token.scope.place({self.loop.output_collection: [None] * len(items)})
        if not items:
            del private["items"]
            return True
        token.hold()
        if self.loop.sequential:
            self.start_item(token, 1, items[0])
        else:
            del private["items"]
            for number, item in enumerate(items, 1):
                self.start_item(token, number, item)
        return False

    def start_item(self, token: Token, number: int, item: Any) -> None:
        local = {self.loop.element: item} if self.loop.element else {}
        # As in Camunda 8, an output element that is a plain name is local, so that instances don't mix.
        name = self.loop.output_element.removeprefix("=").strip()
        if name.isidentifier() and name not in local:
            local[name] = None
        self.instance(token, number, local)

    def before_done(self, token: Token, inner: Token, results: dict[str, Any]) -> dict[str, Any]:
        feel, found = token.case.feel, {}
        if self.loop.output_collection:
            found["output"] = feel.value(self.loop.output_element or "=null", inner.scope.view(results))
            token.case.budget.check(weigh(found["output"]))
        if self.loop.completion:
            completed = token.internal_data["completed"] + 1
            active = 0 if self.loop.sequential else token.internal_data["total"] - completed
            counts = {
                "numberOfInstances": Decimal(token.internal_data["total"]),
                "numberOfActiveInstances": Decimal(active),
                "numberOfCompletedInstances": Decimal(completed),
                "numberOfTerminatedInstances": Decimal(0),
            }
            found["complete"] = feel.holds(self.loop.completion, inner.scope.view({**results, **counts}))
        return found

    def instance_done(self, token: Token, inner: Token) -> None:
        private, number = token.internal_data, inner.internal_data["number"]
        kept = inner.internal_data.pop("loop", {})
        if self.loop.output_collection:
            token.scope.place_item(self.loop.output_collection, number - 1, kept.get("output"))
        private["completed"] += 1
        inner.discard()
        if kept.get("complete"):
            self.finish(token)
        elif self.loop.sequential and number < private["total"]:
            self.start_item(token, number + 1, private["items"][number])
        elif private["completed"] == private["total"]:
            self.finish(token)

    def results(self, token: Token) -> dict[str, Any]:
        name = self.loop.output_collection
        return {name: token.scope.vars[name]} if name else {}


class SequentialBody(MultiInstance, SequentialMultiInstanceTask):
    """One instance after the other."""


class ParallelBody(MultiInstance, ParallelMultiInstanceTask):
    """All instances at once."""


class LoopBody(Body, StandardLoopTask):
    """A standard loop: again while the condition holds, at most so many times."""

    def prepare(self, token: Token, scope: Scope) -> dict[str, Any]:
        go = not self.loop.test_before or self.goes_on(token, scope, 0)
        return {"go": go}

    def goes_on(self, token: Token, scope: Scope, done: int, results: Mapping[str, Any] = {}) -> bool:
        if self.loop.maximum is not None and done >= self.loop.maximum:
            return False
        view = scope.view({**results, "loopCounter": Decimal(done)})
        return not self.loop.condition or token.case.feel.holds(self.loop.condition, view) is True

    def begin(self, token: Token) -> bool:
        if not token.internal_data.pop("go"):
            return True
        token.hold()
        self.instance(token, 1, {})
        return False

    def before_done(self, token: Token, inner: Token, results: dict[str, Any]) -> dict[str, Any]:
        return {"go": self.goes_on(token, inner.scope, inner.internal_data["number"], results)}

    def instance_done(self, token: Token, inner: Token) -> None:
        number, go = inner.internal_data["number"], inner.internal_data.pop("loop", {}).get("go")
        inner.discard()
        if go:
            self.instance(token, number + 1, {})
        else:
            self.finish(token)
