"""People, regions and substitutions over HTTP and the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from api.cli import cli
from engine.clocks import wall
from engine.store.db import Database
from tests.api.bundles import GOOD_ANSWERS
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused

SignIn = Callable[[str], Caller]


def _upload(caller: Caller, path: str, table: bytes, name: str = "staff.csv") -> Any:
    return caller.http.post(
        f"/api/v1{path}",
        data={"table": (io.BytesIO(table), name)},
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {caller.token}"},
    )


def test_an_administrator_adds_somebody_and_gives_and_ends_positions(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    town = {"role": "town.officer", "region": "350481100"}
    added = admin.post("/people", {"username": "li.na", "name": "李娜", "positions": [town]})
    assert added.status_code == 201
    assert len(added.get_json()["initial_password"]) >= 12
    more = admin.post("/people/li.na/positions", {"role": "town.leader", "region": "350481101"})
    assert [held["role"] for held in more.get_json()["positions"]] == ["town.leader", "town.officer"]
    ended = admin.post("/people/li.na/positions/end", town).get_json()
    ends = {held["role"]: held["valid_to"] for held in ended["positions"]}
    assert ends["town.leader"] is None
    assert ends["town.officer"] is not None
    listed = admin.get("/people?region=350481101").get_json()["items"]
    assert [person["username"] for person in listed] == ["li.na"]


def test_who_may_not_is_refused(sign_in: SignIn, officer: Caller, nobody: Caller) -> None:
    person = {"username": "x", "name": "x", "positions": [{"role": "town.officer", "region": "350481100"}]}
    assert_refused(officer.post("/people", person), 403, "forbidden")
    assert_refused(officer.get("/people"), 403, "forbidden")
    assert_refused(nobody.get("/people"), 401, "not-signed-in")
    assert_refused(
        sign_in("leader").post("/people/officer/positions", person["positions"][0]), 403, "forbidden"
    )
    assert_refused(
        officer.post("/regions", {"code": "350481199", "name": "x", "level": "town"}), 403, "forbidden"
    )
    assert_refused(_upload(officer, "/people/import", b"username,name\nx,y\n"), 403, "forbidden")


def test_people_come_a_page_at_a_time(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    everybody = leader.get("/people").get_json()["items"]
    first = leader.get("/people?limit=1").get_json()
    second = leader.get(f"/people?limit=1&cursor={first['next']}").get_json()
    assert [*first["items"], *second["items"]] == everybody[:2]
    assert {held["region"] for person in everybody for held in person["positions"]} == {"350481100"}


def test_a_table_is_tried_dry_and_then_imported(sign_in: SignIn) -> None:
    admin = sign_in("admin")
    table = "账号,姓名,岗位,地区代码\nli.na,李娜,town.officer,350481100\nwu,吴,town.boss,350481100\n".encode()
    dry = _upload(admin, "/people/import?dry_run=true", table).get_json()
    assert (dry["rows"], dry["written"], len(dry["faults"])) == (2, False, 1)
    assert (dry["faults"][0]["row"], dry["faults"][0]["column"]) == (3, "role")
    assert_refused(_upload(admin, "/people/import", table), 422, "bad-rows")
    done = _upload(admin, "/people/import?skip_bad=true", table).get_json()
    assert (done["added"], done["written"]) == (2, True)
    exported = admin.get("/people.csv")
    assert b"li.na" in exported.data
    again = _upload(admin, "/people/import", exported.data).get_json()
    assert (again["added"], again["changed"]) == (0, 0)
    excel = admin.get("/people.xlsx")
    assert _upload(admin, "/people/import", excel.data, "staff.xlsx").get_json()["changed"] == 0


def test_regions_are_listed_saved_and_exchanged(sign_in: SignIn, officer: Caller) -> None:
    admin = sign_in("admin")
    old = {"code": "350481198", "name": "老镇", "level": "town", "valid_to": "2025-12-31"}
    saved = admin.post("/regions", {**old, "successor": "350481100"}).get_json()
    assert (saved["parent"], saved["successor"]) == ("350481", "350481100")
    codes = {region["code"] for region in officer.get("/regions").get_json()["items"]}
    today = {region["code"] for region in officer.get("/regions?on=2026-09-22").get_json()["items"]}
    assert codes - today >= {"350481198"}
    assert_refused(admin.post("/regions", {**old, "level": "county"}), 422, "invalid-input")
    assert_refused(officer.get("/regions?on=2026-02-30"), 422, "invalid-fields")
    table = officer.get("/regions.csv").data
    assert _upload(admin, "/regions/import", table).get_json()["unchanged"] == len(codes)


def test_a_substitute_does_the_work_and_the_task_says_for_whom(
    sign_in: SignIn, officer: Caller, visit: str
) -> None:
    leader, today = sign_in("leader"), wall.now().date()
    ends = (today + timedelta(days=3)).isoformat()
    said = {"absent": "officer", "substitute": "helper", "starts": today.isoformat(), "ends": ends}
    assert_refused(sign_in("helper").post("/substitutions", said), 403, "forbidden")
    made = leader.post("/substitutions", said)
    assert made.status_code == 201
    assert_refused(leader.post("/substitutions", said), 409, "substitution-conflict")
    listed = sign_in("helper").get("/substitutions").get_json()["items"]
    assert [one["id"] for one in listed] == [made.get_json()["id"]]
    case = officer.post("/cases", {"process": visit, "region": "350481100"}).get_json()
    task = case["tasks"][0]["id"]
    assert sign_in("helper").post(f"/tasks/{task}/claim").get_json()["assignee"] == "officer"
    done = sign_in("helper").post(f"/tasks/{task}/complete", {"answers": GOOD_ANSWERS})
    assert done.status_code == 200
    shown = officer.get(f"/tasks/{task}").get_json()
    assert (shown["closed_by"], shown["closed_for"]) == ("helper", "officer")
    assert leader.call("DELETE", f"/substitutions/{listed[0]['id']}").status_code == 204
    assert_refused(leader.call("DELETE", f"/substitutions/{listed[0]['id']}"), 404, "not-found")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_command_line_exports_and_imports(api_database: Database, tmp_path: Path, ending: str) -> None:
    run, data = CliRunner(), ["--data", str(tmp_path)]
    for what in ("people", "regions"):
        table = tmp_path / f"{what}.{ending}"
        assert run.invoke(cli, [what, "export", str(table), *data]).exit_code == 0
        done = run.invoke(cli, [what, "import", str(table), "--dry-run", *data])
        assert done.exit_code == 0, done.output
        assert "0 added, 0 changed" in done.output
        assert "nothing written" in done.output
    bad = tmp_path / "bad.csv"
    bad.write_text("username,name,role,region\nx,y,town.boss,350481100\n", encoding="utf-8")
    refused = run.invoke(cli, ["people", "import", str(bad), "--dry-run", *data])
    assert refused.exit_code == 1
    assert "Row 2" in refused.output
    assert "第2行" in refused.output
