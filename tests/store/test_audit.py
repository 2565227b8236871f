"""The audit log holds together, and shows when it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from engine.store import audit
from engine.store.audit_tables import audit as rows
from engine.store.audit_tables import audit_head
from engine.store.db import Database, Tx
from tests.tampering import drop_triggers

AT = datetime(2026, 9, 22, 1, tzinfo=UTC)


@pytest.fixture
def logged(database: Database) -> Database:
    """Four rows: two of no region, one here, one in another county."""
    with database.write() as tx:
        audit.append(tx, kind="signed_in", actor="officer", data={"way": "password"}, at=AT)
        audit.append(tx, kind="signed_in", actor="leader", data={}, at=AT)
        audit.append(tx, kind="value_revealed", actor="officer", data={}, at=AT, region="350481100")
        audit.append(tx, kind="value_revealed", actor="afar", data={}, at=AT, region="350426")
    return database


def test_rows_are_listed_newest_first_by_region_kind_and_actor(logged: Database) -> None:
    with logged.read() as tx:
        everything = audit.list_rows(tx, scope=("",), limit=10)
        assert [row.seq for row in sorted(everything, key=lambda row: row.seq)] == [1, 2, 3, 4]
        here = audit.list_rows(tx, scope=("350481",), limit=10)
        assert {row.actor for row in here} == {"officer", "leader"}
        assert len(audit.list_rows(tx, scope=("350481",), kind="signed_in", limit=10)) == 2
        assert len(audit.list_rows(tx, scope=("350481",), actor="leader", limit=10)) == 1
        assert audit.list_rows(tx, scope=(), limit=10) == []
        older = audit.list_rows(tx, scope=("",), before=everything[1].id, limit=10)
        assert older == everything[2:]


def test_a_sound_chain_has_no_break(logged: Database) -> None:
    with logged.read() as tx:
        assert audit.find_break(tx) is None
        assert audit.get_head(tx)[0] == 4


_TAMPERING: dict[str, tuple[int, Callable[[Tx], object]]] = {
    "actor changed": (2, lambda tx: tx.execute(update(rows).where(rows.c.seq == 2).values(actor="x"))),
    "region changed": (3, lambda tx: tx.execute(update(rows).where(rows.c.seq == 3).values(region="35"))),
    "row deleted": (2, lambda tx: tx.execute(delete(rows).where(rows.c.seq == 2))),
    "tail cut off": (4, lambda tx: tx.execute(delete(rows).where(rows.c.seq == 4))),
    "data damaged": (1, lambda tx: tx.execute(update(rows).where(rows.c.seq == 1).values(data=b"?"))),
    "head moved back": (4, lambda tx: tx.execute(update(audit_head).values(seq=3))),
    "head deleted": (1, lambda tx: tx.execute(delete(audit_head))),
}


@pytest.mark.parametrize("what", sorted(_TAMPERING))
def test_tampering_is_found_at_its_row(logged: Database, what: str) -> None:
    seq, tamper = _TAMPERING[what]
    with logged.write() as tx:
        drop_triggers(tx)
        tamper(tx)
    with logged.read() as tx:
        assert audit.find_break(tx) == seq
