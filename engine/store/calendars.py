"""Calendar days announced since the calendar library was built, for the nation or a region below it.

Every change raises the calendar's revision, which each step reads together with the case: nobody
computes with a calendar that has been changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from engine.clocks import Calendar, CalendarDay, CalendarYear
from engine.errors import ConflictError
from engine.store.counters import CALENDAR, next_value
from engine.store.db import Tx, database_of
from engine.store.tables import calendar_days, calendar_years

_KEPT = "calendars"
_MOST_KEPT = 500  # more than China's counties in any one province


def calendar_for(tx: Tx, region: str, revision: int) -> Calendar:
    """The working days of the county that `region` belongs to, as of a revision of the calendar."""
    kept: dict[tuple[str, int], Calendar] = database_of(tx).kept.setdefault(_KEPT, {})
    key = (region[:6], revision)
    calendar = kept.get(key)
    if calendar is None:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        calendar = kept[key] = _read(tx, region[:6])
    return calendar


def _read(tx: Tx, county: str) -> Calendar:
    return Calendar(list_days(tx, county), county, list_years(tx))


def list_days(tx: Tx, county: str) -> list[CalendarDay]:
    """The days announced for a county and for what it lies in, by day and announcement."""
    prefixes = [county[:length] for length in range(len(county) + 1)]
    query = select(calendar_days).where(calendar_days.c.region.in_(prefixes))
    rows = tx.execute(query.order_by(calendar_days.c.day, calendar_days.c.announced))
    return [CalendarDay(**row._mapping) for row in rows]


def list_years(tx: Tx) -> list[CalendarYear]:
    """The years published since the library was built."""
    return [CalendarYear(**row._mapping) for row in tx.execute(select(calendar_years))]


def calendar_with(
    tx: Tx, county: str, days: Iterable[CalendarDay], years: Iterable[CalendarYear]
) -> Calendar:
    """A county's calendar as it would be with these announcements; nothing is kept."""
    return Calendar([*list_days(tx, county), *days], county, [*list_years(tx), *years])


def add_calendar(tx: Tx, days: Iterable[CalendarDay], years: Iterable[CalendarYear]) -> int:
    """Add announcements; returns the calendar's new revision. One already there is a conflict."""
    for table, rows in (
        (calendar_days, [asdict(day) for day in days]),
        (calendar_years, [asdict(year) for year in years]),
    ):
        if rows:
            try:
                tx.execute(insert(table), rows)
            except IntegrityError as error:
                raise AnnouncedError from error
    return next_value(tx, CALENDAR)


class AnnouncedError(ConflictError):
    """One of these days or years has been announced already on the same date; nothing was changed."""

    code = "already-announced"
    default_zh = "其中的日期或年度已在同一天公布过，未作任何改动。"
