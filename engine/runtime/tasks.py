"""The plain tasks: those that pass through, those that compute, those that wait for a person or a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine import feel
from engine.errors import ExpressionError
from engine.runtime.nodes import Node
from engine.runtime.scopes import Scope, weigh
from engine.runtime.spiff import ManualTask, NoneTask, ScriptTask, ServiceTask, UserTask
from engine.runtime.timers import due

if TYPE_CHECKING:
    from engine.runtime.tokens import Token


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
                found[name] = due(text, engine, view)
            elif text.startswith("="):
                found[name] = engine.value(text, view)
                weigh(found[name])  # refuses what cannot be saved
        if not self.lane:
            self.refuse_nobody(found)
        return found

    def refuse_nobody(self, found: dict[str, Any]) -> None:
        """A task meant for some people must not be open to all because their expression gave nothing.

        Raises `ExpressionError`. A task with a lane falls back on it; an assignee that is null leaves the
        task unassigned, as in Camunda 8.
        """
        said = dict(self.ext.assignment)
        if not {"groups", "users"} & said.keys():
            return
        people = [found.get(name, said.get(name)) for name in ("assignee", "groups", "users")]
        if not any(people):
            raise ExpressionError(
                en="The candidate groups and users give nobody: the task would be open to everybody.",
                zh="候选组、候选人的表达式结果为空，任务将对所有人开放；请检查其变量。",
            )

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
            weigh(found["retries"])
        return found

    def begin(self, token: Token) -> bool:
        token.wait()
        return False
