"""Clock rows: the ledger as JSON, and beside it the instants that lists and lights ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Insert, and_, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.db import Tx
from engine.store.tables import cases, clocks, process_versions


class ClockRow(NamedTuple):
    """One clock of a case; everything but the ledger derives from it."""

    name: str
    ledger: str
    due: datetime | None
    yellow_at: datetime | None
    red_at: datetime | None


_CHANGING = ("ledger", "due", "yellow_at", "red_at")
_OF_CASE = select(clocks.c.name, *(clocks.c[name] for name in _CHANGING)).where(
    clocks.c.case_id == bindparam("case_id")
)


def _upsert(insert: Any) -> Insert:
    statement = insert(clocks)
    return statement.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=["case_id", "name"], set_={name: statement.excluded[name] for name in _CHANGING}
    )


_SAVE = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}


def list_of_case(tx: Tx, case_id: int) -> list[ClockRow]:
    """All clocks of a case, stopped ones too."""
    return [ClockRow._make(row) for row in tx.execute(_OF_CASE, {"case_id": case_id})]


def save_clocks(tx: Tx, case_id: int, rows: list[ClockRow]) -> None:
    """Insert clocks, or replace those of the same name."""
    if rows:
        tx.execute(_SAVE[tx.dialect.name], [{"case_id": case_id, **row._asdict()} for row in rows])


class OpenClock(NamedTuple):
    """A running clock with what is needed of its case to count it elsewhere."""

    case_id: int
    name: str
    ledger: str
    due: datetime
    number: str
    process: str
    region: str
    definition_hash: str


def list_open(tx: Tx, *, scope: Sequence[str], due_from: datetime, after: int, limit: int) -> list[OpenClock]:
    """Running clocks of open cases in these region prefixes that end from an instant on, by case."""
    region = cases.c.region
    inside = or_(*(and_(region >= prefix, region < prefix + ":") for prefix in scope))
    query = (
        select(
            clocks.c.case_id, clocks.c.name, clocks.c.ledger, clocks.c.due,
            cases.c.number, process_versions.c.key, cases.c.region, process_versions.c.hash,
        )
        .join(cases, cases.c.id == clocks.c.case_id)
        .join(process_versions, process_versions.c.id == cases.c.process_id)
        .where(clocks.c.case_id > after, clocks.c.due >= due_from, cases.c.closed_at.is_(None), inside)
        .order_by(clocks.c.case_id, clocks.c.name)
        .limit(limit)
    )  # fmt: skip
    return [OpenClock._make(row) for row in tx.execute(query)]
