"""Builds the specification of one flow node from its XML: which class, which event, which loop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.runtime import dialect
from engine.runtime.dialect import B, Loop, Unreadable
from engine.runtime.event_reader import EventReader, Link
from engine.runtime.events import Boundary, Catch, End, LinkSource, LinkTarget, Receive, Send, Start, Throw
from engine.runtime.gateways import Choice, Exclusive, Inclusive, Parallel
from engine.runtime.levels import Call, EventSubProcess, SubProcess
from engine.runtime.loops import LoopBody, ParallelBody, SequentialBody
from engine.runtime.nodes import Node
from engine.runtime.spiff import (
    ErrorEventDefinition,
    NoneEventDefinition,
)
from engine.runtime.tasks import DecisionTask, FeelTask, HumanTask, JobTask, PassingManualTask, PlainTask

if TYPE_CHECKING:
    from engine.runtime.level_reader import ProcessReader

_TASKS: dict[str, Any] = {
    "task": PlainTask,
    "manualTask": PassingManualTask,
    "userTask": HumanTask,
    "serviceTask": JobTask,
    "sendTask": Send,
    "receiveTask": Receive,
    "scriptTask": FeelTask,
    "businessRuleTask": DecisionTask,
}
_ACTIVITIES = {**_TASKS, "subProcess": SubProcess, "callActivity": Call}
_GATEWAYS: dict[str, Any] = {
    "exclusiveGateway": Exclusive,
    "parallelGateway": Parallel,
    "inclusiveGateway": Inclusive,
    "eventBasedGateway": Choice,
}
_EVENTS: dict[str, Any] = {
    "startEvent": Start,
    "endEvent": End,
    "intermediateCatchEvent": Catch,
    "intermediateThrowEvent": Throw,
    "boundaryEvent": Boundary,
}
#: BPMN tag → specification class.
SPECS = {B + tag: cls for tag, cls in {**_ACTIVITIES, **_GATEWAYS, **_EVENTS}.items()}


class NodeReader(EventReader):
    """Reads one node; raises `Unreadable` if it cannot be run."""

    process_parser: ProcessReader

    def __init__(self, reader: ProcessReader, node: Any, nsmap: dict[str, str], lane: str | None) -> None:
        tag = node.tag[len(B) :]
        super().__init__(reader, SPECS[node.tag], node, nsmap, lane)
        self.kind = tag
        self.ext = dialect.read(node)

    def read(self) -> Any:
        """The specification; a looped activity gives its loop's body."""
        spec = self._make()
        self._describe(spec)
        if self.ext.loop is not None:
            if not spec.is_activity:
                raise Unreadable("loop-not-activity", "Only activities can loop.", "只有活动可以循环。")
            return self._loop(spec, self.ext.loop)
        return spec

    def _describe(self, spec: Any) -> None:
        spec.element_id = self.bpmn_id
        spec.bpmn_id = self.bpmn_id
        spec.title = self.node.get("name") or ""
        spec.kind = "eventSubProcess" if isinstance(spec, EventSubProcess) else self.kind
        spec.lane = self.lane
        spec.ext = self.ext
        spec.default_flow = self.node.get("default")
        spec.chooses = self.kind in ("exclusiveGateway", "inclusiveGateway")
        spec.is_activity = self.kind in _ACTIVITIES and spec.kind != "eventSubProcess"
        if self.node.get("isForCompensation") == "true":
            raise Unreadable("compensation", "Compensation is not run here.", "本引擎不执行补偿活动。")

    def _make(self) -> Any:
        name = f"#{self.bpmn_id}"  # keeps the designer's Start, End and Root apart from the library's own
        if name in self.spec.task_specs:
            raise Unreadable("duplicate-id", "The id occurs twice.", "id 重复。")
        if self.kind in _EVENTS:
            return self._event(name)
        match self.kind:
            case "subProcess":
                return self._sub_process(name)
            case "callActivity":
                if not self.ext.called_process:
                    raise Unreadable(
                        "no-called-process",
                        "The call activity names no process (zeebe:calledElement processId).",
                        "调用活动未指定被调用的流程（zeebe:calledElement processId）。",
                    )
                return Call(self.spec, name, subworkflow_spec=self.ext.called_process, lane=self.lane)
            case "eventBasedGateway":
                return Choice(self.spec, name, event_definition=NoneEventDefinition(), lane=self.lane)
            case "receiveTask":
                receive = Receive(self.spec, name, event_definition=self._message(self.node), lane=self.lane)
                receive.correlation = self._correlation(self.node)
                return receive
            case "sendTask":
                definition = (
                    self._message(self.node) if self.node.get("messageRef") else NoneEventDefinition()
                )
                return Send(self.spec, name, event_definition=definition, lane=self.lane)
        return self._task_class()(self.spec, name, lane=self.lane)

    def _task_class(self) -> Any:
        ext = self.ext
        if self.kind == "serviceTask" and not ext.job_type:
            raise Unreadable(
                "no-job-type",
                "The service task has no job type (zeebe:taskDefinition type).",
                "服务任务缺少作业类型（zeebe:taskDefinition type）。",
            )
        if self.kind == "scriptTask" and not ext.script:
            if ext.job_type:
                return JobTask
            raise Unreadable(
                "no-script",
                "The script task has neither a FEEL expression (zeebe:script) nor a job type.",
                "脚本任务既无 FEEL 表达式（zeebe:script）也无作业类型；其他脚本语言不执行。",
            )
        if self.kind == "businessRuleTask" and not ext.decision_id:
            if ext.job_type:
                return JobTask
            raise Unreadable(
                "no-decision",
                "The business rule task names no decision (zeebe:calledDecision decisionId).",
                "业务规则任务未指定决策（zeebe:calledDecision decisionId）。",
            )
        return self.spec_class

    # sub-processes

    def _sub_process(self, name: str) -> Any:
        inner = self.process_parser.parser.open_sub(self.process_parser, self.node)
        if self.node.get("triggeredByEvent") != "true":
            return SubProcess(self.spec, name, subworkflow_spec=inner.name, lane=self.lane)
        spec = EventSubProcess(self.spec, name, subworkflow_spec=inner.name, lane=self.lane)
        start = self.node.find(f"{B}startEvent")
        if start is None:
            raise Unreadable(
                "no-start", "The event sub-process has no start event.", "事件子流程没有开始事件。"
            )
        spec.event_definition = self._definition(start, "eventSubProcess")
        spec.correlation = self._event_correlation(start)
        spec.interrupting = start.get("isInterrupting", "true") != "false"
        if isinstance(spec.event_definition, ErrorEventDefinition) and not spec.interrupting:
            raise Unreadable(
                "error-must-interrupt",
                "An error start event must interrupt.",
                "由错误触发的开始事件必须是中断型。",
            )
        spec.start_id = start.get("id") or ""
        spec.start_title = start.get("name") or ""
        spec.start_ext = dialect.read(start)
        return spec

    # events

    def _event(self, name: str) -> Any:
        inside_event_sub = self.node.getparent().get("triggeredByEvent") == "true"
        allowed = "eventSubProcess" if self.kind == "startEvent" and inside_event_sub else self.kind
        definition = self._definition(self.node, allowed)
        if isinstance(definition, Link):
            cls = LinkTarget if self.kind == "intermediateCatchEvent" else LinkSource
            link = cls(self.spec, name, event_definition=NoneEventDefinition(), lane=self.lane)
            link.link = definition.name or ""
            return link
        if self.kind == "boundaryEvent":
            cancels = self.node.get("cancelActivity", "true") != "false"
            if isinstance(definition, ErrorEventDefinition) and not cancels:
                raise Unreadable(
                    "error-must-interrupt",
                    "An error boundary event must interrupt.",
                    "错误边界事件必须是中断型。",
                )
            spec: Any = Boundary(
                self.spec, name, event_definition=definition, cancel_activity=cancels, lane=self.lane
            )
        else:
            spec = SPECS[self.node.tag](self.spec, name, event_definition=definition, lane=self.lane)
        spec.correlation = self._event_correlation(self.node)
        spec.plain_start = isinstance(definition, NoneEventDefinition)
        return spec

    # loops

    def _loop(self, inner: Node, loop: Loop) -> Any:
        specs = self.spec.task_specs
        name = inner.name
        specs.pop(name)
        inner.name = f"{name} *"
        specs[inner.name] = inner
        inner.looped = True
        if loop.standard:
            body: Any = LoopBody(
                self.spec,
                name,
                task_spec=inner.name,
                maximum=loop.maximum,
                condition=loop.condition,
                test_before=loop.test_before,
                lane=self.lane,
            )
        else:
            cls = SequentialBody if loop.sequential else ParallelBody
            body = cls(self.spec, name, task_spec=inner.name, lane=self.lane)
        self._describe(body)
        # Mappings apply to each instance; the clock-like properties of the element are shown by both.
        body.ext = replace(self.ext, inputs=(), outputs=())
        body.loop = loop
        return body
