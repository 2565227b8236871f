"""Sign in and out, and named tokens for scripts. Says nothing about what the person may do."""

from __future__ import annotations

from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from engine.errors import InputError
from engine.store import people, sessions
from engine.store.db import Tx
from engine.types import Actor

SESSION_LIFETIME = timedelta(hours=12)
TOKEN_LIFETIME = timedelta(days=90)

# OWASP's smallest recommended argon2id setting (19 MiB, two passes): a town's server signs in a whole
# office at eight in the morning.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified for an unknown account too, so that the answer's time does not tell whether it exists.
_nobody = _hasher.hash("nobody")


class SignInError(InputError):
    """The account name or the password is wrong."""

    code = "sign-in-failed"
    default_zh = "账号或密码不正确。"


def hash_password(password: str) -> str:
    """The argon2id hash of a password, as stored."""
    return _hasher.hash(password)


def sign_in(tx: Tx, *, username: str, password: str, at: datetime) -> str:
    """Open a session and return its token; `SignInError` does not tell which of the two was wrong."""
    stored = people.find_password_hash(tx, username)
    try:
        _hasher.verify(stored or _nobody, password)
    except VerifyMismatchError:
        raise SignInError from None
    if stored is None:
        raise SignInError
    return sessions.open_session(tx, username=username, at=at, lifetime=SESSION_LIFETIME)


def create_token(tx: Tx, *, name: str, actor: Actor, at: datetime) -> tuple[str, datetime]:
    """A named bearer token for the actor's scripts and the instant at which it ends."""
    token = sessions.open_session(tx, username=actor.username, at=at, lifetime=TOKEN_LIFETIME, name=name)
    return token, at + TOKEN_LIFETIME


def sign_out(tx: Tx, *, token: str) -> None:
    """End a session or revoke a token."""
    sessions.close_session(tx, token)


def actor_for_token(tx: Tx, *, token: str, at: datetime) -> Actor | None:
    """Who holds this live session or bearer token, with today's positions; or None."""
    return sessions.find_actor(tx, token, at)
