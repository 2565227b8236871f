"""Runs processes: BPMN in Camunda 8's dialect on SpiffWorkflow's parser, tasks and workflows.

The only importer of that library (in `spiff`). Knows neither the database nor the clock.
"""

from engine.runtime.instance import Instance
from engine.runtime.parser import parse_processes
from engine.runtime.processes import ProcessSet
from engine.runtime.values import (
    Cycle,
    ElementEvent,
    Failure,
    Host,
    Job,
    NodeInfo,
    OpenTask,
    Subscription,
    WaitingTimer,
)

__all__ = [
    "Cycle",
    "ElementEvent",
    "Failure",
    "Host",
    "Instance",
    "Job",
    "NodeInfo",
    "OpenTask",
    "ProcessSet",
    "Subscription",
    "WaitingTimer",
    "parse_processes",
]
