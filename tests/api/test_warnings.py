"""Early warning over HTTP and the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from api.cli import cli
from engine.actions.deploy import deploy
from engine.clocks import wall
from engine.definitions import read_folder
from engine.definitions.scenario_files import is_scenario
from engine.store.db import Database
from engine.types import SYSTEM
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused
from tests.processes.ten_years import PROCESSES
from tests.warned import person, row, table, weak

SignIn = Callable[[str], Caller]


@pytest.fixture
def shipped(api_database: Database) -> Database:
    files = {name: data for name, data in read_folder(PROCESSES).items() if not is_scenario(name, data)}
    with api_database.write() as tx:
        deploy(tx, files=files, actor=SYSTEM, at=wall.now())
    return api_database


def _upload(caller: Caller, data: bytes, query: str = "", **headers: str) -> Any:
    return caller.http.post(
        f"/api/v1/warnings/import{query}",
        data={"table": (io.BytesIO(data), "table.csv")},
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {caller.token}", **headers},
    )


@pytest.mark.usefixtures("shipped")
def test_a_table_is_tried_taken_in_and_listed(sign_in: SignIn) -> None:
    day = wall.now().date().isoformat()
    data = table(row(happened_on=day), weak(id_number=person(2), happened_on=day), row("YB3", id_number="1"))
    department = sign_in("department")
    tried = _upload(department, data, "?dry_run=true", **{"Accept-Language": "en"}).get_json()
    assert (tried["added"], tried["bad"], tried["opened"], tried["written"]) == (2, 1, 0, False)
    (fault,) = tried["faults"]
    assert (fault["row"], fault["column"], fault["value"], fault["rule"]) == (4, "id_number", "*", "idNumber")
    assert fault["message"].isascii()
    assert department.get("/warnings").get_json()["items"] == []
    taken = _upload(department, data).get_json()
    assert (taken["opened"], taken["written"]) == (2, True)
    assert _upload(department, data).get_json()["unchanged"] == 2
    officer = sign_in("officer")
    items = officer.get("/warnings?grade=orange&open_only=true").get_json()["items"]
    assert [(one["grade"], one["region"], one["signals"]) for one in items] == [("orange", "350481100", 1)]
    assert officer.get(f"/cases/{items[0]['case_id']}").get_json()["process"] == "early-warning"
    page = officer.get("/warnings?limit=1").get_json()
    assert len(officer.get(f"/warnings?cursor={page['next']}").get_json()["items"]) == 1


@pytest.mark.usefixtures("shipped")
def test_a_town_may_not_import_and_a_broken_table_is_refused(sign_in: SignIn) -> None:
    assert_refused(_upload(sign_in("officer"), table(row())), 403, "forbidden")
    assert_refused(_upload(sign_in("county"), b"a,b\n1,2\n"), 422, "bad-sheet")


def test_without_the_process_nothing_is_taken(sign_in: SignIn) -> None:
    assert_refused(_upload(sign_in("county"), table(row())), 404, "not-found")


def test_the_command_line_takes_a_table_in_and_lists_what_it_left_out(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    path = tmp_path / "signals.csv"
    path.write_bytes(table(row(), row("YB2", region="1")))
    run = CliRunner()
    assert run.invoke(cli, ["db", "upgrade", "--data", data]).exit_code == 0
    assert run.invoke(cli, ["deploy", str(PROCESSES), "--data", data]).exit_code == 0
    tried = run.invoke(cli, ["warnings", "import", str(path), "--dry-run", "--data", data])
    assert (tried.exit_code, "nothing written" in tried.output) == (1, True)
    taken = run.invoke(cli, ["warnings", "import", str(path), "--data", data])
    assert "2 rows: 1 added, 0 changed, 0 unchanged, 1 left out; 1 cases opened" in taken.output
    assert "3\tregion\t1\tknown-region" in taken.output
    path.write_bytes(table(row()))
    again = run.invoke(cli, ["warnings", "import", str(path), "--data", data])
    assert (again.exit_code, "0 added, 0 changed, 1 unchanged" in again.output) == (0, True)
