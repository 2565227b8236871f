"""Load the demo's budgets, population and staff. Loading them twice adds nothing."""

from __future__ import annotations

from datetime import datetime

from engine.actions.budgets import set_budget
from engine.store import funds, headcounts, seed
from engine.store.db import Tx
from engine.types import SYSTEM


def seed_demo_means(tx: Tx, *, at: datetime, years: tuple[int, int] | None = None) -> None:
    """Add the budgets (of all years in the plan unless told which) and headcounts that are not there yet."""
    plan = seed.read("means")
    first, last = years or plan["years"]
    for county in plan["budgets"]:
        known = {(fund.key, fund.year) for fund in funds.list_funds(tx, scope=(county["county"],))}
        for year in range(first, last + 1):
            for key, yuan in county["funds"].items():
                if (key, year) not in known and yuan:
                    set_budget(
                        tx, county=county["county"], key=key, year=year, amount=yuan * 100,
                        note=county["note"], actor=SYSTEM, at=at, confirm=True,
                    )  # fmt: skip
    _seed_headcounts(tx, at)


def _seed_headcounts(tx: Tx, at: datetime) -> None:
    plan = seed.read("means")
    known = {row.region for row in headcounts.list_headcounts(tx, scope=("",))}
    rows = [
        headcounts.HeadcountRow(
            region=region, valid_from=plan["since"], population=population, full_time=full_time,
            part_time=part_time, source=plan["source"], recorded_at=at, recorded_by=SYSTEM.username,
        )
        for region, population, full_time, part_time in plan["headcounts"]
        if region not in known
    ]  # fmt: skip
    headcounts.save(tx, rows)
