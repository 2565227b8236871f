"""What administration takes and gives: calendars, incidents to repair, parameters, what needs attention."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.answers import Answer, Incident
from api.schemas.people import Day
from api.schemas.requests import Key, Query, RegionCode, Request

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Year = Annotated[int, Field(ge=2000, le=2100)]


class CalendarDayIn(Request):
    day: Day
    works: bool = Field(description="Whether it is worked; false for a day off.")
    zh: Line
    en: Line
    region: RegionCode | None = Field(None, description="The region that it counts for [the nation].")


class CalendarIn(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "announced": "2026-09-22",
                "source": "永安市政府通告",
                "days": [
                    {
                        "day": "2026-09-23",
                        "works": False,
                        "zh": "台风停工",
                        "en": "typhoon",
                        "region": "350481",
                    }
                ],
            }
        }
    )
    announced: Day
    source: Line
    days: Annotated[list[CalendarDayIn], Field(max_length=400)] = []
    years: Annotated[list[Year], Field(max_length=5)] = Field(
        default=[], description="Years whose official days are complete with these."
    )


class PreviewIn(CalendarIn):
    cursor: Annotated[str, StringConstraints(max_length=300)] | None = None


class CalendarRevision(Answer):
    revision: int


class MovedDeadline(Answer):
    case_id: str
    case_number: str
    process: str
    region: str
    clock: str
    title: str
    title_en: str
    before: date
    after: date


class CalendarPreview(Answer):
    items: list[MovedDeadline]
    looked_at: int
    next: str | None


class CalendarQuery(Query):
    county: RegionCode | None = Field(None, description="The county whose days are wanted [the nation].")


class CalendarDay(Answer):
    day: date
    works: bool
    zh: str
    en: str
    region: str | None
    source: str


class CalendarYear(Answer):
    year: int
    county: str
    published: bool
    workdays: int
    days: list[CalendarDay]


class Repair(Answer):
    incident: Incident
    process: str
    element: str
    element_en: str
    case_open: bool
    may_retry: bool
    variables: dict[str, Any]


class ParameterQuery(Query):
    process: Key | None = None
    placeholders_only: bool = False


class ParameterValue(Answer):
    since: date
    value: Any
    source: str
    placeholder: bool


class ParameterInForce(Answer):
    key: str
    zh: str
    en: str
    unit: str
    values: list[ParameterValue]
    processes: list[str]


class RaisedAlarm(Answer):
    county: str
    subject: str
    period: str
    raised_at: datetime
    figures: dict[str, Any]


class EndingPosition(Answer):
    username: str
    role: str
    region: str
    valid_to: date


class Attention(Answer):
    incidents: list[Incident]
    more_incidents: bool
    alarms: list[RaisedAlarm]
    ending: list[EndingPosition]
    next_year_missing: int | None
    placeholders: int
