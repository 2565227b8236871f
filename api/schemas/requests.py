"""What callers send: strict, no unknown field, every bound stated."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from engine.types import CaseStatus, Light

# No control characters: they can't be seen on a page, and PostgreSQL's text can't hold U+0000.
_LINE = r"^[^\x00-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
MAX_NUMBER = 2**31 - 1

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=_LINES)]
OptionalText = Annotated[str, StringConstraints(max_length=2000, pattern=_LINES)]
LongText = Annotated[str, StringConstraints(max_length=8000, pattern=_LINES)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_LINE)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,12}$")]
Username = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_LINE)]
Answers = Annotated[dict[str, Any], Field(description="Answers by the form's keys; money in fen.")]


class Request(BaseModel):
    """Base: strict types, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """Base of query strings: text is read as numbers and flags, unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid")

    @property
    def leaves_trace(self) -> bool:
        """Whether asking this is itself recorded."""
        return False


class SignIn(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"username": "officer", "password": "aidflow-demo"}}
    )
    username: Username
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PasswordChange(SignIn):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "username": "officer",
                "password": "aidflow-demo",
                "new_password": "three towns and a river",  # pragma: allowlist secret
            }
        }
    )
    new_password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SignOutQuery(Query):
    everywhere: bool = Field(False, description="End all browser sessions of the account.")


class SsoReturn(Query):
    """What the provider's redirect brings; providers add parameters of their own."""

    model_config = ConfigDict(extra="ignore")
    state: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    code: Annotated[str, StringConstraints(max_length=2000)] = ""
    error: Annotated[str, StringConstraints(max_length=200)] = ""


class NewToken(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "nightly export", "scopes": ["read"], "expires_in_days": 90}}
    )
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_LINE)]
    scopes: Annotated[list[Literal["read", "work", "deploy", "admin"]], Field(min_length=1)] | None = Field(
        None, description="What the token may be used for; left out, all that the caller may."
    )
    expires_in_days: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | None = Field(
        None, description="Left out, 90; the server has an upper bound."
    )


class NewCase(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "process": "emergency-aid",
                "region": "350481100",
                "answers": {
                    "channel": "village",
                    "event_kind": "fire",
                    "person_name": "李甲",
                    "people_count": 3,
                    "place": "西洋镇福庄村12号",
                    "description": "凌晨失火，房屋烧毁",
                },
                "business_key": "12345-2026-118",
            }
        }
    )
    process: Key
    version: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | None = None
    region: RegionCode
    answers: Answers = {}
    business_key: Key | None = None


class Message(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "withdrawal", "payload": {"reason": "家庭成员已就业"}}}
    )
    name: Key
    payload: dict[str, Any] = {}


class NewComment(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"text": "邻居称其子在外务工，请 @officer2 核实。"}}
    )
    text: Text


class Convening(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "question": "医保与民政对责任划分意见不一，由谁先行救助？",
                "urgency": "urgent",
                "reason": "disagreement",
            }
        }
    )
    question: Text
    urgency: Literal["urgent", "ordinary"]
    reason: Literal["complex", "cap", "escalation", "disagreement"]


class Withdrawal(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "申请人撤回申请"}})
    reason: Text


class Reveal(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"fields": ["applicant_id", "members.id_number"], "reason": "核对申请人身份"}
        }
    )
    fields: Annotated[list[Key], Field(min_length=1, max_length=50)]
    """Variables of the case; a dot leads into rows."""
    reason: Text


class Pause(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"ground": "等待申请人补正材料", "article": "57号令第10条"}}
    )
    ground: Text
    article: OptionalText = ""


class Resume(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"article": "57号令第10条"}})
    article: OptionalText = ""


class Extension(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "to": 'limit("dibao.total.special")',
                "ground": "公示有异议",
                "article": "民发〔2022〕83号 四(一)",
            }
        }
    )
    to: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, pattern=_LINE),
        Field(description='The new limit as FEEL: `limit("dibao.total.special")` or `workdays(45)`.'),
    ]
    ground: Text
    article: OptionalText = ""


class Claim(Request):
    """Nothing to say; the body may be left out."""

    model_config = ConfigDict(json_schema_extra={"example": {}})


class Assignment(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"assignee": "officer2"}})
    assignee: Username


class Draft(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"answers": {"investigators": [{"name": "林晓梅"}]}}}
    )
    answers: Answers


class Completion(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"answers": {"complete": True}, "seen_version": 1}}
    )
    answers: Answers = {}
    seen_version: Annotated[int, Field(ge=0, le=MAX_NUMBER)] | None = Field(
        None, description="The case version you looked at; another one is answered with 409."
    )


class Retry(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"variables": {"household_size": 3}}})
    variables: dict[str, Any] = Field(default={}, description="Repaired case variables, if any.")


class PageQuery(Query):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(max_length=300)] | None = None


class CaseQuery(PageQuery):
    process: Key | None = None
    status: CaseStatus | None = None
    light: Light | None = None
    region: RegionCode | None = None
    number: Key | None = None
    text: Key | None = None
    version: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | None = Field(None, description="Of the process.")
    step: Key | None = Field(None, description="An element of the diagram with an open task.")
    open: bool = Field(False, description="Only cases that are not closed.")
    turns: Literal["yellow", "red"] | None = Field(
        None, description="Only what turns to this light from `from_day` to `to_day`; by default today."
    )
    from_day: date | None = None
    to_day: date | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    late: bool | None = Field(None, description="Decided late, or (false) in time.")
    done_step: Key | None = Field(None, description="An element that somebody completed.")
    done_from: date | None = None
    done_to: date | None = None
    done_late: bool = Field(False, description="Completed late.")
    person: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=_LINE)] | None,
        Field(
            description="A whole name (2 to 30 characters) of the applicant or a household member, or whole "
            "identity, mobile or bank card number; that it was searched is recorded."
        ),
    ] = None

    @property
    def leaves_trace(self) -> bool:
        return self.person is not None


class TaskQuery(PageQuery):
    mine: bool = Field(False, description="Only what I hold.")
    group: bool = Field(False, description="Only unclaimed tasks that my roles may take.")
    overdue: bool = False
    light: Light | None = None
    process: Key | None = None
    region: RegionCode | None = None
    case_id: Key | None = None
    step: Key | None = Field(None, description="An element of the diagram.")
    holder: Username | None = Field(None, description="Whose hands they are in.")
    queue: Key | None = Field(None, description="The role that those wait for which nobody has taken.")


class AuditQuery(PageQuery):
    kind: Key | None = None
    actor: Username | None = None


class IncidentQuery(PageQuery):
    open_only: bool = True
