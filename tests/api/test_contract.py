"""The HTTP contract, call by call, as outside scripts rely on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from engine.store.db import Database
from tests.api.bundles import GOOD_ANSWERS
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused, everything


def complete(caller: Caller, task: dict[str, Any], answers: dict[str, Any], **headers: str) -> Any:
    body = {"answers": answers, "seen_version": task["version"]}
    return caller.post(f"/tasks/{task['id']}/complete", body, **headers)


def test_case_runs_from_opening_to_decision(
    officer: Caller, sign_in: Callable[[str], Caller], case: dict[str, Any]
) -> None:
    assert case["status"] == "active"
    assert case["number"]
    assert [task["element_id"] for task in case["tasks"]] == ["register"]
    assert {clock["name"] for clock in case["clocks"]} >= {"total", "register"}
    after = complete(officer, case["tasks"][0], GOOD_ANSWERS).get_json()
    assert [task["element_id"] for task in after["tasks"]] == ["confirm"]
    assert after["version"] > case["version"]
    done = complete(sign_in("leader"), after["tasks"][0], {}).get_json()
    assert (done["status"], done["outcome"], done["tasks"]) == ("completed", "granted", [])
    kinds = [event["kind"] for event in officer.get(f"/cases/{case['id']}/history").get_json()["items"]]
    assert kinds[0] == "case_opened"
    assert kinds.count("task_completed") == 2


def test_times_carry_an_offset(officer: Caller, case: dict[str, Any]) -> None:
    assert datetime.fromisoformat(case["opened_at"]).utcoffset() is not None
    assert datetime.fromisoformat(case["tasks"][0]["due"]).utcoffset() is not None
    recorded = officer.get(f"/cases/{case['id']}/history").get_json()["items"][0]["data"]["clocks"]
    assert datetime.fromisoformat(recorded["register"]["due"]) == datetime.fromisoformat(
        case["tasks"][0]["due"]
    )


def test_problem_speaks_the_asked_language(officer: Caller) -> None:
    chinese = officer.get("/cases/0000000000000")
    english = officer.get("/cases/0000000000000", Accept_Language="en-GB,en;q=0.9")
    assert chinese.headers["Content-Language"] == "zh-CN"
    assert "没有找到" in chinese.get_json()["detail"]
    assert english.headers["Content-Language"] == "en"
    assert "nothing here" in english.get_json()["detail"]


def test_clock_explains_itself_in_both_languages(officer: Caller, case: dict[str, Any]) -> None:
    path = f"/cases/{case['id']}/clocks"
    chinese = next(c for c in officer.get(path).get_json()["items"] if c["name"] == "total")
    english = next(
        c for c in officer.get(path, Accept_Language="en").get_json()["items"] if c["name"] == "total"
    )
    assert "工作日" in chinese["explanation"]
    assert "working days" in english["explanation"]


def test_nobody_gets_in_without_signing_in(nobody: Caller) -> None:
    for path in ("/me", "/cases", "/tasks", "/definitions", "/incidents"):
        response = nobody.get(path)
        assert_refused(response, 401, "not-signed-in")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_stranger_is_told_to_sign_in_before_anything_else(nobody: Caller) -> None:
    for path in ("/cases", "/tokens", "/tasks/0000000000000/complete", "/deployments"):
        assert_refused(nobody.post(path, {"nonsense": 1}), 401, "not-signed-in")
        assert_refused(nobody.call("POST", path), 401, "not-signed-in")


def test_wrong_password_and_unknown_account_read_the_same(nobody: Caller) -> None:
    wrong = nobody.post("/session", {"username": "officer", "password": "wrong"})
    unknown = nobody.post("/session", {"username": "nobody", "password": "wrong"})
    assert_refused(wrong, 401, "sign-in-failed")
    assert wrong.get_json() == unknown.get_json()


def test_me_tells_roles_regions_and_permissions(officer: Caller) -> None:
    me = officer.get("/me").get_json()
    assert me["username"] == "officer"
    assert me["roles"] == ["town.officer"]
    assert me["regions"] == ["350481100"]
    assert "case.open" in me["permissions"]


def test_session_travels_in_a_cookie_and_ends_with_sign_out(
    api_database: Database, http: FlaskClient
) -> None:
    browser = http.application.test_client()
    browser.post("/api/v1/session", json={"username": "officer", "password": "aidflow-demo"})
    assert browser.get("/api/v1/me").status_code == 200
    assert browser.delete("/api/v1/session").status_code == 204
    assert browser.get("/api/v1/me").status_code == 401


def test_cookie_does_not_work_from_another_site(http: FlaskClient) -> None:
    browser = http.application.test_client()
    browser.post("/api/v1/session", json={"username": "officer", "password": "aidflow-demo"})
    foreign = {"Origin": "https://elsewhere.example"}
    response = browser.post("/api/v1/tokens", json={"name": "x"}, headers=foreign)
    assert_refused(response, 403, "cross-site-request")
    fetched = {"Sec-Fetch-Site": "cross-site"}
    assert_refused(browser.post("/api/v1/tokens", json={"name": "x"}, headers=fetched), 403, "cross-site")
    assert browser.post("/api/v1/tokens", json={"name": "x"}).status_code == 201


def test_named_token_signs_scripts_in(officer: Caller) -> None:
    token = officer.post("/tokens", {"name": "nightly"}).get_json()["token"]
    assert Caller(officer.http, token).get("/me").get_json()["username"] == "officer"
    assert Caller(officer.http, token).call("DELETE", "/session").status_code == 204
    assert Caller(officer.http, token).get("/me").status_code == 401


def test_same_idempotency_key_gives_the_first_answer(officer: Caller, visit: str) -> None:
    body = {"process": visit, "region": "350481100", "answers": {}}
    first = officer.post("/cases", body, Idempotency_Key="k-1")
    second = officer.post("/cases", body, Idempotency_Key="k-1")
    assert (second.status_code, second.get_json()) == (201, first.get_json())
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(officer.get("/cases").get_json()["items"]) == 1
    other = officer.post("/cases", {**body, "business_key": "b"}, Idempotency_Key="k-1")
    assert_refused(other, 409, "idempotency-key-reused")


def test_idempotent_completion_is_not_done_twice(
    officer: Caller, case: dict[str, Any], api_database: Database
) -> None:
    task = case["tasks"][0]
    first = complete(officer, task, GOOD_ANSWERS, Idempotency_Key="once")
    before = everything(api_database)
    again = complete(officer, task, GOOD_ANSWERS, Idempotency_Key="once")
    assert again.get_json() == first.get_json()
    assert everything(api_database) == before


def test_two_people_complete_one_task_at_once(
    sign_in: Callable[[str], Caller], case: dict[str, Any], api_database: Database
) -> None:
    """One succeeds; the other reads who did it and when; nothing is written twice."""
    app = sign_in("officer").http.application
    callers = [Caller(app.test_client(), sign_in(name).token) for name in ("officer", "officer2")]
    barrier = threading.Barrier(2)
    responses: list[Any] = []

    def race(caller: Caller) -> None:
        barrier.wait()
        responses.append(complete(caller, case["tasks"][0], GOOD_ANSWERS))

    threads = [threading.Thread(target=race, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(response.status_code for response in responses) == [200, 409]
    loser = next(response for response in responses if response.status_code == 409)
    assert any(name in loser.get_json()["detail"] for name in ("林协管", "黄协管"))
    with api_database.read() as tx:
        kinds = tx.exec_driver_sql("SELECT kind FROM events").scalars().all()
    assert kinds.count("task_completed") == 1


def test_list_pages_by_cursor_without_gap_or_repeat(officer: Caller, visit: str) -> None:
    opened = [
        officer.post("/cases", {"process": visit, "region": "350481100"}).get_json()["id"] for _ in range(5)
    ]
    seen: list[str] = []
    cursor = ""
    while True:
        page = officer.get(f"/cases?limit=2{cursor}").get_json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted(opened)
    assert len(seen) == 5


def test_draft_is_seen_by_whoever_opens_the_task_next(
    officer: Caller, sign_in: Callable[[str], Caller], case: dict[str, Any]
) -> None:
    path = f"/tasks/{case['tasks'][0]['id']}"
    assert officer.post(f"{path}/draft", {"answers": {"applicant": "王五"}}).status_code == 200
    detail = sign_in("officer2").get(path).get_json()
    assert detail["draft"] == {"applicant": "王五"}
    assert detail["form"]["id"] == "visit_answers"
    assert "complete" in detail["allowed"]


def test_draft_may_have_gaps_but_no_unknown_names_and_wrong_types(
    officer: Caller, case: dict[str, Any], api_database: Database
) -> None:
    path = f"/tasks/{case['tasks'][0]['id']}/draft"
    before = everything(api_database)
    assert_refused(officer.post(path, {"answers": {"nickname": "x"}}), 422, "/nickname")
    assert_refused(officer.post(path, {"answers": {"household_size": "three"}}), 422, "/household_size")
    assert everything(api_database) == before


def test_claimed_task_is_kept_for_its_holder(
    officer: Caller, sign_in: Callable[[str], Caller], case: dict[str, Any]
) -> None:
    path = f"/tasks/{case['tasks'][0]['id']}"
    assert officer.post(f"{path}/claim").get_json()["assignee"] == "officer"
    other = sign_in("officer2")
    assert_refused(other.post(f"{path}/claim"), 409, "林协管")
    assert officer.post(f"{path}/delegate", {"assignee": "officer2"}).get_json()["assignee"] == "officer2"
    assert other.post(f"{path}/release").get_json()["assignee"] is None
    assert officer.get("/tasks?mine=true").get_json()["items"] == []
    assert len(officer.get("/tasks").get_json()["items"]) == 1


def test_paused_clock_turns_grey_and_resumes(
    sign_in: Callable[[str], Caller], officer: Caller, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}/clocks/total"
    paused = officer.post(f"{path}/pause", {"ground": "等待申请人补正材料"}).get_json()
    total = next(clock for clock in paused["clocks"] if clock["name"] == "total")
    assert (total["status"], total["light"]) == ("paused", "grey")
    assert_refused(officer.post(f"{path}/pause", {"ground": "等待材料"}), 409, "total")
    resumed = officer.post(f"{path}/resume").get_json()
    total = next(clock for clock in resumed["clocks"] if clock["name"] == "total")
    assert total["status"] == "running"
    assert_refused(officer.post(f"{path}/resume"), 409, "total")


def test_withdrawn_case_takes_no_more_answers(officer: Caller, case: dict[str, Any]) -> None:
    closed = officer.post(f"/cases/{case['id']}/withdraw", {"reason": "申请人撤回"}).get_json()
    assert closed["status"] == "withdrawn"
    assert_refused(complete(officer, case["tasks"][0], GOOD_ANSWERS), 409, "task-not-open")


def test_cases_of_another_county_do_not_exist_for_me(
    sign_in: Callable[[str], Caller], case: dict[str, Any]
) -> None:
    assert sign_in("county").get(f"/cases/{case['id']}").status_code == 200
    assert sign_in("designer").get(f"/cases/{case['id']}").status_code == 404
