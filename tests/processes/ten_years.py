"""One benefit over ten years with a review every half-year, on the virtual clock, in a store of its own.

`python -m tests.processes.ten_years` plays it and prints how long that took and what the case weighs.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.actions.deploy import deploy
from engine.actions.seed_means import seed_demo_means
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.definitions import read_folder
from engine.definitions.scenario_files import is_scenario
from engine.scenarios.reading import Step, instant
from engine.scenarios.stage import Stage
from engine.store import cases, outbox, schema, timers
from engine.store.db import Database, open_database
from engine.types import SYSTEM

PROCESSES = Path(__file__).parents[2] / "processes"
YEARS = 10
OPENED = instant("2026-10-20T10:00")
TEAM = [{"name": "林晓梅", "signed": True}, {"name": "郑志远", "signed": True}]
BENEFIT = {
    "programme": "dibao", "applicant_name": "林小满", "id_number": "350481198001010013", "basis": "household",
    "household_size": 3, "amount_fen": 138000, "review_class": "unstable", "first_month": "2026-11-01",
    "decision_number": "2026-350481100-000001", "bank_account": "6217001234567890122",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What the case weighs after a review: its saved state (bytes, sealed), open timers and promises."""

    at: datetime
    state: int
    timers: int
    promises: int
    history: int


def prepared() -> Database:
    """A store with the shipped processes, the demo's people and its budgets."""
    files = {name: data for name, data in read_folder(PROCESSES).items() if not is_scenario(name, data)}
    database = open_database("sqlite://")
    schema.upgrade(database)
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
        seed_demo_means(tx, at=OPENED)
        deploy(tx, files=files, actor=SYSTEM, at=OPENED)
    return database


def live(stage: Stage) -> list[Weight]:
    """Open the benefit and live through its years; what it weighs after each review."""
    stage.start({"by": "system", "answers": BENEFIT})
    return [_half_year(stage, number) for number in range(2 * YEARS)]


def _half_year(stage: Stage, number: int) -> Weight:
    """Six months pass, and the review changes the amount up or down; the decision is served."""
    months = OPENED.month + 6 * (number + 1) - 1
    due = OPENED.replace(year=OPENED.year + months // 12, month=months % 12 + 1, hour=0)
    stage.advance(due)
    for task, by, answers in (
        ("home_visit", "officer", _visit(60000 + 60000 * (number % 2))),
        ("cosign_visit", "officer2", {"cosigned": True}),
        ("data_check", "county", {"check_items": ["hukou", "bank"]}),
        ("decide", "leader", {"decision": "accept", "decision_reason": "核实"}),
    ):
        _do(stage, task, by, answers, case="benefit-review")
    _do(stage, "serve_decision", "officer", {"decision_served": True, "served_how": "handed"})
    return _weigh(stage)


def _visit(income: int) -> dict[str, Any]:
    return {
        "visitors": TEAM, "cooperates": True, "verified_size": 3, "verified_income_fen": income,
        "property_fits": True, "labour_capable": True,
    }  # fmt: skip


def _do(stage: Stage, task: str, by: str, answers: dict[str, Any], **more: str) -> None:
    stage.act(Step(kind="complete", number=0, what={"task": task, "by": by, "answers": answers, **more}))


def _weigh(stage: Stage) -> Weight:
    case_id = stage.case_id or 0
    with stage.database.read() as tx:
        row, _, state = cases.get_case_with_state(tx, case_id)
        return Weight(
            at=stage.now,
            state=len(state or b""),
            timers=len(timers.list_of_case(tx, case_id)),
            promises=len(outbox.list_waiting(tx, case_id)),
            history=row.seq,
        )


def main() -> None:
    database = prepared()
    stage = Stage(database, "benefit", OPENED)
    began = time.perf_counter()
    weights = live(stage)
    took = time.perf_counter() - began
    first, last = weights[0], weights[-1]
    sys.stdout.write(
        f"{YEARS} years, {len(weights)} reviews, {last.history} steps of the case: {took:.1f} s; "
        f"saved state {first.state} bytes after the first review, {last.state} after the last\n"
    )


if __name__ == "__main__":
    main()
