"""Links and household files over HTTP: shown to whoever works there, not there for anybody else."""

from __future__ import annotations

from collections.abc import Callable

from engine.clocks import wall
from engine.store.db import Database
from engine.worker import Worker
from tests.actions.test_households import ANNA, CHANGE, LONG, form
from tests.actions.test_links import CHILD, FORM, PARENT
from tests.api.conftest import Caller

TOWN = "350481100"


def test_both_cases_show_their_link(officer: Caller, designer: Caller, api_database: Database) -> None:
    files: dict[str, bytes | str] = {"p.bpmn": PARENT, "c.bpmn": CHILD, "c.form": FORM}
    assert designer.deploy(files).status_code == 201
    answers = {"given": {"name": "王"}, "where": TOWN}
    parent = officer.post("/cases", {"process": "parent", "region": TOWN, "answers": answers}).get_json()
    Worker(api_database).run_due(wall.now())
    (link,) = officer.get(f"/cases/{parent['id']}/links").get_json()["items"]
    assert (link["process"], link["link"], link["opened"]) == ("child", "aid", True)
    (back,) = officer.get(f"/cases/{link['id']}/links").get_json()["items"]
    assert (back["id"], back["opened"]) == (parent["id"], False)


def test_a_household_file_lists_its_cases_and_is_hidden_from_others(
    officer: Caller, designer: Caller, sign_in: Callable[[str], Caller]
) -> None:
    files: dict[str, bytes | str] = {"l.bpmn": LONG, "c.bpmn": CHANGE, "f.form": form()}
    assert designer.deploy(files).status_code == 201
    body = {"process": "long", "region": TOWN, "answers": {"id_number": ANNA}}
    cases = [officer.post("/cases", body).get_json() for _ in range(2)]
    shown = officer.get(f"/cases/{cases[0]['id']}/file")
    assert {case["id"] for case in shown.get_json()["cases"]} == {case["id"] for case in cases}
    assert ANNA not in shown.text
    for path in ("file", "links"):
        assert sign_in("designer").get(f"/cases/{cases[0]['id']}/{path}").status_code == 404
