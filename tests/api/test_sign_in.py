"""Signing in as browsers and scripts see it: cookies, locks, what other sites may not do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.actions import accounts
from engine.clocks import wall
from engine.store.db import Database
from engine.types import SYSTEM
from tests.api.conftest import Caller
from tests.api.signing_in import AFAR, RIGHT, WRONG, post, told

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
