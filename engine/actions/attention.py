"""What waits for an administrator: incidents, alarms, positions that end, a missing year, placeholders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import access
from engine.actions.alarms import Alarm, period_of, see_alarms
from engine.actions.read_calendar import is_published
from engine.actions.read_parameters import list_parameters
from engine.actions.reading import list_incidents
from engine.actions.views import IncidentView
from engine.clocks import SHANGHAI
from engine.store import staff
from engine.store.db import Tx
from engine.store.staff import Held
from engine.types import Actor

SOON_DAYS = 30
"""How far ahead the end of a position is told. Ours: a month to name a successor in."""
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Each list holds at most `MOST`. `next_year_missing` is the coming year if nobody published it yet."""

    incidents: tuple[IncidentView, ...]
    more_incidents: bool
    alarms: tuple[Alarm, ...]
    expiring: tuple[tuple[str, Held], ...]
    next_year_missing: int | None
    placeholders: int


def get_attention(tx: Tx, *, actor: Actor, at: datetime) -> Attention:
    """What needs an administrator of these regions now. Raises ForbiddenError."""
    scope = access.regions_where(actor, "people.manage")
    if not scope:
        access.require(actor, "people.manage", "")
    today = at.astimezone(SHANGHAI).date()
    found = list_incidents(tx, actor=actor, limit=MOST)
    alarms = see_alarms(tx, actor=actor) if access.regions_where(actor, "fund.see") else ()
    ends = staff.list_expiring(
        tx, scope=scope, first=today, last=today + timedelta(days=SOON_DAYS), limit=MOST
    )
    coming = today.year + 1
    return Attention(
        incidents=found.items,
        more_incidents=found.next is not None,
        alarms=tuple(alarm for alarm in alarms if alarm.period == period_of(at))[:MOST],
        expiring=tuple(ends),
        next_year_missing=None if is_published(tx, coming) else coming,
        placeholders=len(list_parameters(tx, actor=actor, placeholders_only=True)),
    )
