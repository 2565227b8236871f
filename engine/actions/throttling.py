"""Who may try to sign in now. Knows names and addresses, never whether an account exists.

An account that has signed in from an address lately is known there: only its own failures there can
lock it out there, so neither an attacker elsewhere nor a colleague behind the same router can. All
other tries count against the account and against the address. Unknown accounts are counted and locked
in the same way as real ones, so that a lock tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.actions.sign_in_policy import SignInPolicy
from engine.errors import InputError
from engine.store import attempts
from engine.store.db import Tx


class TooManyAttemptsError(InputError):
    """Too many failed sign-ins; wait, or ask an administrator to release the account."""

    code = "too-many-attempts"
    default_zh = "登录失败次数过多，请稍后再试，或请管理员解除锁定。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """From where an account name is tried. An empty address tells nothing about the client."""

    username: str
    address: str

    @property
    def account_key(self) -> bytes:
        return attempts.key_of("account", self.username)

    @property
    def address_key(self) -> bytes | None:
        return attempts.key_of("address", self.address) if self.address else None

    @property
    def pair_key(self) -> bytes:
        return attempts.key_of("pair", self.username, self.address)


def require_open(tx: Tx, source: Source, *, policy: SignInPolicy, at: datetime) -> bool:
    """`TooManyAttemptsError` with the seconds to wait while locked; else whether the source is known."""
    keys = [source.pair_key, source.account_key, *([source.address_key] if source.address_key else [])]
    tallies = attempts.read_tallies(tx, keys)
    pair = tallies.get(source.pair_key)
    known = bool(pair and pair.succeeded_at and pair.succeeded_at > at - policy.known_address)
    ends = [
        tally.locked_until
        for key, tally in tallies.items()
        if tally.locked_until and tally.locked_until > at and known == (key == source.pair_key)
    ]
    if ends:
        raise TooManyAttemptsError(data={"retry_after": int((max(ends) - at).total_seconds()) + 1})
    return known


def count_failure(
    tx: Tx, source: Source, *, known: bool, policy: SignInPolicy, at: datetime
) -> datetime | None:
    """Count a wrong password; returns until when the account is locked because of it, if it is."""
    account, lock = source.account_key, policy.lock
    if not known and source.address_key:
        attempts.count_failure(
            tx,
            source.address_key,
            account=None,
            limit=policy.sign_in_attempts_per_address,
            lock=lock,
            at=at,
        )
    key = source.pair_key if known else account
    return attempts.count_failure(tx, key, account=account, limit=policy.sign_in_attempts, lock=lock, at=at)


def count_success(tx: Tx, source: Source, *, known: bool, policy: SignInPolicy, at: datetime) -> None:
    """Make the source known, and forget the failures that led here."""
    account = source.account_key
    attempts.note_success(tx, source.pair_key, account=account, keep=policy.known_address, at=at)
    if not known:
        attempts.forget_failures(tx, account)


def release(tx: Tx, username: str) -> None:
    """An administrator's release: every lock of the account ends."""
    attempts.release(tx, attempts.key_of("account", username))
