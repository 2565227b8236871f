"""From a request to an `Actor`: a session cookie or a bearer token. Decides no permission on a case.

A cookie rides along with requests that other sites start, so a changing request that carries one
must come from this site: browsers say so in `Sec-Fetch-Site` and `Origin`, and `SameSite=Strict`
keeps the cookie at home besides. Scripts send neither header and no foreign page can be a script.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from flask import Response, request

from api.problems import NotSignedInError
from engine.actions.sign_in import SESSION_LIFETIME, actor_for_token
from engine.errors import ForbiddenError
from engine.store.db import Tx
from engine.types import Actor

COOKIE = "aidflow_session"
Access = Literal["public", "signed-in"]
ANONYMOUS = Actor(username="anonymous", name="")


class CrossSiteError(ForbiddenError):
    """This request was started by another site and was not carried out."""

    code = "cross-site-request"
    default_zh = "该请求由其他网站发起，未予执行。"


def bearer_token() -> str | None:
    """The token of the `Authorization: Bearer …` header, if any."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def session_token() -> str | None:
    """The bearer token, else the session cookie's."""
    return bearer_token() or request.cookies.get(COOKIE)


def authenticate(tx: Tx, *, access: Access, at: datetime) -> Actor:
    """Who calls; `NotSignedInError` where the route needs somebody and nobody is there."""
    if access == "public":
        return ANONYMOUS
    token = session_token()
    actor = actor_for_token(tx, token=token, at=at) if token else None
    if actor is None:
        raise NotSignedInError
    return actor


def refuse_cross_site() -> None:
    """`CrossSiteError` for a changing request that another site made the browser send."""
    if bearer_token() or request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        raise CrossSiteError
    if site is None and origin is not None and _host_of(origin) != request.host:
        raise CrossSiteError


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # what is no address is no address of ours
        return None


def set_session_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Hand the browser its session."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=secure,
        path="/",
    )
