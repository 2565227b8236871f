"""Counts failed sign-ins under keys, in the database so that many processes share the count.

A key is the hash of an account name, of a client address or of the two together. When the failures
reach a multiple of the limit the key is locked, each time twice as long as before.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.db import Tx
from engine.store.sign_in_tables import sign_in_attempts as attempts

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
LONGEST_LOCK = timedelta(hours=24)
FORGET_FAILURES_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What is known under one key."""

    failures: int
    locked_until: datetime | None
    succeeded_at: datetime | None


def key_of(*parts: str) -> bytes:
    """The key of an account, an address or both."""
    return sha256("\0".join(parts).encode()).digest()


def read_tallies(tx: Tx, keys: Collection[bytes]) -> dict[bytes, Tally]:
    """What is known under each of the keys."""
    query = select(attempts.c.key, attempts.c.failures, attempts.c.locked_until, attempts.c.succeeded_at)
    rows = tx.execute(query.where(attempts.c.key.in_(keys)))
    return {row.key: Tally(failures=row[1], locked_until=row[2], succeeded_at=row[3]) for row in rows}


def count_failure(
    tx: Tx, key: bytes, *, account: bytes | None, limit: int, lock: timedelta, at: datetime
) -> datetime | None:
    """Count one more failure; returns until when this one has locked the key, if it has."""
    stale = or_(attempts.c.failed_at.is_(None), attempts.c.failed_at < at - FORGET_FAILURES_AFTER)
    raised = case((stale, 1), else_=attempts.c.failures + 1)
    kept_until = at + FORGET_FAILURES_AFTER
    first = {"key": key, "account": account, "failures": 1, "failed_at": at, "kept_until": kept_until}
    later = case((attempts.c.kept_until > kept_until, attempts.c.kept_until), else_=kept_until)
    statement = (
        _INSERT[tx.dialect.name](attempts)
        .values(first)
        .on_conflict_do_update(
            index_elements=["key"], set_={"failures": raised, "failed_at": at, "kept_until": later}
        )
        .returning(attempts.c.failures)
    )
    failures = int(tx.execute(statement).scalar_one())
    tx.execute(delete(attempts).where(attempts.c.kept_until < at))
    if failures % limit:
        return None
    until: datetime = at + min(lock * 2 ** min(failures // limit - 1, 20), LONGEST_LOCK)
    tx.execute(update(attempts).where(attempts.c.key == key).values(locked_until=until))
    return until


def note_success(tx: Tx, key: bytes, *, account: bytes, keep: timedelta, at: datetime) -> None:
    """Remember that this key has signed in, and forget its failures."""
    found = {"account": account, "failures": 0, "locked_until": None, "failed_at": None}
    found |= {"succeeded_at": at, "kept_until": at + keep}
    statement = _INSERT[tx.dialect.name](attempts).values(key=key, **found)
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_=found))


def forget_failures(tx: Tx, key: bytes) -> None:
    """Drop what is counted under one key."""
    tx.execute(delete(attempts).where(attempts.c.key == key))


def release(tx: Tx, account: bytes) -> None:
    """Drop every failure and lock of an account, from wherever they came."""
    values = {"failures": 0, "locked_until": None, "failed_at": None}
    tx.execute(update(attempts).where(attempts.c.account == account).values(values))
