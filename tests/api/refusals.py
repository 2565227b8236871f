"""What every refused request must look like, and what must not have changed."""

from __future__ import annotations

from typing import Any

from engine.store.db import Database

TABLES = ("cases", "tasks", "clocks", "timers", "events", "outbox", "definitions", "process_versions")


def everything(database: Database) -> list[Any]:
    """Every row of every table that a request could change."""
    with database.read() as tx:
        return [tx.exec_driver_sql(f"SELECT * FROM {table}").all() for table in TABLES]  # noqa: S608


def assert_refused(response: Any, status: int, place: str) -> None:
    """A problem document with a sentence, and `place` somewhere in what it says."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == status
    assert problem["code"]
    assert problem["detail"]
    assert place in response.text
