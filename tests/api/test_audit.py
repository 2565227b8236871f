"""`GET /audit`: for administrators, by region, a page at a time."""

from __future__ import annotations

from collections.abc import Callable

from engine.clocks import wall
from engine.store import audit
from engine.store.db import Database
from tests.api.conftest import Caller
from tests.api.refusals import assert_refused


def test_only_administrators_read_the_audit_log(officer: Caller, nobody: Caller) -> None:
    assert_refused(officer.get("/audit"), 403, "forbidden")
    assert_refused(nobody.get("/audit"), 401, "not-signed-in")


def test_administrators_read_their_regions_page_by_page(
    sign_in: Callable[[str], Caller], api_database: Database
) -> None:
    with api_database.write() as tx:
        for region in ("350481100", "110101", ""):
            audit.append(
                tx,
                kind="value_revealed",
                actor="li.na",
                data={"field": "mobile"},
                at=wall.now(),
                region=region,
            )
    admin = sign_in("admin")
    first = admin.get("/audit?kind=value_revealed&actor=li.na&limit=1").get_json()
    second = admin.get(f"/audit?kind=value_revealed&limit=1&cursor={first['next']}").get_json()
    assert {item["region"] for item in first["items"] + second["items"]} == {"350481100", ""}
    assert second["next"] is None
    assert first["items"][0]["data"] == {"field": "mobile"}
    assert "hash" not in first["items"][0]
