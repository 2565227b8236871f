"""Alarms about a county's means: raised once a month while the cause lasts, kept for its supervisors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import access
from engine.clocks import SHANGHAI
from engine.store import alarms, audit
from engine.store.db import Tx
from engine.types import SYSTEM, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a county's supervisors were told, and the figures of that moment."""

    county: str
    subject: str
    period: str
    raised_at: datetime
    figures: Mapping[str, Any]


def period_of(at: datetime) -> str:
    """The month in which an alarm is told at most once."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m")


def raise_alarm(tx: Tx, *, county: str, subject: str, figures: Mapping[str, Any], at: datetime) -> bool:
    """Keep an alarm and record it in the audit log; False if this month has it already."""
    period = period_of(at)
    data = json.dumps(figures, ensure_ascii=False, sort_keys=True)
    if not alarms.add_alarm(tx, county=county, subject=subject, period=period, raised_at=at, data=data):
        return False
    said = {"subject": subject, "period": period, "to": "county.supervisor", **figures}
    audit.append(tx, kind="alarm_raised", actor=SYSTEM.username, data=said, at=at, region=county)
    return True


def list_alarms(tx: Tx, *, scope: Sequence[str], subject: str | None = None) -> tuple[Alarm, ...]:
    """The alarms of these regions, the newest first."""
    found = alarms.list_alarms(tx, scope=scope, subject=subject)
    return tuple(
        Alarm(
            county=row.county,
            subject=row.subject,
            period=row.period,
            raised_at=row.raised_at,
            figures=json.loads(row.data),
        )
        for row in found
    )


def see_alarms(tx: Tx, *, actor: Actor) -> tuple[Alarm, ...]:
    """The alarms of the counties that the actor answers for. Raises ForbiddenError where there is none."""
    scope = access.regions_where(actor, "fund.see")
    if not scope:
        access.require(actor, "fund.see", "")
    return list_alarms(tx, scope=scope)
