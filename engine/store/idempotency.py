"""Answers kept by idempotency key: the same request of the same person gets its first answer again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from engine.errors import ConflictError
from engine.store.db import Tx
from engine.store.packing import seal, unseal
from engine.store.tables import idempotency_keys

KEPT = timedelta(days=7)  # longer than any client retries; not a legal period


class IdempotencyKeyError(ConflictError):
    """This Idempotency-Key was used for another request; take a fresh one."""

    code = "idempotency-key-reused"
    default_zh = "该 Idempotency-Key 已用于另一请求，请换用新的。"


class Answer(NamedTuple):
    """The first answer to a request."""

    status: int
    body: bytes


_FIND = select(idempotency_keys.c.request, idempotency_keys.c.status, idempotency_keys.c.answer).where(
    idempotency_keys.c.actor == bindparam("actor"), idempotency_keys.c.key == bindparam("key")
)
_INSERT = insert(idempotency_keys)


def find_answer(tx: Tx, *, actor: str, key: str, request: bytes) -> Answer | None:
    """The first answer under this key, or None. `request` is a hash of what was asked."""
    row = tx.execute(_FIND, {"actor": actor, "key": key}).one_or_none()
    if row is None:
        return None
    if row.request != request:
        raise IdempotencyKeyError
    return Answer(row.status, unseal(tx, row.answer, "idempotency_keys", actor, key))


def keep_answer(tx: Tx, *, actor: str, key: str, request: bytes, answer: Answer, at: datetime) -> None:
    """Keep the answer in the transaction that made it true."""
    body = seal(tx, answer.body, "idempotency_keys", actor, key)
    values = {"actor": actor, "key": key, "request": request, "status": answer.status, "answer": body}
    tx.execute(_INSERT, {**values, "at": at})


def forget_answers(tx: Tx, at: datetime) -> int:
    """Drop answers older than `KEPT`; returns how many."""
    return tx.execute(delete(idempotency_keys).where(idempotency_keys.c.at < at - KEPT)).rowcount
