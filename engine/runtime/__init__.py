"""Runs processes: BPMN in Camunda 8's dialect on SpiffWorkflow's parser, tasks and workflows.

The only importer of that library (in `spiff`). Knows neither the database nor the clock.
"""

from .instance import Instance
from .parser import parse_processes
from .processes import ProcessSet
from .values import (
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
