"""What stands around the API: liveness, readiness, metrics, the document, its page, access of routes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema_rs
from flask.testing import FlaskClient

from api.endpoint import OPERATIONS
from api.openapi import document
from tests.api.bundles import GOOD_ANSWERS
from tests.api.conftest import Caller
from web.page import PAGES

OPEN_ON_PURPOSE = {
    "/assets/<path:name>",
    "/icon.svg",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/static/<path:filename>",
}
# Pages for people without an account, and for those who are about to sign in.
PUBLIC_PAGES = ("/apply", "/track", "/notices", "/sign-in", "/password", "/language")
# Where nobody is signed in yet.
PUBLIC_ON_PURPOSE = {
    "/api/v1/session",
    "/api/v1/session/password",
    "/api/v1/sso/login",
    "/api/v1/sso/callback",
}


def test_service_says_that_it_is_alive_and_ready(http: FlaskClient) -> None:
    assert http.get("/healthz").get_json() == {"status": "ok"}
    assert http.get("/readyz").get_json()["status"] == "ready"


def test_metrics_count_requests_by_route(http: FlaskClient, case: dict[str, Any]) -> None:
    text = http.get("/metrics").get_data(as_text=True)
    assert 'aidflow_http_requests_total{method="POST",route="/api/v1/cases",status="201"}' in text
    assert case["id"] not in text


def test_metrics_are_the_operators(http: FlaskClient) -> None:
    afar = {"REMOTE_ADDR": "192.0.2.7"}
    assert http.get("/metrics", environ_overrides=afar).status_code == 404
    assert http.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    settings = http.application.config["SETTINGS"]
    http.application.config["SETTINGS"] = replace(settings, metrics_token="count me in")
    asked = {"Authorization": "Bearer count me in"}
    assert http.get("/metrics", environ_overrides=afar, headers=asked).status_code == 200
    asked = {"Authorization": "Bearer count me out"}
    assert http.get("/metrics", environ_overrides=afar, headers=asked).status_code == 404


def test_document_is_openapi_3_1_and_its_page_is_readable(http: FlaskClient) -> None:
    served = http.get("/openapi.json").get_json()
    assert served["openapi"] == "3.1.0"
    page = http.get("/docs", headers={"Accept-Language": "zh-CN"}).get_data(as_text=True)
    assert "/api/v1/tasks/{task_id}/complete" in page
    assert "参数" in page
    assert "办结任务" in page
    assert page.index("/api/v1/session") < page.index("/api/v1/cases") < page.index("/api/v1/tasks/")
    assert "Parameter" in http.get("/docs", headers={"Accept-Language": "en"}).get_data(as_text=True)


def test_every_route_declares_its_access(http: FlaskClient) -> None:
    declared = {operation.path.replace("{", "<").replace("}", ">") for operation in OPERATIONS}
    routes = {rule.rule for rule in http.application.url_map.iter_rules()}
    pages = {path for _, path in PAGES}
    assert routes - declared - pages == OPEN_ON_PURPOSE
    public = {path for (_, path), access in PAGES.items() if access == "public"}
    assert [path for path in public if path != "/" and not path.startswith(PUBLIC_PAGES)] == []
    assert [operation.name for operation in OPERATIONS if operation.access == "undeclared"] == []
    public_routes = {operation.path for operation in OPERATIONS if operation.access == "public"}
    # Below `/public` are the applicants, who have no account; what they may see, their code or number says.
    staff_routes = {path for path in public_routes if not path.startswith("/api/v1/public/")}
    assert staff_routes == PUBLIC_ON_PURPOSE


def test_operation_ids_and_schema_names_are_unique() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))
    assert not [name for name in document()["components"]["schemas"] if "__" in name]


def _schema_of(path: str, method: str, status: str) -> dict[str, Any]:
    whole = document()
    content = whole["paths"][path][method]["responses"][status]["content"]
    schema = next(iter(content.values()))["schema"]
    return {**schema, "components": whole["components"]}


def _assert_documented(response: Any, path: str, method: str, status: str) -> None:
    schema = _schema_of(path, method, status)
    validator = jsonschema_rs.validator_for(schema)
    errors = [error.message for error in validator.iter_errors(response.get_json())]
    assert errors == []


def test_answers_are_what_the_document_says(officer: Caller, designer: Caller, case: dict[str, Any]) -> None:
    task = case["tasks"][0]["id"]
    root = "/api/v1"
    for caller, url, path in (
        (officer, "/me", f"{root}/me"),
        (officer, "/cases", f"{root}/cases"),
        (officer, f"/cases/{case['id']}", f"{root}/cases/{{case_id}}"),
        (officer, f"/cases/{case['id']}/history", f"{root}/cases/{{case_id}}/history"),
        (officer, f"/cases/{case['id']}/clocks", f"{root}/cases/{{case_id}}/clocks"),
        (officer, "/tasks", f"{root}/tasks"),
        (officer, f"/tasks/{task}", f"{root}/tasks/{{task_id}}"),
        (officer, "/incidents", f"{root}/incidents"),
        (designer, "/definitions", f"{root}/definitions"),
        (designer, "/definitions/visit", f"{root}/definitions/{{key}}"),
        (designer, "/definitions/visit/versions/1", f"{root}/definitions/{{key}}/versions/{{version}}"),
    ):
        _assert_documented(caller.get(url), path, "get", "200")
    done = officer.post(f"/tasks/{task}/complete", {"answers": GOOD_ANSWERS})
    _assert_documented(done, f"{root}/tasks/{{task_id}}/complete", "post", "200")
    again = officer.post(f"/tasks/{task}/complete", {"answers": GOOD_ANSWERS})
    _assert_documented(again, f"{root}/tasks/{{task_id}}/complete", "post", "409")


def test_wrong_method_keeps_the_allow_header(http: FlaskClient) -> None:
    response = http.put("/api/v1/me")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert response.get_json()["code"] == "method-not-allowed"


def test_answers_carry_the_security_headers(http: FlaskClient) -> None:
    headers = http.get("/docs").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_every_request_and_refusal_has_an_example_that_fits_its_schema() -> None:
    whole = document()
    checked = 0
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            contents = [r.get("content", {}) for r in operation["responses"].values()]
            contents.append(operation.get("requestBody", {}).get("content", {}))
            for media, content in ((m, c) for found in contents for m, c in found.items()):
                if media == "multipart/form-data" or "example" not in content:
                    assert media not in ("application/problem+json",), (path, method)
                    continue
                schema = {**content["schema"], "components": whole["components"]}
                errors = [
                    e.message for e in jsonschema_rs.validator_for(schema).iter_errors(content["example"])
                ]
                assert errors == [], (path, method, media)
                checked += 1
            if "application/json" in contents[-1]:
                assert "example" in contents[-1]["application/json"], (path, method)
    assert checked > 100
