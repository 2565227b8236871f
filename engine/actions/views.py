"""What actions hand back: frozen views. The edges shape them; nothing here reads the database.

Ids are the 13 characters that people see. Instants are aware (UTC). Texts for people come as the
definition has them, Chinese first; `name_en` is empty where the designer gave no English name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from engine.types import CaseStatus, Finding, Light

if TYPE_CHECKING:
    from engine.clocks import Calendar, Clock
    from engine.forms import Form

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """One piece of work. `version` is the case's: send it back as `seen_version`."""

    id: str
    case_id: str
    case_number: str
    process: str
    process_name: str
    version: int
    element_id: str
    name: str
    name_en: str
    region: str
    status: Literal["open", "completed", "cancelled"]
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    separate_from: tuple[str, ...]
    form_id: str | None
    priority: int
    due: datetime | None
    due_date: date | None  # the last day, in the law's way of counting; `due` is the instant after it
    light: Light | None  # none where no limit runs
    follow_up: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_for: str | None  # whose leave the doer covered


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetail:
    """One task as its worker opens it: the form, what is known, what was begun, what may be done."""

    task: TaskView
    form: Form | None
    known: Mapping[str, Any]  # variables the task can see, JSON-able
    draft: Mapping[str, Any] | None
    draft_by: str | None
    draft_at: datetime | None
    allowed: tuple[str, ...]  # of: claim, release, assign, delegate, draft, complete


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A clock of a case. `explain` tells in "zh" or "en" how its due day came about."""

    name: str
    title: str  # of the parameter that limits it, or of its step
    title_en: str
    kind: Literal["case", "task", "timer"]
    status: Literal["running", "paused", "stopped"]
    due: datetime | None
    due_date: date | None
    promised_due: datetime | None
    promised_due_date: date | None
    light: Light | None
    provisional: bool
    clock: Clock
    calendar: Calendar

    def explain(self, lang: str) -> str:
        return self.clock.explain(self.calendar, lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A case as lists show it."""

    id: str
    number: str
    process: str
    process_name: str
    process_version: int
    region: str
    business_key: str | None
    status: CaseStatus
    outcome: str | None
    version: int
    light: Light | None
    opened_at: datetime
    opened_by: str
    accepted_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView(CaseSummary):
    """A case with its open tasks and its clocks."""

    tasks: tuple[TaskView, ...] = ()
    clocks: tuple[ClockView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One row of a case's history."""

    seq: int
    at: datetime
    actor: str
    kind: str
    data: Mapping[str, Any]
    hash: str  # hexadecimal SHA-256 over the previous hash and this row


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """What somebody said about a case; `seq` is its row in the case's history."""

    case_id: str
    seq: int
    at: datetime
    by: str
    text: str
    mentions: tuple[str, ...]  # accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionView:
    """A comment that mentions whoever asks, with its case."""

    comment: CommentView
    case_number: str
    process: str
    process_name: str
    region: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """A file without its content."""

    id: str
    name: str
    sha256: str  # hexadecimal
    size: int  # bytes
    type: str  # media type, told by the content
    case_id: str | None  # none while it waits for the case that its uploader will open
    used: bool  # an answer refers to it
    uploaded_by: str
    uploaded_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    """One row of the audit log, which keeps what belongs to no case."""

    id: str
    at: datetime
    actor: str
    kind: str
    region: str  # whose administrators read it; "" for all of them
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """Something that failed and waits for an operator."""

    id: str
    case_id: str
    case_number: str
    region: str
    kind: Literal["element", "timer", "effect"]
    element_id: str
    code: str
    zh: str
    en: str
    attempts: int
    at: datetime
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionView:
    """One deployed version of a process. `current` is the version that new cases take."""

    key: str
    version: int
    hash: str
    name: str
    version_tag: str | None
    current: bool
    deployed_at: datetime
    deployed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionDetail:
    """One version with the exact files it is bound to."""

    definition: DefinitionView
    files: Mapping[str, bytes]
    bpmn: bytes  # the file that holds the process itself
    start_form: Form | None  # what opening a case asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentView:
    """What a deployment did. `changed` is false when every definition was there already."""

    id: str
    at: datetime
    actor: str
    changed: bool
    definitions: tuple[DefinitionView, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """One page of a list; `next` is the cursor of the following one."""

    items: tuple[Item, ...]
    next: str | None
