"""How an applicant proves whose case it is, and the short session that follows: hashes and sealed ends."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.applicant_tables import tracking_sessions, tracking_tails
from engine.store.db import Tx
from engine.store.packing import seal, unseal
from engine.store.sessions import hash_secret
from engine.store.tables import cases

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_NOBODY = 0  # a case id that nobody has: so much is sealed and opened for a number that is no case's


class Tail(NamedTuple):
    """A case number's case, and how its applicant's identity number ends; None where there is no case."""

    case_id: int | None
    tail: str


def keep_tail(tx: Tx, case_id: int, tail: str) -> None:
    """Remember how the applicant's identity number ends; a corrected one takes its place."""
    sealed = seal(tx, tail.encode(), "tracking_tails", case_id)
    statement = _INSERT[tx.dialect.name](tracking_tails).values(case_id=case_id, tail=sealed)
    tx.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_={"tail": sealed}))


def find_tail(tx: Tx, number: str) -> Tail:
    """The case of a number; the same work is done where there is none."""
    query = select(cases.c.id, tracking_tails.c.tail).join(tracking_tails).where(cases.c.number == number)
    row = tx.execute(query).one_or_none()
    if row is None:
        unseal(tx, seal(tx, secrets.token_bytes(4), "tracking_tails", _NOBODY), "tracking_tails", _NOBODY)
        return Tail(None, "")
    return Tail(row.id, unseal(tx, row.tail, "tracking_tails", row.id).decode())


def open_session(tx: Tx, case_id: int, at: datetime, lifetime: timedelta) -> str:
    """A session bound to one case; returns the secret. Those whose time is over go."""
    token = secrets.token_urlsafe(32)
    tx.execute(delete(tracking_sessions).where(tracking_sessions.c.expires_at <= at))
    values = {"token_hash": hash_secret(token), "case_id": case_id, "expires_at": at + lifetime}
    tx.execute(insert(tracking_sessions).values(values))
    return token


_OF_TOKEN = select(tracking_sessions.c.case_id).where(
    tracking_sessions.c.token_hash == bindparam("token_hash"),
    tracking_sessions.c.expires_at > bindparam("at"),
)


def case_of(tx: Tx, token: str, at: datetime) -> int | None:
    """The case that a session is bound to, while it lasts."""
    found: int | None = tx.scalar(_OF_TOKEN, {"token_hash": hash_secret(token), "at": at})
    return found


def close_session(tx: Tx, token: str) -> None:
    """The session ends."""
    tx.execute(delete(tracking_sessions).where(tracking_sessions.c.token_hash == hash_secret(token)))
