"""The pages of an application over a fresh database: a signed-in browser for each of the demo people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from api.app import create_app
from api.settings import Settings
from engine.actions.open_case import open_case
from engine.actions.tokens import create_token
from engine.actions.views import CaseView
from engine.clocks import wall
from engine.store import people
from engine.store.db import Database
from tests.api.bundles import VISIT_BPMN, VISIT_FORM
from tests.builders import TOWN, Office

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person's browser, without scripts."""

    http: FlaskClient

    def see(self, path: str, *, status: int = 200, **headers: str) -> str:
        """The page at an address, unescaped; redirects are followed."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.http.get(path, headers=sent, follow_redirects=True)
        assert response.status_code == status, response.text
        return unescape(response.text)

    def send(self, path: str, fields: Any, *, status: int = 200, **headers: str) -> str:
        """What comes of a form that is sent there; redirects are followed."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.http.post(path, data=fields, headers=sent, follow_redirects=True)
        assert response.status_code == status, response.text
        return unescape(response.text)

    def in_english(self) -> None:
        """Read the pages in English from now on."""
        self.http.set_cookie("aidflow_language", "en")

    def drop_session(self) -> None:
        """As if the session had ended."""
        self.http.delete_cookie("aidflow_session")


@dataclass
class Statements:
    """SQL statements that were run while counting."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@pytest.fixture
def pages(database: Database, tmp_path: Path) -> Flask:
    """The application with its pages."""
    return create_app(Settings(data=tmp_path, secure_cookies=False), database)


@pytest.fixture
def visit(pages: Flask, database: Database) -> Callable[[str], Visitor]:
    """A function that gives the browser of an account, signed in."""

    def sign_in(username: str) -> Visitor:
        with database.write() as tx:
            actor = people.find_actor(tx, username, wall.now().date())
            assert actor is not None
            token, _ = create_token(tx, name="pages", actor=actor, at=wall.now())
        client = pages.test_client()
        client.set_cookie("aidflow_session", token)
        return Visitor(client)

    return sign_in


@pytest.fixture
def officer(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("officer")


@pytest.fixture
def now(office: Office) -> Office:
    """The office with the small visiting process, at the present time, as the pages are."""
    office.now = wall.now()
    office.deploy(visit_bpmn=VISIT_BPMN.encode(), visit_answers_form=VISIT_FORM.encode())
    return office


@pytest.fixture
def case(now: Office) -> CaseView:
    """An open case at its first task."""
    return open_one(now)


def open_one(office: Office) -> CaseView:
    """Another open case of the visiting process."""
    view: CaseView = office.act(open_case, process="visit", region=TOWN, answers={})
    return view


@pytest.fixture
def counting(database: Database) -> Callable[[], Any]:
    """A context that counts the statements run within it."""

    @contextmanager
    def count() -> Iterator[Statements]:
        found = Statements()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            found.texts.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return count


def hidden_fields(page: str) -> list[tuple[str, str]]:
    """The hidden inputs of a page, in order; where values hold quotation marks, of the page as sent."""
    return [(unescape(name), unescape(value)) for name, value in _HIDDEN.findall(page)]
