"""What callers get back of cases that belong together."""

from __future__ import annotations

from datetime import datetime

from api.schemas.answers import Answer
from engine.types import CaseStatus


class Link(Answer):
    """`opened`: whether the case asked about opened this one; else this one opened it."""

    id: str
    number: str
    process: str
    process_name: str
    region: str
    status: CaseStatus
    outcome: str | None
    link: str
    opened: bool
    at: datetime


class FiledCase(Answer):
    id: str
    number: str
    process: str
    process_name: str
    region: str
    status: CaseStatus
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None


class HouseholdFile(Answer):
    """`number` is null for a case that is in no file; `cases` are those that the caller may see."""

    number: str | None
    cases: list[FiledCase]
