"""Announce calendar days, and count every open case's clocks anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from os.path import commonprefix

from engine import access
from engine.actions.step import finish
from engine.actions.work import load_work
from engine.clocks import CalendarDay, CalendarYear
from engine.store import audit, calendars, cases, people
from engine.store.counters import CALENDAR, current_value
from engine.store.db import Tx
from engine.types import SYSTEM, Actor


def change_calendar(
    tx: Tx,
    *,
    days: Sequence[CalendarDay],
    years: Sequence[CalendarYear] = (),
    actor: Actor,
    at: datetime,
) -> int:
    """Add announced days and published years; returns the calendar's new revision.

    A case counts on the new calendar from its next step on; `recalculate_clocks` brings that step to
    those that would otherwise wait. Raises ForbiddenError, ConflictError (announced already).
    """
    require_right(tx, actor, days, years)
    announced = {
        "days": [f"{day.region or '-'} {day.day.isoformat()} {'+' if day.works else '-'}" for day in days],
        "years": [year.year for year in years],
    }
    audit.append(tx, kind="calendar_changed", actor=actor.username, data=announced, at=at)
    return calendars.add_calendar(tx, days, years)


def require_right(tx: Tx, actor: Actor, days: Sequence[CalendarDay], years: Sequence[CalendarYear]) -> None:
    """ForbiddenError unless the actor may announce these.

    What counts for the nation is announced by who is in charge of all regions that there are here.
    """
    regions = {day.region for day in days} | ({""} if years else set())
    for region in sorted(regions):
        everywhere = "" if region else commonprefix([one.code for one in people.list_regions(tx)])
        access.require(actor, "calendar.change", region or everywhere)


def list_stale_cases(tx: Tx, *, after: int = 0, limit: int = 100) -> list[int]:
    """Open cases still counted on an older calendar than the present one, in id order from behind `after`."""
    return cases.list_behind_calendar(tx, current_value(tx, CALENDAR), after, limit)


def recalculate_case(tx: Tx, *, case_id: int, at: datetime) -> None:
    """Count one open case on the present calendar; a row of history says what moved, if anything did."""
    work = load_work(tx, case_id=case_id, actor=SYSTEM, at=at)
    if work.clockwork.changed:
        finish(work, "clocks_recalculated", [])
    else:
        cases.save_calendar(tx, case_id, work.live.calendar_revision)


def recalculate_clocks(tx: Tx, *, at: datetime, limit: int = 100) -> int:
    """Count up to `limit` open cases on the present calendar; returns how many were still on an old one."""
    stale = list_stale_cases(tx, limit=limit)
    for case_id in stale:
        recalculate_case(tx, case_id=case_id, at=at)
    return len(stale)
