"""Incidents: what failed, why, and whether somebody has put it right."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from engine.errors import NotFoundError
from engine.store.db import Tx
from engine.store.tables import incidents


class IncidentRow(NamedTuple):
    """One failure. `key` is the engine's key of the element, or the id of the timer or outbox item."""

    id: int
    case_id: int
    kind: str
    key: str
    element_id: str
    code: str
    zh: str
    en: str
    attempts: int
    at: datetime
    closed_at: datetime | None
    closed_by: str | None


def get_incident(tx: Tx, incident_id: int) -> IncidentRow:
    """The incident; `NotFoundError` if there is none."""
    row = tx.execute(select(*incidents.c).where(incidents.c.id == incident_id)).one_or_none()
    if row is None:
        raise NotFoundError
    return IncidentRow._make(row)


def list_open(tx: Tx, case_id: int) -> list[IncidentRow]:
    """The open incidents of a case."""
    query = select(*incidents.c).where(incidents.c.case_id == case_id, incidents.c.closed_at.is_(None))
    return [IncidentRow._make(row) for row in tx.execute(query.order_by(incidents.c.id))]


def add_incident(tx: Tx, values: dict[str, Any]) -> None:
    """Insert an incident."""
    tx.execute(insert(incidents), values)


def repeat_incident(tx: Tx, incident_id: int, *, zh: str, en: str, code: str) -> None:
    """The same element failed once more."""
    values = {"zh": zh, "en": en, "code": code, "attempts": incidents.c.attempts + 1}
    tx.execute(update(incidents).where(incidents.c.id == incident_id).values(values))


def close_incidents(tx: Tx, ids: list[int], *, at: datetime, by: str) -> None:
    """What failed has since succeeded, or the case is over."""
    if ids:
        tx.execute(update(incidents).where(incidents.c.id.in_(ids)).values(closed_at=at, closed_by=by))
