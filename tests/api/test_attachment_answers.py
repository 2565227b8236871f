"""Which attachments answers may name, and what becomes of those that they do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.attachment_files import PDF, PNG
from tests.api.bundles import VISIT_BPMN
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused

FORM = json.dumps(
    {
        "type": "default",
        "id": "visit_answers",
        "schemaVersion": 18,
        "components": [
            {"type": "number", "key": "income", "id": "income", "label": "收入"},
            {"type": "number", "key": "household_size", "id": "household_size", "label": "人数"},
            {
                "type": "filepicker",
                "key": "papers",
                "id": "papers",
                "label": "材料",
                "multiple": True,
                "accept": ".pdf",
                "properties": {"labelEn": "Papers"},
            },
        ],
    }
)


@pytest.fixture
def papers_case(officer: Caller, designer: Caller) -> dict[str, Any]:
    """A case whose first task takes papers."""
    assert designer.deploy({"visit.bpmn": VISIT_BPMN, "visit_answers.form": FORM}).status_code == 201
    opened: dict[str, Any] = officer.post("/cases", {"process": "visit", "region": "350481100"}).get_json()
    return opened


def complete(caller: Caller, case: dict[str, Any], papers: Any) -> Any:
    answers = {"papers": papers, "income": 0, "household_size": 1}
    return caller.post(f"/tasks/{case['tasks'][0]['id']}/complete", {"answers": answers})


def test_answers_name_attachments_by_id_or_in_full_and_the_record_keeps_all_of_it(
    officer: Caller, papers_case: dict[str, Any]
) -> None:
    path = f"/cases/{papers_case['id']}/attachments"
    first = officer.upload(path, "a.pdf", PDF).get_json()
    second = officer.upload(path, "b.pdf", PDF + b"2").get_json()
    reference = {name: second[name] for name in ("id", "name", "sha256", "size", "type")}
    assert complete(officer, papers_case, [first["id"], reference]).status_code == 200
    events = officer.get(f"/cases/{papers_case['id']}/history").get_json()["items"]
    answered = events[-1]["data"]["answers"]["papers"]
    assert answered == [{name: first[name] for name in reference}, reference]
    assert all(item["used"] for item in officer.get(path).get_json()["items"])


def test_answers_may_not_name_what_is_not_there_or_elsewhere_or_different(
    officer: Caller, sign_in: Callable[[str], Caller], papers_case: dict[str, Any]
) -> None:
    other = officer.post("/cases", {"process": "visit", "region": "350481100"}).get_json()
    elsewhere = officer.upload(f"/cases/{other['id']}/attachments", "a.pdf", PDF).get_json()
    foreign = sign_in("officer2").upload("/attachments", "a.pdf", PDF).get_json()
    here = officer.upload(f"/cases/{papers_case['id']}/attachments", "a.pdf", PDF).get_json()
    reference = {name: here[name] for name in ("id", "name", "sha256", "size", "type")}
    for wrong in ("0000000000000", "paper-1", elsewhere["id"], foreign["id"]):
        assert_refused(complete(officer, papers_case, [here["id"], wrong]), 422, "attachment-missing")
    for change in ({"sha256": "0" * 64}, {"size": 1}, {"type": "image/png"}):
        refused = complete(officer, papers_case, [{**reference, **change}])
        assert_refused(refused, 422, "attachment-different")
        assert refused.get_json()["errors"][0]["pointer"] == "/papers/0"
    for malformed in ("x", {"id": 3}, 3, [here["id"]], {"name": "a.pdf"}, None):
        assert complete(officer, papers_case, [malformed]).status_code == 422
    assert not officer.get(f"/attachments/{here['id']}").get_json(silent=True)
    assert complete(officer, papers_case, [reference]).status_code == 200


def test_what_a_form_accepts_is_held_against_the_true_type(
    officer: Caller, papers_case: dict[str, Any]
) -> None:
    picture = officer.upload(f"/cases/{papers_case['id']}/attachments", "a.png", PNG).get_json()
    assert_refused(complete(officer, papers_case, [picture["id"]]), 422, "file-type")
    named = {name: picture[name] for name in ("id", "sha256", "size", "type")} | {"name": "a.pdf"}
    assert_refused(complete(officer, papers_case, [named]), 422, "file-type")


def test_waiting_attachment_goes_into_the_case_that_names_it(
    officer: Caller, sign_in: Callable[[str], Caller], papers_case: dict[str, Any]
) -> None:
    waiting = officer.upload("/attachments", "a.pdf", PDF).get_json()
    assert complete(officer, papers_case, [waiting["id"]]).status_code == 200
    found = officer.get(f"/cases/{papers_case['id']}/attachments").get_json()["items"]
    assert [(item["id"], item["used"], item["expires_at"]) for item in found] == [(waiting["id"], True, None)]
    assert sign_in("county").get(f"/attachments/{waiting['id']}").status_code == 200


def test_what_answers_name_cannot_be_removed_and_what_nothing_names_can(
    officer: Caller, sign_in: Callable[[str], Caller], papers_case: dict[str, Any]
) -> None:
    path = f"/cases/{papers_case['id']}/attachments"
    named, drafted, spare = (officer.upload(path, f"{n}.pdf", PDF).get_json()["id"] for n in range(3))
    task = papers_case["tasks"][0]["id"]
    officer.post(f"/tasks/{task}/draft", {"answers": {"papers": [drafted]}})
    assert_refused(officer.call("DELETE", f"/attachments/{drafted}"), 409, "conflict")
    assert_refused(sign_in("officer2").call("DELETE", f"/attachments/{spare}"), 403, "forbidden")
    assert officer.call("DELETE", f"/attachments/{spare}").status_code == 204
    assert officer.get(f"/attachments/{spare}").status_code == 404
    assert complete(officer, papers_case, [named]).status_code == 200
    assert_refused(officer.call("DELETE", f"/attachments/{named}"), 409, "conflict")
