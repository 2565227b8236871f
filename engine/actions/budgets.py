"""Budgets: what a county has for a fund and year; set with a look at what would change first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import access
from engine.actions.fund_kinds import FUNDS, FundView, bad_field, check_amount, show_fund
from engine.store import audit, funds, people
from engine.store.db import Tx
from engine.store.funds import EntryRow, FundRow
from engine.store.ids import new_id
from engine.types import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetChange:
    """What setting a budget did, or (`written` false) would do."""

    before: int
    fund: FundView
    written: bool


def set_budget(
    tx: Tx,
    *,
    county: str,
    key: str,
    year: int,
    amount: int,
    note: str,
    actor: Actor,
    at: datetime,
    confirm: bool = False,
) -> BudgetChange:
    """Set the budget of a fund; without `confirm` it only says what would change.

    Raises ForbiddenError, InputError by field (also for less than is committed already).
    """
    access.require(actor, "fund.manage", county)
    if people.get_region(tx, county).level != "county":
        raise bad_field("county", f"“{county}”不是县（市、区）代码", f"{county} is no county's code")
    if key not in FUNDS:
        known = "、".join(FUNDS)
        raise bad_field("key", f"没有资金“{key}”，可用：{known}", f"there is no fund {key!r}; known: {known}")
    check_amount(amount, least=0)
    fund = funds.find_fund(tx, county=county, key=key, year=year, lock=confirm)
    shown = fund or FundRow(0, county, key, year, 0, 0, 0, 0)
    if amount < shown.committed:
        zh = f"已承诺{shown.committed}分，预算不能低于此数"
        raise bad_field("amount", zh, f"{shown.committed} fen are committed already; a budget cannot be less")
    if confirm and amount != shown.budget:
        fund = fund or funds.add_fund(tx, county=county, key=key, year=year, at=at)
        delta = amount - fund.budget
        entry = EntryRow(
            fund_id=fund.id, seq=fund.entries + 1, id=new_id(at), kind="budget", amount=amount, budget=delta,
            committed=0, paid=0, case_id=None, region=county, element="", job=None, at=at,
            actor=actor.username, note=note,
        )  # fmt: skip
        funds.append(tx, fund, entry)
        said = {"key": key, "year": year, "from": fund.budget, "to": amount}
        audit.append(tx, kind="budget_set", actor=actor.username, data=said, at=at, region=county)
    view = show_fund((fund or shown)._replace(budget=amount))
    return BudgetChange(before=shown.budget, fund=view, written=confirm)
