"""A migrated database with the demo people, copied per test, and an office that works in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.actions.seed_people import seed_demo_accounts, seed_regions
from engine.store import schema
from engine.store.db import Database, open_database
from tests.builders import Office, copy_database


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that every test's database begins as."""
    path = tmp_path_factory.mktemp("template") / "aidflow.db"
    database = open_database(f"sqlite:///{path}")
    schema.upgrade(database)
    with database.write() as tx:
        seed_regions(tx)
        seed_demo_accounts(tx)
    database.close()
    return path


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own, in a file, so that threads have connections of their own."""
    found = open_database(f"sqlite:///{copy_database(template, tmp_path)}")
    yield found
    found.close()


@pytest.fixture
def office(database: Database) -> Office:
    """The demo people at work in the test's database."""
    return Office(database)
