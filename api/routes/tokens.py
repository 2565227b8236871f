"""Bearer tokens for scripts: make, list, revoke one's own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api.auth import settings
from api.endpoint import Call, endpoint
from api.schemas import answers, requests
from api.shapes import to_json
from engine.actions import tokens
from engine.actions.tokens import TokenView
from engine.actions.views import Page
from engine.store.ids import read_id

routes = Blueprint("tokens", __name__, url_prefix="/api/v1")


@endpoint(
    routes,
    "POST",
    "/tokens",
    body=requests.NewToken,
    answer=answers.NewToken,
    access="own",
    status=201,
    secret=True,
)
def open_token(call: Call) -> dict[str, Any]:
    """A named bearer token for scripts; its secret is shown once."""
    secret, token = tokens.create_token(
        call.tx,
        name=call.body.name,
        scopes=call.body.scopes,
        days=call.body.expires_in_days,
        actor=call.actor,
        made_with=call.session,
        policy=settings().sign_in,
        at=call.at,
    )
    return {**to_json(token), "token": secret}


@endpoint(routes, "GET", "/tokens", answer=answers.Page[answers.TokenInfo], access="own")
def list_tokens(call: Call) -> Page[TokenView]:
    """My live bearer tokens, newest first, without their secrets."""
    found = tokens.list_tokens(call.tx, username=call.actor.username, at=call.at)
    return Page(items=tuple(found), next=None)


@endpoint(routes, "DELETE", "/tokens/{token_id}", answer=None, access="own", status=204, problems=(404,))
def revoke_token(call: Call, token_id: str) -> None:
    """Revoke one of my bearer tokens."""
    tokens.revoke_token(
        call.tx, token_id=read_id(token_id), username=call.actor.username, actor=call.actor, at=call.at
    )
