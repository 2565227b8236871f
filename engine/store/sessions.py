"""Browser sessions and named bearer tokens. Only the hash of a token is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, insert

from engine.store import people
from engine.store.metadata import SHANGHAI
from engine.store.people_tables import accounts, sessions
from engine.types import Actor


def _hash(token: str) -> bytes:
    """SHA-256 is enough: the token has 256 random bits, so there is nothing to guess."""
    return sha256(token.encode()).digest()


def open_session(
    tx: Connection, *, username: str, at: datetime, lifetime: timedelta, name: str | None = None
) -> str:
    """A new session (or, with a `name`, a bearer token); returns the token, which is shown once."""
    token = secrets.token_urlsafe(32)
    tx.execute(delete(sessions).where(sessions.c.expires_at <= at))
    tx.execute(
        insert(sessions).values(
            token_hash=_hash(token), username=username, created_at=at, expires_at=at + lifetime, name=name
        )
    )
    return token


_LIVE = people.ACTOR.join(sessions, sessions.c.username == accounts.c.username).where(
    sessions.c.token_hash == bindparam("token_hash"), sessions.c.expires_at > bindparam("at")
)


def find_actor(tx: Connection, token: str, at: datetime) -> Actor | None:
    """Whose live session or token this is, with the positions of the day; or None. One statement."""
    day = at.astimezone(SHANGHAI).date()
    return people.actor_of(tx.execute(_LIVE, {"token_hash": _hash(token), "at": at, "day": day}).all())


def close_session(tx: Connection, token: str) -> None:
    """End a session or revoke a token; an unknown one is ended already."""
    tx.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))
