"""Sign in and out, change the password, who am I."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from api.auth import (
    client_address,
    cookie_token,
    drop_session_cookie,
    session_token,
    set_session_cookie,
    settings,
)
from api.endpoint import Call, Errand, endpoint
from api.problems import engine_problem
from api.schemas import answers, requests
from engine.access import PERMISSIONS
from engine.actions import sign_in
from engine.actions.passwords import Verdict, check_password, hash_password
from engine.actions.sign_in_policy import SCOPES
from engine.errors import EngineError
from engine.store.db import Tx
from engine.store.sessions import Session
from engine.types import Actor

routes = Blueprint("sessions", __name__, url_prefix="/api/v1")


def _me(actor: Actor, session: Session | None) -> dict[str, Any]:
    held = session.scopes if session else None
    return {
        "username": actor.username,
        "name": actor.name,
        "positions": [{"role": p.role, "region": p.region} for p in actor.positions],
        "roles": sorted(actor.roles),
        "regions": sorted({p.region for p in actor.positions}),
        "permissions": sorted(name for name, roles in PERMISSIONS.items() if roles & actor.roles),
        "scopes": [scope for scope in SCOPES if held is None or scope in held],
    }


@endpoint(
    routes,
    "POST",
    "/session",
    body=requests.SignIn,
    answer=answers.Me,
    access="public",
    errand=True,
    problems=(401, 403, 422, 429),
)
def open_session(errand: Errand) -> Response:
    """Sign in; the session travels in a cookie."""
    policy = settings().sign_in
    attempt, verdict = _prove(errand)
    with errand.database.write() as tx:
        opened = sign_in.finish(tx, attempt, verdict, replaces=cookie_token(), policy=policy, at=errand.at)
        return _hand_over(tx, opened, errand.at)


@endpoint(
    routes,
    "POST",
    "/session/password",
    body=requests.PasswordChange,
    answer=answers.Me,
    access="public",
    errand=True,
    problems=(401, 403, 422, 429),
)
def change_password(errand: Errand) -> Response:
    """Choose a new password with the current one; all sessions end and a new one begins."""
    policy, body = settings().sign_in, errand.body
    attempt, verdict = _prove(errand)
    sign_in.require_new_password(
        attempt, verdict, password=body.password, new_password=body.new_password, policy=policy
    )
    new_hash = hash_password(body.new_password)
    with errand.database.write() as tx:
        opened = sign_in.change_password(
            tx,
            attempt,
            verdict,
            new_hash=new_hash,
            replaces=cookie_token(),
            policy=policy,
            at=errand.at,
        )
        return _hand_over(tx, opened, errand.at)


def _prove(errand: Errand) -> tuple[sign_in.Attempt, Verdict]:
    """Compare the password while no transaction is open: it takes tens of milliseconds on purpose."""
    with errand.database.read() as tx:
        attempt = sign_in.begin(
            tx,
            username=errand.body.username,
            address=client_address(),
            policy=settings().sign_in,
            at=errand.at,
        )
    return attempt, check_password(attempt.password_hash, errand.body.password)


def _hand_over(tx: Tx, opened: sign_in.SignedIn | EngineError, at: datetime) -> Response:
    """Who has signed in, with the cookie; or the refusal, returned so that what was counted is kept."""
    if isinstance(opened, EngineError):
        return engine_problem(opened)
    holder = sign_in.holder_of(tx, token=opened.token, policy=settings().sign_in, at=at)
    assert holder is not None, "a session was opened for an active account"
    body = json.dumps(_me(holder.actor, holder.session), ensure_ascii=False)
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    set_session_cookie(response, opened.token)
    return response


@endpoint(routes, "DELETE", "/session", query=requests.SignOutQuery, answer=None, access="own", status=204)
def close_session(call: Call) -> Response:
    """Sign out; a bearer token sent here is revoked. `everywhere` ends all browser sessions."""
    token = session_token()
    assert token is not None, "the caller is signed in"
    sign_in.sign_out(call.tx, token=token, actor=call.actor, everywhere=call.query.everywhere, at=call.at)
    response = Response(status=204)
    drop_session_cookie(response)
    return response


@endpoint(routes, "GET", "/me", answer=answers.Me, access="own")
def me(call: Call) -> dict[str, Any]:
    """Who am I, and what may I do."""
    return _me(call.actor, call.session)
