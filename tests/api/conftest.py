"""A running application over a fresh database with the demo people, and a client for each of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.actions.sign_in_policy import SignInPolicy
from engine.actions.tokens import create_token
from engine.clocks import wall
from engine.store import people, schema
from engine.store.db import Database, open_database
from tests.api.bundles import VISIT_BPMN, VISIT_FORM
from tests.api.signing_in import FEW, START
from tests.builders import copy_database


@dataclass(frozen=True, slots=True)
class Caller:
    """One person's client: JSON in, JSON out."""

    http: FlaskClient
    token: str | None

    def call(
        self, method: str, path: str, body: Any = None, *, data: bytes | None = None, **headers: str
    ) -> Any:
        """Send a request; header names are written with underscores. Returns Flask's response."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None or data is not None:
            sent.setdefault("Content-Type", "application/json")
            data = data if data is not None else json.dumps(body).encode()
        return self.http.open(f"/api/v1{path}", method=method, data=data, headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def deploy(self, files: dict[str, bytes | str], **headers: str) -> Any:
        """Upload files as one deployment."""
        parts = [
            (io.BytesIO(text.encode() if isinstance(text, str) else text), name)
            for name, text in files.items()
        ]
        return self.http.post(
            "/api/v1/deployments",
            data={"files": parts},
            content_type="multipart/form-data",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )

    def upload(self, path: str, name: str, content: bytes, **headers: str) -> Any:
        """Upload one file as an attachment."""
        return self.http.post(
            f"/api/v1{path}",
            data={"file": (io.BytesIO(content), name)},
            content_type="multipart/form-data",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated database with the demo people, and a bearer token of each."""

    path: Path
    tokens: dict[str, str]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Made once: signing in is slow on purpose, so that tests bring a token instead."""
    path = tmp_path_factory.mktemp("template") / "aidflow.db"
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    at, tokens = wall.now(), {}
    with database.write() as tx:
        seed_regions(tx)
        for username in seed_demo_accounts(tx):
            actor = people.find_actor(tx, username, at.date())
            assert actor is not None
            tokens[username], _ = create_token(tx, name="tests", actor=actor, at=at)
    database.close()
    return Template(path, tokens)


@pytest.fixture
def api_database(template: Template, tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{copy_database(template.path, tmp_path)}")
    yield database
    database.close()


@pytest.fixture
def http(api_database: Database, tmp_path: Path) -> FlaskClient:
    """The application's client, signed in as nobody."""
    settings = Settings(data=tmp_path, secure_cookies=False)
    return create_app(settings, api_database).test_client(use_cookies=False)


@pytest.fixture
def nobody(http: FlaskClient) -> Caller:
    return Caller(http, None)


@pytest.fixture
def sign_in(http: FlaskClient, template: Template) -> Callable[[str], Caller]:
    """A function that gives the caller of an account."""
    return lambda username: Caller(http, template.tokens[username])


@pytest.fixture
def officer(sign_in: Callable[[str], Caller]) -> Caller:
    return sign_in("officer")


@pytest.fixture
def designer(sign_in: Callable[[str], Caller]) -> Caller:
    return sign_in("designer")


@pytest.fixture
def visit(designer: Caller) -> str:
    """The deployed process that most tests use: register, visit, confirm."""
    response = designer.deploy({"visit.bpmn": VISIT_BPMN, "visit_answers.form": VISIT_FORM})
    assert response.status_code == 201, response.text
    return "visit"


@pytest.fixture
def case(officer: Caller, visit: str) -> dict[str, Any]:
    """An open case at its first task."""
    response = officer.post("/cases", {"process": visit, "region": "350481100", "answers": {}})
    assert response.status_code == 201, response.text
    opened: dict[str, Any] = response.get_json()
    return opened


@pytest.fixture
def clock() -> Iterator[Any]:
    """The wall clock, which the test moves."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def make_app(api_database: Database, tmp_path: Path) -> Callable[..., Flask]:
    """A function that makes an application with settings of its own; three tries unless told otherwise."""

    def make(*, policy: SignInPolicy = FEW, secure: bool = False, proxies: int = 0) -> Flask:
        settings = Settings(data=tmp_path, secure_cookies=secure, sign_in=policy, trusted_proxies=proxies)
        return create_app(settings, api_database)

    return make


@pytest.fixture
def browser(make_app: Callable[..., Flask]) -> FlaskClient:
    """A browser with a cookie jar."""
    return make_app().test_client()
