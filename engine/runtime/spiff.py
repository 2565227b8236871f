"""The one place that imports SpiffWorkflow, and a typed account of what we use of it.

The library gives the XML parser classes, the process and task specifications, the task with its
states and life cycle, nested workflows, and event definitions with their matching. It has no type
information; the declarations below state exactly the surface that the rest of the folder builds on,
so that a change of the library's version is checked here first.
"""

# The imports below are the module's contents; others import them from here.
# ruff: noqa: F401

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:

    class Task:
        id: str
        workflow: Any
        task_spec: Any
        state: int
        internal_data: dict[str, Any]
        _state: int
        _parent: str | None
        _children: list[str]

        def __init__(
            self, workflow: Any, task_spec: Any, parent: Any = None, state: int = 1, id: str | None = None
        ) -> None: ...
        def _ready(self) -> None: ...
        def run(self) -> bool | None: ...
        def cancel(self) -> None: ...
        def complete(self) -> None: ...

    class TaskSpec:
        """Base of the specifications below; every one takes its workflow specification and its name."""

        name: str
        manual: bool

        def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None: ...

    class BpmnProcessSpec:
        name: str
        start: Any
        task_specs: dict[str, Any]

        def __init__(
            self, name: str | None = None, description: str | None = None, filename: str | None = None
        ) -> None: ...

    class BpmnWorkflow:
        spec: Any
        tasks: dict[str, Any]
        task_tree: Any
        completed: bool
        last_task: Any
        subprocesses: dict[str, Any]
        event_manager: Any

        def __init__(
            self,
            spec: Any,
            subprocess_specs: Mapping[str, Any] | None = None,
            script_engine: Any = None,
            **kwargs: Any,
        ) -> None: ...

    class BpmnSubWorkflow:
        spec: Any
        tasks: dict[str, Any]
        task_tree: Any
        completed: bool
        last_task: Any
        top_workflow: Any

        def __init__(self, spec: Any, parent_task_id: str, top_workflow: Any, **kwargs: Any) -> None: ...

    class BpmnEvent:
        event_definition: Any
        payload: Any

        def __init__(self, event_definition: Any, payload: Any = None) -> None: ...

    class EventDefinition:
        name: str | None

        def __init__(self, name: str | None = None, description: str | None = None) -> None: ...
        def catches(self, my_task: Any, event: Any) -> bool: ...

    class TimerEventDefinition(EventDefinition):
        expression: str

        def __init__(self, name: str, expression: str, **kwargs: Any) -> None: ...

    class MessageEventDefinition(EventDefinition): ...

    class SignalEventDefinition(EventDefinition): ...

    class NoneEventDefinition(EventDefinition): ...

    class TerminateEventDefinition(EventDefinition): ...

    class ErrorEventDefinition(EventDefinition):
        code: str | None

        def __init__(self, name: str, code: str | None = None) -> None: ...

    class EscalationEventDefinition(EventDefinition):
        code: str | None

        def __init__(self, name: str, code: str | None = None) -> None: ...

    class BpmnParser:
        process_parsers: dict[str, Any]
        messages: dict[str, str | None]
        signals: dict[str, str | None]
        errors: dict[str, dict[str, str | None]]
        escalations: dict[str, dict[str, str | None]]

        def __init__(self) -> None: ...
        def add_bpmn_xml(self, bpmn: Any, filename: str | None = None) -> None: ...
        def create_parser(self, node: Any, filename: str | None = None, lane: str | None = None) -> None: ...

    class ProcessParser:
        parser: Any
        node: Any
        spec: Any
        parent: Any
        lane: str | None
        filename: str | None
        bpmn_id: str
        nsmap: dict[str, str]

        def __init__(
            self,
            p: Any,
            node: Any,
            nsmap: dict[str, str],
            data_stores: dict[str, Any],
            filename: str | None = None,
            lane: str | None = None,
        ) -> None: ...
        def get_spec(self) -> Any: ...
        def get_node_by_id(self, node_id: str) -> Any: ...

    class TaskParser:
        process_parser: Any
        spec_class: Any
        spec: Any
        node: Any
        lane: str | None
        bpmn_id: str

        def __init__(
            self, process_parser: Any, spec_class: Any, node: Any, nsmap: dict[str, str], lane: str | None
        ) -> None: ...

    class UserTask(TaskSpec): ...

    class ManualTask(TaskSpec): ...

    class NoneTask(TaskSpec): ...

    class ScriptTask(TaskSpec): ...

    class ServiceTask(TaskSpec): ...

    class SendTask(TaskSpec): ...

    class ReceiveTask(TaskSpec): ...

    class ExclusiveGateway(TaskSpec): ...

    class ParallelGateway(TaskSpec): ...

    class InclusiveGateway(TaskSpec): ...

    class EventBasedGateway(TaskSpec): ...

    class StartEvent(TaskSpec): ...

    class EndEvent(TaskSpec): ...

    class IntermediateCatchEvent(TaskSpec): ...

    class IntermediateThrowEvent(TaskSpec): ...

    class BoundaryEvent(TaskSpec): ...

    class SubWorkflowTask(TaskSpec): ...

    class CallActivity(TaskSpec): ...

    class EventSubprocess(TaskSpec): ...

    class StandardLoopTask(TaskSpec): ...

    class SequentialMultiInstanceTask(TaskSpec): ...

    class ParallelMultiInstanceTask(TaskSpec): ...

    class TaskState:
        FUTURE: int
        WAITING: int
        READY: int
        STARTED: int
        COMPLETED: int
        CANCELLED: int
        FINISHED_MASK: int

    def full_tag(tag: str) -> str: ...

else:
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
    from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
    from SpiffWorkflow.bpmn.parser.util import full_tag
    from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
    from SpiffWorkflow.bpmn.specs.defaults import (
        BoundaryEvent,
        CallActivity,
        EndEvent,
        EventBasedGateway,
        EventSubprocess,
        ExclusiveGateway,
        InclusiveGateway,
        IntermediateCatchEvent,
        IntermediateThrowEvent,
        ManualTask,
        NoneTask,
        ParallelGateway,
        ParallelMultiInstanceTask,
        ReceiveTask,
        ScriptTask,
        SendTask,
        SequentialMultiInstanceTask,
        ServiceTask,
        StandardLoopTask,
        StartEvent,
        SubWorkflowTask,
        UserTask,
    )
    from SpiffWorkflow.bpmn.specs.event_definitions import (
        ErrorEventDefinition,
        EscalationEventDefinition,
        MessageEventDefinition,
        NoneEventDefinition,
        SignalEventDefinition,
        TerminateEventDefinition,
    )
    from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
    from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
    from SpiffWorkflow.bpmn.util import BpmnEvent
    from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.task import Task
    from SpiffWorkflow.util.task import TaskState

# At its default level the library lists every task of the workflow for each log line it never prints.
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)
