"""What a browser keeps for an applicant: the code of a draft, or the token of a tracking session.

Both are cookies that no script reads and that end with the browser; neither opens anything else.
"""

from __future__ import annotations

from flask import Response, request

from api.auth import cookie_name, settings

_CODE, _TOKEN = "aidflow_application", "aidflow_tracking"


def kept_code() -> str:
    """The code of the draft in hand; empty if there is none."""
    return request.cookies.get(cookie_name(_CODE), "")


def kept_token() -> str | None:
    """The token of the tracking session, if any."""
    return request.cookies.get(cookie_name(_TOKEN))


def keep_code(response: Response, code: str) -> Response:
    """Let the browser go on with this draft."""
    return _keep(response, _CODE, code)


def keep_token(response: Response, token: str) -> Response:
    """Let the browser go on with this tracking session."""
    return _keep(response, _TOKEN, token)


def drop(response: Response) -> Response:
    """Forget both: the next person at this phone finds nothing."""
    for name in (_CODE, _TOKEN):
        response.delete_cookie(
            cookie_name(name), path="/", secure=settings().secure_cookies, httponly=True, samesite="Strict"
        )
    return response


def _keep(response: Response, name: str, value: str) -> Response:
    response.set_cookie(
        cookie_name(name),
        value,
        httponly=True,
        samesite="Strict",
        secure=settings().secure_cookies,
        path="/",
    )
    return response
