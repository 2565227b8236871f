"""From a request to an `Actor`: a session cookie or a bearer token. Decides no permission on a case.

A cookie rides along with requests that other sites start, so a changing request that carries one
must come from this site: browsers say so in `Sec-Fetch-Site` and `Origin`, and `SameSite=Strict`
keeps the cookie at home besides. Scripts send neither header and no foreign page can be a script.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from flask import Response, current_app, request

from api.problems import NotSignedInError
from api.settings import Settings
from engine.actions.sign_in import NOBODY, holder_of
from engine.errors import ForbiddenError
from engine.store.db import Tx
from engine.store.sessions import Session
from engine.types import Actor

_COOKIE = "aidflow_session"
_TOUCHED_EVERY = timedelta(minutes=1)  # how exactly the last use is known: a write with each read is too much

Access = Literal["public", "own", "read", "work", "deploy", "admin", "undeclared"]
"""What a route needs of a bearer token: one of the scopes, or only its own session (`own`).

A browser session holds every scope. What nobody has declared takes the most that there is.
"""


class Caller(NamedTuple):
    """Who calls, and with which session or token; nobody has none."""

    actor: Actor
    session: Session | None

    def is_stale(self, at: datetime) -> bool:
        """Whether the last use that is written down lies too far back."""
        return self.session is not None and at - self.session.last_used_at >= _TOUCHED_EVERY


ANONYMOUS = Caller(Actor(username=NOBODY), None)


class CrossSiteError(ForbiddenError):
    """This request was started by another site and was not carried out."""

    code = "cross-site-request"
    default_zh = "该请求由其他网站发起，未予执行。"


class ScopeError(ForbiddenError):
    """This bearer token was not made for that."""

    code = "scope-missing"
    default_zh = "该令牌的范围不包括此操作。"


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def bearer_token() -> str | None:
    """The token of the `Authorization: Bearer …` header, if any."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def session_token() -> str | None:
    """The bearer token, else the session cookie's."""
    return bearer_token() or cookie_token()


def cookie_token() -> str | None:
    """The session cookie's token, if any."""
    return request.cookies.get(cookie_name(_COOKIE))


def authenticate(tx: Tx, *, access: Access, at: datetime) -> Caller:
    """Who calls; `NotSignedInError` where the route needs somebody and nobody is there.

    `ScopeError` for a bearer token that is not held to what the route needs.
    """
    if access == "public":
        return ANONYMOUS
    token = session_token()
    holder = holder_of(tx, token=token, policy=settings().sign_in, at=at) if token else None
    if holder is None:
        raise NotSignedInError
    scopes = holder.session.scopes
    if scopes is not None and access != "own" and access not in scopes:
        raise ScopeError(
            f"This needs a token with the scope {access!r}; yours has {', '.join(sorted(scopes)) or 'none'}.",
            f"此操作需要令牌具有范围“{access}”，当前令牌的范围为：{'、'.join(sorted(scopes)) or '无'}。",
            data={"scope": access},
        )
    return Caller(holder.actor, holder.session)


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


def client_address() -> str:
    """The client as the lock-out counts it: an IPv4 address or an IPv6 /64; empty where it tells nothing.

    Behind a proxy that we are not told to trust everybody comes from loopback.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return "" if address.is_loopback else str(ipaddress.ip_network((address, 64), strict=False))
        address = address.ipv4_mapped
    return "" if address.is_loopback else str(address)


def is_this_machine() -> bool:
    """Whether the request comes from this machine itself, and nothing says that it was passed on."""
    passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.remote_addr in ("127.0.0.1", "::1", "::ffff:127.0.0.1") and not passed_on


def may_see_metrics() -> bool:
    """The figures count the work of all regions, so they are for the operator: by place or by token."""
    token, wanted = bearer_token(), settings().metrics_token
    return is_this_machine() or bool(token and wanted and compare_digest(token.encode(), wanted.encode()))


def cookie_name(name: str) -> str:
    """With the prefix that keeps other hosts and plain HTTP from setting it, where the cookie is secure."""
    return f"__Host-{name}" if settings().secure_cookies else name


def set_session_cookie(response: Response, token: str) -> None:
    """Hand the browser its session."""
    response.set_cookie(
        cookie_name(_COOKIE),
        token,
        max_age=int(settings().sign_in.session_lifetime.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=settings().secure_cookies,
        path="/",
    )


def drop_session_cookie(response: Response) -> None:
    """Take the browser's session away; a browser ignores the order if the cookie's marks are missing."""
    response.delete_cookie(
        cookie_name(_COOKIE), path="/", secure=settings().secure_cookies, httponly=True, samesite="Strict"
    )
