"""Sign in and out with a password. Says nothing about what the person may do.

In three parts, so that no transaction is open while the password is hashed: `begin` looks up what is
known, `check_password` compares, `finish` looks again and decides. A refusal is returned, not raised:
what was counted and recorded must be committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.actions import throttling
from engine.actions.passwords import Verdict, require_good
from engine.actions.sign_in_policy import SignInPolicy
from engine.actions.throttling import Source, TooManyAttemptsError
from engine.errors import EngineError, FieldError, ForbiddenError, InputError
from engine.store import audit, credentials, sessions
from engine.store.credentials import Credentials
from engine.store.db import Tx
from engine.store.sessions import Holder
from engine.types import Actor

NOBODY = "anonymous"


class SignInError(InputError):
    """The account name or the password is wrong."""

    code = "sign-in-failed"
    default_zh = "账号或密码不正确。"


class PasswordChangeRequiredError(ForbiddenError):
    """This password was set by an administrator; choose your own with POST /api/v1/session/password."""

    code = "password-change-required"
    default_zh = "该密码由管理员设置，请先通过 POST /api/v1/session/password 设置自己的密码。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was known before the password was compared. `account` is None where there is none."""

    source: Source
    account: Credentials | None
    known: bool

    @property
    def password_hash(self) -> str | None:
        return self.account.password_hash if self.account else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An open session: the secret for the cookie, and who it is."""

    token: str
    username: str


def begin(tx: Tx, *, username: str, address: str, policy: SignInPolicy, at: datetime) -> Attempt:
    """Look up an account that somebody tries from a client address; `TooManyAttemptsError` while locked."""
    source = Source(username=username, address=address)
    known = throttling.require_open(tx, source, policy=policy, at=at)
    return Attempt(source=source, account=credentials.find_credentials(tx, username), known=known)


def finish(
    tx: Tx, attempt: Attempt, verdict: Verdict, *, replaces: str | None, policy: SignInPolicy, at: datetime
) -> SignedIn | EngineError:
    """Open a session, ending the one it `replaces`; or count the failure and return the refusal."""
    settled = _settle(tx, attempt, verdict, policy=policy, at=at)
    if isinstance(settled, EngineError):
        return settled
    if settled.must_change:
        return PasswordChangeRequiredError(data={"change_at": "/api/v1/session/password"})
    if verdict.new_hash:
        credentials.set_password_hash(
            tx, username=settled.username, password_hash=verdict.new_hash, must_change=False
        )
    return open_session(
        tx, username=settled.username, via="password", replaces=replaces, policy=policy, at=at
    )


def change_password(
    tx: Tx,
    attempt: Attempt,
    verdict: Verdict,
    *,
    new_hash: str,
    replaces: str | None,
    policy: SignInPolicy,
    at: datetime,
) -> SignedIn | EngineError:
    """Take the new password, end all sessions and open a new one; or return the refusal."""
    settled = _settle(tx, attempt, verdict, policy=policy, at=at)
    if isinstance(settled, EngineError):
        return settled
    credentials.set_password_hash(tx, username=settled.username, password_hash=new_hash, must_change=False)
    sessions.close_all(tx, settled.username, tokens=False)
    audit.append(tx, kind="password_changed", actor=settled.username, data={}, at=at)
    return open_session(
        tx, username=settled.username, via="password", replaces=replaces, policy=policy, at=at
    )


def require_new_password(
    attempt: Attempt, verdict: Verdict, *, password: str, new_password: str, policy: SignInPolicy
) -> None:
    """`WeakPasswordError` for whoever knows the current password; others learn nothing about the account."""
    if not verdict.correct or attempt.account is None:
        return
    if password == new_password:
        error = FieldError(
            pointer="/new_password",
            zh="新密码与原密码相同。",
            en="The new password is the old one.",
            code="same",
        )
        raise InputError(error.en, error.zh, errors=[error])
    require_good(new_password, attempt.account, policy=policy)


def _settle(
    tx: Tx, attempt: Attempt, verdict: Verdict, *, policy: SignInPolicy, at: datetime
) -> Credentials | EngineError:
    """The account if the password is right and nothing has changed meanwhile; else the counted refusal."""
    source = attempt.source
    try:  # again: of many tries at once, those after the last allowed one must not count as tries
        throttling.require_open(tx, source, policy=policy, at=at)
    except TooManyAttemptsError as error:
        return error
    account = credentials.find_credentials(tx, source.username)
    unchanged = account is not None and account.password_hash == attempt.password_hash
    if account is not None and unchanged and verdict.correct:
        throttling.count_success(tx, source, known=attempt.known, policy=policy, at=at)
        return account
    until = throttling.count_failure(tx, source, known=attempt.known, policy=policy, at=at)
    actor = source.username if account else NOBODY
    audit.append(tx, kind="sign_in_failed", actor=actor, data={"address": source.address}, at=at)
    if until is not None:
        data = {"address": source.address, "until": until.isoformat()}
        audit.append(tx, kind="sign_in_locked", actor=actor, data=data, at=at)
    return SignInError()


def open_session(
    tx: Tx, *, username: str, via: str, replaces: str | None, policy: SignInPolicy, at: datetime
) -> SignedIn:
    """A new session for an active account that has proved itself `via` a password or the single sign-on."""
    if replaces:
        sessions.close_session(tx, replaces)
    token, _ = sessions.open_session(tx, username=username, at=at, lifetime=policy.session_lifetime)
    audit.append(tx, kind="session_opened", actor=username, data={"via": via}, at=at)
    return SignedIn(token=token, username=username)


def sign_out(tx: Tx, *, token: str, actor: Actor, everywhere: bool = False, at: datetime) -> None:
    """End a session or revoke a token; `everywhere` ends all browser sessions of the account."""
    sessions.close_session(tx, token)
    if everywhere:
        sessions.close_all(tx, actor.username, tokens=False)
    audit.append(tx, kind="session_closed", actor=actor.username, data={"everywhere": everywhere}, at=at)


def holder_of(tx: Tx, *, token: str, policy: SignInPolicy, at: datetime) -> Holder | None:
    """Who holds this live session or bearer token, with today's positions; or None."""
    return sessions.find_holder(tx, token, at, policy.session_idle)
