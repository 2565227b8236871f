"""What an administrator does to accounts: add, reset, release, close, open again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.actions import throttling
from engine.actions.passwords import generate_password, hash_password, require_good
from engine.actions.sign_in_policy import SignInPolicy
from engine.clocks import SHANGHAI
from engine.store import audit, credentials, people, sessions
from engine.store.credentials import Credentials
from engine.store.db import Tx
from engine.types import Actor, Position


def add_account(
    tx: Tx,
    *,
    username: str,
    name: str,
    name_en: str,
    held: Sequence[Position],
    password: str | None,
    policy: SignInPolicy,
    actor: Actor,
    at: datetime,
) -> str:
    """Add an account and return its initial password, generated unless given; it is good for one use."""
    account = Credentials(
        username=username, name=name, name_en=name_en, password_hash="", active=True, must_change=True
    )
    initial = _initial_password(password, account, policy)
    people.add_account(
        tx,
        username=username,
        name=name,
        name_en=name_en,
        password_hash=hash_password(initial),
        must_change=True,
    )
    for position in held:
        people.add_position(
            tx,
            username=username,
            role=position.role,
            region=position.region,
            valid_from=at.astimezone(SHANGHAI).date(),
        )
    _record(tx, "account_added", username, actor, at)
    return initial


def reset_password(
    tx: Tx, *, username: str, password: str | None, policy: SignInPolicy, actor: Actor, at: datetime
) -> str:
    """Set a password that must be changed at first use; ends all sessions and revokes all tokens."""
    account = credentials.get_credentials(tx, username)
    initial = _initial_password(password, account, policy)
    credentials.set_password_hash(
        tx, username=username, password_hash=hash_password(initial), must_change=True
    )
    sessions.close_all(tx, username, tokens=True)
    throttling.release(tx, username)
    _record(tx, "password_reset", username, actor, at)
    return initial


def unlock_account(tx: Tx, *, username: str, actor: Actor, at: datetime) -> None:
    """Release an account that failed sign-ins have locked."""
    credentials.get_credentials(tx, username)
    throttling.release(tx, username)
    _record(tx, "account_unlocked", username, actor, at)


def set_active(tx: Tx, *, username: str, active: bool, actor: Actor, at: datetime) -> None:
    """Close an account, with its sessions and tokens, or open it again."""
    credentials.get_credentials(tx, username)
    credentials.set_active(tx, username=username, active=active)
    if not active:
        sessions.close_all(tx, username, tokens=True)
    _record(tx, "account_activated" if active else "account_deactivated", username, actor, at)


def _initial_password(given: str | None, account: Credentials, policy: SignInPolicy) -> str:
    if given is None:
        return generate_password()
    require_good(given, account, policy=policy, pointer="/password")
    return given


def _record(tx: Tx, kind: str, username: str, actor: Actor, at: datetime) -> None:
    audit.append(tx, kind=kind, actor=actor.username, data={"account": username}, at=at)
