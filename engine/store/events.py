"""A case's history: append-only, each row hashed over the one before, so that no row can be changed,
dropped or inserted unseen. The head of the chain stands in the case row."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select

from engine.store.db import Tx
from engine.store.metadata import EPOCH, MICROSECOND
from engine.store.packing import canonical, pack, seal, unpack, unseal
from engine.store.tables import events

GENESIS = b"\0" * 32


class EventRow(NamedTuple):
    """One row of history; `data` is decoded."""

    seq: int
    at: datetime
    actor: str
    kind: str
    data: Any
    hash: bytes


_INSERT = insert(events)
_OF_CASE = (
    select(events.c.seq, events.c.at, events.c.actor, events.c.kind, events.c.data, events.c.hash)
    .where(events.c.case_id == bindparam("case_id"), events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
)


def _hash(previous: bytes, case_id: int, seq: int, at: datetime, actor: str, kind: str, data: bytes) -> bytes:
    header = canonical([case_id, seq, (at - EPOCH) // MICROSECOND, actor, kind])
    return sha256(previous + header + b"\n" + data).digest()


def append(
    tx: Tx, *, case_id: int, seq: int, previous: bytes, at: datetime, actor: str, kind: str, data: Any
) -> bytes:
    """Write row `seq` after the row whose hash is `previous`; returns the new head of the chain."""
    text = canonical(data)
    head = _hash(previous, case_id, seq, at, actor, kind, text)
    tx.execute(
        _INSERT,
        {
            "case_id": case_id,
            "seq": seq,
            "at": at,
            "actor": actor,
            "kind": kind,
            "data": seal(tx, pack(text), "events", case_id, seq),
            "hash": head,
        },
    )
    return head


def _content(tx: Tx, case_id: int, row: Any) -> bytes:
    return unpack(unseal(tx, row.data, "events", case_id, row.seq))


def list_events(tx: Tx, case_id: int, *, after: int = 0, limit: int | None = None) -> list[EventRow]:
    """Rows after `after`, oldest first."""
    query = _OF_CASE if limit is None else _OF_CASE.limit(limit)
    rows = tx.execute(query, {"case_id": case_id, "after": after})
    return [EventRow(*row[:4], json.loads(_content(tx, case_id, row)), row[5]) for row in rows]


def find_break(tx: Tx, case_id: int, *, length: int, head: bytes) -> int | None:
    """The first `seq` at which the chain does not hold, or None. `length` and `head` come from the case."""
    previous, seq = GENESIS, 0
    for seq, row in enumerate(tx.execute(_OF_CASE, {"case_id": case_id, "after": 0}), 1):
        try:
            expected = _hash(previous, case_id, seq, row.at, row.actor, row.kind, _content(tx, case_id, row))
        except ValueError:
            return seq
        if row.seq != seq or row.hash != expected:
            return seq
        previous = row.hash
    if seq != length or previous != head:
        return seq + 1 if seq < length else seq
    return None
