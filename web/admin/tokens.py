"""Bearer tokens of one's own: made with scopes and days, shown once, revoked."""

from __future__ import annotations

from flask import Blueprint, Response

from api.auth import settings
from engine.actions.sign_in_policy import SCOPES
from engine.actions.tokens import DEFAULT_DAYS, create_token, list_tokens, revoke_token
from engine.errors import EngineError
from engine.store.ids import read_id
from web.admin.frame import draw, fault
from web.page import Ask, go_to, page, say

routes = Blueprint("admin_tokens", __name__, template_folder="../templates")


def _tokens(ask: Ask, error: EngineError | None = None, made: str = "") -> Response:
    found = list_tokens(ask.tx, username=ask.actor.username, at=ask.at)
    return draw(
        ask, "tokens", error=error, found=found, made=made, entered=ask.form, scopes=SCOPES,
        days=DEFAULT_DAYS, longest=settings().sign_in.token_max_days,
    )  # fmt: skip


@page(routes, "GET", "/admin/tokens", access="own")
def tokens(ask: Ask) -> Response:
    """My live tokens, without their secrets."""
    return _tokens(ask)


@page(routes, "POST", "/admin/tokens", access="own", again=_tokens)
def make(ask: Ask) -> Response:
    """Make a token; its secret is shown on the answer, and never again."""
    name, text = ask.form.get("name", "").strip(), ask.form.get("expires_in_days", "").strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise fault("name", "名称应为1至100个字符", "a name has 1 to 100 characters")
    scopes = [one for one in ask.form.getlist("scopes") if one in SCOPES]
    if not scopes:
        raise fault("scopes", "请至少选择一个范围", "choose one scope at least")
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise fault("expires_in_days", "天数应为正整数", "a whole number of days")
    secret, _token = create_token(
        ask.tx, name=name, scopes=scopes, days=int(text), actor=ask.actor, at=ask.at,
        made_with=ask.session, policy=settings().sign_in,
    )  # fmt: skip
    return _tokens(ask, made=secret)


@page(routes, "POST", "/admin/tokens/{token_id}/revoke", access="own")
def revoke(ask: Ask, token_id: str) -> Response:
    """Revoke one of my tokens."""
    revoke_token(ask.tx, token_id=read_id(token_id), username=ask.actor.username, actor=ask.actor, at=ask.at)
    return say(go_to("/admin/tokens"), "令牌已作废。", "The token is revoked.")
