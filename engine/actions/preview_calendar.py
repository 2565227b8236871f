"""What announcing calendar days would move, before it is done: computed on ledgers, nothing is written.

A page of open clocks is counted anew on the calendar as it would be. A clock that ends before the first
announced day cannot move and is never read. Who may not announce the days may not preview them either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from engine import access
from engine.actions.change_calendar import require_right
from engine.actions.cursors import CursorError, read_cursor, write_cursor
from engine.actions.program import load_program
from engine.actions.showing import clock_title, last_day
from engine.clocks import SHANGHAI, Calendar, CalendarDay, CalendarYear, Clock
from engine.store import calendars, clocks
from engine.store.clocks import OpenClock
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.types import Actor

LOOKED_AT = 1_000
"""Clocks counted anew for one page; where more are open the rest is the next page's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDeadline:
    """One clock of one case that would end on another day."""

    case_id: str
    case_number: str
    process: str
    region: str
    clock: str
    title: str
    title_en: str
    before: date
    after: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPreview:
    """What would move among the clocks of one page. `next` is None when all have been looked at."""

    items: tuple[MovedDeadline, ...]
    looked_at: int
    next: str | None


def preview_calendar(
    tx: Tx,
    *,
    days: Sequence[CalendarDay],
    years: Sequence[CalendarYear] = (),
    actor: Actor,
    cursor: str | None = None,
    limit: int = LOOKED_AT,
) -> CalendarPreview:
    """The open deadlines that these announcements would move. Raises ForbiddenError, CursorError."""
    require_right(tx, actor, days, years)
    first = min([day.day for day in days] + [date(year.year, 1, 1) for year in years], default=None)
    if first is None or not (regions := _regions(days, years, actor)):
        return CalendarPreview(items=(), looked_at=0, next=None)
    if not 1 <= limit <= LOOKED_AT:
        raise CursorError
    after = read_cursor("calendar-preview", cursor, 1)
    rows = clocks.list_open(
        tx,
        scope=regions,
        due_from=datetime.combine(first, time(), SHANGHAI),
        after=after[0] if after else 0,
        limit=limit,
    )
    cut = len(rows) >= limit
    if cut:  # the last case may have more clocks: the next page takes it whole, unless it is the only one
        whole = [row for row in rows if row.case_id != rows[-1].case_id]
        rows = whole or rows
    return CalendarPreview(
        items=tuple(_moved(tx, rows, days, years)),
        looked_at=len(rows),
        next=write_cursor("calendar-preview", rows[-1].case_id) if cut else None,
    )


def _regions(days: Sequence[CalendarDay], years: Sequence[CalendarYear], actor: Actor) -> tuple[str, ...]:
    """Where clocks can move, as far as the actor sees the cases."""
    touched = {day.region for day in days} | ({""} if years else set())
    seen = access.regions_seen(actor)
    both = {access.overlap(one, other) for one in touched for other in seen}
    return tuple(sorted(region for region in both if region is not None))


def _moved(
    tx: Tx, rows: Sequence[OpenClock], days: Sequence[CalendarDay], years: Sequence[CalendarYear]
) -> Iterator[MovedDeadline]:
    known: dict[str, Calendar] = {}
    for row in rows:
        county = row.region[:6]
        if county not in known:
            known[county] = calendars.calendar_with(tx, county, days, years)
        clock = Clock.from_json(row.ledger)
        due = clock.due(known[county])
        if due is None or due == row.due:
            continue
        program = load_program(tx, row.process, row.definition_hash)
        node = program.nodes.get(row.name.partition("#")[0])
        title, title_en = clock_title(row.name, clock.limit.key, node, program)
        before, then = last_day(row.due), last_day(due)
        if before is None or then is None:
            continue
        yield MovedDeadline(
            case_id=show_id(row.case_id), case_number=row.number, process=row.process, region=row.region,
            clock=row.name, title=title, title_en=title_en, before=before, after=then,
        )  # fmt: skip
