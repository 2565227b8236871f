"""A service on loopback with the shipped processes and a clock that tests move; people in browsers.

Everything waits for what a person would see (Playwright's locators); nothing sleeps. A message on the
browser's console, a failed request or a request to another host fails the test that caused it.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from api.app import attachment_store, create_app
from api.server import create_server
from api.settings import Settings
from engine.actions.deploy import deploy
from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.actions.tokens import create_token
from engine.clocks import SHANGHAI, wall
from engine.definitions import read_folder
from engine.demo import seed_demo
from engine.store import people, schema
from engine.store.db import Database, open_database
from engine.types import Actor
from engine.worker import Worker
from tests.browser.install import find_chromium
from tests.builders import Office, copy_database

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 9, 21, 9, tzinfo=SHANGHAI)
"""Where each journey begins: an ordinary working day, before the Mid-Autumn holiday."""
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def site_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo people and the shipped processes, made once."""
    path = tmp_path_factory.mktemp("site") / "aidflow.db"
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    files = read_folder(ROOT / "processes")
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
        designer = people.find_actor(tx, "designer", MONDAY.date())
        assert designer is not None
        deploy(tx, files=files, actor=designer, at=MONDAY - timedelta(days=30))
    database.close()
    return path


@dataclass
class Site:
    """The service of one test. `at` is its clock; `advance` lets the worker do all that comes due."""

    address: str
    database: Database
    at: datetime
    worker: Worker

    def advance(self, to: datetime | None = None, **by: float) -> None:
        """Move the clock, stopping wherever something is due, as time would."""
        target = to if to is not None else self.at + timedelta(**by)
        while True:
            self.worker.run_due(self.at)
            due = self.worker.next_due()
            if due is None or due > target:
                break
            self.at = max(self.at, due)
        self.at = target
        self.worker.run_due(target)

    def settle(self) -> None:
        """Let the worker do what is due now."""
        self.advance(self.at)

    @property
    def office(self) -> Office:
        """People who act without a browser, now: for what a journey takes as given."""
        return Office(self.database, self.at)

    def actor(self, username: str) -> Actor:
        """A person as the actions know them."""
        with self.database.read() as tx:
            found = people.find_actor(tx, username, self.at.date())
        assert found is not None
        return found


@contextmanager
def _serving(folder: Path) -> Iterator[Site]:
    """A service over the database in a folder, on the tests' clock."""
    database = open_database(f"sqlite:///{folder / 'aidflow.db'}")
    settings = Settings(data=folder, secure_cookies=False, demo=True)
    listener = socket.create_server(("127.0.0.1", 0))
    server = create_server(create_app(settings, database), settings, listener)
    worker = Worker(database, blobs=attachment_store(settings))
    made = Site(f"http://127.0.0.1:{listener.getsockname()[1]}", database, MONDAY, worker)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wall, "now", lambda: made.at)
        yield made
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(5)
    database.close()


@pytest.fixture
def site(site_template: Path, tmp_path: Path) -> Iterator[Site]:
    """A service of its own for each test."""
    copy_database(site_template, tmp_path)
    with _serving(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo with its cases, for tests that only look."""
    folder = tmp_path_factory.mktemp("demo")
    database = open_database(f"sqlite:///{folder / 'aidflow.db'}")
    schema.upgrade(database)
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
    seed_demo(database, processes=ROOT / "processes", at=MONDAY)
    database.close()
    with _serving(folder) as made:
        yield made


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=_FLAGS)
    yield browser
    browser.close()


@dataclass
class Visitors:
    """People at their browsers, each in a context of their own. `faults` is what went wrong in any."""

    site: Site
    browser: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def visit(self, *, phone: bool = False, lang: str = "zh-CN", **options: Any) -> Page:
        """Somebody without an account."""
        context = self.browser.new_context(
            base_url=self.site.address,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            has_touch=phone,
            locale=lang,
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        page = context.new_page()
        page.clock.install(time=self.site.at)  # the browser's own clock goes with the service's
        page.clock.resume()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._heard(page, said.type, said.text))
        page.on("request", lambda sent: self._sent(sent.url))
        return page

    def sign_in(self, username: str, **options: Any) -> Page:
        """Somebody of staff, signed in: by a token in the cookie, since a password is slow on purpose."""
        page = self.visit(**options)
        with self.site.database.write() as tx:
            actor = self.site.actor(username)
            token, _ = create_token(tx, name="browser", actor=actor, at=self.site.at)
        page.context.add_cookies([{"name": "aidflow_session", "value": token, "url": self.site.address}])
        page.goto("/")
        return page

    def _heard(self, page: Page, kind: str, text: str) -> None:
        # Chromium reports every status from 400 on; a refusal that a test provokes is no fault of a page.
        if kind == "error" and not re.search(r"status of 4\d\d|Status Error Code 4\d\d", text):
            self.faults.append(f"{page.url}: {text}")

    def _sent(self, url: str) -> None:
        if not url.startswith((self.site.address, "data:", "blob:")):
            self.faults.append(f"a request to another host: {url}")


@pytest.fixture
def visitors(site: Site, chromium: Browser) -> Iterator[Visitors]:
    people_ = Visitors(site, chromium)
    yield people_
    for context in people_.contexts:
        context.close()
    assert people_.faults == []


@pytest.fixture
def demo_visitors(demo_site: Site, chromium: Browser) -> Iterator[Visitors]:
    people_ = Visitors(demo_site, chromium)
    yield people_
    for context in people_.contexts:
        context.close()
    assert people_.faults == []


@pytest.fixture
def sign_in(visitors: Visitors) -> Callable[..., Page]:
    """`sign_in("officer")` is the officer's page."""
    return visitors.sign_in
