"""What every answer tells browsers, which hosts we answer to, and how long a client may take to ask."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.security import HEADERS
from api.settings import Settings
from engine.store.db import Database
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused
from tests.api.server_process import Server

ROOT = Path(__file__).parents[2]
ADDRESSES = {
    "page": ("GET", "/docs", 200),
    "document": ("GET", "/openapi.json", 200),
    "probe": ("GET", "/healthz", 200),
    "figures": ("GET", "/metrics", 200),
    "nowhere": ("GET", "/nowhere", 404),
    "wrong method": ("PUT", "/api/v1/me", 405),
    "stranger": ("GET", "/api/v1/me", 401),
    "wrong type": ("POST", "/api/v1/session", 415),
    "too large": ("POST", "/api/v1/cases", 413),
    "style": ("GET", "/static/docs.css", 200),
}


@pytest.mark.parametrize("what", ADDRESSES)
def test_every_answer_carries_every_header(http: FlaskClient, what: str) -> None:
    method, path, status = ADDRESSES[what]
    body = {"wrong type": b"x", "too large": b"x" * 2_000_000}.get(what)
    kind = "application/json" if what == "too large" else "text/plain"
    response = http.open(path, method=method, data=body, content_type=kind if body else None)
    assert response.status_code in (status, 401 if what == "too large" else status)
    for name in HEADERS:
        assert name in response.headers, name
    if what != "style":
        assert response.headers["Cache-Control"] == "no-store"
    response.close()


def test_fault_of_ours_carries_every_header_and_no_reason(
    http: FlaskClient, officer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the reason, with 11010519491231002X in it")

    monkeypatch.setattr("api.routes.cases.reading.list_cases", broken)
    response = officer.get("/cases")
    assert response.status_code == 500
    assert "reason" not in response.text
    assert set(HEADERS) <= set(response.headers.keys())


def test_policy_lets_a_page_run_and_load_only_what_is_ours() -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";") if part.strip()
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert (policy["frame-ancestors"], policy["base-uri"]) == ("'none'", "'none'")
    assert not re.search(r"unsafe|\*|https?:|blob:", HEADERS["Content-Security-Policy"])
    assert "data:" not in policy["script-src"] + policy["default-src"]


def test_pages_need_nothing_that_the_policy_forbids() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    found = [path for folder in ("api", "web") for path in (ROOT / folder).rglob("*.html")]
    pages = [path for path in found if "node_modules" not in path.parts]
    assert pages
    assert [path.name for path in pages if inline.search(path.read_text(encoding="utf-8"))] == []


def client(database: Database, folder: Path, **values: object) -> FlaskClient:
    settings = Settings(data=folder, **values)  # type: ignore[arg-type]
    return create_app(settings, database).test_client(use_cookies=False)


def test_strict_transport_is_asked_for_where_there_is_tls(api_database: Database, tmp_path: Path) -> None:
    secure = client(api_database, tmp_path, secure_cookies=True).get("/healthz")
    assert re.fullmatch(r"max-age=\d{7,}", secure.headers["Strict-Transport-Security"])
    plain = client(api_database, tmp_path, secure_cookies=False).get("/healthz")
    assert "Strict-Transport-Security" not in plain.headers


@pytest.mark.parametrize(
    ("host", "answers"),
    [
        ("aid.example.cn", True),
        ("AID.example.cn:8443", True),
        ("a.intra.example.cn", True),
        ("localhost:8000", False),
        ("evil.example", False),
        ("aid.example.cn.evil.example", False),
        ("aid.example.cn@evil.example", False),
        ("", False),
    ],
)
def test_only_the_names_that_are_set_are_answered(
    api_database: Database, tmp_path: Path, host: str, answers: bool
) -> None:
    http = client(api_database, tmp_path, allowed_hosts=("aid.example.cn", ".intra.example.cn"))
    response = http.get("/docs", headers={"Host": host})
    if answers:
        assert response.status_code == 200
    else:
        assert_refused(response, 400, "unknown-host")
    assert http.get("/healthz", headers={"Host": host or "10.0.0.1"}).status_code == 200


def test_any_host_is_answered_where_none_is_set(http: FlaskClient) -> None:
    assert http.get("/docs", headers={"Host": "anything.example"}).status_code == 200


def test_hosts_come_from_the_environment() -> None:
    settings = Settings.from_environment({"AIDFLOW_ALLOWED_HOSTS": "a.example, .b.example,"})
    assert settings.allowed_hosts == ("a.example", ".b.example")


def test_server_refuses_with_the_same_headers(tmp_path: Path) -> None:
    server = Server.start(tmp_path)
    try:
        status, headers, _ = server.send_raw(b"GET / HTTP/1.1\r\nbad header\r\n\r\n")
        assert status == 400
        assert {name.lower() for name in HEADERS} <= set(headers)
        status, headers, _ = server.send_raw(
            b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"
        )
        assert status == 431
        assert {name.lower() for name in HEADERS} <= set(headers)
    finally:
        server.end()


def test_request_that_never_ends_loses_its_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte now and then keeps a connection busy, but no longer than one request may take."""
    monkeypatch.setenv("AIDFLOW_REQUEST_SECONDS", "1")
    server = Server.start(tmp_path)
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=0.2) as slow:
            slow.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            is_closed = False
            for _ in range(150):
                try:
                    slow.sendall(b"x")
                    is_closed = slow.recv(1) == b""
                except TimeoutError:
                    continue
                except OSError:
                    is_closed = True
                if is_closed:
                    break
        assert is_closed
        assert server.send_raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")[0] == 200
    finally:
        server.end()
