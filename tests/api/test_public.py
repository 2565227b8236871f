"""Applying, tracking and public notices over HTTP, by people without an account; notices for staff."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.api.refusals import assert_refused
from tests.builders import TOWN
from tests.notice_files import FILES
from tests.people_forms import id_number

ANSWERS: dict[str, Any] = {
    "applicant_name": "林小满",
    "applicant_id_number": id_number(),
    "household_size": 3,
}


@pytest.fixture
def stranger(nobody: Caller, sign_in: Callable[[str], Caller]) -> Caller:
    """Somebody without an account, where there is something to apply for."""
    files = {".".join(name.rsplit("_", 1)): data for name, data in FILES.items()}
    assert sign_in("designer").deploy(files).status_code == 201  # type: ignore[arg-type]
    return nobody


def _begin(stranger: Caller) -> str:
    opened = stranger.post("/public/applications", {"process": "help", "region": TOWN})
    assert opened.status_code == 201
    return str(opened.get_json()["code"])


def _applied(stranger: Caller) -> str:
    code = _begin(stranger)
    assert (
        stranger.post("/public/application", {"answers": ANSWERS}, X_Application_Code=code).status_code == 200
    )
    receipt = stranger.post("/public/application/submit", X_Application_Code=code)
    assert receipt.status_code == 201
    return str(receipt.get_json()["number"])


def _track(stranger: Caller, number: str, digits: str = id_number()[-4:]) -> Any:
    return stranger.post("/public/tracking", {"number": number, "digits": digits})


def _upload(caller: Caller, path: str, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    part = {"file": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "户口簿.pdf")}
    return caller.http.post(f"/api/v1{path}", data=part, headers=sent, content_type="multipart/form-data")


def test_needs_and_townships_are_open_to_all(stranger: Caller) -> None:
    needs = stranger.get("/public/needs", Accept_Language="en").get_json()["items"]
    assert needs == [{"process": "help", "need": "I cannot make ends meet", "title": "Help"}]
    assert {"code": TOWN, "name": "西洋镇"} in stranger.get("/public/townships").get_json()["items"]


def test_a_draft_comes_back_under_its_code_alone(stranger: Caller) -> None:
    code = _begin(stranger)
    stranger.post("/public/application", {"answers": ANSWERS}, X_Application_Code=code)
    found = stranger.get("/public/application", X_Application_Code=code).get_json()
    assert found["answers"] == ANSWERS
    assert "code" not in found
    assert_refused(stranger.get("/public/application"), 404, "unknown-code")
    assert_refused(stranger.get("/public/application", X_Application_Code="0" * 16), 404, "unknown-code")


def test_a_file_of_a_draft_goes_with_the_case(stranger: Caller) -> None:
    code = _begin(stranger)
    stored = _upload(stranger, "/public/application/attachments", X_Application_Code=code)
    assert stored.status_code == 201
    assert stored.get_json()["case_id"] is None
    assert _upload(stranger, "/public/application/attachments").status_code == 404


def test_an_application_is_tracked_supplied_and_withdrawn(stranger: Caller) -> None:
    opened = _track(stranger, _applied(stranger)).get_json()
    token, case = opened["token"], opened["case"]
    assert (case["standing"], case["todo"][0]["name"]) == ("accepted", "supply name")
    paper = _upload(stranger, "/public/tracking/attachments", X_Tracking_Token=token).get_json()
    answers = {"answers": {"paper": "户口簿", "paper_files": [paper["id"]]}}
    done = stranger.post(f"/public/tracking/tasks/{case['todo'][0]['id']}", answers, X_Tracking_Token=token)
    assert done.get_json()["todo"] == []
    assert done.get_json()["waits"][0]["by"] == ["town.officer"]
    notice = case["notices"][0]["id"]
    read = stranger.get(f"/public/tracking/notices/{notice}", X_Tracking_Token=token).get_json()
    assert (read["state"], read["delivered_how"]) == ("delivered", "tracking")
    asked = {"reason": "家里有收入了", "confirm": False}
    assert stranger.post("/public/tracking/withdrawal", asked, X_Tracking_Token=token).status_code == 422
    gone = stranger.post("/public/tracking/withdrawal", {**asked, "confirm": True}, X_Tracking_Token=token)
    assert gone.get_json()["standing"] == "withdrawn"
    assert stranger.call("DELETE", "/public/tracking", X_Tracking_Token=token).status_code == 204
    assert_refused(stranger.get("/public/tracking", X_Tracking_Token=token), 404, "tracking-over")


def test_wrong_digits_and_a_wrong_number_give_the_same_bytes(stranger: Caller) -> None:
    number = _applied(stranger)
    wrong, nowhere = _track(stranger, number, "0000"), _track(stranger, f"2026-{TOWN}-900000", "0000")
    assert (wrong.status_code, wrong.get_data()) == (nowhere.status_code, nowhere.get_data())
    assert_refused(wrong, 404, "not-tracked")


def test_many_tries_are_locked_out_with_a_time_to_wait(stranger: Caller) -> None:
    number = _applied(stranger)
    for _ in range(10):
        _track(stranger, number, "0000")
    locked = _track(stranger, number)
    assert_refused(locked, 429, "too-many-attempts")
    assert int(locked.headers["Retry-After"]) > 0


def test_no_other_case_and_no_task_of_staff_can_be_reached(stranger: Caller) -> None:
    mine = _track(stranger, _applied(stranger)).get_json()["token"]
    other = _track(stranger, _applied(stranger)).get_json()["case"]
    path = f"/public/tracking/tasks/{other['todo'][0]['id']}"
    assert_refused(stranger.post(path, {"answers": {}}, X_Tracking_Token=mine), 404, "not-found")
    notice = f"/public/tracking/notices/{other['notices'][0]['id']}"
    assert_refused(stranger.get(notice, X_Tracking_Token=mine), 404, "not-found")


def _posted(stranger: Caller, sign_in: Callable[[str], Caller]) -> dict[str, Any]:
    officer, number = sign_in("officer"), _applied(stranger)
    for _ in range(2):
        task = officer.get("/tasks?group=true").get_json()["items"][0]
        sent = {"answers": {}, "seen_version": task["version"]}
        assert officer.post(f"/tasks/{task['id']}/complete", sent).status_code == 200
    (posting,) = stranger.get(f"/public/postings?region={TOWN}").get_json()["items"]
    return {**posting, "number": number}


def test_a_posting_is_public_and_takes_an_objection(
    stranger: Caller, sign_in: Callable[[str], Caller]
) -> None:
    posting = _posted(stranger, sign_in)
    assert posting["shows"] == {"applicant_name": "林小满", "household_size": 3}
    assert id_number() not in str(posting)
    path = f"/public/postings/{posting['id']}"
    assert stranger.get(path).get_json()["paragraphs"] == ["林小满，家庭人数3。"]
    said = {"name": "邻居", "contact": "13900000001", "text": "有房"}
    refused = stranger.post(f"{path}/objections", {**said, "text": ""})
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/text"]
    unseen = stranger.post(f"{path}/objections", {**said, "text": "有房\x00", "name": "邻\x07居"})
    assert [error["pointer"] for error in unseen.get_json()["errors"]] == ["/name", "/text"]
    assert stranger.post(f"{path}/objections", said).status_code == 204
    assert_refused(stranger.get(path), 404, "not-found")
    assert_refused(stranger.get("/public/postings?region=999999"), 422, "unknown-region")


def test_staff_see_a_cases_notices_and_record_a_delivery(
    stranger: Caller, sign_in: Callable[[str], Caller]
) -> None:
    _applied(stranger)
    officer = sign_in("officer")
    (case,) = officer.get("/cases").get_json()["items"]
    (notice,) = officer.get(f"/cases/{case['id']}/notices").get_json()["items"]
    assert (notice["key"], notice["state"]) == ("受理通知书", "queued")
    assert officer.get(f"/notices/{notice['id']}", Accept_Language="en").get_json()["paragraphs"] == [
        "林小满: accepted."
    ]
    given = officer.post(f"/notices/{notice['id']}/delivery", {"how": "in_person"})
    assert (given.get_json()["state"], given.get_json()["delivered_how"]) == ("delivered", "in_person")
    assert_refused(sign_in("designer").get(f"/notices/{notice['id']}"), 404, "not-found")


def test_a_notice_prints_as_a_page_of_its_own(stranger: Caller, sign_in: Callable[[str], Caller]) -> None:
    code = _begin(stranger)
    answers = {**ANSWERS, "applicant_name": "林<b>小满</b>"}
    stranger.post("/public/application", {"answers": answers}, X_Application_Code=code)
    sent = stranger.post("/public/application/submit", X_Application_Code=code)
    if sent.status_code == 422:  # a name of this kind is refused, and never reaches paper
        assert sent.get_json()["errors"][0]["pointer"] == "/applicant_name"
        _applied(stranger)
    officer = sign_in("officer")
    (case,) = officer.get("/cases").get_json()["items"]
    (notice,) = officer.get(f"/cases/{case['id']}/notices").get_json()["items"]
    page = officer.get(f"/notices/{notice['id']}/html")
    assert "<h1>受理通知书</h1>" in page.text
    assert "西洋镇人民政府" in page.text
    assert "<b>" not in page.text
    assert "sha256-" in page.headers["Content-Security-Policy"]


def test_a_notice_becomes_a_pdf(stranger: Caller, sign_in: Callable[[str], Caller]) -> None:
    pytest.importorskip("justmytype_intl_cjk")
    _applied(stranger)
    officer = sign_in("officer")
    (case,) = officer.get("/cases").get_json()["items"]
    (notice,) = officer.get(f"/cases/{case['id']}/notices").get_json()["items"]
    first, second = (officer.get(f"/notices/{notice['id']}/pdf") for _ in range(2))
    assert first.mimetype == "application/pdf"
    assert first.data.startswith(b"%PDF")
    assert first.data == second.data
