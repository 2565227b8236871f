"""What designers' calls take and give."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.answers import Answer, Clock, Event, FindingOut, Task
from api.schemas.requests import MAX_NUMBER, Key, Query, Request, Text

FileName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Revision = Annotated[int, Field(ge=1, le=MAX_NUMBER)]


class DraftsQuery(Query):
    process: Key | None = Field(None, description="Only drafts of this process.")


class NewDraft(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"process": "minimum-living"}})
    process: Key
    version: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | None = Field(
        None, description="The version to begin from; the current one unless given."
    )


class FileQuery(Query):
    name: FileName


class ImportQuery(Query):
    seen_revision: Revision


class SaveFiles(Request):
    model_config = ConfigDict(
        json_schema_extra={"example": {"seen_revision": 3, "files": {"minimum-living.bpmn": "<…/>"}}}
    )
    seen_revision: Revision
    files: Annotated[
        dict[FileName, str | None], Field(min_length=1, description="Texts by name; null removes.")
    ]


class ParameterValue(Request):
    model_config = ConfigDict(populate_by_name=True)
    since: date = Field(alias="from", strict=False)
    value: bool | int | Decimal | Text | list[bool | int | Decimal | Text] = Field(
        description="A number as JSON number or, in text and list, a text."
    )
    source: Text
    placeholder: bool = False


class ParameterTitle(Request):
    zh: Text
    en: Text


class SaveParameter(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "seen_revision": 3,
                "file": "parameters.yaml",
                "key": "dibao.receipt",
                "title": {"zh": "受理审查承诺时限", "en": "Receipt check, promised"},
                "unit": "workdays",
                "values": [{"from": "2021-07-01", "value": 1, "source": "本地设定", "placeholder": True}],
            }
        }
    )
    seen_revision: Revision
    file: FileName
    key: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\w.:-]+$")]
    title: ParameterTitle | None = None
    unit: Literal[
        "workdays", "calendar_days", "hours", "months", "fen", "ratio", "count", "flag", "text", "list"
    ] = "text"
    values: Annotated[list[ParameterValue], Field(max_length=200)] = Field(
        [], description="All values; none removes the parameter."
    )


class PlayScenario(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"file": "scenarios/plain-devolved.yaml"}})
    file: FileName
    text: Annotated[str, StringConstraints(max_length=200_000)] | None = Field(
        None, description="The scenario as it is being written; without it the file of that name is played."
    )


class DeployDraft(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"seen_revision": 3, "seen_version": 1}})
    seen_revision: Revision
    seen_version: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | None = Field(
        None, description="The current version that the shown differences were told against."
    )


class CompareQuery(Query):
    from_version: Annotated[int, Field(ge=1, le=MAX_NUMBER)]
    to_version: Annotated[int, Field(ge=1, le=MAX_NUMBER)]


class Draft(Answer):
    id: str
    process: str
    base_version: int | None
    current_version: int | None
    revision: int
    created_at: datetime
    changed_at: datetime
    files: dict[str, int]
    """File names with the draft's revision when each was saved last."""


class Findings(Answer):
    revision: int | None
    """The draft's revision that was checked; null for uploaded files."""
    findings: list[FindingOut]


class ChangeOut(Answer):
    kind: Literal["added", "removed", "changed"]
    topic: Literal["file", "element", "limit", "rule", "form", "parameter", "scenario", "layout"]
    sentence: str
    file: str
    element_id: str
    old: str
    new: str


class Changes(Answer):
    from_version: int | None
    to_version: int | None
    """Null: the draft."""
    changes: list[ChangeOut]


class ParameterOut(Answer):
    file: str
    key: str
    zh: str
    en: str
    unit: str
    values: list[dict[str, Any]]
    used: bool
    """Whether a diagram, table or form of the folder names it."""


class Parameters(Answer):
    files: list[str]
    items: list[ParameterOut]


class ScenarioOut(Answer):
    file: str
    title: str
    process: str
    source: str
    steps: int


class FrameOut(Answer):
    number: int
    kind: str
    what: dict[str, Any]
    at: datetime
    failures: list[str]
    status: str | None
    outcome: str | None
    number_of_case: str | None
    tasks: list[Task]
    clocks: list[Clock]
    variables: dict[str, Any]
    events: list[Event]
    active: dict[str, int]
    done: list[str]
    next_due: datetime | None


class PlaybackOut(Answer):
    title: str
    process: str
    source: str
    file: str
    steps: int
    ok: bool
    frames: list[FrameOut]


class Standing(Answer):
    key: str
    version: int
    open_cases: int
    findings: list[FindingOut]
