"""The designers' pages: what they show, whom they let in, and what a refused deployment keeps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from engine.actions.deploy import deploy
from engine.actions.designing import drafts
from engine.actions.tokens import create_token
from engine.clocks import wall
from engine.store import people
from engine.store.db import Database
from engine.types import Actor
from tests.api.bundles import VISIT_BPMN, VISIT_FORM
from web import assets

FILES = {"visit.bpmn": VISIT_BPMN.encode(), "visit_answers.form": VISIT_FORM.encode()}


class Browser:
    """One person's requests for pages."""

    def __init__(self, http: FlaskClient, token: str) -> None:
        self.http, self.headers = http, {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.get(path, headers={**self.headers, **sent})

    def post(self, path: str, **fields: Any) -> Any:
        return self.http.post(path, data=fields, headers=self.headers)


@pytest.fixture
def designer_actor(database: Database) -> Actor:
    with database.write() as tx:
        actor = people.find_actor(tx, "designer", wall.now().date())
        assert actor is not None
        deploy(tx, files=FILES, actor=actor, at=wall.now())
    return actor


@pytest.fixture
def http(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(assets, "asset", lambda source: f"/assets/{source}")
    app = create_app(Settings(data=tmp_path, secure_cookies=False), database)
    app.jinja_env.globals["asset"] = lambda source: f"/assets/{source}"
    return app.test_client(use_cookies=False)


def enter(http: FlaskClient, database: Database, username: str) -> Browser:
    with database.write() as tx:
        actor = people.find_actor(tx, username, wall.now().date())
        assert actor is not None
        token, _ = create_token(tx, name="pages", actor=actor, at=wall.now())
    return Browser(http, token)


@pytest.fixture
def designer(http: FlaskClient, database: Database, designer_actor: Actor) -> Browser:
    return enter(http, database, designer_actor.username)


def begin(browser: Browser) -> str:
    location = browser.post("/processes/visit/drafts").headers["Location"]
    return re.fullmatch(r"/processes/visit/edit\?draft=(\w+)", location)[1]  # type: ignore[index]


def test_list_offers_drafts_to_designers_only(
    designer: Browser, http: FlaskClient, database: Database
) -> None:
    assert "新建草稿" in designer.get("/processes").text
    shown = enter(http, database, "supervisor").get("/processes")
    assert (shown.status_code, "入户走访" in shown.text, "新建草稿" in shown.text) == (200, True, False)


@pytest.mark.parametrize("view", ["bpmn", "dmn", "forms", "parameters", "scenarios", "nonsense"])
def test_every_view_of_a_version_is_drawn_in_both_languages(designer: Browser, view: str) -> None:
    for language in ("zh-CN", "en"):
        shown = designer.get(f"/processes/visit?view={view}", Accept_Language=language)
        assert shown.status_code == 200


def test_only_styles_are_let_loose_for_the_editors(designer: Browser) -> None:
    policy = designer.get("/processes/visit").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "unsafe-inline" not in designer.get("/processes").headers["Content-Security-Policy"]


def test_unknown_process_or_version_is_no_page(designer: Browser) -> None:
    for path in ("/processes/nothing", "/processes/visit?version=9", "/processes/visit?version=x"):
        assert designer.get(path).status_code == 404


def test_draft_is_begun_edited_and_discarded(designer: Browser) -> None:
    draft = begin(designer)
    page = designer.get(f"/processes/visit/edit?draft={draft}")
    assert f'data-draft="{draft}"' in page.text
    assert "visit_answers.form" in page.text
    assert designer.get("/processes/visit/edit").headers["Location"].endswith(draft)
    assert designer.post(f"/processes/visit/drafts/{draft}/discard").status_code == 303
    assert designer.get(f"/processes/visit/edit?draft={draft}").status_code == 404


def save(database: Database, actor: Actor, draft: str, text: str) -> None:
    with database.write() as tx:
        drafts.save_draft(
            tx, draft_id=draft, files={"visit.bpmn": text.encode()}, seen_revision=1, actor=actor,
            at=wall.now(),
        )  # fmt: skip


def test_summary_tells_what_changes_and_deploys_it(
    designer: Browser, database: Database, designer_actor: Actor
) -> None:
    draft = begin(designer)
    save(database, designer_actor, draft, VISIT_BPMN.replace("workdays(3)", "workdays(5)"))
    page = designer.get(f"/processes/visit/deploy?draft={draft}", Accept_Language="en").text
    assert "due date changed from" in page
    assert '“<span lang="zh-CN">登记</span>”' in page
    done = designer.post("/processes/visit/deploy", draft=draft, seen_revision=2, seen_version=1)
    assert (done.status_code, done.headers["Location"]) == (303, "/processes/visit")
    assert "第 2 版" in designer.get("/processes/visit").text


def test_summary_of_a_broken_draft_offers_no_deployment(
    designer: Browser, database: Database, designer_actor: Actor
) -> None:
    draft = begin(designer)
    save(database, designer_actor, draft, VISIT_BPMN.replace("income / ", "income / / "))
    page = designer.get(f"/processes/visit/deploy?draft={draft}").text
    assert "改正后才能部署" in page
    assert "deploy-now" not in page


def test_deployment_that_came_too_late_shows_the_summary_anew(
    designer: Browser, database: Database, designer_actor: Actor
) -> None:
    draft = begin(designer)
    changed = VISIT_BPMN.replace("workdays(3)", "workdays(4)").encode()
    with database.write() as tx:
        deploy(tx, files={**FILES, "visit.bpmn": changed}, actor=designer_actor, at=wall.now())
    refused = designer.post("/processes/visit/deploy", draft=draft, seen_revision=1, seen_version=1)
    assert refused.status_code == 409
    assert "请重新查看改动" in refused.text
    assert 'name="seen_version" value="2"' in refused.text


def test_versions_are_compared(designer: Browser, database: Database, designer_actor: Actor) -> None:
    changed = VISIT_BPMN.replace("76000", "80000").encode()
    with database.write() as tx:
        deploy(tx, files={**FILES, "visit.bpmn": changed}, actor=designer_actor, at=wall.now())
    page = designer.get("/processes/visit/compare?from=1&to=2").text
    assert "80000" in page
    assert 'data-island="diff"' in page


def test_form_is_previewed_as_its_people_will_see_it(designer: Browser) -> None:
    shown = designer.http.post("/processes/preview-form", data=VISIT_FORM, headers=designer.headers)
    assert shown.status_code == 200
    assert "身份证号" in shown.text
    broken = designer.http.post("/processes/preview-form", data="{", headers=designer.headers)
    assert broken.status_code == 422


def test_officer_may_look_but_not_edit(http: FlaskClient, database: Database, designer_actor: Actor) -> None:
    officer = enter(http, database, "officer")
    assert officer.get("/processes/visit").status_code == 200
    assert officer.post("/processes/visit/drafts").status_code == 403
