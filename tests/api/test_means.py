"""Money and staff of counties over HTTP and the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from api.cli import cli
from engine.actions.seed_means import seed_demo_means
from engine.actions.sheets import read_rows
from engine.clocks import wall
from engine.store.db import Database
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused

SignIn = Callable[[str], Caller]
BUDGET = {"county": "350481", "key": "temporary", "year": 2026, "amount": 400_000, "note": "年初预算"}


def _upload(caller: Caller, path: str, table: bytes) -> Any:
    return caller.http.post(
        f"/api/v1{path}",
        data={"table": (io.BytesIO(table), "headcounts.csv")},
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {caller.token}"},
    )


@pytest.fixture
def means(api_database: Database) -> Database:
    at = wall.now()
    with api_database.write() as tx:
        seed_demo_means(tx, at=at, years=(at.year, at.year))
    return api_database


def test_a_budget_is_shown_before_it_is_set_and_then_listed(sign_in: SignIn) -> None:
    county = sign_in("county")
    planned = county.post("/funds/budget", BUDGET).get_json()
    assert (planned["written"], planned["before"], planned["fund"]["left"]) == (False, 0, 400_000)
    assert county.get("/funds").get_json() == {"items": []}
    assert county.post("/funds/budget", {**BUDGET, "confirm": True}).get_json()["written"]
    (fund,) = county.get("/funds?year=2026", Accept_Language="en").get_json()["items"]
    assert fund["name"] == "Assistance subsidy, temporary aid"
    page = county.get(f"/funds/{fund['id']}/entries").get_json()
    assert [(entry["kind"], entry["amount"], entry["note"]) for entry in page["items"]] == [
        ("budget", 400_000, "年初预算")
    ]


def test_a_town_neither_sets_nor_sees_its_countys_money(sign_in: SignIn, means: Database) -> None:
    assert_refused(sign_in("leader").post("/funds/budget", BUDGET), 403, "forbidden")
    assert_refused(sign_in("leader").get("/funds"), 403, "forbidden")
    assert_refused(sign_in("leader").get("/supervision/services"), 403, "forbidden")


def test_funds_as_excel(sign_in: SignIn, means: Database) -> None:
    response = sign_in("supervisor").get("/funds.xlsx")
    names = ("county", "county_name", "year", "key", "name", "budget", "committed", "paid", "left")
    rows = read_rows(response.get_data(), dict.fromkeys(names, ""))
    assert {row["key"] for _, row in rows} == {
        "assistance", "temporary", "social-work", "social-work-costs",
    }  # fmt: skip


def test_services_alarms_and_headcounts_for_supervisors(sign_in: SignIn, means: Database) -> None:
    supervisor = sign_in("supervisor")
    (row,) = supervisor.get("/supervision/services").get_json()["items"]
    assert (row["county_name"], row["least"], row["budgeted"]["share"]) == ("永安市", "0.0500", "0.0501")
    assert row["paid"]["share"] is None
    assert supervisor.get("/supervision/alarms").get_json() == {"items": []}
    short = supervisor.get("/supervision/headcounts?short_only=true").get_json()["items"]
    assert [(one["region"], one["staff"], one["least"]) for one in short] == [
        ("350481103", 1, 2), ("350481103201", 0, 1),
    ]  # fmt: skip


def test_headcounts_are_imported_with_a_dry_run_and_faults_by_row(sign_in: SignIn) -> None:
    county = sign_in("county")
    table = "地区代码,户籍人口,专职人数,数据来源\n350481100,20000,1,统计年鉴\n350481101,many,1,统计年鉴\n"
    report = _upload(county, "/headcounts/import?dry_run=true", table.encode()).get_json()
    assert (report["added"], report["written"]) == (1, False)
    assert [(fault["row"], fault["column"]) for fault in report["faults"]] == [(3, "population")]
    assert_refused(_upload(county, "/headcounts/import", table.encode()), 422, "bad-rows")
    report = _upload(county, "/headcounts/import?skip_bad=true", table.encode()).get_json()
    assert (report["added"], report["written"]) == (1, True)
    text = county.get("/headcounts.csv").get_data(as_text=True)
    assert "350481100,20000,1,0," in text
    assert county.get("/headcounts.xlsx").status_code == 200
    assert_refused(_upload(sign_in("officer"), "/headcounts/import", table.encode()), 403, "forbidden")


def test_what_if(sign_in: SignIn, case: dict[str, Any]) -> None:
    leader = sign_in("leader")
    said = "/supervision/queue?region=350481100&role=town.officer&more=2&weeks=4"
    found = leader.get(said, Accept_Language="en").get_json()
    assert (found["verdict"], found["people"], found["more"]) == ("unknown", 2, 2)
    assert any("straight" in text or "works as fast" in text for text in found["assumptions"])
    assert_refused(leader.get("/supervision/queue?region=350481100&role=king"), 422, "invalid-input")
    assert_refused(leader.get("/supervision/queue?region=350404100&role=town.officer"), 403, "forbidden")


def test_the_command_line_imports_headcounts_and_lists_funds(means: Database, tmp_path: Path) -> None:
    table = tmp_path / "headcounts.csv"
    table.write_text("region,population,full_time,source\n350481100,30000,2,统计年鉴\n", encoding="utf-8")
    run = CliRunner().invoke(cli, ["headcounts", "import", str(table), "--data", str(tmp_path)])
    assert (run.exit_code, "1 added" in run.output) == (0, True), run.output
    out = tmp_path / "out.xlsx"
    run = CliRunner().invoke(cli, ["headcounts", "export", str(out), "--data", str(tmp_path)])
    assert (run.exit_code, out.exists()) == (0, True), run.output
    run = CliRunner().invoke(cli, ["funds", "--data", str(tmp_path)])
    assert "350481\t" in run.output
    assert "\ttemporary\t4000000.00\t0.00\t0.00\t4000000.00" in run.output
