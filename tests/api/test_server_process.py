"""Over real sockets: malformed HTTP, people who race, servers that are killed or told to stop."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.actions.deploy import deploy
from engine.actions.verify import verify
from engine.clocks import wall
from engine.store import people
from engine.store.db import open_database
from tests.api.bundles import GOOD_ANSWERS, VISIT_BPMN, VISIT_FORM
from tests.api.conftest import Template
from tests.api.refusals import everything
from tests.api.server_process import Client, Server, at_once
from tests.builders import copy_database

LOST = (OSError, http.client.HTTPException)  # what a client sees of a server that is gone


@pytest.fixture
def data(template: Template, tmp_path: Path) -> Path:
    """A folder with the demo people and the process `visit`."""
    copy_database(template.path, tmp_path)
    database, at = open_database(f"sqlite:///{tmp_path / 'aidflow.db'}"), wall.now()
    with database.write() as tx:
        designer = people.find_actor(tx, "designer", at.date())
        assert designer is not None
        files = {"visit.bpmn": VISIT_BPMN.encode(), "visit_answers.form": VISIT_FORM.encode()}
        deploy(tx, files=files, actor=designer, at=at)
    database.close()
    return tmp_path


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    started = Server.start(data)
    yield started
    if started.process.poll() is None:
        started.end()


def assert_sound(data: Path) -> list[Any]:
    """The checker finds nothing wrong; returns every row."""
    database = open_database(f"sqlite:///{data / 'aidflow.db'}")
    with database.read() as tx:
        assert list(verify(tx, at=wall.now()).problems) == []
    rows = everything(database)
    database.close()
    return rows


def opened(client: Client, **headers: str) -> tuple[int, Any]:
    return client.call("POST", "/cases", {"process": "visit", "region": "350481100"}, **headers)


HEAD = b"POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nAccept-Language: en\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
MALFORMED: dict[str, tuple[bytes, int, str]] = {
    "start line": (b"HELLO\r\n\r\n", 400, "bad-request"),
    "method in lower case": (b"get /api/v1/me HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method"),
    "bytes in the address": (b"GET /api/v1/\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400, "URI"),
    "name of a header field": (b"GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n", 400, "header"),
    "NUL in a header field": (b"GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 400, "header"),
    "header of more than 256 kB": (
        b"GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 262_140 + b"\r\n\r\n",
        431,
        "max_header",
    ),
    "size of a chunk": (CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", 400, "chunk"),
    "end of a chunk": (CHUNKED + b"2\r\n{}{}{}\r\n0\r\n\r\n", 400, "Chunk"),
    "encoding of the transfer": (HEAD + b"Transfer-Encoding: gzip\r\n\r\n{}", 400, "Transfer-Encoding"),
    "negative length": (HEAD + b"Content-Length: -1\r\n\r\n{}", 400, "Content-Length"),
    "two lengths": (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400, "Content-Length"),
    "100 MB announced": (HEAD + b"Content-Length: 100000000\r\n\r\n{}", 413, "too large"),
    "name of a cookie": (
        HEAD + b"Cookie: aidflow_session=\xff\xfe\r\nContent-Length: 2\r\n\r\n{}",
        401,
        "not-signed-in",
    ),
}


def test_malformed_http_is_answered_with_a_problem_and_changes_nothing(server: Server, data: Path) -> None:
    before = assert_sound(data)
    for kind, (request, expected, place) in MALFORMED.items():
        status, headers, body = server.send_raw(request)
        assert (kind, status) == (kind, expected)
        assert headers["content-type"] == "application/problem+json", kind
        problem = json.loads(body)
        assert (problem["status"], bool(problem["code"])) == (expected, True)
        assert place in body.decode(), kind
    assert assert_sound(data) == before


def test_pipelined_requests_are_answered_in_order(server: Server, template: Template) -> None:
    def asking(path: str) -> bytes:
        token = template.tokens["officer"]
        return f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode()

    status, _, body = server.send_raw(asking("/api/v1/me") + asking("/api/v1/cases/nothing"))
    assert (status, json.loads(body)["username"]) == (200, "officer")


def test_sixteen_people_and_two_servers_complete_one_task_once(
    server: Server, data: Path, template: Template
) -> None:
    other = Server.start(data)
    names = ("officer", "officer2")
    clients = [Client((server, other)[n % 2], template.tokens[names[n // 2 % 2]]) for n in range(16)]
    for _ in range(5):
        task = opened(clients[0])[1]["tasks"][0]
        body = {"answers": GOOD_ANSWERS, "seen_version": task["version"]}
        answers = at_once(
            16,
            lambda n, task=task, body=body: clients[n].call(  # type: ignore[misc]
                "POST", f"/tasks/{task['id']}/complete", body
            ),
        )
        assert Counter(status for status, _ in answers) == {200: 1, 409: 15}
        told = [problem["detail"] for status, problem in answers if status == 409]
        assert all("协管" in detail for detail in told), told
    for client in clients:
        client.close()
    assert other.end() == 0
    rows = assert_sound(data)
    assert str(rows).count("task_completed") == 5


def test_same_key_in_parallel_opens_one_case(server: Server, data: Path, template: Template) -> None:
    clients = [Client(server, template.tokens["officer"]) for _ in range(8)]
    answers = at_once(8, lambda n: opened(clients[n], Idempotency_Key="one"))
    assert {status for status, _ in answers} == {201}
    assert len({case["id"] for _, case in answers}) == 1
    assert str(assert_sound(data)).count("case_opened") == 1
    for client in clients:
        client.close()


def _work_until_lost(server: Server, token: str, acknowledged: dict[str, int]) -> None:
    client = Client(server, token)
    try:
        while True:
            status, case = opened(client)
            assert status == 201
            acknowledged[case["id"]] = case["version"]
            task = case["tasks"][0]
            body = {"answers": GOOD_ANSWERS, "seen_version": task["version"]}
            status, case = client.call("POST", f"/tasks/{task['id']}/complete", body)
            assert status == 200
            acknowledged[case["id"]] = case["version"]
    except LOST:
        client.close()


def _load(server: Server, token: str, seconds: float, number: signal.Signals) -> tuple[int, dict[str, int]]:
    """Four clients work until the server gets the signal; returns its exit code and what they were told."""
    acknowledged: dict[str, int] = {}
    threads = [
        threading.Thread(target=_work_until_lost, args=(server, token, acknowledged)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    code = server.end(number)
    for thread in threads:
        thread.join()
    return code, acknowledged


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(data: Path, template: Template) -> None:
    token = template.tokens["officer"]
    told: dict[str, int] = {}
    for seconds in (0.2, 0.35, 0.5):
        _, acknowledged = _load(Server.start(data), token, seconds, signal.SIGKILL)
        assert acknowledged
        told |= acknowledged
    assert_sound(data)
    server = Server.start(data)
    client = Client(server, token)
    for case_id, version in told.items():
        status, case = client.call("GET", f"/cases/{case_id}")
        assert (status, case["version"] >= version) == (200, True)
    client.close()
    server.end()


def test_server_that_is_told_to_stop_answers_what_it_has_done(data: Path, template: Template) -> None:
    code, acknowledged = _load(Server.start(data), template.tokens["officer"], 0.4, signal.SIGTERM)
    assert code == 0
    rows = assert_sound(data)
    assert str(rows).count("case_opened") == len(acknowledged)
