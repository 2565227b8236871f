"""Sign in through the city's single sign-on: to the provider and back."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, current_app, redirect, request

from api.auth import cookie_name, cookie_token, set_session_cookie, settings
from api.endpoint import Errand, endpoint
from api.problems import engine_problem
from api.schemas import requests
from api.sso import SingleSignOn
from engine.actions.single_sign_on import SingleSignOnError, sign_in_by_claim
from engine.errors import EngineError, NotFoundError
from engine.store.sso_journeys import LIFETIME, begin_journey, end_journey

routes = Blueprint("sso", __name__, url_prefix="/api/v1")

_COOKIE = "aidflow_sso"
# Not a redirect: the browser counts it to the journey that the provider began and would leave the
# strict session cookie at home.
_WELCOME = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>aidflow</title>'
    '<meta http-equiv="refresh" content="0; url=/"></head><body><a href="/">继续 Continue</a></body></html>'
)


def _provider() -> SingleSignOn:
    """The configured provider; without one there is nothing here."""
    found: SingleSignOn | None = current_app.extensions["aidflow.sso"]
    if found is None:
        raise NotFoundError
    return found


def _redirect_uri() -> str:
    return settings().oidc.redirect_uri or f"{request.host_url.rstrip('/')}/api/v1/sso/callback"


@endpoint(
    routes,
    "GET",
    "/sso/login",
    answer=None,
    access="public",
    errand=True,
    status=302,
    media="text/html",
    problems=(401, 404, 502),
)
def begin_sso(errand: Errand) -> Response:
    """Go to the single sign-on."""
    url, state, journey = _provider().begin(_redirect_uri())
    browser = secrets.token_urlsafe(32)
    with errand.database.write() as tx:
        begin_journey(tx, state=state, browser=browser, journey=journey, at=errand.at)
    response = redirect(url)
    response.headers["Cache-Control"] = "no-store"
    # Lax, since the provider's redirect must bring it back.
    response.set_cookie(
        cookie_name(_COOKIE),
        browser,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies,
        path="/",
    )
    assert isinstance(response, Response), "Flask's own response class"
    return response


@endpoint(
    routes,
    "GET",
    "/sso/callback",
    query=requests.SsoReturn,
    answer=None,
    access="public",
    errand=True,
    media="text/html",
    problems=(401, 403, 404, 502),
)
def finish_sso(errand: Errand) -> Response:
    """Come back from the single sign-on; the session travels in a cookie."""
    provider, query = _provider(), errand.query
    browser = request.cookies.get(cookie_name(_COOKIE), "")
    with errand.database.write() as tx:  # committed first: whatever comes back, it comes back once
        journey = end_journey(tx, state=query.state, browser=browser, at=errand.at)
    if journey is None or not query.code:
        raise SingleSignOnError
    claims = provider.finish(code=query.code, journey=journey, redirect_uri=_redirect_uri())
    policy = settings().sign_in
    with errand.database.write() as tx:
        opened = sign_in_by_claim(
            tx,
            claim=claims.get(settings().oidc.claim),
            replaces=cookie_token(),
            policy=policy,
            at=errand.at,
        )
    if isinstance(opened, EngineError):
        return engine_problem(opened)
    response = Response(_WELCOME, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    response.delete_cookie(
        cookie_name(_COOKIE), path="/", httponly=True, samesite="Lax", secure=settings().secure_cookies
    )
    set_session_cookie(response, opened.token)
    return response
