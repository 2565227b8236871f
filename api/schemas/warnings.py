"""Early warning: what callers send and what they get back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from api.schemas.answers import Answer
from api.schemas.requests import PageQuery, Query, RegionCode
from engine.types import CaseStatus, Light

Grade = Literal["red", "orange", "yellow"]


class WarningImportQuery(Query):
    dry_run: bool = Field(False, description="Say what would happen; write nothing.")


class WarningQuery(PageQuery):
    grade: Grade | None = None
    region: RegionCode | None = None
    open_only: bool = Field(False, description="Only those whose case is open.")


class WarningFault(Answer):
    row: int
    column: str
    value: str = Field(description="What stands there, masked where it names a person.")
    rule: str
    message: str


class WarningReport(Answer):
    rows: int
    added: int
    changed: int
    unchanged: int
    bad: int
    opened: int
    merged: int
    written: bool
    faults: list[WarningFault]


class EarlyWarning(Answer):
    case_id: str
    number: str
    region: str
    grade: Grade
    signals: int
    status: CaseStatus
    light: Light | None
    opened_at: datetime
    changed_at: datetime
