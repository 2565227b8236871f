"""A county's year, day by day: what is worked, what is free, and who said so where it is no plain weekend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.errors import FieldError, InputError
from engine.store import calendars, people
from engine.store.counters import CALENDAR, current_value
from engine.store.db import Tx

FIRST, LAST = 2000, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One day. `region` and `source` are those of an announcement here; an official day has a name."""

    day: date
    works: bool
    zh: str
    en: str
    region: str | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """A year in a county. `published` tells whether the nation's official days are known."""

    year: int
    county: str
    published: bool
    workdays: int
    days: tuple[DayView, ...]


def get_year(tx: Tx, *, year: int, county: str = "") -> YearView:
    """Every day of a year; calendars are public. Raises InputError for an unknown county or year."""
    if not FIRST <= year <= LAST:
        zh, en = f"年度应为{FIRST}至{LAST}", f"a year from {FIRST} to {LAST}"
        raise InputError(f"{en}.", f"{zh}。", [FieldError(pointer="/year", zh=f"{zh}。", en=f"{en}.")])
    if county:
        people.get_region(tx, county)
    county = county[:6]
    calendar = calendars.calendar_for(tx, county, current_value(tx, CALENDAR))
    ours = {row.day: row for row in sorted(
        (row for row in calendars.list_days(tx, county) if row.day.year == year),
        key=lambda row: (len(row.region), row.announced),
    )}  # fmt: skip
    shown = []
    day = date(year, 1, 1)
    while day.year == year:
        added = ours.get(day)
        shown.append(
            DayView(
                day=day,
                works=calendar.is_workday(day),
                zh=calendar.name_of(day, "zh"),
                en=calendar.name_of(day, "en"),
                region=added.region if added else None,
                source=added.source if added else "",
            )  # fmt: skip
        )
        day += timedelta(days=1)
    return YearView(
        year=year, county=county, published=calendar.is_published(year),
        workdays=sum(one.works for one in shown), days=tuple(shown),
    )  # fmt: skip


def is_published(tx: Tx, year: int) -> bool:
    """Whether the nation's official days of a year are known here."""
    return calendars.calendar_for(tx, "", current_value(tx, CALENDAR)).is_published(year)
