"""Browser sessions and named bearer tokens. Only the hash of a token is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select

from engine.store.people_tables import sessions


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


def find_username(tx: Connection, token: str, at: datetime) -> str | None:
    """Whose live session or token this is, or None."""
    return tx.scalar(
        select(sessions.c.username).where(sessions.c.token_hash == _hash(token), sessions.c.expires_at > at)
    )


def close_session(tx: Connection, token: str) -> None:
    """End a session or revoke a token; an unknown one is ended already."""
    tx.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))
