"""The county's draw over real cases: who is looked at besides, the same again, nothing of other regions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.actions.inside_job import InsideJob
from engine.actions.sampling import draw_sample, recall_decision
from engine.errors import NotFoundError
from engine.scenarios.reading import instant, read_scenario
from engine.scenarios.runner import begin, take
from engine.scenarios.stage import Stage
from engine.store.db import Database
from tests.processes.ten_years import PROCESSES, prepared

STORIES = (
    "plain-devolved.yaml",
    "brother-on-the-village-committee.yaml",
    "complaint-brings-the-county.yaml",
    "objection-and-republishing.yaml",
)
MONTH, AFTER = "2026-10-01", instant("2026-11-02T09:00")


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """A store in which four applications of one township have been decided in October."""
    found = prepared()
    for name in STORIES:
        path: Path = PROCESSES / "minimum-living" / "scenarios" / name
        scenario = read_scenario(path.read_bytes(), file=name)
        stage = Stage(found, scenario.process, instant(scenario.start["at"]))
        failures = begin(stage, scenario, None)
        for step in scenario.steps:
            failures += take(stage, step) if step.kind != "expect" else []
        assert failures == []
    yield found
    found.close()


def job(region: str = "350481", **inputs: Any) -> InsideJob:
    given = {
        "month": MONTH, "ratio": 0.01, "processes": ["minimum-living"], "outcomes": ["approved"], "seed": "7",
    }  # fmt: skip
    return InsideJob(id=1, case_id=1, region=region, element_id="draw", variables=given | inputs)


def sample(database: Database, region: str = "350481", **inputs: Any) -> dict[str, Any]:
    with database.read() as tx:
        drawn: dict[str, Any] = draw_sample(tx, job(region, **inputs), AFTER)["sample"]
    return drawn


def test_relatives_and_complaints_come_on_top_of_the_draw(database: Database) -> None:
    drawn = sample(database)
    assert drawn["decided"] == len(STORIES)
    assert sorted(case["why"] for case in drawn["cases"]) == ["complaint", "random", "relative"]
    assert {case["region"] for case in drawn["cases"]} == {"350481100"}


def test_the_same_seed_draws_the_same_cases_again(database: Database) -> None:
    assert sample(database) == sample(database)
    drawn = {tuple(case["number"] for case in sample(database, seed=str(n))["cases"]) for n in range(20)}
    assert len(drawn) > 1


@pytest.mark.parametrize(
    ("region", "inputs"),
    [
        ("350404", {}), ("350481", {"month": "2026-09-01"}), ("350481", {"processes": ["benefit"]}),
        ("350481", {"outcomes": ["refused"]}), ("35048110", {"month": "2025-10-01"}),
    ],
)  # fmt: skip
def test_other_regions_months_processes_and_decisions_are_not_drawn(
    database: Database, region: str, inputs: dict[str, Any]
) -> None:
    drawn = sample(database, region, **inputs)
    assert (drawn["decided"], drawn["cases"]) == (0, [])


def test_a_recall_reaches_the_benefit_of_that_decision_alone(database: Database) -> None:
    case = sample(database)["cases"][0]["id"]
    asked = job(case=case, reason="漏报收入")
    with database.read() as tx:
        assert recall_decision(tx, asked, AFTER) == {"recalled": True}
    assert [letter.message for letter in asked.letters] == ["recall"]


def test_nothing_outside_the_region_is_recalled(database: Database) -> None:
    case = sample(database)["cases"][0]["id"]
    with database.read() as tx, pytest.raises(NotFoundError):
        recall_decision(tx, job("350404", case=case, reason="x"), AFTER)
