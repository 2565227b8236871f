"""The whole document against the application, as a stranger, an officer and an administrator.

Requests are made up from the document (fitting and not), half of them aimed at things that exist. No
answer may be a fault of ours, have a status or a shape that the document doesn't name.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from api import openapi
from api.app import create_app
from api.settings import Settings
from engine.store.db import open_database
from tests import notice_files
from tests.api.bundles import GOOD_ANSWERS, VISIT_BPMN, VISIT_FORM, visit_with
from tests.api.conftest import Caller, Template
from tests.builders import copy_database

CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.response_headers_conformance,
]
CALLERS = ("nobody", "officer", "admin")
EXAMPLES = 5


@pytest.fixture(scope="module")
def application(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("made-up")
    copy_database(template.path, folder)
    database = open_database(f"sqlite:///{folder / 'aidflow.db'}")
    yield create_app(Settings(data=folder, secure_cookies=False), database)
    database.close()


@pytest.fixture(scope="module")
def real(application: Flask, template: Template) -> dict[str, list[str]]:
    """Names of things that exist, by path parameter."""
    http: FlaskClient = application.test_client(use_cookies=False)
    callers = {
        name: Caller(http, template.tokens[name]) for name in ("officer", "leader", "designer", "admin")
    }
    failing = visit_with("=income / household_size &lt; 76000", "=income / 0 &lt; 1")
    callers["designer"].deploy({"visit.bpmn": VISIT_BPMN, "visit_answers.form": VISIT_FORM})
    strict = failing.replace('id="visit"', 'id="strict"')
    assert callers["designer"].deploy({"s.bpmn": strict, "visit_answers.form": VISIT_FORM}).status_code == 201
    cases, tasks = [], []
    for process in ("visit", "visit", "visit", "strict"):
        opened = callers["officer"].post("/cases", {"process": process, "region": "350481100"}).get_json()
        cases.append(opened["id"])
        tasks.append(opened["tasks"][0]["id"])
    callers["officer"].post(f"/tasks/{tasks[2]}/complete", {"answers": GOOD_ANSWERS})
    callers["officer"].post(f"/cases/{cases[1]}/withdraw", {"reason": "撤回"})
    path = f"/cases/{cases[0]}/attachments"
    file = callers["officer"].upload(path, "note.txt", b"A note.").get_json()["id"]
    named = {".".join(name.rsplit("_", 1)): data for name, data in notice_files.FILES.items()}
    assert callers["designer"].deploy(named).status_code == 201  # type: ignore[arg-type]
    helped = {"process": "help", "region": "350481100", "answers": notice_files.ANSWERS}
    told = callers["officer"].post("/cases", helped).get_json()["id"]
    for _ in range(2):
        task = callers["officer"].get(f"/cases/{told}").get_json()["tasks"][0]
        callers["officer"].post(f"/tasks/{task['id']}/complete", {"answers": {}})
    notices = [item["id"] for item in callers["officer"].get(f"/cases/{told}/notices").get_json()["items"]]
    incidents = [item["id"] for item in callers["leader"].get("/incidents").get_json()["items"]]
    drafts = [callers["admin"].post("/drafts", {"process": "visit"}).get_json()["id"] for _ in range(2)]
    said = {"county": "350481", "key": "temporary", "year": 2026, "amount": 100, "confirm": True}
    fund = callers["admin"].post("/funds/budget", said).get_json()["fund"]["id"]
    return {
        "draft_id": drafts,
        "fund_id": [fund, "0000000000000"],
        "case_id": cases,
        "task_id": tasks,
        "attachment_id": [file],
        "notice_id": notices,
        "posting_id": notices,
        "incident_id": incidents or ["0000000000000"],
        "key": ["visit", "strict"],
        "version": ["1"],
        "name": ["total", "register"],
        "username": ["helper", "nobody"],
        "token_id": ["0000000000000"],
        "substitution_id": [tasks[0]],
        "year": ["2026", "2027", "1900", "yyyy"],
    }


@pytest.fixture(scope="module")
def document(application: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", application)


OPERATIONS = [(path, method) for path, methods in openapi.document()["paths"].items() for method in methods]


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_answers_are_what_the_document_says(
    path: str,
    method: str,
    caller: str,
    mode: GenerationMode,
    document: Any,
    template: Template,
    real: dict[str, list[str]],
) -> None:
    declared = openapi.document()["paths"][path][method]
    could_be_wrong = [one for one in declared["parameters"] if one["in"] != "path"]
    if mode is GenerationMode.NEGATIVE and not (could_be_wrong or declared["security"]):
        if "requestBody" not in declared:
            pytest.skip("a request without a part that could be wrong")
    operation = document[path][method.upper()]
    signs_out = method == "delete"  # would end the token for all others
    headers = (
        {} if caller == "nobody" or signs_out else {"Authorization": f"Bearer {template.tokens[caller]}"}
    )
    turns = itertools.count()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case) -> None:
        turn = next(turns)
        for name in (case.path_parameters or {}) if turn % 2 else ():
            case.path_parameters[name] = real[name][turn // 2 % len(real[name])]
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    send()
