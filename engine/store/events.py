"""A case's history: append-only, each row hashed over the one before, so that no row can be changed,
dropped or inserted unseen. The head of the chain stands in the case row."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select

from engine.store.db import Tx
from engine.store.metadata import EPOCH, MICROSECOND
from engine.store.packing import canonical, pack, seal, unpack, unseal
from engine.store.tables import cases, events

GENESIS = b"\0" * 32
PROOF = "proof"  # the entry that says how the step left tasks, timers, clocks, promises and state
SALT = "salt"  # the entry of a row's data that only who may read the plain row is shown
_SALT_BYTES = 9


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
_OF_CASE_SINCE = (
    select(events.c.seq, events.c.at, events.c.actor, events.c.kind, events.c.data, events.c.hash)
    .where(events.c.case_id == bindparam("case_id"), events.c.kind == bindparam("kind"))
    .where(events.c.at >= bindparam("since"))
    .order_by(events.c.seq)
)


def hash_row(previous: bytes, case_id: int, row: Any, content: bytes) -> bytes:
    """What the hash of a row must be: over the row before, its own columns and the SHA-256 of its data."""
    header = canonical([case_id, row.seq, (row.at - EPOCH) // MICROSECOND, row.actor, row.kind])
    return sha256(previous + header + b"\n" + content).digest()


def append(
    tx: Tx, *, case_id: int, seq: int, previous: bytes, at: datetime, actor: str, kind: str, data: Any
) -> bytes:
    """Write row `seq` after the row whose hash is `previous`; returns the new head of the chain.

    The row gets a salt, so that its hash helps nobody to guess what was masked in it.
    """
    text = canonical({**data, SALT: token_urlsafe(_SALT_BYTES)})
    row = EventRow(seq, at, actor, kind, None, b"")
    head = hash_row(previous, case_id, row, sha256(text).digest())
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


def list_events(
    tx: Tx, case_id: int, *, after: int = 0, limit: int | None = None, whole: bool = False
) -> list[EventRow]:
    """Rows after `after`, oldest first; without what only proves, unless they are wanted `whole`."""
    query = _OF_CASE if limit is None else _OF_CASE.limit(limit)
    rows = tx.execute(query, {"case_id": case_id, "after": after})
    found = [EventRow(*row[:4], json.loads(_content(tx, case_id, row)), row[5]) for row in rows]
    if not whole:
        for row in found:
            strip_proof(row.data)
    return found


def list_since(tx: Tx, case_id: int, since: datetime, kind: str) -> list[EventRow]:
    """The rows of one kind from an instant on, oldest first."""
    rows = tx.execute(_OF_CASE_SINCE, {"case_id": case_id, "since": since, "kind": kind})
    return [EventRow(*row[:4], json.loads(_content(tx, case_id, row)), row[5]) for row in rows]


def strip_proof(data: dict[str, Any]) -> None:
    """Take out of a row's data what only proves and what only who reads the plain row may have."""
    data.pop(SALT, None)
    data.pop(PROOF, None)


def find_hash(tx: Tx, number: str, seq: int) -> bytes | None:
    """The hash of one row of the case with this number, or None."""
    query = select(events.c.hash).join(cases).where(cases.c.number == number, events.c.seq == seq)
    found: bytes | None = tx.execute(query).scalar_one_or_none()
    return found


def check_chain(tx: Tx, case_id: int, *, length: int, head: bytes) -> tuple[list[EventRow], int | None]:
    """The rows up to the first `seq` at which the chain does not hold, and that `seq` or None.

    `length` and `head` come from the case.
    """
    previous, found = GENESIS, list[EventRow]()
    for seq, row in enumerate(tx.execute(_OF_CASE, {"case_id": case_id, "after": 0}), 1):
        try:
            content = _content(tx, case_id, row)
            expected = hash_row(previous, case_id, row, sha256(content).digest())
            data = json.loads(content)
        except ValueError:
            return found, seq
        if row.seq != seq or row.hash != expected:
            return found, seq
        previous = row.hash
        found.append(EventRow(*row[:4], data, row.hash))
    if len(found) < length:
        return found, len(found) + 1
    if len(found) > length or previous != head:
        return found, len(found)
    return found, None


def find_break(tx: Tx, case_id: int, *, length: int, head: bytes) -> int | None:
    """The first `seq` at which the chain does not hold, or None."""
    return check_chain(tx, case_id, length=length, head=head)[1]
