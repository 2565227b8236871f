"""Notices: rows beside the promises that carry them. Delivery follows the promise until somebody has it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, insert, select, update

from engine.store.db import Tx
from engine.store.notice_tables import notices
from engine.store.packing import unpack, unseal
from engine.store.tables import outbox


class NoticeRow(NamedTuple):
    """One notice and how far its promise is. `payload` is the promise's, opened."""

    id: int
    case_id: int
    key: str
    recipient: str
    queued_at: datetime
    township: str | None
    up_at: datetime | None
    down_at: datetime | None
    taken_down_at: datetime | None
    taken_down_why: str | None
    delivered_at: datetime | None
    delivered_how: str | None
    run_at: datetime | None
    finished_at: datetime | None
    sink: str | None
    payload: dict[str, Any]


_OWN = tuple(notices.c)
_JOINED = select(*_OWN, outbox.c.run_at, outbox.c.finished_at, outbox.c.sink, outbox.c.payload).join(outbox)
_OF_CASE = _JOINED.where(notices.c.case_id == bindparam("case_id")).order_by(
    notices.c.queued_at, notices.c.id
)
_BY_ID = _JOINED.where(notices.c.id == bindparam("notice_id"))
_HANGING = (notices.c.taken_down_at.is_(None), notices.c.down_at > bindparam("at"))
_OF_TOWNSHIP = (
    _JOINED.where(notices.c.township == bindparam("township"), notices.c.up_at <= bindparam("at"), *_HANGING)
    .order_by(notices.c.down_at, notices.c.id)
    .limit(bindparam("most"))
)
_OF_CASE_HANGING = select(*_OWN).where(
    notices.c.case_id == bindparam("case_id"), notices.c.township.is_not(None), *_HANGING
)
_INSERT = insert(notices)


def add(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Insert notices; each promise must be there already."""
    if rows:
        tx.execute(_INSERT, rows)


def list_of_case(tx: Tx, case_id: int) -> list[NoticeRow]:
    """Every notice of a case, oldest first."""
    return [_opened(tx, row) for row in tx.execute(_OF_CASE, {"case_id": case_id})]


def find(tx: Tx, notice_id: int) -> NoticeRow | None:
    """One notice, or None."""
    row = tx.execute(_BY_ID, {"notice_id": notice_id}).one_or_none()
    return None if row is None else _opened(tx, row)


def list_hanging(tx: Tx, township: str, at: datetime, most: int) -> list[NoticeRow]:
    """The postings that hang in a township at an instant, the next to come down first."""
    rows = tx.execute(_OF_TOWNSHIP, {"township": township, "at": at, "most": most})
    return [_opened(tx, row) for row in rows]


def list_hanging_of_case(tx: Tx, case_id: int, at: datetime) -> list[tuple[int, str]]:
    """Id and key of the postings of a case that hang."""
    rows = tx.execute(_OF_CASE_HANGING, {"case_id": case_id, "at": at})
    return [(row.id, row.key) for row in rows]


def take_down(tx: Tx, ids: Sequence[int], at: datetime, why: str) -> None:
    """The postings come down before their days are over."""
    values = {"taken_down_at": at, "taken_down_why": why}
    tx.execute(update(notices).where(notices.c.id.in_(ids)).values(values))


def deliver(tx: Tx, notice_id: int, at: datetime, how: str) -> None:
    """The recipient has it."""
    tx.execute(update(notices).where(notices.c.id == notice_id).values(delivered_at=at, delivered_how=how))


def list_rows(tx: Tx, case_id: int) -> list[dict[str, Any]]:
    """The bare rows of a case, for those who compare them with the record."""
    query: Select[Any] = select(*_OWN).where(notices.c.case_id == case_id).order_by(notices.c.id)
    return [dict(row._mapping) for row in tx.execute(query)]


def _opened(tx: Tx, row: Any) -> NoticeRow:
    payload = json.loads(unpack(unseal(tx, row.payload, "outbox", row.id)))
    return NoticeRow._make([*row[:-1], payload])
