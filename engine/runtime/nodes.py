"""How our flow nodes live on the library's task life cycle.

A node is entered (`_update_hook`: evaluate, then commit), runs (`_run_hook`) and is left
(`_on_complete_hook`: one new token for each flow taken). Nothing is predicted, so a workflow holds live
tokens only. A hook evaluates everything that can fail before it changes anything: that is what makes a
failed step repeatable. Specifications are never written to once parsed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.runtime.dialect import NO_EXTENSIONS, Extensions
from engine.runtime.scopes import Scope

if TYPE_CHECKING:
    from engine.runtime.tokens import Token


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
    #: names of the boundary events' specifications
    boundary: tuple[str, ...] = ()
    #: element ids directly behind
    leads_to: tuple[str, ...] = ()
    default_flow: str | None = None
    #: a gateway whose flows carry conditions
    chooses = False
    is_activity = False
    #: a start event without a trigger
    plain_start = False
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
            local.set_local(token.case.feel.context(self.ext.inputs, scope.view(), {}))
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
        return token.case.feel.context(self.ext.outputs, token.scope.view(results), token.outer.view())

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
