"""Bearer tokens: scopes that hold them back, their lives, the list, the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from engine.clocks import wall
from engine.store.db import Database
from tests.api.bundles import VISIT_BPMN, VISIT_FORM
from tests.api.conftest import Caller


def make(caller: Caller, *scopes: str, **more: Any) -> Caller:
    """A caller with a new token of another's account."""
    body = {"name": "script", **({"scopes": list(scopes)} if scopes else {}), **more}
    response = caller.post("/tokens", body)
    assert response.status_code == 201, response.text
    return Caller(caller.http, response.get_json()["token"])


def test_reading_token_cannot_change_anything(officer: Caller, case: dict[str, Any]) -> None:
    reader = make(officer, "read")
    assert reader.get(f"/cases/{case['id']}").status_code == 200
    refused = reader.post(f"/tasks/{case['tasks'][0]['id']}/claim")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "scope-missing")
    assert refused.get_json()["data"] == {"scope": "work"}


def test_working_token_cannot_read_lists_deploy_or_administer(
    officer: Caller, designer: Caller, case: dict[str, Any]
) -> None:
    worker = make(officer, "work")
    assert worker.post(f"/tasks/{case['tasks'][0]['id']}/claim").status_code == 200
    assert worker.get("/cases").status_code == 403
    files: dict[str, bytes | str] = {"visit.bpmn": VISIT_BPMN, "visit_answers.form": VISIT_FORM}
    assert make(designer, "read", "work").deploy(files).status_code == 403
    assert make(designer, "deploy").deploy(files).status_code == 200


def test_scope_gives_nothing_that_the_person_may_not(officer: Caller) -> None:
    deployer = make(officer, "deploy", "admin")
    refused = deployer.deploy({"visit.bpmn": VISIT_BPMN, "visit_answers.form": VISIT_FORM})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "forbidden")


def test_token_tells_what_it_is_for(officer: Caller) -> None:
    assert make(officer, "work", "read").get("/me").get_json()["scopes"] == ["read", "work"]
    assert officer.get("/me").get_json()["scopes"] == ["read", "work", "deploy", "admin"]


def test_token_gives_no_scope_that_it_lacks_and_no_longer_life(officer: Caller) -> None:
    parent = make(officer, "read", expires_in_days=2)
    assert parent.post("/tokens", {"name": "more", "scopes": ["read", "work"]}).status_code == 403
    child = parent.post("/tokens", {"name": "same", "expires_in_days": 30}).get_json()
    assert child["scopes"] == ["read"]
    assert datetime.fromisoformat(child["expires_at"]) <= wall.now() + timedelta(days=2)


@pytest.mark.parametrize(("days", "status"), [(1, 201), (365, 201), (366, 422), (0, 422), (-1, 422)])
def test_life_of_a_token_is_bounded(days: int, status: int, officer: Caller) -> None:
    response = officer.post("/tokens", {"name": "script", "expires_in_days": days})
    assert response.status_code == status
    if status == 422:
        assert response.get_json()["errors"][0]["pointer"] == "/expires_in_days"


@pytest.mark.parametrize("scopes", [[], ["everything"], "read", [["read"]]])
def test_scopes_that_do_not_exist_are_refused(scopes: Any, officer: Caller) -> None:
    assert officer.post("/tokens", {"name": "script", "scopes": scopes}).status_code == 422


def test_token_ends_with_its_life(officer: Caller) -> None:
    short = make(officer, expires_in_days=1)
    with time_machine.travel(wall.now() + timedelta(hours=23), tick=False):
        assert short.get("/me").status_code == 200, "tokens do not end by resting"
    with time_machine.travel(wall.now() + timedelta(hours=25), tick=False):
        assert short.get("/me").status_code == 401


def test_list_shows_mine_with_their_last_use_and_without_their_secrets(
    officer: Caller, designer: Caller
) -> None:
    make(designer)
    script = make(officer, "read")
    listed = next(item for item in officer.get("/tokens").get_json()["items"] if item["name"] == "script")
    assert listed["last_used_at"] is None
    later = wall.now() + timedelta(minutes=5)
    with time_machine.travel(later, tick=False):
        script.get("/tasks")
    text = officer.get("/tokens").text
    assert script.token is not None
    assert script.token not in text
    items = officer.get("/tokens").get_json()["items"]
    assert [item["name"] for item in items] == ["script", "tests"]
    assert datetime.fromisoformat(items[0]["last_used_at"]) == later


def test_revoked_token_is_nobodys(officer: Caller) -> None:
    script = make(officer)
    number = officer.get("/tokens").get_json()["items"][0]["id"]
    assert officer.call("DELETE", f"/tokens/{number}").status_code == 204
    assert script.get("/me").status_code == 401
    assert officer.call("DELETE", f"/tokens/{number}").status_code == 404


def test_token_of_somebody_else_is_not_there(officer: Caller, designer: Caller) -> None:
    script = make(officer)
    number = officer.get("/tokens").get_json()["items"][0]["id"]
    for address in (number, "0000000000000", "nonsense"):
        assert designer.call("DELETE", f"/tokens/{address}").status_code == 404
    assert script.get("/me").status_code == 200


def test_session_is_no_token_to_list_or_revoke(officer: Caller) -> None:
    officer.post("/session", {"username": "officer", "password": "aidflow-demo"})
    assert [item["name"] for item in officer.get("/tokens").get_json()["items"]] == ["tests"]


def test_secret_of_a_token_is_kept_nowhere(officer: Caller, api_database: Database) -> None:
    secret = make(officer, name="kept").token
    officer.post("/tokens", {"name": "again"}, Idempotency_Key="k")
    again = officer.post("/tokens", {"name": "again"}, Idempotency_Key="k").get_json()["token"]
    with api_database.read() as tx:
        dump = "\n".join(tx.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    for text in (secret, again):
        assert text is not None
        assert text not in dump
        assert text.encode().hex() not in dump.lower()


def test_life_and_end_of_tokens_stand_in_the_audit_log(
    officer: Caller, sign_in: Callable[[str], Caller]
) -> None:
    made = officer.post("/tokens", {"name": "nightly", "scopes": ["read"]}).get_json()
    officer.call("DELETE", f"/tokens/{made['id']}")
    rows = sign_in("admin").get("/audit").get_json()["items"]
    found = [(row["kind"], row["actor"], row["data"]["id"]) for row in rows if made["id"] in str(row["data"])]
    assert found == [("token_revoked", "officer", made["id"]), ("token_created", "officer", made["id"])]
    assert made["token"] not in str(rows)
