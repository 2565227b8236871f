"""What the sign-in tests share: who signs in with what, under a policy of few tries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from engine.actions.sign_in_policy import DEFAULT_POLICY
from engine.clocks import wall

GOOD = "three towns and a river"
WRONG = {"username": "officer", "password": "wrong"}
RIGHT = {"username": "officer", "password": "aidflow-demo"}
AFAR = {"REMOTE_ADDR": "203.0.113.7"}
FEW = replace(DEFAULT_POLICY, sign_in_attempts=3, sign_in_attempts_per_address=5)
START = wall.now()


def post(client: FlaskClient, body: dict[str, str], path: str = "", **options: Any) -> Any:
    return client.post(f"/api/v1/session{path}", json=body, **options)


def told(response: Any) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return response.status_code, response.get_json().get("code", "")
