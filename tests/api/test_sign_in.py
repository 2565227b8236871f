"""Signing in as browsers and scripts see it: cookies, locks, passwords, what other sites may not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from engine.actions import accounts
from engine.actions.sign_in_policy import DEFAULT_POLICY, SignInPolicy
from engine.clocks import wall
from engine.store.db import Database
from engine.types import SYSTEM
from tests.api.conftest import Caller

GOOD = "three towns and a river"
WRONG = {"username": "officer", "password": "wrong"}
RIGHT = {"username": "officer", "password": "aidflow-demo"}
AFAR = {"REMOTE_ADDR": "203.0.113.7"}
FEW = replace(DEFAULT_POLICY, sign_in_attempts=3, sign_in_attempts_per_address=5)
START = wall.now()


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


def post(client: FlaskClient, body: dict[str, str], path: str = "", **options: Any) -> Any:
    return client.post(f"/api/v1/session{path}", json=body, **options)


def told(response: Any) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return response.status_code, response.get_json().get("code", "")


# Sessions


def test_cookie_is_closed_to_scripts_and_other_sites(browser: FlaskClient) -> None:
    header = post(browser, RIGHT).headers["Set-Cookie"]
    assert header.startswith("aidflow_session=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in header.split(";")}
    assert "Secure" not in header


def test_cookie_is_bound_to_host_and_tls_where_there_is_tls(make_app: Callable[..., Flask]) -> None:
    client = make_app(secure=True).test_client()
    header = post(client, RIGHT, base_url="https://localhost").headers["Set-Cookie"]
    assert header.startswith("__Host-aidflow_session=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {p.strip() for p in header.split(";")}
    assert "Domain" not in header
    assert client.get("/api/v1/me", base_url="https://localhost").status_code == 200


def test_cookie_without_the_prefix_is_not_heeded_where_there_is_tls(make_app: Callable[..., Flask]) -> None:
    client = make_app(secure=True).test_client()
    post(client, RIGHT, base_url="https://localhost")
    cookie = client.get_cookie("__Host-aidflow_session", path="/")
    assert cookie is not None
    other = make_app(secure=True).test_client(use_cookies=False)
    headers = {"Cookie": f"aidflow_session={cookie.value}"}
    assert other.get("/api/v1/me", headers=headers).status_code == 401


def test_session_that_rests_too_long_ends(browser: FlaskClient, clock: Any) -> None:
    post(browser, RIGHT)
    for _ in range(3):
        clock.shift(timedelta(minutes=50))
        assert browser.get("/api/v1/me").status_code == 200
    clock.shift(timedelta(minutes=61))
    assert browser.get("/api/v1/me").status_code == 401


def test_session_ends_however_busy_it_is(browser: FlaskClient, clock: Any) -> None:
    post(browser, RIGHT)
    for _ in range(15):
        clock.shift(timedelta(minutes=47))
        assert browser.get("/api/v1/me").status_code == 200
    clock.shift(timedelta(minutes=20))
    assert browser.get("/api/v1/me").status_code == 401


def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(browser: FlaskClient) -> None:
    post(browser, RIGHT)
    old = browser.get_cookie("aidflow_session")
    post(browser, RIGHT)
    new = browser.get_cookie("aidflow_session")
    assert old is not None
    assert new is not None
    assert old.value != new.value
    stale = browser.application.test_client(use_cookies=False)
    headers = {"Cookie": f"aidflow_session={old.value}"}
    assert stale.get("/api/v1/me", headers=headers).status_code == 401


def test_sign_out_everywhere_ends_the_sessions_of_other_browsers(
    browser: FlaskClient, officer: Caller
) -> None:
    elsewhere = browser.application.test_client()
    post(browser, RIGHT)
    post(elsewhere, RIGHT)
    assert browser.delete("/api/v1/session?everywhere=true").status_code == 204
    assert elsewhere.get("/api/v1/me").status_code == 401
    assert officer.get("/me").status_code == 200, "tokens of scripts stay"


def test_sign_out_ends_only_this_session(browser: FlaskClient) -> None:
    elsewhere = browser.application.test_client()
    post(browser, RIGHT)
    post(elsewhere, RIGHT)
    assert browser.delete("/api/v1/session").status_code == 204
    assert browser.get("/api/v1/me").status_code == 401
    assert elsewhere.get("/api/v1/me").status_code == 200


# Requests that other sites start


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "none"}, 204),
        ({"Origin": "http://localhost"}, 204),
        ({}, 204),
    ],
)
def test_only_this_site_may_change_anything_with_the_cookie(
    headers: dict[str, str], status: int, browser: FlaskClient
) -> None:
    post(browser, RIGHT)
    response = browser.delete("/api/v1/session", headers=headers)
    assert response.status_code == status
    assert browser.get("/api/v1/me", headers=headers).status_code == (200 if status == 403 else 401)


def test_another_site_cannot_sign_a_browser_in(browser: FlaskClient) -> None:
    response = post(browser, RIGHT, headers={"Sec-Fetch-Site": "cross-site"})
    assert told(response) == (403, "cross-site-request")
    assert browser.get_cookie("aidflow_session") is None


# Locks


def test_guessing_locks_the_account_and_tells_how_long(browser: FlaskClient, clock: Any) -> None:
    assert [told(post(browser, WRONG))[0] for _ in range(4)] == [401, 401, 401, 429]
    refused = post(browser, RIGHT)
    assert told(refused) == (429, "too-many-attempts")
    assert 0 < int(refused.headers["Retry-After"]) <= 601
    clock.shift(timedelta(minutes=10, seconds=1))
    assert post(browser, RIGHT).status_code == 200


def test_lock_doubles_each_time(browser: FlaskClient, clock: Any) -> None:
    for minutes in (10, 20, 40):
        assert [told(post(browser, WRONG))[0] for _ in range(3)] == [401] * 3
        assert post(browser, RIGHT).status_code == 429
        clock.shift(timedelta(minutes=minutes, seconds=-2))
        assert post(browser, RIGHT).status_code == 429
        clock.shift(timedelta(seconds=4))


def test_unknown_account_is_answered_like_a_real_one(browser: FlaskClient, clock: Any) -> None:
    unknown = {"username": "nobody-here", "password": "wrong"}
    real = [post(browser, WRONG) for _ in range(5)]
    made_up = [post(browser, unknown) for _ in range(5)]
    assert [(r.status_code, r.data) for r in real] == [(r.status_code, r.data) for r in made_up]
    assert [r.headers.get("Retry-After") for r in real] == [r.headers.get("Retry-After") for r in made_up]


def test_attacker_elsewhere_does_not_lock_a_person_out(browser: FlaskClient, clock: Any) -> None:
    assert post(browser, RIGHT).status_code == 200
    for _ in range(6):
        post(browser, WRONG, environ_base=AFAR)
    assert post(browser, RIGHT, environ_base=AFAR).status_code == 429
    assert post(browser, RIGHT).status_code == 200


def test_right_sign_ins_are_never_held_up(browser: FlaskClient, clock: Any) -> None:
    assert {post(browser, RIGHT).status_code for _ in range(20)} == {200}


def test_success_forgets_the_failures_before_it(browser: FlaskClient, clock: Any) -> None:
    for _ in range(3):
        assert [told(post(browser, WRONG))[0] for _ in range(2)] == [401, 401]
        assert post(browser, RIGHT).status_code == 200


def test_address_that_tries_many_accounts_is_locked_for_those_it_never_was(
    browser: FlaskClient, clock: Any
) -> None:
    leader = {"username": "leader", "password": "aidflow-demo"}
    assert post(browser, leader, environ_base=AFAR).status_code == 200
    for number in range(5):
        body = {"username": f"someone{number}", "password": "wrong"}
        assert post(browser, body, environ_base=AFAR).status_code == 401
    assert post(browser, RIGHT, environ_base=AFAR).status_code == 429
    assert post(browser, RIGHT).status_code == 200, "another address"
    assert post(browser, leader, environ_base=AFAR).status_code == 200, "known there"


def test_address_behind_a_trusted_proxy_is_the_clients(make_app: Callable[..., Flask], clock: Any) -> None:
    client = make_app(proxies=1).test_client()
    guesser = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    for number in range(5):
        post(client, {"username": f"someone{number}", "password": "wrong"}, headers=guesser)
    assert post(client, RIGHT, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    assert post(client, RIGHT, headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 200


def test_forwarded_address_of_a_proxy_that_is_not_trusted_means_nothing(
    browser: FlaskClient, clock: Any
) -> None:
    for number in range(5):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        body = {"username": f"someone{number}", "password": "wrong"}
        post(browser, body, headers=headers, environ_base=AFAR)
    assert post(browser, RIGHT, environ_base=AFAR).status_code == 429


def test_administrator_releases_a_locked_account(
    browser: FlaskClient, api_database: Database, clock: Any
) -> None:
    for _ in range(4):
        post(browser, WRONG)
    assert post(browser, RIGHT).status_code == 429
    with api_database.write() as tx:
        accounts.unlock_account(tx, username="officer", actor=SYSTEM, at=wall.now())
    assert post(browser, RIGHT).status_code == 200


# Passwords


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
