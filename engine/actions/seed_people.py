"""Load the seed regions and the demo accounts. Loading them twice adds nothing."""

from __future__ import annotations

from datetime import date

from engine.actions.sign_in import hash_password
from engine.store import people, seed
from engine.store.db import Tx

DEMO_PASSWORD = "aidflow-demo"  # noqa: S105 - printed at every start of the demo, which only loopback reaches
_IN_OFFICE_SINCE = date(2020, 1, 1)


def seed_regions(tx: Tx) -> None:
    """Add the regions that are not there yet."""
    known = {region.code for region in people.list_regions(tx)}
    for level, code, name, name_en in seed.read("regions")["regions"]:
        if code not in known:
            people.add_region(tx, code=code, name=name, name_en=name_en, level=level)


def seed_demo_accounts(tx: Tx) -> list[str]:
    """Add the demo accounts that are not there yet, with their positions; returns all their names."""
    accounts = seed.read("people")["accounts"]
    hashed = hash_password(DEMO_PASSWORD)
    for account in accounts:
        username = account["username"]
        if people.find_password_hash(tx, username) is not None:
            continue
        people.add_account(
            tx,
            username=username,
            name=account["name"],
            name_en=account["name_en"],
            password_hash=hashed,
        )
        for role, region in account["positions"]:
            people.add_position(tx, username=username, role=role, region=region, valid_from=_IN_OFFICE_SINCE)
    return [account["username"] for account in accounts]
