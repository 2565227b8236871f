"""Funds of a county and year, and their entries: appended, never changed. Holds no rule about money.

The fund's row is locked while an entry is written, so that two payments can't both take the last yuan;
its totals move by what the entry adds to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, false, func, insert, or_, select, update

from engine.store.db import Tx
from engine.store.ids import new_id
from engine.store.means_tables import fund_entries, funds
from engine.store.packing import seal, unseal
from engine.store.tables import cases


class FundRow(NamedTuple):
    """A fund with its totals in fen; `committed` is what decisions have promised, paid or not."""

    id: int
    county: str
    key: str
    year: int
    budget: int
    committed: int
    paid: int
    entries: int


class EntryRow(NamedTuple):
    """One entry, its note opened. `budget`, `committed` and `paid` are what it added to the totals."""

    fund_id: int
    seq: int
    id: int
    kind: str
    amount: int
    budget: int
    committed: int
    paid: int
    case_id: int | None
    region: str
    element: str
    job: int | None
    at: datetime
    actor: str
    note: str


_BY_KEY = select(*funds.c).where(
    funds.c.county == bindparam("county"), funds.c.key == bindparam("key"), funds.c.year == bindparam("year")
)
_MOVE = (
    update(funds)
    .where(funds.c.id == bindparam("fund"))
    .values(
        budget=funds.c.budget + bindparam("more_budget"),
        committed=funds.c.committed + bindparam("more_committed"),
        paid=funds.c.paid + bindparam("more_paid"),
        entries=bindparam("to_seq"),
    )
)


def find_fund(tx: Tx, *, county: str, key: str, year: int, lock: bool = False) -> FundRow | None:
    """The fund, or None; `lock` holds it to the end of the transaction."""
    query = _BY_KEY.with_for_update() if lock else _BY_KEY
    row = tx.execute(query, {"county": county, "key": key, "year": year}).one_or_none()
    return FundRow._make(row) if row else None


def add_fund(tx: Tx, *, county: str, key: str, year: int, at: datetime) -> FundRow:
    """Open a fund with nothing in it."""
    row = FundRow(new_id(at), county, key, year, 0, 0, 0, 0)
    tx.execute(insert(funds).values(row._asdict()))
    return row


def append(tx: Tx, fund: FundRow, entry: EntryRow) -> None:
    """Write the next entry of a fund that the caller holds locked, and move its totals."""
    row = entry._asdict()
    row["note"] = seal(tx, entry.note.encode(), "fund_entries", entry.id)
    tx.execute(insert(fund_entries), row)
    more = {"more_budget": entry.budget, "more_committed": entry.committed, "more_paid": entry.paid}
    tx.execute(_MOVE, {"fund": fund.id, "to_seq": entry.seq, **more})


def sum_of_case(tx: Tx, fund_id: int, case_id: int) -> tuple[int, int]:
    """What one case has committed of a fund, and what it was paid."""
    query = select(
        func.coalesce(func.sum(fund_entries.c.committed), 0), func.coalesce(func.sum(fund_entries.c.paid), 0)
    ).where(fund_entries.c.fund_id == fund_id, fund_entries.c.case_id == case_id)
    committed, paid = tx.execute(query).one()
    return int(committed), int(paid)


def list_funds(
    tx: Tx, *, scope: Sequence[str], year: int | None = None, county: str | None = None
) -> list[FundRow]:
    """Funds of counties that lie in these regions, by county, year and key."""
    query = select(*funds.c).where(_inside(funds.c.county, scope))
    if year is not None:
        query = query.where(funds.c.year == year)
    if county is not None:
        query = query.where(funds.c.county == county)
    rows = tx.execute(query.order_by(funds.c.county, funds.c.year, funds.c.key))
    return [FundRow._make(row) for row in rows]


def get_fund(tx: Tx, fund_id: int) -> FundRow | None:
    """The fund with this id, or None."""
    row = tx.execute(select(*funds.c).where(funds.c.id == fund_id)).one_or_none()
    return FundRow._make(row) if row else None


def list_entries(
    tx: Tx,
    fund_id: int,
    *,
    scope: Sequence[str] = ("",),
    before: int | None = None,
    limit: int | None = None,
) -> list[tuple[EntryRow, str | None]]:
    """Entries of a fund in these regions, the newest first, each with its case's number."""
    query = select(*fund_entries.c, cases.c.number).select_from(fund_entries).outerjoin(cases)
    query = query.where(fund_entries.c.fund_id == fund_id, _inside(fund_entries.c.region, scope))
    if before is not None:
        query = query.where(fund_entries.c.seq < before)
    rows = tx.execute(query.order_by(fund_entries.c.seq.desc()).limit(limit))
    return [(_opened(tx, row), row.number) for row in rows]


def list_of_case(tx: Tx, case_id: int) -> list[EntryRow]:
    """Every entry of a case, the oldest first."""
    query = select(*fund_entries.c).where(fund_entries.c.case_id == case_id).order_by(fund_entries.c.id)
    return [_opened(tx, row) for row in tx.execute(query)]


def add_up(tx: Tx, fund_id: int) -> tuple[int, int, int, int, int]:
    """How many entries a fund has, the last one's number, and the sums of what they added."""
    sums = (func.coalesce(func.sum(fund_entries.c[name]), 0) for name in ("budget", "committed", "paid"))
    query = select(func.count(), func.coalesce(func.max(fund_entries.c.seq), 0), *sums)
    count, last, *added = tx.execute(query.where(fund_entries.c.fund_id == fund_id)).one()
    return int(count), int(last), int(added[0]), int(added[1]), int(added[2])


def _opened(tx: Tx, row: Any) -> EntryRow:
    """The entry with its note as text; a note that can't be opened shows as "?"."""
    entry = EntryRow._make(row[: len(EntryRow._fields)])
    try:
        return entry._replace(note=unseal(tx, row.note, "fund_entries", entry.id).decode())
    except ValueError:
        return entry._replace(note="?")


def _inside(column: Any, prefixes: Sequence[str]) -> ColumnElement[bool]:
    if not prefixes:
        return false()
    return or_(*(and_(column >= prefix, column < prefix + ":") for prefix in prefixes))
