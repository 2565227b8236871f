"""The audit log: what belongs to no case (sign-ins, tokens, people, administration, full views), append-only.

Each row is hashed over the one before, as a case's history is, and the end of the chain stands in a
row of its own. A writer locks that row until the commit: append last, after any case is locked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, update

from engine.store.audit_tables import audit, audit_head
from engine.store.db import Tx
from engine.store.ids import new_id
from engine.store.metadata import EPOCH, MICROSECOND
from engine.store.packing import canonical, pack, seal, unpack, unseal

GENESIS = b"\0" * 32
_BATCH = 1000


class AuditRow(NamedTuple):
    """One row; `data` is decoded."""

    seq: int
    id: int
    at: datetime
    actor: str
    kind: str
    region: str
    data: Any
    hash: bytes


_HEAD = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.id == 1)
_LOCK_HEAD = _HEAD.with_for_update()
_MOVE_HEAD = (
    update(audit_head).where(audit_head.c.id == 1).values(seq=bindparam("to_seq"), hash=bindparam("to_hash"))
)
_INSERT = insert(audit)
_AFTER = (
    select(*audit.c).where(audit.c.seq > bindparam("after")).order_by(audit.c.seq).limit(bindparam("batch"))
)


def _hash(previous: bytes, row: Any, data: bytes) -> bytes:
    instant = (row.at - EPOCH) // MICROSECOND
    header = canonical([row.seq, row.id, instant, row.actor, row.kind, row.region])
    return sha256(previous + header + b"\n" + data).digest()


def _content(tx: Tx, row: Any) -> bytes:
    return unpack(unseal(tx, row.data, "audit", row.seq))


def append(tx: Tx, *, kind: str, actor: str, data: Any, at: datetime, region: str = "") -> int:
    """Write one row and return its id. `kind` is `subject_verbed`, `actor` a user name.

    `region` is the administrative code whose administrators may read it: give the case's region for
    what concerns a case, leave it "" for what concerns no region. `data` is plain JSON, never a secret.
    """
    seq, previous = tx.execute(_LOCK_HEAD).one()
    text = canonical(data)
    row = AuditRow(seq + 1, new_id(at), at, actor, kind, region, seal(tx, pack(text), "audit", seq + 1), b"")
    row = row._replace(hash=_hash(previous, row, text))
    tx.execute(_INSERT, row._asdict())
    tx.execute(_MOVE_HEAD, {"to_seq": row.seq, "to_hash": row.hash})
    return row.id


def list_rows(
    tx: Tx,
    *,
    scope: Sequence[str],
    kind: str | None = None,
    actor: str | None = None,
    before: int | None = None,
    limit: int,
) -> list[AuditRow]:
    """Newest first, those whose id is below `before`, of these region prefixes and of no region.

    No prefix at all sees nothing.
    """
    if not scope:
        return []
    inside = (and_(audit.c.region >= prefix, audit.c.region < prefix + ":") for prefix in scope)
    query = select(*audit.c).where(or_(audit.c.region == "", *inside))
    if kind is not None:
        query = query.where(audit.c.kind == kind)
    if actor is not None:
        query = query.where(audit.c.actor == actor)
    if before is not None:
        query = query.where(audit.c.id < before)
    rows = tx.execute(query.order_by(audit.c.id.desc()).limit(limit))
    return [AuditRow._make((*row[:6], json.loads(_content(tx, row)), row.hash)) for row in rows]


def get_head(tx: Tx) -> tuple[int, bytes]:
    """How many rows there are and the hash of the last one."""
    row = tx.execute(_HEAD).one_or_none()
    return (row.seq, row.hash) if row else (0, GENESIS)


def find_hash(tx: Tx, seq: int) -> bytes | None:
    """The hash of one row, or None."""
    found: bytes | None = tx.execute(select(audit.c.hash).where(audit.c.seq == seq)).scalar_one_or_none()
    return found


def find_break(tx: Tx) -> int | None:
    """The first `seq` at which the chain does not hold, or None; reads a batch at a time."""
    previous, seq = GENESIS, 0
    while rows := tx.execute(_AFTER, {"after": seq, "batch": _BATCH}).all():
        for row in rows:
            seq += 1
            try:
                expected = _hash(previous, row, _content(tx, row))
            except ValueError:
                return seq
            if row.seq != seq or row.hash != expected:
                return seq
            previous = row.hash
    length, head = get_head(tx)
    if (seq, previous) != (length, head):
        return min(seq, length) + 1 if seq != length else seq
    return None
