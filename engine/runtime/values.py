"""What the runtime shows of a running case: frozen values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Status = Literal["active", "completed", "terminated"]
What = Literal["entered", "completed", "cancelled", "taken"]


class Host(Protocol):
    """What the caller lends to a running case: the FEEL environment and the decisions."""

    @property
    def env(self) -> Any:
        """The `feel.Environment` with the product functions; `now` is the case's time."""

    def decide(self, decision_id: str, scope: Mapping[str, Any], element_id: str) -> Any:
        """The value of a decision; raises an `EngineError` where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A user task that waits for a person. `due`, `follow_up`: a Limit, ClockRef, instant, date or None."""

    key: str
    element_id: str
    name: str
    lane: str = ""
    assignee: str = ""
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    form_id: str = ""
    due: Any = None
    follow_up: Any = None
    priority: int = 50
    properties: Mapping[str, str] = field(default_factory=dict)
    scope: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A repeating timer. `repeats` is None for ever; `start` an instant or None; `duration` ISO or FEEL."""

    repeats: int | None
    start: Any
    duration: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTimer:
    """An armed timer. `remaining`: firings left of a cycle (None: for ever), 1 for the others."""

    key: str
    element_id: str
    name: str
    attached_to: str = ""
    attached_key: str = ""
    value: Any = None
    interrupting: bool = True
    remaining: int | None = 1
    escalation: bool = False
    leads_to: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work for the outside. `waits` is False where the process has already gone on."""

    key: str
    element_id: str
    name: str
    type: str
    retries: int = 3
    headers: Mapping[str, str] = field(default_factory=dict)
    scope: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = True
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A message the case waits for; `name` is the message's, `correlation` its key's value or None."""

    key: str
    element_id: str
    name: str
    correlation: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An element that could not go on; `key` is its token, ready to be run again by `run()`."""

    element_id: str
    key: str
    en: str
    zh: str
    code: str = "incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementEvent:
    """Something that happened to a flow node, or ("taken") to a sequence flow."""

    element_id: str
    key: str
    name: str
    what: What
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeInfo:
    """A flow node of the definition: `kind` is its BPMN tag, `properties` its zeebe properties."""

    element_id: str
    name: str
    kind: str
    lane: str
    properties: Mapping[str, str]
