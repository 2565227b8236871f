"""The list of warned people's cases, as far as one may see them. No name and no number stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import access
from engine.actions.cursors import check_limit, read_cursor, write_cursor
from engine.actions.showing import light_at
from engine.actions.views import Page
from engine.store import warnings
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.store.warnings import WarningRow
from engine.types import Actor, Light

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningView:
    """A warning with the standing of its case."""

    case_id: str
    number: str
    region: str
    grade: str
    signals: int
    status: str
    light: Light | None
    opened_at: datetime
    changed_at: datetime


def list_warnings(
    tx: Tx,
    *,
    actor: Actor,
    at: datetime,
    grade: str | None = None,
    region: str | None = None,
    open_only: bool = False,
    cursor: str | None = None,
    limit: int = PAGE,
) -> Page[WarningView]:
    """The warnings in the regions that the actor sees, the newest first."""
    before = read_cursor("warnings", cursor, 1)
    found = warnings.list_warnings(
        tx,
        scope=access.regions_seen(actor),
        region=region,
        grade=grade,
        open_only=open_only,
        before=before[0] if before else None,
        limit=check_limit(limit) + 1,
    )
    items = tuple(_show(row, case, at) for row, case in found[:limit])
    last = found[limit - 1][0].case_id if len(found) > limit else None
    return Page(items=items, next=None if last is None else write_cursor("warnings", last))


def _show(row: WarningRow, case: CaseRow, at: datetime) -> WarningView:
    is_open = case.closed_at is None
    return WarningView(
        case_id=show_id(row.case_id),
        number=case.number,
        region=case.region,
        grade=row.grade,
        signals=row.signals,
        status=case.status,
        light=light_at(at, case.yellow_at, case.red_at, paused=case.paused, limited=case.red_at is not None)
        if is_open
        else None,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
    )
