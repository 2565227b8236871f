"""Passwords as their owners see them: changing, the rules, initial ones, closed accounts, the audit log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.actions import accounts
from engine.clocks import wall
from engine.store.db import Database
from engine.types import SYSTEM
from tests.api.conftest import Caller
from tests.api.signing_in import FEW, GOOD, RIGHT, WRONG, post, told


def change(client: FlaskClient, new: str, current: str = "aidflow-demo") -> Any:
    return post(client, {"username": "officer", "password": current, "new_password": new}, "/password")


def test_changed_password_counts_from_now_on_and_ends_other_sessions(browser: FlaskClient) -> None:
    elsewhere = browser.application.test_client()
    post(elsewhere, RIGHT)
    assert change(browser, GOOD).status_code == 200
    assert browser.get("/api/v1/me").status_code == 200
    assert elsewhere.get("/api/v1/me").status_code == 401
    assert post(elsewhere, RIGHT).status_code == 401
    assert post(elsewhere, {**RIGHT, "password": GOOD}).status_code == 200


def test_changing_a_password_needs_the_current_one_and_counts_as_a_try(
    browser: FlaskClient, clock: Any
) -> None:
    tries = [told(change(browser, GOOD, current="guess")) for _ in range(4)]
    assert tries == [(401, "sign-in-failed")] * 3 + [(429, "too-many-attempts")]
    assert told(change(browser, "short", current="guess"))[0] == 429


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ("s3cret!", "too-short"),
        ("x" * 129, "too-long"),
        ("password1234", "too-common"),
        ("qwertyuiop", "too-common"),
        ("aaaaaaaaaaaa", "too-common"),
        ("my OFFICER desk in town", "has-username"),
        ("林协管林协管林协管", "too-common"),
        ("aidflow-demo", "same"),
    ],
)
def test_password_that_anybody_would_guess_is_refused_with_the_rule(
    new: str, rule: str, browser: FlaskClient
) -> None:
    response = change(browser, new)
    assert response.status_code == 422
    error = response.get_json()["errors"][0]
    assert (error["pointer"], error["code"]) == ("/new_password", rule)
    assert post(browser, RIGHT).status_code == 200


@pytest.mark.parametrize(
    "new", [GOOD, "曲径通幽处禅房花木深", "8 kinds of tea!", "x7Kq9vLm", "长" * 4 + "城有七把锁"]
)
def test_password_needs_no_mixture_of_signs(new: str, browser: FlaskClient) -> None:
    assert change(browser, new).status_code == 200


def test_one_password_in_two_forms_of_unicode_is_one(browser: FlaskClient) -> None:
    assert change(browser, "Ａｎｇｓｔröm villages 九").status_code == 200  # full-width letters
    decomposed = {"username": "officer", "password": "Angstro\u0308m villages 九"}
    assert post(browser, decomposed).status_code == 200


def test_weak_new_password_is_not_judged_for_who_cannot_sign_in(browser: FlaskClient) -> None:
    assert told(change(browser, "short", current="guess")) == (401, "sign-in-failed")


def test_longer_minimum_is_a_setting(make_app: Callable[..., Flask]) -> None:
    client = make_app(policy=replace(FEW, password_min_length=30)).test_client()
    assert told(change(client, GOOD)) == (422, "weak-password")


def test_initial_password_is_good_for_nothing_but_its_change(
    browser: FlaskClient, api_database: Database, officer: Caller
) -> None:
    with api_database.write() as tx:
        initial = accounts.reset_password(
            tx, username="officer", password=None, policy=FEW, actor=SYSTEM, at=wall.now()
        )
    assert officer.get("/me").status_code == 401, "a reset revokes tokens"
    refused = post(browser, {**RIGHT, "password": initial})
    assert told(refused) == (403, "password-change-required")
    assert refused.get_json()["data"] == {"change_at": "/api/v1/session/password"}
    assert browser.get_cookie("aidflow_session") is None
    assert told(post(browser, WRONG)) == (401, "sign-in-failed"), "only who knows it is told"
    assert change(browser, GOOD, current=initial).status_code == 200
    assert post(browser, {**RIGHT, "password": GOOD}).status_code == 200


def test_closed_account_reads_like_a_wrong_password(browser: FlaskClient, api_database: Database) -> None:
    with api_database.write() as tx:
        accounts.set_active(tx, username="officer", active=False, actor=SYSTEM, at=wall.now())
    assert told(post(browser, RIGHT)) == (401, "sign-in-failed")


def test_sign_ins_stand_in_the_audit_log_without_what_was_typed(
    browser: FlaskClient, sign_in: Callable[[str], Caller]
) -> None:
    post(browser, WRONG)
    post(browser, {"username": "hunter2 typed in the wrong box", "password": "wrong"})
    post(browser, RIGHT)
    rows = sign_in("admin").get("/audit").get_json()["items"]
    found = [(row["kind"], row["actor"]) for row in rows if row["kind"].startswith(("sign_in", "session"))]
    assert found == [
        ("session_opened", "officer"),
        ("sign_in_failed", "anonymous"),
        ("sign_in_failed", "officer"),
    ]
    assert "hunter2" not in str(rows)
