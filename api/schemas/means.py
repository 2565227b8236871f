"""Money and staff of counties: what callers send and what they get back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.schemas.answers import Answer
from api.schemas.requests import Key, OptionalText, PageQuery, Query, RegionCode, Request

Year = Annotated[int, Field(ge=2000, le=2100)]
Fen = Annotated[int, Field(ge=0, le=10**15, description="In fen.")]


class FundQuery(Query):
    year: Year | None = Field(None, description="Only this year.")
    county: RegionCode | None = None


class YearQuery(Query):
    year: Year | None = Field(None, description="The budget year [this one].")


class EntryQuery(PageQuery):
    """A page of the entries of a fund."""


class BudgetIn(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"county": "350481", "key": "temporary", "year": 2026, "amount": 400000000}
        }
    )
    county: RegionCode
    key: Key
    year: Year
    amount: Fen
    note: OptionalText = ""
    confirm: bool = Field(False, description="Write it; without it the answer says what would change.")


class HeadcountQuery(Query):
    region: RegionCode | None = None
    short_only: bool = Field(False, description="Only those below the least.")


class QueueQuery(Query):
    region: RegionCode
    role: Key
    more: Annotated[int, Field(ge=0, le=1000)] = Field(0, description="How many people more.")
    weeks: Annotated[int, Field(ge=1, le=52)] = Field(8, description="How many weeks to measure by.")


class Fund(Answer):
    id: str | None
    county: str
    key: str
    name: str
    year: int
    budget: int
    committed: int
    paid: int
    left: int


class Funds(Answer):
    items: list[Fund]


class Entry(Answer):
    id: str
    seq: int
    kind: Literal["budget", "commit", "pay", "return"]
    amount: int
    budget: int
    committed: int
    paid: int
    case_id: str | None
    case_number: str | None
    region: str
    element: str
    at: datetime
    actor: str
    note: str


class BudgetChange(Answer):
    before: int
    fund: Fund
    written: bool


class Alarm(Answer):
    county: str
    subject: Literal["services", "staff"]
    period: str
    raised_at: datetime
    figures: dict[str, Any]


class Alarms(Answer):
    items: list[Alarm]


class Share(Answer):
    services: int
    subsidy: int
    share: str | None
    below: bool


class ServiceShare(Answer):
    county: str
    county_name: str
    year: int
    least: str
    budgeted: Share
    paid: Share
    alarm: bool
    raised: list[Alarm]


class ServiceShares(Answer):
    items: list[ServiceShare]


class Headcount(Answer):
    region: str
    name: str
    name_en: str
    level: Literal["town", "village"]
    role: str
    population: int | None
    full_time: int
    part_time: int
    staff: int
    least: int | None
    most: int | None
    short: int | None
    accounts: int
    valid_from: date | None
    source: str


class Headcounts(Answer):
    items: list[Headcount]


class QueueForecast(Answer):
    region: str
    role: str
    weeks: int
    workdays: int
    queue: int
    people: int
    more: int
    arrived: int
    done: int
    arrivals_a_day: str
    done_a_day_each: str | None
    capacity_a_day: str | None
    verdict: Literal["clear", "clears", "never", "unknown"]
    days: int | None
    clears_on: date | None
    provisional: bool
    assumptions: list[str]
