"""Browser sessions and named bearer tokens. Only the hash of a token is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from engine.store import people
from engine.store.ids import new_id
from engine.store.metadata import SHANGHAI
from engine.store.people_tables import accounts
from engine.store.sign_in_tables import sessions
from engine.types import Actor


class Session(NamedTuple):
    """A live session, or (with a name) a bearer token. `scopes` is None where nothing is held back."""

    id: int
    username: str
    name: str | None
    scopes: frozenset[str] | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime


class Holder(NamedTuple):
    """Who carries a session or token, with the positions of the day."""

    actor: Actor
    session: Session


def hash_secret(secret: str) -> bytes:
    """SHA-256 is enough: the secret has 256 random bits, so there is nothing to guess."""
    return sha256(secret.encode()).digest()


def open_session(
    tx: Connection,
    *,
    username: str,
    at: datetime,
    lifetime: timedelta,
    name: str | None = None,
    scopes: frozenset[str] | None = None,
) -> tuple[str, int]:
    """A new session (or, with a `name`, a bearer token); returns the secret, shown once, and the id."""
    token, number = secrets.token_urlsafe(32), new_id(at)
    tx.execute(delete(sessions).where(sessions.c.expires_at <= at))
    tx.execute(
        insert(sessions).values(
            token_hash=hash_secret(token),
            id=number,
            username=username,
            name=name,
            scopes=None if scopes is None else " ".join(sorted(scopes)),
            created_at=at,
            expires_at=at + lifetime,
            last_used_at=at,
        )
    )
    return token, number


_COLUMNS = (
    sessions.c.id.label("session_id"),
    sessions.c.name.label("session_name"),
    sessions.c.scopes,
    sessions.c.created_at,
    sessions.c.expires_at,
    sessions.c.last_used_at,
)
_LIVE = (
    people.ACTOR.join(sessions, sessions.c.username == accounts.c.username)
    .add_columns(*_COLUMNS)
    .where(sessions.c.token_hash == bindparam("token_hash"), sessions.c.expires_at > bindparam("at"))
    .where(or_(sessions.c.name.is_not(None), sessions.c.last_used_at > bindparam("idle_since")))
)


def find_holder(tx: Connection, token: str, at: datetime, idle: timedelta) -> Holder | None:
    """Whose live session or token this is; None also for a session unused for `idle`. One statement."""
    day = at.astimezone(SHANGHAI).date()
    asked = {"token_hash": hash_secret(token), "at": at, "day": day, "idle_since": at - idle}
    rows = tx.execute(_LIVE, asked).all()
    actor = people.actor_of(rows)
    return Holder(actor, _session(actor.username, rows[0])) if actor else None


def _session(username: str, row: Any) -> Session:
    scopes = None if row.scopes is None else frozenset(row.scopes.split())
    return Session(
        row.session_id,
        username,
        row.session_name,
        scopes,
        row.created_at,
        row.expires_at,
        row.last_used_at,
    )


def touch(tx: Connection, session_id: int, at: datetime) -> None:
    """Note that the session or token was used."""
    tx.execute(
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.last_used_at < at)
        .values(last_used_at=at)
    )


def list_tokens(tx: Connection, *, username: str | None, at: datetime) -> list[Session]:
    """The live bearer tokens of an account (None: of all), newest first."""
    query = select(sessions.c.username, *_COLUMNS).where(
        sessions.c.name.is_not(None), sessions.c.expires_at > at
    )
    if username is not None:
        query = query.where(sessions.c.username == username)
    return [_session(row.username, row) for row in tx.execute(query.order_by(sessions.c.id.desc()))]


def close_token(tx: Connection, *, token_id: int, username: str | None) -> str | None:
    """Revoke a bearer token of an account (None: of any) and return whose it was, or None."""
    where = [sessions.c.id == token_id, sessions.c.name.is_not(None)]
    if username is not None:
        where.append(sessions.c.username == username)
    return tx.execute(delete(sessions).where(*where).returning(sessions.c.username)).scalar_one_or_none()


def close_session(tx: Connection, token: str) -> None:
    """End a session or revoke a token; an unknown one is ended already."""
    tx.execute(delete(sessions).where(sessions.c.token_hash == hash_secret(token)))


def close_all(tx: Connection, username: str, *, tokens: bool) -> None:
    """End every browser session of an account, and with `tokens` revoke its bearer tokens too."""
    query = delete(sessions).where(sessions.c.username == username)
    tx.execute(query if tokens else query.where(sessions.c.name.is_(None)))
