"""Single sign-on against a real OpenID Connect provider in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import OidcSettings, Settings
from engine.store.db import Database
from tests.api.oidc_provider import CLIENT_ID, CLIENT_SECRET

ROOT = Path(__file__).parent.parent.parent
CALLBACK = "/api/v1/sso/callback"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A running provider's issuer."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.api.oidc_provider"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def provider(issuer: str) -> Callable[..., None]:
    """A function that says whom the provider signs in, and how its ID tokens are wrong."""

    def be(person: str = "officer", wrong: str = "") -> None:
        requests.post(f"{issuer}/misbehave", json={"person": person, "wrong": wrong}, timeout=10)

    be()
    return be


def client_for(database: Database, folder: Path, oidc: OidcSettings) -> FlaskClient:
    settings = Settings(data=folder, secure_cookies=False, oidc=oidc)
    return create_app(settings, database).test_client()


@pytest.fixture
def oidc(issuer: str) -> OidcSettings:
    return OidcSettings(issuer=issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)


@pytest.fixture
def browser(api_database: Database, tmp_path: Path, oidc: OidcSettings, provider: Any) -> FlaskClient:
    """A browser with a cookie jar."""
    return client_for(api_database, tmp_path, oidc)


def journey(browser: FlaskClient) -> str:
    """Go to the provider and take what its redirect says: the callback with its query."""
    begun = browser.get("/api/v1/sso/login")
    assert begun.status_code == 302, begun.text
    back = requests.get(begun.headers["Location"], allow_redirects=False, timeout=10)
    return back.headers["Location"].removeprefix("http://localhost")


def refused(browser: FlaskClient, response: Any, status: int, code: str) -> None:
    assert (response.status_code, response.get_json()["code"]) == (status, code)
    assert browser.get_cookie("aidflow_session") is None
    assert browser.get("/api/v1/me").status_code == 401


def test_whoever_the_provider_knows_is_signed_in_as_the_account_of_that_name(browser: FlaskClient) -> None:
    response = browser.get(journey(browser))
    assert response.status_code == 200
    assert 'http-equiv="refresh"' in response.text
    session = browser.get_cookie("aidflow_session")
    assert session is not None
    assert session.http_only
    assert session.same_site == "Strict"
    assert browser.get("/api/v1/me").get_json()["username"] == "officer"


def test_journey_asks_with_pkce_state_and_nonce(browser: FlaskClient) -> None:
    asked = parse_qs(urlsplit(browser.get("/api/v1/sso/login").headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))


@pytest.mark.parametrize(
    "wrong",
    ["nonce", "nonce missing", "signature", "unsigned", "expired", "issuer", "audience", "no id token"],
)
def test_id_token_that_is_wrong_signs_nobody_in(
    wrong: str, browser: FlaskClient, provider: Callable[..., None]
) -> None:
    provider(wrong=wrong)
    refused(browser, browser.get(journey(browser)), 401, "sso-failed")


@pytest.mark.parametrize("person", ["stranger", "", "Officer"])
def test_person_without_an_account_gets_none(
    person: str, browser: FlaskClient, provider: Callable[..., None]
) -> None:
    provider(person=person)
    refused(browser, browser.get(journey(browser)), 403, "no-account")


def test_closed_account_is_not_opened_by_the_provider(browser: FlaskClient, api_database: Database) -> None:
    with api_database.write() as tx:
        tx.exec_driver_sql("UPDATE accounts SET active = 0 WHERE username = 'officer'")
    refused(browser, browser.get(journey(browser)), 403, "no-account")


def test_journey_ends_once(browser: FlaskClient) -> None:
    callback = journey(browser)
    assert browser.get(callback).status_code == 200
    browser.delete_cookie("aidflow_session")
    refused(browser, browser.get(callback), 401, "sso-failed")


def test_state_that_nobody_was_given_is_refused(browser: FlaskClient) -> None:
    code = parse_qs(urlsplit(journey(browser)).query)["code"][0]
    refused(browser, browser.get(f"{CALLBACK}?state=made-up&code={code}"), 401, "sso-failed")


def test_journey_that_another_browser_began_is_refused(
    browser: FlaskClient, api_database: Database, tmp_path: Path, oidc: OidcSettings
) -> None:
    callback = journey(browser)
    victim = client_for(api_database, tmp_path, oidc)
    journey(victim)  # the victim's browser has a journey of its own
    refused(victim, victim.get(callback), 401, "sso-failed")


def test_provider_that_refuses_is_no_sign_in(browser: FlaskClient) -> None:
    state = parse_qs(urlsplit(journey(browser)).query)["state"][0]
    refused(browser, browser.get(f"{CALLBACK}?state={state}&error=access_denied"), 401, "sso-failed")


def test_provider_of_another_name_is_refused(
    api_database: Database, tmp_path: Path, issuer: str, provider: Any
) -> None:
    oidc = OidcSettings(issuer=f"{issuer}/", client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    response = client_for(api_database, tmp_path, oidc).get("/api/v1/sso/login")
    assert (response.status_code, response.get_json()["code"]) == (401, "sso-failed")


def test_wrong_client_secret_signs_nobody_in(
    api_database: Database, tmp_path: Path, issuer: str, provider: Any
) -> None:
    oidc = OidcSettings(issuer=issuer, client_id=CLIENT_ID, client_secret="wrong")
    browser = client_for(api_database, tmp_path, oidc)
    refused(browser, browser.get(journey(browser)), 401, "sso-failed")


def test_provider_that_is_down_is_said(api_database: Database, tmp_path: Path) -> None:
    oidc = OidcSettings(issuer="http://127.0.0.1:9", client_id=CLIENT_ID)
    response = client_for(api_database, tmp_path, oidc).get("/api/v1/sso/login")
    assert (response.status_code, response.get_json()["code"]) == (502, "sso-unreachable")


def test_without_a_provider_there_is_nothing_here(http: FlaskClient) -> None:
    assert http.get("/api/v1/sso/login").status_code == 404
    assert http.get(f"{CALLBACK}?state=x&code=y").status_code == 404


@pytest.mark.parametrize(
    "variables",
    [
        {"AIDFLOW_OIDC_ISSUER": "https://id.example"},
        {"AIDFLOW_OIDC_ISSUER": "http://id.example", "AIDFLOW_OIDC_CLIENT_ID": "x"},
    ],
)
def test_settings_that_cannot_be_safe_are_refused(variables: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="AIDFLOW_OIDC_"):
        Settings.from_environment(variables)


def test_client_secret_is_not_printed() -> None:
    assert "hush" not in repr(Settings(oidc=OidcSettings(client_secret="hush")))
