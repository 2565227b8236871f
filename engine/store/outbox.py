"""The outbox: effects that a committed step promised. The worker keeps the promises, at least once each.

An item is leased: whoever takes it moves `run_at` to the lease's end, so that a worker that dies in
the middle loses it to another one. Handlers get the item's id to make a repetition harmless.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from engine.store.db import Tx
from engine.store.packing import pack, seal, unpack, unseal
from engine.store.tables import cases, outbox
from engine.store.timers import PRIORITIES


class OutboxRow(NamedTuple):
    """One promised effect, its payload opened. `key` is the engine's job key where the case waits for it."""

    id: int
    case_id: int
    kind: str
    type: str
    key: str | None
    payload: bytes
    priority: int
    attempts: int
    retries: int
    run_at: datetime | None
    finished_at: datetime | None
    sink: str | None


_DUE = (
    select(*outbox.c)
    .join(cases)
    .where(outbox.c.priority == bindparam("priority"), outbox.c.run_at <= bindparam("at"))
    .order_by(outbox.c.run_at, outbox.c.id)
    .limit(1)
    .with_for_update(of=cases, skip_locked=True)
)
_LEASE = (
    update(outbox)
    .where(outbox.c.id == bindparam("item_id"), outbox.c.run_at == bindparam("seen"))
    .values(run_at=bindparam("until"), attempts=outbox.c.attempts + 1)
)
_BY_ID = select(*outbox.c).where(outbox.c.id == bindparam("item_id"))
_WAITING = select(outbox.c.id, outbox.c.key).where(
    outbox.c.case_id == bindparam("case_id"), outbox.c.key.is_not(None), outbox.c.finished_at.is_(None)
)
_FINISH = (
    update(outbox)
    .where(outbox.c.id == bindparam("item_id"))
    .values(finished_at=bindparam("finished_at"), sink=bindparam("sink"), run_at=None)
)
_FINISH_ONCE = _FINISH.where(outbox.c.finished_at.is_(None))
_POSTPONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("item_id"))
    .values(run_at=bindparam("run_at"), attempts=bindparam("made"))
)
_REVIVE = (
    update(outbox)
    .where(outbox.c.id == bindparam("item_id"), outbox.c.finished_at.is_(None))
    .values(run_at=bindparam("run_at"), attempts=0)
)
_NEXT = select(func.min(outbox.c.run_at)).where(outbox.c.priority == bindparam("priority"))
_INSERT = insert(outbox)


def add_items(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Promise effects; each `payload` is JSON as bytes."""
    if rows:
        sealed = [{**row, "payload": seal(tx, pack(row["payload"]), "outbox", row["id"])} for row in rows]
        tx.execute(_INSERT, sealed)


def lease_due(tx: Tx, at: datetime, priority: int, until: datetime) -> OutboxRow | None:
    """Lock the case of the longest waiting item and take the item until `until`; counts the attempt.

    None if nothing waits, or if another worker has just taken what did.
    """
    row = tx.execute(_DUE, {"at": at, "priority": priority}).first()
    if row is None:
        return None
    item = _opened(tx, row)
    taken = tx.execute(_LEASE, {"item_id": item.id, "seen": item.run_at, "until": until})
    return item._replace(attempts=item.attempts + 1) if taken.rowcount else None


def find_item(tx: Tx, item_id: int) -> OutboxRow | None:
    """The item, or None."""
    row = tx.execute(_BY_ID, {"item_id": item_id}).one_or_none()
    return _opened(tx, row) if row else None


def _opened(tx: Tx, row: Any) -> OutboxRow:
    item = OutboxRow._make(row)
    return item._replace(payload=unpack(unseal(tx, item.payload, "outbox", item.id)))


def list_of_case(tx: Tx, case_id: int) -> list[OutboxRow]:
    """All promises of a case, kept or not, with their plain payloads (b"" where it cannot be opened)."""
    query = select(*outbox.c).where(outbox.c.case_id == case_id).order_by(outbox.c.id)
    return [_open(tx, OutboxRow._make(row)) for row in tx.execute(query)]


def _open(tx: Tx, item: OutboxRow) -> OutboxRow:
    try:
        return item._replace(payload=unpack(unseal(tx, item.payload, "outbox", item.id)))
    except ValueError:
        return item._replace(payload=b"")


def list_waiting(tx: Tx, case_id: int) -> dict[str, int]:
    """Job key → item id of the jobs that a case waits for."""
    return {key: item_id for item_id, key in tx.execute(_WAITING, {"case_id": case_id})}


def finish_items(tx: Tx, item_ids: list[int], at: datetime, sink: str) -> None:
    """The items are done; `sink` says where they went ("record", a handler, or "withdrawn")."""
    if item_ids:
        tx.execute(_FINISH, [{"item_id": i, "finished_at": at, "sink": sink} for i in item_ids])


def finish_once(tx: Tx, item_id: int, at: datetime, sink: str) -> bool:
    """The item is done now; False, and nothing changes, if it was done before."""
    found = tx.execute(_FINISH_ONCE, {"item_id": item_id, "finished_at": at, "sink": sink})
    return bool(found.rowcount)


def postpone(tx: Tx, item_id: int, run_at: datetime | None, *, attempts: int) -> None:
    """Try again at `run_at` after so many attempts; None leaves the item to an operator."""
    tx.execute(_POSTPONE, {"item_id": item_id, "run_at": run_at, "made": attempts})


def revive(tx: Tx, item_id: int, run_at: datetime) -> None:
    """Give an unfinished item all its attempts again."""
    tx.execute(_REVIVE, {"item_id": item_id, "run_at": run_at})


def next_due(tx: Tx) -> datetime | None:
    """When the next item wants to go out."""
    found = (tx.execute(_NEXT, {"priority": priority}).scalar() for priority in PRIORITIES)
    return min((instant for instant in found if instant is not None), default=None)
