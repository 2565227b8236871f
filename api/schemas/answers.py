"""What callers get back. Documentation only: `api.shapes` builds the answers, a test compares the two."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from engine.types import CaseStatus, Light, Severity

Item = TypeVar("Item")


class Answer(BaseModel):
    """Base: a field that is not documented is a mistake."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Answer):
    pointer: str
    message: str
    code: str


class Problem(BaseModel):
    """RFC 9457. `code` is a stable slug; `detail` is a sentence for a person."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []


class Page(Answer, Generic[Item]):
    items: list[Item]
    next: str | None


class HeldPosition(Answer):
    role: str
    region: str


class Me(Answer):
    username: str
    name: str
    positions: list[HeldPosition]
    roles: list[str]
    regions: list[str]
    permissions: list[str]
    scopes: list[str]
    """What the session or token may be used for."""


class TokenInfo(Answer):
    id: str
    name: str
    scopes: list[Literal["read", "work", "deploy", "admin"]]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    """To the minute."""


class NewToken(TokenInfo):
    token: str


class Task(Answer):
    id: str
    case_id: str
    case_number: str
    process: str
    process_name: str
    element_id: str
    name: str
    status: Literal["open", "completed", "cancelled"]
    region: str
    assignee: str | None
    candidate_groups: list[str]
    candidate_users: list[str]
    separate_from: list[str]
    form_id: str | None
    priority: int
    due: datetime | None
    due_date: date | None
    light: Light | None
    follow_up: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_for: str | None
    version: int


class TaskDetail(Task):
    form: dict[str, Any] | None
    known: dict[str, Any]
    draft: dict[str, Any] | None
    draft_by: str | None
    draft_at: datetime | None
    allowed: list[str]


class Clock(Answer):
    name: str
    title: str
    kind: Literal["case", "task", "timer"]
    status: Literal["running", "paused", "stopped"]
    due: datetime | None
    due_date: date | None
    promised_due: datetime | None
    promised_due_date: date | None
    light: Light | None
    provisional: bool
    explanation: str


class CaseSummary(Answer):
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


class Case(CaseSummary):
    tasks: list[Task]
    clocks: list[Clock]


class Revealed(Answer):
    values: dict[str, Any]


class Event(Answer):
    seq: int
    at: datetime
    actor: str
    kind: str
    data: dict[str, Any]
    hash: str


class Comment(Answer):
    case_id: str
    seq: int
    at: datetime
    by: str
    text: str
    mentions: list[str]


class Mention(Answer):
    comment: Comment
    case_number: str
    process: str
    process_name: str
    region: str
    seen_at: datetime | None


class AuditEntry(Answer):
    id: str
    at: datetime
    actor: str
    kind: str
    region: str
    """Whose administrators may read it; empty for what concerns no region."""
    data: dict[str, Any]


class Attachment(Answer):
    id: str
    name: str
    sha256: str
    size: int
    type: str
    case_id: str | None
    used: bool
    uploaded_by: str
    uploaded_at: datetime
    expires_at: datetime | None
    """When it goes if no answer refers to it; null once it belongs to a case."""


class Incident(Answer):
    id: str
    case_id: str
    case_number: str
    region: str
    kind: Literal["element", "timer", "effect"]
    element_id: str
    code: str
    message: str
    attempts: int
    at: datetime
    closed_at: datetime | None
    closed_by: str | None


class FindingOut(Answer):
    severity: Severity
    code: str
    message: str
    file: str
    element_id: str
    element_name: str
    line: int | None
    column: int | None


class Definition(Answer):
    key: str
    version: int
    hash: str
    name: str
    version_tag: str | None
    current: bool
    deployed_at: datetime
    deployed_by: str


class DefinitionDetail(Definition):
    files: list[str]
    start_form: dict[str, Any] | None
    """What `POST /cases` asks for in `answers`; null where the process takes any answers."""


class DefinitionVersions(DefinitionDetail):
    versions: list[Definition]
    """All versions, newest first."""


class Deployment(Answer):
    id: str
    at: datetime
    actor: str
    changed: bool
    definitions: list[Definition]
    findings: list[FindingOut]
