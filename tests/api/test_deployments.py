"""Deployments and what is deployed, as designers and integrators see them over HTTP."""

from __future__ import annotations

from typing import Any

from engine.clocks import wall
from engine.store import people
from engine.store.db import Database
from tests.api.bundles import GOOD_ANSWERS, VISIT_BPMN, VISIT_FORM, visit_with
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused


def complete(caller: Caller, task: dict[str, Any], answers: dict[str, Any]) -> Any:
    return caller.post(f"/tasks/{task['id']}/complete", {"answers": answers, "seen_version": task["version"]})


def test_same_content_deployed_twice_changes_nothing(designer: Caller, visit: str) -> None:
    again = designer.deploy({"visit.bpmn": VISIT_BPMN, "visit_answers.form": VISIT_FORM})
    assert again.status_code == 200
    assert again.get_json()["definitions"][0]["version"] == 1
    changed = designer.deploy(
        {"visit.bpmn": visit_with("workdays(3)", "workdays(2)"), "visit_answers.form": VISIT_FORM}
    )
    assert changed.status_code == 201
    assert changed.get_json()["definitions"][0]["version"] == 2
    versions = designer.get(f"/definitions/{visit}").get_json()["versions"]
    assert [version["version"] for version in versions] == [2, 1]


def test_xml_of_a_version_comes_back_byte_for_byte(designer: Caller, visit: str) -> None:
    response = designer.get(f"/definitions/{visit}/versions/1/xml")
    assert response.mimetype == "application/xml"
    assert response.get_data() == VISIT_BPMN.encode()
    assert designer.get(f"/definitions/{visit}/versions/7").status_code == 404


def test_running_case_keeps_the_bytes_it_was_opened_with(
    designer: Caller, officer: Caller, case: dict[str, Any]
) -> None:
    changed = visit_with("income / household_size &lt; 76000", "false")
    designer.deploy({"visit.bpmn": changed, "visit_answers.form": VISIT_FORM})
    after = complete(officer, case["tasks"][0], GOOD_ANSWERS).get_json()
    assert [task["element_id"] for task in after["tasks"]] == ["confirm"]
    newer = officer.post("/cases", {"process": "visit", "region": "350481100"}).get_json()
    assert newer["process_version"] == 2
    assert complete(officer, newer["tasks"][0], GOOD_ANSWERS).get_json()["outcome"] == "refused"


def test_definition_tells_what_opening_a_case_asks_for(designer: Caller, officer: Caller) -> None:
    bare = designer.deploy({"visit.bpmn": VISIT_BPMN, "visit_answers.form": VISIT_FORM})
    assert bare.status_code == 201
    assert officer.get("/definitions/visit").get_json()["start_form"] is None
    start = '<bpmn:startEvent id="opened">'
    asking = (
        start + '<bpmn:extensionElements><zeebe:formDefinition formId="visit_answers" />'
        "</bpmn:extensionElements>"
    )
    designer.deploy({"visit.bpmn": visit_with(start, asking), "visit_answers.form": VISIT_FORM})
    definition = officer.get("/definitions/visit").get_json()
    assert definition["version"] == 2
    assert [version["version"] for version in definition["versions"]] == [2, 1]
    fields = [component.get("pointer") for component in definition["start_form"]["components"]]
    assert "/applicant" in fields
    missing = officer.post("/cases", {"process": "visit", "region": "350481100"})
    assert_refused(missing, 422, "/applicant")


def test_role_that_nobody_holds_is_warned_about(designer: Caller, api_database: Database) -> None:
    files = {"visit.bpmn": visit_with('"town.leader"', '"town.elder"'), "visit_answers.form": VISIT_FORM}
    deployed = designer.deploy(files)
    assert deployed.status_code == 201
    warned = [(f["code"], f["element_id"]) for f in deployed.get_json()["findings"]]
    assert ("unknown-role", "confirm") in warned
    with api_database.write() as tx:
        today = wall.now().date()
        people.add_position(tx, username="leader", role="town.elder", region="350481", valid_from=today)
    again = designer.deploy(files).get_json()["findings"]
    assert "unknown-role" not in [finding["code"] for finding in again]
