"""Supervision over HTTP: shapes, refusals, filters of lists, many tasks at once, a case's diagram."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from api.schemas import supervision as schemas
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused
from tests.builders import TOWN

ANSWERS: dict[str, Any] = {
    "/supervision/summary": schemas.Board,
    "/supervision/forecast": schemas.Forecast,
    "/supervision/emergency": schemas.Lane,
    "/supervision/load": schemas.Load,
    "/supervision/heat?process=visit": schemas.Heat,
    "/supervision/trends": schemas.Trends,
}


@pytest.fixture
def supervisor(sign_in: Callable[[str], Caller], case: dict[str, Any]) -> Caller:
    """The supervisor of the county in which one case is open."""
    assert case["region"] == TOWN
    return sign_in("supervisor")


@pytest.mark.parametrize("path", sorted(ANSWERS))
def test_answers_are_shaped_as_documented(supervisor: Caller, path: str) -> None:
    response = supervisor.get(path)
    assert response.status_code == 200, response.text
    ANSWERS[path].model_validate_json(response.data)


@pytest.mark.parametrize("path", sorted(ANSWERS))
def test_an_officer_supervises_nothing(officer: Caller, supervisor: Caller, path: str) -> None:
    assert_refused(officer.get(path), 403, "forbidden")


def test_the_summary_counts_the_case_by_light_region_process_and_step(
    supervisor: Caller, case: dict[str, Any]
) -> None:
    board = supervisor.get("/supervision/summary").get_json()
    (light,) = [name for name in ("red", "yellow", "green", "grey") if board["total"][name]]
    assert board["total"] | {light: 1, "total": 1} == board["total"]
    assert [(row["region"], row["level"]) for row in board["regions"]] == [
        ("350481", "county"),
        (TOWN, "town"),
    ]
    assert [(row["process"], row["name"]) for row in board["processes"]] == [("visit", "入户走访")]
    assert [(row["step"], row["name"]) for row in board["steps"]] == [("register", "登记")]
    assert supervisor.get(f"/cases?light={light}&open=true").get_json()["items"][0]["id"] == case["id"]


def test_names_come_in_the_asked_language(supervisor: Caller) -> None:
    board = supervisor.get("/supervision/summary", Accept_Language="en").get_json()
    assert [row["name"] for row in board["regions"]] == ["Yong'an City", "Xiyang Town"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("/supervision/summary?process=nothing", "not-found"),
        ("/supervision/heat?process=visit&version=9", "not-found"),
        ("/supervision/trends?since=2026-05-01&until=2026-04-01", "invalid-input"),
        ("/supervision/forecast?days=0", "invalid-fields"),
        ("/supervision/summary?colour=red", "invalid-fields"),
    ],
)
def test_bad_questions_are_refused(supervisor: Caller, query: str, code: str) -> None:
    assert supervisor.get(query).get_json()["code"] == code


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("step=register", 1), ("step=confirm", 0), ("open=true", 1), ("opened_to=2020-01-01", 0),
        ("turns=red&to_day=2099-12-31", 1), ("turns=red&to_day=2020-01-01&from_day=2020-01-01", 0),
        ("decided_from=2020-01-01", 0), ("late=true", 0), ("version=1", 1), ("version=2", 0),
        ("done_step=register", 0),
    ],
)  # fmt: skip
def test_lists_take_the_filters_of_the_figures(supervisor: Caller, query: str, found: int) -> None:
    response = supervisor.get(f"/cases?{query}")
    assert response.status_code == 200, response.text
    assert len(response.get_json()["items"]) == found


def test_tasks_are_found_by_step_holder_and_queue(supervisor: Caller, case: dict[str, Any]) -> None:
    def count(query: str) -> int:
        return len(supervisor.get(f"/tasks?{query}").get_json()["items"])

    assert (count("step=register"), count("queue=town.officer"), count("holder=officer")) == (1, 1, 0)
    body = {"act": "assign", "task_ids": [case["tasks"][0]["id"]], "assignee": "officer"}
    assert supervisor.post("/tasks/bulk", {**body, "dry_run": True}).get_json()["done"] == 1
    assert count("holder=officer") == 0
    result = supervisor.post("/tasks/bulk", body)
    schemas.BulkResult.model_validate_json(result.data)
    assert (result.get_json()["done"], count("holder=officer"), count("queue=town.officer")) == (1, 1, 0)


def test_bulk_says_of_each_task_what_came_of_it(officer: Caller, case: dict[str, Any]) -> None:
    ids = [case["tasks"][0]["id"], "0000000000000"]
    result = officer.post(
        "/tasks/bulk", {"act": "complete", "task_ids": ids, "answers": {"no": 1}}
    ).get_json()
    assert (result["done"], result["refused"]) == (0, 2)
    assert [item["ok"] for item in result["items"]] == [False, False]
    assert result["items"][0]["errors"]
    assert result["items"][0]["case_number"] == case["number"]


def test_bulk_is_nobodys_without_signing_in(nobody: Caller, officer: Caller) -> None:
    body = {"act": "claim", "task_ids": ["0000000000000"]}
    assert_refused(nobody.post("/tasks/bulk", body), 401, "not-signed-in")
    assert officer.post("/tasks/bulk", {**body, "task_ids": []}).status_code == 422


def test_a_task_is_chased_once_a_day(supervisor: Caller, case: dict[str, Any]) -> None:
    path = f"/tasks/{case['tasks'][0]['id']}/chase"
    assert supervisor.post(path, {"note": "请尽快"}).status_code == 200
    assert_refused(supervisor.post(path), 409, "already-chased")


def test_the_diagram_is_the_deployed_file_with_the_cases_places(
    officer: Caller, case: dict[str, Any]
) -> None:
    response = officer.get(f"/cases/{case['id']}/diagram")
    schemas.Diagram.model_validate_json(response.data)
    diagram = response.get_json()
    assert diagram["bpmn"].encode() == officer.get("/definitions/visit/versions/1/xml").data
    states = {element["id"]: element["state"] for element in diagram["elements"]}
    assert states == {"opened": "done", "register": "current"}
    assert diagram["flows"] == ["f1"]


def test_the_export_is_a_workbook_in_the_asked_language(supervisor: Caller, case: dict[str, Any]) -> None:
    response = supervisor.get("/supervision/export?open=true", Accept_Language="en")
    assert response.headers["Content-Disposition"].startswith("attachment; filename=supervision-")
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    assert book["Cases"].cell(2, 1).value == case["number"]
