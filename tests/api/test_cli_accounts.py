"""`aidflow user` and `aidflow token`: accounts and tokens from the command line, and over HTTP afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.cli import main
from engine.store.db import Database

Run = Callable[..., str]


@pytest.fixture
def aidflow(
    api_database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """A function that runs `aidflow words…` on the test's database and returns what it prints."""
    address = str(api_database.engine.url)

    def run(*words: str, code: int = 0) -> str:
        monkeypatch.setattr("sys.argv", ["aidflow", *words, "--database", address])
        with pytest.raises(SystemExit) as left:
            main()
        written = capsys.readouterr()
        assert int(left.value.code or 0) == code, written.err
        return written.out + written.err

    return run


def sign_in(http: FlaskClient, username: str, password: str) -> Any:
    return http.post("/api/v1/session", json={"username": username, "password": password})


def test_generated_password_is_printed_and_must_be_changed(aidflow: Run, http: FlaskClient) -> None:
    said = aidflow("user", "add", "li", "--name", "李", "--position", "town.officer@350481100")
    initial = re.search(r"initial password: (\S+)", said)
    assert initial is not None
    assert sign_in(http, "li", initial[1]).get_json()["code"] == "password-change-required"
    body = {"username": "li", "password": initial[1], "new_password": "three towns and a river"}
    changed = http.post("/api/v1/session/password", json=body)
    assert changed.get_json()["roles"] == ["town.officer"]
    assert sign_in(http, "li", "three towns and a river").status_code == 200


def test_given_password_is_not_printed_and_must_be_changed_too(aidflow: Run, http: FlaskClient) -> None:
    said = aidflow("user", "add", "li", "--name", "李", "--password", "three towns and a river")
    assert "three towns" not in said
    assert sign_in(http, "li", "three towns and a river").status_code == 403


def test_given_password_keeps_the_rules(aidflow: Run) -> None:
    assert "8" in aidflow("user", "add", "li", "--name", "李", "--password", "short", code=1)


def test_reset_password_replaces_the_old_one(aidflow: Run, http: FlaskClient) -> None:
    initial = re.search(r"initial password: (\S+)", aidflow("user", "password", "officer"))
    assert initial is not None
    assert sign_in(http, "officer", "aidflow-demo").status_code == 401
    assert sign_in(http, "officer", initial[1]).status_code == 403


def test_locked_account_is_released(aidflow: Run, http: FlaskClient) -> None:
    for _ in range(10):
        sign_in(http, "officer", "wrong")
    assert sign_in(http, "officer", "aidflow-demo").status_code == 429
    aidflow("user", "unlock", "officer")
    assert sign_in(http, "officer", "aidflow-demo").status_code == 200


def test_deactivated_account_is_closed_until_activated(aidflow: Run, http: FlaskClient) -> None:
    aidflow("user", "deactivate", "officer")
    assert sign_in(http, "officer", "aidflow-demo").status_code == 401
    assert "officer" in aidflow("token", "add", "officer", "--name", "x", code=1)
    aidflow("user", "activate", "officer")
    assert sign_in(http, "officer", "aidflow-demo").status_code == 200


def test_token_is_held_to_its_scopes_listed_and_revoked(aidflow: Run, http: FlaskClient) -> None:
    words = ("token", "add", "officer", "--name", "nightly", "--scope", "read", "--days", "7")
    secret = aidflow(*words).split()[0]
    headers = {"Authorization": f"Bearer {secret}"}
    assert http.get("/api/v1/me", headers=headers).get_json()["scopes"] == ["read"]
    line = next(line for line in aidflow("token", "list", "officer").splitlines() if "nightly" in line)
    assert "read" in line
    assert secret not in line
    aidflow("token", "revoke", line.split()[0])
    assert http.get("/api/v1/me", headers=headers).status_code == 401
    assert aidflow("token", "revoke", line.split()[0], code=1)


def test_token_lives_no_longer_than_the_setting_says(aidflow: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDFLOW_TOKEN_MAX_DAYS", "30")
    assert "30" in aidflow("token", "add", "officer", "--name", "x", "--days", "31", code=1)


def test_setting_that_makes_no_sense_is_named(aidflow: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDFLOW_PASSWORD_MIN_LENGTH", "4")
    assert "password_min_length" in aidflow("user", "unlock", "officer", code=2)
