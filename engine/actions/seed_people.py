"""Load the seed regions and the demo accounts. Loading them twice adds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.actions.passwords import hash_password
from engine.store import people, seed
from engine.store.db import Tx

DEMO_PASSWORD = "aidflow-demo"  # noqa: S105 - printed at every start of the demo, which only loopback reaches
_IN_OFFICE_SINCE = date(2020, 1, 1)


def seed_regions(tx: Tx) -> None:
    """Add the regions that are not there yet."""
    known = {region.code for region in people.list_regions(tx)}
    found = seed.read("regions")
    for level, code, name, name_en in found["regions"]:
        if code not in known:
            people.add_region(tx, code=code, name=name, name_en=name_en, level=level)
    for level, code, name, name_en, valid_to, successor in found["former"]:
        if code not in known:
            dates = {"valid_to": valid_to, "successor": successor}
            people.add_region(tx, code=code, name=name, name_en=name_en, level=level, **dates)


def seed_demo_accounts(tx: Tx) -> list[str]:
    """Add the demo accounts that are not there yet; returns the names of the main ones."""
    plan = seed.read("people")
    hashed = hash_password(DEMO_PASSWORD)
    for account in [*plan["accounts"], *_branch_accounts(plan)]:
        username = account["username"]
        if people.find_password_hash(tx, username) is not None:
            continue
        people.add_account(
            tx, username=username, name=account["name"], name_en=account["name_en"], password_hash=hashed
        )
        for role, region in account["positions"]:
            people.add_position(tx, username=username, role=role, region=region, valid_from=_IN_OFFICE_SINCE)
    return [account["username"] for account in plan["accounts"]]


def _branch_accounts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The town and county posts once more in each branch's regions, under the branch's suffix."""
    for branch in plan["branches"]:
        for account, name in zip(plan["accounts"], branch["names"], strict=False):
            yield {
                "username": f"{account['username']}_{branch['suffix']}",
                "name": name,
                "name_en": f"{account['name_en']}, {branch['suffix'].capitalize()}",
                "positions": [[role, branch["regions"][region]] for role, region in account["positions"]],
            }
