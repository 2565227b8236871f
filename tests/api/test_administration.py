"""Calendars with a preview, accounts, incidents to repair, parameters and attention over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from engine.clocks import SHANGHAI, wall
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused

SignIn = Callable[[str], Caller]


def announcement() -> dict[str, Any]:
    today = wall.now().astimezone(SHANGHAI).date()
    day = {"works": False, "zh": "台风停工", "en": "typhoon", "region": "350481"}
    return {
        "announced": today.isoformat(),
        "source": "永安市政府通告",
        "days": [{"day": (today + timedelta(days=n)).isoformat(), **day} for n in range(1, 6)],
    }


def test_days_are_previewed_then_announced_once(sign_in: SignIn, officer: Caller) -> None:
    admin, said = sign_in("admin"), announcement()
    seen = admin.post("/calendar/preview", said).get_json()
    assert seen["next"] is None
    assert admin.post("/calendar", said).get_json() == {"revision": 1}
    assert_refused(admin.post("/calendar", said), 409, "already-announced")
    assert_refused(officer.post("/calendar/preview", said), 403, "forbidden")
    first = said["days"][0]["day"]
    year = officer.get(f"/calendar/{first[:4]}?county=350481").get_json()
    day = next(one for one in year["days"] if one["day"] == first)
    assert (day["works"], day["zh"], day["region"]) == (False, "台风停工", "350481")


def test_accounts_are_looked_at_and_changed(sign_in: SignIn, officer: Caller) -> None:
    admin = sign_in("admin")
    assert admin.get("/people/officer2").get_json()["may_manage"] is True
    assert admin.post("/people/officer2/name", {"name": "黄某"}).get_json()["name"] == "黄某"
    assert admin.post("/people/officer2/active", {"active": False}).get_json()["active"] is False
    assert admin.post("/people/officer2/release").get_json()["locked_until"] is None
    assert len(admin.post("/people/officer2/password").get_json()["initial_password"]) >= 12
    assert_refused(officer.get("/people/officer2"), 403, "forbidden")
    assert_refused(admin.get("/people/nobody"), 404, "not-found")


def test_parameters_and_attention_are_told(sign_in: SignIn, officer: Caller, case: dict[str, Any]) -> None:
    admin = sign_in("admin")
    found = admin.get(f"/parameters?process={case['process']}").get_json()["items"]
    assert all(one["processes"] == [case["process"]] for one in found)
    assert admin.get("/attention").get_json()["incidents"] == []
    assert_refused(officer.get("/attention"), 403, "forbidden")
