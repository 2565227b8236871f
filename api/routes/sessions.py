"""Sign in and out, who am I, and tokens for scripts."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app

from api.auth import session_token, set_session_cookie
from api.endpoint import Call, endpoint
from api.schemas import answers, requests
from engine.access import PERMISSIONS
from engine.actions.sign_in import actor_for_token, create_token, sign_in, sign_out
from engine.types import Actor

routes = Blueprint("sessions", __name__, url_prefix="/api/v1")


def _me(actor: Actor) -> dict[str, Any]:
    return {
        "username": actor.username,
        "name": actor.name,
        "positions": [{"role": p.role, "region": p.region} for p in actor.positions],
        "roles": sorted(actor.roles),
        "regions": sorted({p.region for p in actor.positions}),
        "permissions": sorted(name for name, roles in PERMISSIONS.items() if roles & actor.roles),
    }


@endpoint(
    routes, "POST", "/session", body=requests.SignIn, answer=answers.Me, access="public", problems=(401, 422)
)
def open_session(call: Call) -> Response:
    """Sign in; the session travels in a cookie."""
    token = sign_in(call.tx, username=call.body.username, password=call.body.password, at=call.at)
    actor = actor_for_token(call.tx, token=token, at=call.at)
    assert actor is not None, "a session was opened for an active account"
    response = Response(json.dumps(_me(actor), ensure_ascii=False), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    set_session_cookie(response, token, secure=current_app.config["SETTINGS"].secure_cookies)
    return response


@endpoint(routes, "DELETE", "/session", answer=None, status=204)
def close_session(call: Call) -> Response:
    """Sign out; a bearer token sent here is revoked."""
    token = session_token()
    assert token is not None, "the caller is signed in"
    sign_out(call.tx, token=token)
    response = Response(status=204)
    response.delete_cookie("aidflow_session", path="/")
    return response


@endpoint(routes, "GET", "/me", answer=answers.Me)
def me(call: Call) -> dict[str, Any]:
    """Who am I, and what may I do."""
    return _me(call.actor)


@endpoint(routes, "POST", "/tokens", body=requests.NewToken, answer=answers.Token, status=201)
def open_token(call: Call) -> dict[str, Any]:
    """A named bearer token for scripts; it is shown once."""
    token, expires_at = create_token(call.tx, name=call.body.name, actor=call.actor, at=call.at)
    return {"token": token, "name": call.body.name, "expires_at": expires_at}
