"""Alarms by county, subject and period: the key is what makes them told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, false, insert, or_, select

from engine.store.db import Tx
from engine.store.means_tables import alarms


class AlarmRow(NamedTuple):
    """One alarm; `data` is JSON."""

    county: str
    subject: str
    period: str
    raised_at: datetime
    data: str


def add_alarm(tx: Tx, *, county: str, subject: str, period: str, raised_at: datetime, data: str) -> bool:
    """Keep an alarm; False if there is one for the period already."""
    same = (alarms.c.county == county, alarms.c.subject == subject, alarms.c.period == period)
    if tx.scalar(select(alarms.c.period).where(*same)) is not None:
        return False
    tx.execute(insert(alarms).values(AlarmRow(county, subject, period, raised_at, data)._asdict()))
    return True


def list_alarms(tx: Tx, *, scope: Sequence[str], subject: str | None = None) -> list[AlarmRow]:
    """Those of counties in these regions, the newest first."""
    inside = [and_(alarms.c.county >= prefix, alarms.c.county < prefix + ":") for prefix in scope]
    query = select(*alarms.c).where(or_(*inside) if inside else false())
    if subject is not None:
        query = query.where(alarms.c.subject == subject)
    rows = tx.execute(query.order_by(alarms.c.raised_at.desc(), alarms.c.county, alarms.c.subject))
    return [AlarmRow._make(row) for row in rows]
