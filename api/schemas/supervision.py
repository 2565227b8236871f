"""What supervision's calls take and give; what is done with many tasks; a case on its diagram."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.schemas.answers import Answer, CaseSummary, FieldProblem
from api.schemas.requests import MAX_NUMBER, Answers, Key, OptionalText, Query, RegionCode, Request, Username
from engine.actions.bulk import MOST
from engine.actions.chase_task import LONGEST_NOTE
from engine.types import CaseStatus, Light

Note = Annotated[OptionalText, Field(max_length=LONGEST_NOTE)]


class FieldQuery(Query):
    """Where one looks."""

    region: RegionCode | None = None
    process: Key | None = None


class ForecastQuery(FieldQuery):
    days: Annotated[int, Field(ge=1, le=60)] = 7


class LaneQuery(Query):
    region: RegionCode | None = None


class HeatQuery(Query):
    process: Key
    version: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | None = Field(
        None, description="Left out, the version that new cases take."
    )
    region: RegionCode | None = None
    since: date | None = None
    until: date | None = None


class TrendsQuery(FieldQuery):
    since: date | None = None
    until: date | None = None
    unit: Literal["week", "month"] = "month"


class ExportQuery(FieldQuery):
    status: CaseStatus | None = None
    light: Light | None = None
    step: Key | None = None
    open: bool = False


class Chase(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"note": "请于今日办结"}})
    note: Note = ""


class Bulk(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "act": "assign", "task_ids": ["06w3jbk8t4f0g"], "assignee": "officer2", "dry_run": True,
            }
        }
    )  # fmt: skip
    act: Literal["claim", "assign", "complete", "chase"]
    task_ids: Annotated[list[Key], Field(min_length=1, max_length=MOST)]
    dry_run: bool = Field(False, description="Say what would come of each task; keep nothing.")
    assignee: Username | None = Field(None, description="Whom to assign them to.")
    answers: Answers = {}
    note: Note = ""


class BulkItem(Answer):
    task_id: str
    case_number: str | None
    name: str
    ok: bool
    code: str | None
    message: str
    errors: list[FieldProblem]


class BulkResult(Answer):
    act: Literal["claim", "assign", "complete", "chase"]
    dry_run: bool
    done: int
    """After a dry run: how many would be done."""
    refused: int
    items: list[BulkItem]


class Lights(Answer):
    total: int
    red: int
    yellow: int
    green: int
    grey: int
    none: int
    """Without a limit that runs."""


class RegionLights(Answer):
    region: str
    name: str
    level: str
    parent: str | None
    lights: Lights


class ProcessLights(Answer):
    process: str
    name: str
    lights: Lights


class StepLights(Answer):
    process: str
    step: str
    name: str
    lights: Lights


class Board(Answer):
    at: datetime
    region: str | None
    process: str | None
    total: Lights
    regions: list[RegionLights]
    """Open cases of each region and all below it."""
    processes: list[ProcessLights]
    steps: list[StepLights]
    """Open tasks, not cases."""


class DayAhead(Answer):
    day: date
    yellow: int
    red: int


class Coming(Answer):
    case: CaseSummary
    yellow_at: datetime | None
    due: datetime | None


class Forecast(Answer):
    at: datetime
    until: datetime
    days: list[DayAhead]
    items: list[Coming]


class Lane(Answer):
    at: datetime
    items: list[Coming]
    more: bool


class Carrier(Answer):
    username: str
    name: str
    lights: Lights
    weight: int
    """Open tasks, what is nearly or quite late counted for more (parameters `load.weight.*`)."""


class Queue(Answer):
    role: str
    region: str
    region_name: str
    people: int
    lights: Lights


class Load(Answer):
    at: datetime
    people: list[Carrier]
    queues: list[Queue]


class StepHeat(Answer):
    step: str
    name: str
    done: int
    median: int | None
    """Seconds from coming up to being done, by nearest rank."""
    p90: int | None
    limited: int
    late: int
    late_share: float | None
    open: Lights


class Heat(Answer):
    at: datetime
    process: str
    version: int
    versions: list[int]
    since: datetime
    until: datetime
    bpmn: str
    steps: list[StepHeat]


class Period(Answer):
    first: date
    last: date
    received: int
    decided: int
    on_time: int
    late: int


class CurvePoint(Answer):
    days: int
    at_risk: int
    decided: int
    censored: int
    share: float
    """Of the cases, decided by that day (Kaplan–Meier)."""


class Trends(Answer):
    at: datetime
    since: datetime
    until: datetime
    unit: Literal["week", "month"]
    periods: list[Period]
    curve: list[CurvePoint]
    median_days: int | None
    p90_days: int | None


class Visit(Answer):
    entered_at: datetime
    left_at: datetime | None
    how: Literal["open", "completed", "cancelled"]
    seconds: int
    """By the calendar."""
    by: str | None
    holder: str | None
    due: datetime | None
    light: Light | None
    unit: str | None
    """Of the limit that ran, if one did."""
    allowed: int | None
    spent: int | None
    """In that unit, pauses left out; of hours, seconds."""


class DiagramElement(Answer):
    id: str
    name: str
    kind: str
    state: Literal["current", "overdue", "done", "cancelled"]
    count: int
    seconds: int
    visits: list[Visit]


class Diagram(Answer):
    case_id: str
    process: str
    process_version: int
    at: datetime
    bpmn: str
    elements: list[DiagramElement]
    flows: list[str]
    """Sequence flows that were taken."""
