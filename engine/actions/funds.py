"""Money: the funds of each county and year, and what every entry adds to them. In fen, never rounded.

A commitment is what a decision promises, a payment takes from what its case was promised; a payment
beyond the promise is promised on the way. What would overdraw a fund is refused: `committed` never
passes `budget`. Nothing here is changed or taken out again: a return is an entry too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from engine.actions.cursors import check_limit, read_cursor, write_cursor
from engine.actions.fund_kinds import (
    COUNTY,
    FundView,
    bad_field,
    check_amount,
    scope_of,
    show_fund,
    year_of,
    yuan,
)
from engine.actions.sheets import write_rows
from engine.actions.views import Page
from engine.errors import ConflictError, NotFoundError
from engine.store import funds, people
from engine.store.db import Tx
from engine.store.funds import EntryRow
from engine.store.ids import new_id, show_id
from engine.types import Actor

Kind = Literal["budget", "commit", "pay", "return"]
KINDS = get_args(Kind)
PAGE = 50
_COLUMNS = {
    "county": "县（市、区）代码", "county_name": "县（市、区）", "year": "年度", "key": "资金代码",
    "name": "资金", "budget": "预算（元）", "committed": "已承诺（元）", "paid": "已支付（元）",
    "left": "可用（元）",
}  # fmt: skip


class FundExhaustedError(ConflictError):
    """The fund does not hold that much any more."""

    code = "fund-exhausted"
    default_zh = "该项资金余额不足。"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry and the case behind it. `budget`, `committed`, `paid`: what it added to each total."""

    id: str
    seq: int
    kind: Kind
    amount: int
    budget: int
    committed: int
    paid: int
    case_id: str | None
    case_number: str | None
    region: str
    element: str
    at: datetime
    actor: str
    note: str


def post_entry(
    tx: Tx,
    *,
    region: str,
    key: str,
    kind: Kind,
    amount: int,
    case_id: int,
    element: str,
    job: int | None,
    note: str,
    at: datetime,
) -> EntryRow:
    """Commit, pay or return for a case in the fund of its county and this year.

    Raises FundExhaustedError, InputError (no such entry, an amount that is none, more returned than taken).
    """
    if kind not in KINDS or kind == "budget":
        raise bad_field(
            "entry", f"记账种类“{kind}”应为 commit、pay 或 return", "an entry is commit, pay or return"
        )
    check_amount(amount, least=1)
    county, year = region[:COUNTY], year_of(at)
    fund = funds.find_fund(tx, county=county, key=key, year=year, lock=True)
    if fund is None:
        raise FundExhaustedError(
            f"{county} has no budget for the fund {key!r} in {year}; set one first.",
            f"{county}{year}年度没有资金“{key}”的预算，请先核定预算。",
        )
    committed, paid = funds.sum_of_case(tx, fund.id, case_id)
    more_committed, more_paid = _effect(kind, amount, committed, paid)
    if fund.committed + more_committed > fund.budget:
        raise FundExhaustedError(
            f"The fund {key!r} of {county} has {fund.budget - fund.committed} fen left in {year}; "
            f"{more_committed} are needed.",
            f"{county}{year}年度资金“{key}”余额{fund.budget - fund.committed}分，需{more_committed}分。",
            data={"left": fund.budget - fund.committed, "needed": more_committed},
        )
    entry = EntryRow(
        fund_id=fund.id,
        seq=fund.entries + 1,
        id=new_id(at),
        kind=kind,
        amount=amount,
        budget=0,
        committed=more_committed,
        paid=more_paid,
        case_id=case_id,
        region=region,
        element=element,
        job=job,
        at=at,
        actor="system",
        note=note,
    )
    funds.append(tx, fund, entry)
    return entry


def _effect(kind: Kind, amount: int, committed: int, paid: int) -> tuple[int, int]:
    """What an entry adds to what is committed and to what is paid, after what its case already took."""
    open_ = committed - paid
    if kind == "commit":
        return amount, 0
    if kind == "pay":
        return max(0, amount - open_), amount
    if amount > committed:
        zh, en = f"该案件只占用{committed}分，不能退回{amount}分", f"the case has taken {committed} fen only"
        raise bad_field("amount", zh, en)
    return -amount, -max(0, amount - open_)


def list_funds(
    tx: Tx, *, actor: Actor, year: int | None = None, county: str | None = None
) -> tuple[FundView, ...]:
    """The funds of the counties that the actor answers for. Raises ForbiddenError where there is none."""
    found = funds.list_funds(tx, scope=scope_of(actor), year=year, county=county)
    return tuple(show_fund(row) for row in found)


def list_entries(
    tx: Tx, *, fund_id: int, actor: Actor, cursor: str | None = None, limit: int = PAGE
) -> Page[EntryView]:
    """The entries of a fund, the newest first, with their cases. NotFoundError for a fund elsewhere."""
    fund = funds.get_fund(tx, fund_id)
    scope = scope_of(actor)
    if fund is None or not any(fund.county.startswith(prefix) for prefix in scope):
        raise NotFoundError
    before = read_cursor("entries", cursor, 1)
    found = funds.list_entries(
        tx, fund_id, scope=scope, before=before[0] if before else None, limit=check_limit(limit) + 1
    )
    items = tuple(_show_entry(entry, number) for entry, number in found[:limit])
    return Page(items=items, next=write_cursor("entries", items[-1].seq) if len(found) > limit else None)


def export_funds(tx: Tx, *, actor: Actor, year: int | None = None) -> bytes:
    """The funds as an Excel table, in yuan."""
    names = {region.code: region.name for region in people.list_regions(tx)}
    rows = [
        [
            fund.county, names.get(fund.county, ""), str(fund.year), fund.key, fund.name,
            *(yuan(amount) for amount in (fund.budget, fund.committed, fund.paid, fund.left)),
        ]
        for fund in list_funds(tx, actor=actor, year=year)
    ]  # fmt: skip
    return write_rows(_COLUMNS, rows, "xlsx")


def _show_entry(row: EntryRow, number: str | None) -> EntryView:
    values = {
        name: getattr(row, name)
        for name in (
            "seq",
            "amount",
            "budget",
            "committed",
            "paid",
            "region",
            "element",
            "at",
            "actor",
            "note",
        )
    }
    case_id = None if row.case_id is None else show_id(row.case_id)
    kind: Kind = next(one for one in KINDS if one == row.kind)
    return EntryView(id=show_id(row.id), kind=kind, case_id=case_id, case_number=number, **values)
