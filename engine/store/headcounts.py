"""Population and staff by region, from a day on. Figures are added or corrected, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, false, insert, or_, select

from engine.store.db import Tx
from engine.store.means_tables import headcounts


class HeadcountRow(NamedTuple):
    """What a region had from a day on; `population` is registered (户籍), None where not counted."""

    region: str
    valid_from: date
    population: int | None
    full_time: int
    part_time: int
    source: str
    recorded_at: datetime
    recorded_by: str


_DROP = delete(headcounts).where(
    headcounts.c.region == bindparam("of_region"), headcounts.c.valid_from == bindparam("of_day")
)


def list_headcounts(tx: Tx, *, scope: Sequence[str]) -> list[HeadcountRow]:
    """Every row of these regions, by region and first day."""
    inside = [and_(headcounts.c.region >= p, headcounts.c.region < p + ":") for p in scope]
    query = select(*headcounts.c).where(or_(*inside) if inside else false())
    rows = tx.execute(query.order_by(headcounts.c.region, headcounts.c.valid_from))
    return [HeadcountRow._make(row) for row in rows]


def list_in_force(tx: Tx, *, scope: Sequence[str], on: date) -> dict[str, HeadcountRow]:
    """Region → its row that counts on a day."""
    return {row.region: row for row in list_headcounts(tx, scope=scope) if row.valid_from <= on}


def save(tx: Tx, rows: Sequence[HeadcountRow]) -> None:
    """Write rows; one of the same region and first day is replaced."""
    if rows:
        tx.execute(_DROP, [{"of_region": row.region, "of_day": row.valid_from} for row in rows])
        tx.execute(insert(headcounts), [row._asdict() for row in rows])
