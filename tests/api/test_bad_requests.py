"""Bad requests: each a 4xx problem that names its place, and an unchanged database."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.store.db import Database
from tests.api.bundles import GOOD_ANSWERS, VISIT_BPMN
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused, everything

BODIES: dict[str, tuple[bytes, int, str]] = {
    "wrong JSON": (b'{"answers": ', 400, "line 1"),
    "NaN": (b'{"answers": {"income": NaN}}', 400, "NaN"),
    "infinity": (b'{"answers": {"income": -Infinity}}', 400, "Infinity"),
    "not UTF-8": (b'{"answers": {"applicant": "\xff"}}', 400, "UTF-8"),
    "10,000-deep nesting": (b'{"answers": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400, "levels"),
    "deep nesting within JSON's own bound": (b'{"answers": {"a":' * 45 + b"1" + b"}}" * 45, 422, "levels"),
    "huge number": (b'{"answers": {"income": 1e999999}}', 400, "range"),
    "huge integer": (b'{"answers": {"income": ' + b"9" * 5000 + b"}}", 400, "JSON"),
    "unknown request field": (b'{"answers": {}, "colour": "red"}', 422, "/colour"),
    "answers of the wrong type": (b'{"answers": [1]}', 422, "/answers"),
    "seen_version of the wrong type": (b'{"answers": {}, "seen_version": true}', 422, "/seen_version"),
    "a list instead of an object": (b"[]", 422, "JSON object"),
    "a name given twice": (b'{"answers": {"income": 1, "income": 2}}', 400, "/income"),
    "byte order mark": (b'\xef\xbb\xbf{"answers": {}}', 400, "BOM"),
    "UTF-16": ('{"answers": {}}'.encode("utf-16"), 400, "UTF-8"),
    "seen_version beyond any number": (
        b'{"answers": {}, "seen_version": 1' + b"0" * 30 + b"}",
        422,
        "/seen_",
    ),
    "no body": (b"", 422, "/household_size"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_bad_body_is_refused_by_place_and_changes_nothing(
    kind: str, officer: Caller, case: dict[str, Any], api_database: Database
) -> None:
    data, status, place = BODIES[kind]
    before = everything(api_database)
    path = f"/tasks/{case['tasks'][0]['id']}/complete"
    response = officer.call("POST", path, data=data, Accept_Language="en")
    assert_refused(response, status, place)
    assert everything(api_database) == before


ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "missing answer": ({"applicant": "王五"}, "/household_size"),
    "wrong type": ({"household_size": "three"}, "/household_size"),
    "boolean as number": ({"household_size": True}, "/household_size"),
    "unknown field": ({"nickname": "x"}, "/nickname"),
    "bad check digit": ({"id_number": "11010519491231002Y"}, "/id_number"),
    "wrong check digit": ({"id_number": "110105194912310021"}, "/id_number"),
    "full-width digits": ({"id_number": "１１０１０５１９４９１２３１００２Ｘ"}, "/id_number"),
    "trailing newline": ({"id_number": "11010519491231002X\n"}, "/id_number"),
    "bad date": ({"visited_on": "2026-02-30"}, "/visited_on"),
    "negative money": ({"income": -1}, "/income"),
    "fraction of a fen": ({"income": 0.5}, "/income"),
    "duplicate member": (
        {"members": [{"id_number": "11010519491231002X"}, {"id_number": "11010519491231002X"}]},
        "/members/1",
    ),
    "lone surrogate": ({"applicant": "\ud800"}, "/applicant"),
    "control character": ({"applicant": "王\x00五"}, "/applicant"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_bad_answer_is_refused_at_its_field_and_changes_nothing(
    kind: str, officer: Caller, case: dict[str, Any], api_database: Database
) -> None:
    changed, pointer = ANSWERS[kind]
    answers = changed if kind == "missing answer" else {**GOOD_ANSWERS, **changed}
    before = everything(api_database)
    response = officer.post(f"/tasks/{case['tasks'][0]['id']}/complete", {"answers": answers})
    assert_refused(response, 422, pointer)
    pointers = [error["pointer"] for error in response.get_json()["errors"]]
    assert any(found.startswith(pointer) for found in pointers), pointers
    assert everything(api_database) == before


def test_rare_characters_are_kept_intact(officer: Caller, case: dict[str, Any]) -> None:
    done = officer.post(f"/tasks/{case['tasks'][0]['id']}/complete", {"answers": GOOD_ANSWERS})
    assert done.status_code == 200, done.text
    history = officer.get(f"/cases/{case['id']}/history").get_json()
    assert "𠮷㐂" in json.dumps(history, ensure_ascii=False)


def test_money_and_dates_of_a_draft_are_bounded(officer: Caller, case: dict[str, Any]) -> None:
    path = f"/tasks/{case['tasks'][0]['id']}/draft"
    response = officer.post(path, {"answers": {"applicant": "长" * 400_000}})
    assert_refused(response, 413, "too-large")
    response = officer.post(path, {"answers": {"applicant": "长" * 100_000}})
    assert_refused(response, 422, "/answers")


State = Callable[[Caller, Caller, dict[str, Any]], Any]
SITUATIONS: dict[str, tuple[State, int, str]] = {
    "stale version": (
        lambda officer, _, case: officer.post(
            f"/tasks/{case['tasks'][0]['id']}/complete", {"answers": GOOD_ANSWERS, "seen_version": 0}
        ),
        409,
        "stale-version",
    ),
    "foreign task": (
        lambda _, foreigner, case: foreigner.post(
            f"/tasks/{case['tasks'][0]['id']}/complete", {"answers": GOOD_ANSWERS}
        ),
        403,
        "forbidden",
    ),
    "unknown task": (lambda officer, *_: officer.post("/tasks/0000000000000/claim"), 404, "not-found"),
    "malformed task id": (lambda officer, *_: officer.post("/tasks/'--/claim"), 404, "not-found"),
    "unknown region": (
        lambda officer, *_: officer.post("/cases", {"process": "visit", "region": "999999", "answers": {}}),
        422,
        "unknown-region",
    ),
    "unknown process": (
        lambda officer, *_: officer.post("/cases", {"process": "nope", "region": "350481100"}),
        404,
        "nope",
    ),
    "unknown version": (
        lambda officer, *_: officer.post("/cases", {"process": "visit", "version": 9, "region": "350481100"}),
        404,
        "9",
    ),
    "missing rights": (
        lambda officer, *_: officer.deploy({"visit.bpmn": VISIT_BPMN}),
        403,
        "definition.deploy",
    ),
    "bad cursor": (lambda officer, *_: officer.get("/cases?cursor=%21%21"), 422, "cursor"),
    "bad light": (lambda officer, *_: officer.get("/cases?light=purple"), 422, "/light"),
    "bad limit": (lambda officer, *_: officer.get("/tasks?limit=100000"), 422, "/limit"),
    "version beyond any number": (
        lambda officer, *_: officer.post(
            "/cases", {"process": "visit", "version": 10**20, "region": "350481100"}
        ),
        422,
        "/version",
    ),
    "control character in a name": (
        lambda officer, *_: officer.post("/cases", {"process": "vi\0sit", "region": "350481100"}),
        422,
        "/process",
    ),
    "control character in an address": (
        lambda officer, *_: officer.get("/definitions/%00"),
        404,
        "not-found",
    ),
    "query that is not UTF-8": (lambda officer, *_: officer.get("/cases?text=%ff"), 400, "UTF-8"),
    "control character in a query": (lambda officer, *_: officer.get("/cases?text=%00"), 422, "/text"),
    "doubled slash": (lambda officer, *_: officer.get("//cases"), 404, "no-such-address"),
    "upload that is not multipart": (
        lambda officer, *_: officer.post("/deployments", {"files": []}),
        415,
        "multipart/form-data",
    ),
    "origin that is no address": (
        lambda officer, *_: Caller(officer.http, None).post(
            "/session", {"username": "officer", "password": "x"}, Origin="http://[::1"
        ),
        403,
        "cross-site-request",
    ),
    "unknown parameter": (lambda officer, *_: officer.get("/tasks?colour=red"), 422, "/colour"),
    "parameter given twice": (lambda officer, *_: officer.get("/tasks?limit=1&limit=2"), 400, "/limit"),
    "wrong content type": (
        lambda officer, *_: officer.call("POST", "/cases", data=b"a=1", Content_Type="text/plain"),
        415,
        "application/json",
    ),
    "unknown message": (
        lambda officer, _, case: officer.post(f"/cases/{case['id']}/messages", {"name": "objection"}),
        409,
        "objection",
    ),
    "unknown clock": (
        lambda officer, _, case: officer.post(f"/cases/{case['id']}/clocks/nope/pause", {"ground": "等待"}),
        404,
        "nope",
    ),
    "bad idempotency key": (
        lambda officer, *_: officer.post(
            "/cases", {"process": "visit", "region": "350481100"}, Idempotency_Key="k" * 500
        ),
        422,
        "Idempotency-Key",
    ),
}


@pytest.mark.parametrize("kind", SITUATIONS)
def test_request_that_does_not_fit_the_situation_changes_nothing(
    kind: str,
    officer: Caller,
    sign_in: Callable[[str], Caller],
    case: dict[str, Any],
    api_database: Database,
) -> None:
    send, status, place = SITUATIONS[kind]
    leader = sign_in("leader")
    before = everything(api_database)
    assert_refused(send(officer, leader, case), status, place)
    assert everything(api_database) == before


def test_completed_task_says_who_did_it_and_when(
    officer: Caller, sign_in: Callable[[str], Caller], case: dict[str, Any]
) -> None:
    path = f"/tasks/{case['tasks'][0]['id']}/complete"
    assert officer.post(path, {"answers": GOOD_ANSWERS}).status_code == 200
    response = sign_in("officer2").post(path, {"answers": GOOD_ANSWERS, "seen_version": case["version"]})
    assert_refused(response, 409, "task-not-open")
    assert "林协管" in response.get_json()["detail"]
