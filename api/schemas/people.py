"""People, regions and substitutions: what callers send and what they get back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.answers import Answer
from api.schemas.requests import Key, PageQuery, Query, RegionCode, Request, Username

_NAME = r"^[^\x00-\x1f\x7f]*$"
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_NAME)]
OptionalName = Annotated[str, StringConstraints(max_length=60, pattern=_NAME)]
Day = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    Field(json_schema_extra={"format": "date"}),
]
Level = Literal["city", "county", "town", "village"]


class PositionIn(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"role": "town.officer", "region": "350481100", "valid_from": "2026-10-01"}
        }
    )
    role: Key
    region: RegionCode
    valid_from: Day | None = Field(None, description="The first day [today].")
    valid_to: Day | None = Field(None, description="The last day [open].")


class PositionEnd(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"role": "town.officer", "region": "350481100", "last_day": "2026-12-31"}
        }
    )
    role: Key
    region: RegionCode
    last_day: Day | None = Field(
        None, description="The last day on which it is held; it ends at once without."
    )


class PersonIn(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "username": "li.na",
                "name": "李娜",
                "positions": [{"role": "town.officer", "region": "350481100"}],
            }
        }
    )
    username: Username
    name: Name
    name_en: OptionalName = ""
    positions: Annotated[list[PositionIn], Field(min_length=1, max_length=20)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="Good for one use; generated and shown once if left out."
    )


class Rename(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"name": "李娜", "name_en": "Li Na"}})
    name: Name
    name_en: OptionalName = ""


class ActiveIn(Request):
    model_config = ConfigDict(json_schema_extra={"example": {"active": False}})
    active: bool = Field(description="False closes the account with its sessions and tokens.")


class RegionIn(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "code": "350402",
                "name": "梅列区",
                "name_en": "Meilie District",
                "level": "county",
                "valid_to": "2021-02-28",
                "successor": "350404",
            }
        }
    )
    code: RegionCode
    name: Name
    name_en: OptionalName = ""
    level: Level
    valid_from: Day | None = None
    valid_to: Day | None = Field(None, description="The last day of a region that was merged or renamed.")
    successor: RegionCode | None = Field(None, description="Who has taken it over: they see its cases.")


class SubstitutionIn(Request):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "absent": "leader",
                "substitute": "officer2",
                "starts": "2026-10-08",
                "ends": "2026-10-12",
            }
        }
    )
    absent: Username
    substitute: Username
    starts: Day
    ends: Day
    process: Key | None = Field(None, description="Only this process [all].")
    region: RegionCode | None = Field(
        None, description="Only this region [wherever the absent person serves]."
    )


class PeopleQuery(PageQuery):
    region: RegionCode | None = None
    role: Key | None = Field(None, description="Only who holds, held or will hold this role there.")


class RegionQuery(Query):
    on: Day | None = Field(None, description="Only what exists on this day.")


class ImportQuery(Query):
    dry_run: bool = Field(False, description="Say what would happen; write nothing.")
    skip_bad: bool = Field(False, description="Leave out the rows at fault instead of refusing the table.")


class Position(Answer):
    role: str
    region: str
    valid_from: date
    valid_to: date | None


class Person(Answer):
    username: str
    name: str
    name_en: str
    active: bool
    positions: list[Position]


class NewPerson(Person):
    initial_password: str | None


class Account(Person):
    locked_until: datetime | None
    may_manage: bool
    """Shown once, and only if it was generated."""


class Region(Answer):
    code: str
    name: str
    name_en: str
    level: Level
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    successor: str | None


class Substitution(Answer):
    id: str
    absent: str
    substitute: str
    process: str | None
    region: str
    starts: date
    ends: date
    created_by: str


class RowFault(Answer):
    row: int
    column: str
    message: str


class ImportReport(Answer):
    rows: int
    added: int
    changed: int
    unchanged: int
    written: bool
    faults: list[RowFault]
