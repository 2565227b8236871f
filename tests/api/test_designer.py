"""Designers' drafts over HTTP: nothing is lost or overwritten unseen; checks, differences, deployment."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.bundles import VISIT_BPMN, VISIT_FORM
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused

PARAMETERS = b"""# the law's numbers
parameters:
  - key: visit.limit   # how long
    title: {zh: \xe8\xb5\xb0\xe8\xae\xbf, en: Visit}
    unit: workdays
    values:
      - {from: 2021-07-01, value: 3, source: "a"}
"""
SCENARIO = """scenario: Registered and confirmed
process: visit
source: Art. 1
start: {at: 2026-09-22T09:00+08:00, by: officer, answers: {}}
steps:
  - expect: {open: [register]}
  - advance_to: 2026-09-23T09:00+08:00
  - refused: {complete: {task: confirm, by: officer, answers: {share: 0.05}}, code: task-not-open}
  - withdraw: {by: officer, reason: moved away}
"""


@pytest.fixture
def draft(designer: Caller, visit: str) -> dict[str, Any]:
    opened: dict[str, Any] = designer.post("/drafts", {"process": visit}).get_json()
    return opened


def save(designer: Caller, draft: dict[str, Any], **files: str | None) -> dict[str, Any]:
    named = {name.replace("__", "."): text for name, text in files.items()}
    body = {"seen_revision": draft["revision"], "files": named}
    response = designer.post(f"/drafts/{draft['id']}/files", body)
    assert response.status_code == 200, response.text
    saved: dict[str, Any] = response.get_json()
    return saved


def test_draft_begins_with_the_exact_files_of_the_current_version(
    designer: Caller, draft: dict[str, Any]
) -> None:
    assert (draft["base_version"], draft["current_version"], draft["revision"]) == (1, 1, 1)
    assert set(draft["files"]) == {"visit.bpmn", "visit_answers.form"}
    found = designer.get(f"/drafts/{draft['id']}/file?name=visit.bpmn")
    assert found.data == VISIT_BPMN.encode()


def test_second_window_cannot_undo_the_first_unseen(designer: Caller, draft: dict[str, Any]) -> None:
    save(designer, draft, visit__bpmn="first")
    late = {"seen_revision": draft["revision"], "files": {"visit.bpmn": "second"}}
    assert_refused(designer.post(f"/drafts/{draft['id']}/files", late), 409, "stale-draft")
    assert designer.get(f"/drafts/{draft['id']}/file?name=visit.bpmn").data == b"first"


def test_draft_of_somebody_else_does_not_exist(
    draft: dict[str, Any], sign_in: Callable[[str], Caller]
) -> None:
    assert sign_in("admin").get(f"/drafts/{draft['id']}").status_code == 404
    assert sign_in("officer").get(f"/drafts/{draft['id']}").status_code == 403


def test_findings_name_the_element_and_deploying_is_refused_until_they_are_gone(
    designer: Caller, draft: dict[str, Any]
) -> None:
    path = f"/drafts/{draft['id']}"
    clean = designer.get(f"{path}/findings").get_json()["findings"]
    assert "error" not in {finding["severity"] for finding in clean}
    broken = save(designer, draft, visit__bpmn=VISIT_BPMN.replace("income / ", "income / / "))
    found = designer.get(f"{path}/findings").get_json()
    assert found["revision"] == broken["revision"]
    errors = [finding for finding in found["findings"] if finding["severity"] == "error"]
    assert [finding["element_id"] for finding in errors] == ["f3"]
    body = {"seen_revision": broken["revision"], "seen_version": 1}
    assert_refused(designer.post(f"{path}/deploy", body), 422, "#f3")
    fixed = save(designer, broken, visit__bpmn=VISIT_BPMN.replace("76000", "80000"))
    deployed = designer.post(f"{path}/deploy", {"seen_revision": fixed["revision"], "seen_version": 1})
    assert deployed.status_code == 201, deployed.text
    assert deployed.get_json()["definitions"][0]["version"] == 2
    assert designer.get(path).status_code == 404


def test_unreadable_file_is_a_finding_of_that_file(designer: Caller, draft: dict[str, Any]) -> None:
    save(designer, draft, visit__bpmn="<bpmn")
    found = designer.get(f"/drafts/{draft['id']}/findings").get_json()["findings"]
    assert [(f["severity"], f["file"]) for f in found] == [("error", "visit.bpmn")]


def test_deployment_over_a_version_that_nobody_looked_at_is_refused(
    designer: Caller, draft: dict[str, Any]
) -> None:
    changed = VISIT_BPMN.replace("workdays(3)", "workdays(4)")
    assert designer.deploy({"visit.bpmn": changed, "visit_answers.form": VISIT_FORM}).status_code == 201
    body = {"seen_revision": draft["revision"], "seen_version": 1}
    assert_refused(designer.post(f"/drafts/{draft['id']}/deploy", body), 409, "stale-base")


def test_changes_are_sentences_in_the_asked_language(designer: Caller, draft: dict[str, Any]) -> None:
    save(designer, draft, visit__bpmn=VISIT_BPMN.replace("workdays(3)", "workdays(5)"))
    path = f"/drafts/{draft['id']}/changes"
    (chinese,) = designer.get(path).get_json()["changes"]
    (english,) = designer.get(path, Accept_Language="en").get_json()["changes"]
    assert (chinese["topic"], chinese["element_id"]) == ("limit", "register")
    assert chinese["sentence"] == "用户任务“登记”：办理时限由“=workdays(3)”改为“=workdays(5)”。"
    assert english["sentence"].startswith("User task “登记”: due date changed from “=workdays(3)”")


def test_files_come_and_go_byte_for_byte(designer: Caller, draft: dict[str, Any]) -> None:
    odd = b"\xef\xbb\xbf" + VISIT_BPMN.replace("\n", "\r\n").encode() + b"<!-- \t -->\r\n"
    response = designer.http.post(
        f"/api/v1/drafts/{draft['id']}/import?seen_revision=1",
        data={"files": [(io.BytesIO(odd), "visit.bpmn"), (io.BytesIO(PARAMETERS), "a/parameters.yaml")]},
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {designer.token}"},
    )
    assert response.status_code == 200, response.text
    with zipfile.ZipFile(io.BytesIO(designer.get(f"/drafts/{draft['id']}/zip").data)) as archive:
        assert set(archive.namelist()) == {"visit.bpmn", "visit_answers.form", "a/parameters.yaml"}
        assert archive.read("visit.bpmn") == odd
        assert archive.read("a/parameters.yaml") == PARAMETERS


@pytest.mark.parametrize("name", ["../up.bpmn", "/root.bpmn", "a\\b.bpmn", "run.exe"])
def test_names_that_are_no_relative_path_of_a_known_kind_are_refused(
    designer: Caller, draft: dict[str, Any], name: str
) -> None:
    body = {"seen_revision": 1, "files": {name: "x"}}
    assert designer.post(f"/drafts/{draft['id']}/files", body).status_code == 422
    assert designer.get(f"/drafts/{draft['id']}").get_json()["revision"] == 1


def test_parameter_is_edited_in_place(designer: Caller, draft: dict[str, Any]) -> None:
    saved = save(designer, draft, parameters__yaml=PARAMETERS.decode())
    path = f"/drafts/{draft['id']}/parameters"
    (row,) = designer.get(path).get_json()["items"]
    assert (row["key"], row["unit"], row["values"][0]["value"], row["used"]) == (
        "visit.limit", "workdays", "3", False,
    )  # fmt: skip
    later = {"from": "2027-01-01", "value": 2, "source": "b", "placeholder": True}
    body = {
        "seen_revision": saved["revision"], "file": "parameters.yaml", "key": "visit.limit",
        "title": {"zh": row["zh"], "en": row["en"]}, "unit": "workdays",
        "values": [{"from": "2021-07-01", "value": 3, "source": "a"}, later],
    }  # fmt: skip
    assert designer.post(path, body).status_code == 200
    text = designer.get(f"/drafts/{draft['id']}/file?name=parameters.yaml").data
    line = b"      - {from: 2027-01-01, value: 2, source: b, placeholder: true}\n"
    assert text == PARAMETERS + line
    wrong = {**body, "seen_revision": saved["revision"] + 1, "values": [{**later, "value": "two"}]}
    assert_refused(designer.post(path, wrong), 422, "visit.limit")


def test_scenario_is_played_step_by_step(designer: Caller, draft: dict[str, Any]) -> None:
    path = f"/drafts/{draft['id']}/play"
    played = designer.post(path, {"file": "one.yaml", "text": SCENARIO}).get_json()
    assert (played["ok"], played["steps"], len(played["frames"])) == (True, 4, 5)
    first, _, later, tried, last = played["frames"]
    assert (first["active"], [task["element_id"] for task in first["tasks"]]) == (
        {"register": 1}, ["register"],
    )  # fmt: skip
    assert later["at"] == "2026-09-23T09:00:00+08:00"
    assert (last["status"], last["active"], last["what"]["reason"]) == ("withdrawn", {}, "moved away")
    assert tried["what"]["complete"]["answers"] == {"share": "0.05"}
    failed = SCENARIO.replace("[register]", "[confirm]")
    played = designer.post(path, {"file": "one.yaml", "text": failed}).get_json()
    assert (played["ok"], len(played["frames"])) == (False, 2)
    assert "confirm" in played["frames"][1]["failures"][0]


def test_scenarios_stay_with_the_process_when_they_are_deployed(
    designer: Caller, officer: Caller, draft: dict[str, Any]
) -> None:
    saved = save(designer, draft, one__yaml=SCENARIO)
    body = {"seen_revision": saved["revision"], "seen_version": 1}
    assert designer.post(f"/drafts/{draft['id']}/deploy", body).status_code == 201
    (found,) = officer.get("/definitions/visit/versions/1/scenarios").get_json()["items"]
    assert (found["file"], found["source"], found["steps"]) == ("one.yaml", "Art. 1", 4)
    again = designer.post("/drafts", {"process": "visit"}).get_json()
    assert "one.yaml" in again["files"]
    played = officer.post("/definitions/visit/versions/1/play", {"file": "one.yaml"}).get_json()
    assert played["ok"]


def test_check_without_deploying_keeps_nothing(designer: Caller, officer: Caller) -> None:
    def check(caller: Caller, text: str) -> Any:
        return caller.http.post(
            "/api/v1/definitions/check",
            data={"files": [(io.BytesIO(text.encode()), "visit.bpmn")]},
            content_type="multipart/form-data",
            headers={"Authorization": f"Bearer {caller.token}"},
        )

    found = check(designer, VISIT_BPMN).get_json()
    assert found["revision"] is None
    assert any("visit_answers" in f["message"] for f in found["findings"])
    assert check(officer, VISIT_BPMN).status_code == 403
    assert designer.get("/definitions").get_json()["items"] == []


def test_two_versions_are_compared_and_cases_counted(
    designer: Caller, officer: Caller, case: dict[str, Any]
) -> None:
    changed = VISIT_BPMN.replace("workdays(3)", "workdays(4)")
    designer.deploy({"visit.bpmn": changed, "visit_answers.form": VISIT_FORM})
    path = "/definitions/visit/compare?from_version=1&to_version=2"
    assert [c["topic"] for c in officer.get(path).get_json()["changes"]] == ["limit"]
    (standing,) = designer.get("/definitions/standing").get_json()["items"]
    assert (standing["key"], standing["version"], standing["open_cases"]) == ("visit", 2, 1)
    assert [t["element_id"] for t in case["tasks"]] == ["register"]
