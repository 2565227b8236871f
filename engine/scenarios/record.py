"""What a case's record says has happened: elements passed, tasks, escalations, notices, incidents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.actions.views import EventView


@dataclass(frozen=True, slots=True)
class Record:
    """The history of a case, gathered by kind."""

    done: set[str] = field(default_factory=set)
    """Flow nodes completed."""
    passed: set[str] = field(default_factory=set)
    """Flow nodes and sequence flows gone through."""
    escalations: set[str] = field(default_factory=set)
    """Escalation events that fired, what they led to, and tasks that a safety net caught."""
    notices: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, events: Iterable[EventView]) -> Record:
        """Gather a whole history."""
        record = cls()
        for event in events:
            record._add(event.data)
        return record

    def _add(self, data: Any) -> None:
        self.done.update(data.get("completed", ()))
        for what in ("completed", "taken"):
            self.passed.update(data.get(what, ()))
        for escalation in data.get("escalations", ()):
            self.escalations.add(escalation["element"])
            self.escalations.update(escalation["leads_to"])
        self.escalations.update(caught["task"] for caught in data.get("safety_net", ()))
        self.notices.update(data.get("notices", ()))
        self.incidents.update(incident["element"] for incident in data.get("incidents", ()))
