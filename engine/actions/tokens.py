"""Named bearer tokens for scripts: made, listed, revoked. A token never holds more than who made it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.actions.sign_in_policy import DEFAULT_POLICY, SCOPES, SignInPolicy
from engine.errors import FieldError, ForbiddenError, InputError, NotFoundError
from engine.store import audit, sessions
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.store.sessions import Session
from engine.types import Actor

DEFAULT_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """A token without its secret. `last_used_at` is None for one that was never used."""

    id: str
    username: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def create_token(
    tx: Tx,
    *,
    name: str,
    actor: Actor,
    at: datetime,
    scopes: Collection[str] | None = None,
    days: int | None = None,
    made_with: Session | None = None,
    policy: SignInPolicy = DEFAULT_POLICY,
) -> tuple[str, TokenView]:
    """A new token and what is known of it. `made_with` a token it gets no other scope and no longer life.

    Without `scopes` it gets all that the caller has. `InputError` for a life longer than the policy's.
    """
    lifetime = timedelta(days=_days(days, policy))
    granted = frozenset(SCOPES if scopes is None else scopes)
    if made_with is not None and made_with.name is not None:
        held = frozenset(SCOPES) if made_with.scopes is None else made_with.scopes
        granted = held if scopes is None else granted
        if not granted <= held:
            missing = ", ".join(sorted(granted - held))
            raise ForbiddenError(
                f"A token cannot give what it does not hold: {missing}.",
                f"令牌不能授予自身没有的范围：{missing}。",
                data={"scopes": sorted(held)},
            )
        lifetime = min(lifetime, made_with.expires_at - at)
    scoped = None if granted == frozenset(SCOPES) else granted
    token, number = sessions.open_session(
        tx, username=actor.username, at=at, lifetime=lifetime, name=name, scopes=scoped
    )
    data = {"id": show_id(number), "name": name, "scopes": sorted(granted)}
    audit.append(tx, kind="token_created", actor=actor.username, data=data, at=at)
    made = Session(number, actor.username, name, granted, at, at + lifetime, at)
    return token, _view(made)


def _days(days: int | None, policy: SignInPolicy) -> int:
    longest = policy.token_max_days
    if days is None:
        return min(DEFAULT_DAYS, longest)
    if not 1 <= days <= longest:
        error = FieldError(
            pointer="/expires_in_days",
            zh=f"令牌有效期为 1 至 {longest} 天。",
            en=f"A token lives 1 to {longest} days.",
            code="out-of-range",
        )
        raise InputError(error.en, error.zh, errors=[error])
    return days


def list_tokens(tx: Tx, *, username: str | None, at: datetime) -> list[TokenView]:
    """The live tokens of an account, or (None) of all accounts; newest first."""
    return [_view(session) for session in sessions.list_tokens(tx, username=username, at=at)]


def revoke_token(tx: Tx, *, token_id: int, username: str | None, actor: Actor, at: datetime) -> None:
    """Revoke a token of an account, or (None) of any; `NotFoundError` where there is none."""
    owner = sessions.close_token(tx, token_id=token_id, username=username)
    if owner is None:
        raise NotFoundError
    data = {"id": show_id(token_id), "owner": owner}
    audit.append(tx, kind="token_revoked", actor=actor.username, data=data, at=at)


def _view(session: Session) -> TokenView:
    return TokenView(
        id=show_id(session.id),
        username=session.username,
        name=session.name or "",
        scopes=tuple(scope for scope in SCOPES if session.scopes is None or scope in session.scopes),
        created_at=session.created_at,
        expires_at=session.expires_at,
        last_used_at=session.last_used_at if session.last_used_at > session.created_at else None,
    )
