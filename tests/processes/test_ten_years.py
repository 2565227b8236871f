"""A benefit of ten years: reviewed every half-year, paid every month, as light as after its first year."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from engine.actions.record import get_record, get_variables
from engine.actions.verify import verify
from engine.scenarios.reading import instant
from engine.scenarios.stage import Stage
from engine.store.links import list_links
from engine.types import SYSTEM
from engine.worker import Worker
from tests.processes.ten_years import BENEFIT, OPENED, YEARS, Weight, live, prepared

GROWN = 64
"""Bytes that a saved state may vary by: sealed and compressed, its keys get longer by a digit or two."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    found = Stage(prepared(), "benefit", OPENED)
    yield found
    found.database.close()


@pytest.fixture(scope="module")
def weights(stage: Stage) -> list[Weight]:
    return live(stage)


def test_the_case_does_not_grow(weights: list[Weight]) -> None:
    second_year = weights[2:4]
    assert weights[-1].at.year == OPENED.year + YEARS
    assert max(w.state for w in weights[-4:]) <= max(w.state for w in second_year) + GROWN
    assert {w.timers for w in weights} == {weights[0].timers}
    assert {w.promises for w in weights} == {0}


def test_every_month_is_paid_once_and_every_half_year_reviewed(stage: Stage, weights: list[Weight]) -> None:
    with stage.database.read() as tx:
        record = get_record(tx, case_id=stage.case_id or 0, actor=SYSTEM)
        links = list_links(tx, stage.case_id or 0)
        variables = get_variables(tx, case_id=stage.case_id or 0, actor=SYSTEM)
    paid = [
        event.data["result"]["ledger"]["amount"]
        for event in record
        if "ledger" in event.data.get("result", {})
    ]
    assert len(paid) == 12 * YEARS  # from November 2026 to October 2036
    assert paid[:6] == [138000] * 6
    assert set(paid[6:]) == {168000, 108000}
    assert [link.link for link in links] == ["review"] * (2 * YEARS)
    assert (variables["pay_month"], variables["next_review"]) == ("2036-11-01", "2037-04-20")
    assert variables["reasons"] == []


def test_its_whole_history_verifies(stage: Stage, weights: list[Weight]) -> None:
    with stage.database.read() as tx:
        report = verify(tx, at=stage.now)
    assert report.problems == ()
    assert report.cases == 1 + 2 * YEARS


def test_after_an_outage_every_month_is_paid() -> None:
    with closing(prepared()) as database:
        down = Stage(database, "benefit", OPENED)
        down.start({"by": "system", "answers": BENEFIT})
        Worker(database).run_due(instant("2027-03-05T09:00"))
        with database.read() as tx:
            record = get_record(tx, case_id=down.case_id or 0, actor=SYSTEM)
            variables = get_variables(tx, case_id=down.case_id or 0, actor=SYSTEM)
    assert sum("ledger" in event.data.get("result", {}) for event in record) == 5
    assert variables["pay_month"] == "2027-04-01"
