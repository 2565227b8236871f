"""The database itself refuses to change or drop what is on record, whoever asks."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from engine.store import audit, schema
from engine.store.db import open_database
from tests.builders import THREE_STEPS, Office

_REFUSED = [
    "UPDATE {t} SET actor = 'x'",
    "UPDATE {t} SET at = at + 1",
    "UPDATE {t} SET kind = 'x'",
    "UPDATE {t} SET hash = x'00'",
    "UPDATE {t} SET seq = seq + 100",
    "DELETE FROM {t}",
    "DELETE FROM {t} WHERE seq = (SELECT max(seq) FROM {t})",
    "INSERT OR REPLACE INTO {t} SELECT * FROM {t} WHERE seq = 1",
]


@pytest.fixture
def connection(office: Office, tmp_path: Path) -> sqlite3.Connection:
    """A plain connection to a database with a case and two rows of audit."""
    office.deploy(three_bpmn=THREE_STEPS)
    office.complete(office.open("three-steps"), "check")
    with office.database.write() as tx:
        for _ in range(2):
            audit.append(tx, kind="signed_in", actor="officer", data={}, at=office.now)
    return sqlite3.connect(tmp_path / "aidflow.db", isolation_level=None)


@pytest.mark.parametrize("statement", _REFUSED)
@pytest.mark.parametrize("table", ["events", "audit"])
def test_rows_are_neither_changed_nor_dropped(
    connection: sqlite3.Connection, table: str, statement: str
) -> None:
    with closing(connection):
        before = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
            connection.execute(statement.format(t=table))
        assert connection.execute(f"SELECT * FROM {table}").fetchall() == before  # noqa: S608
        assert len(before) >= 2


@pytest.mark.parametrize("table", ["events", "audit"])
@pytest.mark.parametrize("gap", [1, 2])
def test_a_row_that_is_not_the_next_is_refused(connection: sqlite3.Connection, table: str, gap: int) -> None:
    with closing(connection):
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join({"seq": f"seq + {gap}", "id": "id + 1"}.get(name, name) for name in columns)
        copy = f"INSERT INTO {table} SELECT {values} FROM {table} ORDER BY seq DESC LIMIT 1"  # noqa: S608
        if gap == 1:
            connection.execute(copy)
            return
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(copy)


@pytest.mark.parametrize("table", ["events", "audit"])
def test_content_may_be_sealed_anew(connection: sqlite3.Connection, table: str) -> None:
    with closing(connection):
        connection.execute(f"UPDATE {table} SET data = x'00' WHERE seq = 1")  # noqa: S608
        kept = connection.execute(f"SELECT data FROM {table} WHERE seq = 1").fetchone()  # noqa: S608
        assert kept == (b"\0",)


@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="no PostgreSQL at hand")
def test_postgresql_refuses_the_same() -> None:
    database = open_database(os.environ["TEST_DATABASE_URL"])
    schema.upgrade(database)
    with database.write() as tx:
        audit.append(tx, kind="signed_in", actor="officer", data={}, at=datetime(2026, 9, 22, tzinfo=UTC))
    for statement in (*_REFUSED[:-1], "TRUNCATE {t}"):
        with pytest.raises(IntegrityError, match="append-only"), database.engine.begin() as tx:
            tx.execute(text(statement.format(t="audit").replace("x'00'", "'a'")))
    database.close()
