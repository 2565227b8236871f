"""A refusal as a page, or as a fragment for htmx: what is wrong, and what to do next."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from api.problems import NotSignedInError, http_problem, status_of
from engine.errors import EngineError
from web.language import t

log = logging.getLogger("aidflow.web")
_MOST_RESUMED = 200_000  # characters of a form that waits for its person to sign in


def show_refusal(error: EngineError) -> Response:
    """The page of an engine error, with its status."""
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    part = request.headers.get("HX-Request") == "true"
    sentence = t(error.zh, error.en)
    faults = [t(one.zh, one.en) for one in error.errors]
    body = render_template(
        "parts/refusal.html" if part else "refusal.html",
        sentence=sentence,
        faults=[one for one in faults if one not in sentence],
        status=status,
        back=request.referrer if request.method == "POST" else None,
    )
    response = make_response(body, status)
    if part:  # htmx does not show what came with an error unless told where
        response.headers["HX-Retarget"] = "#refusals"
        response.headers["HX-Reswap"] = "innerHTML"
    if "retry_after" in error.data:
        response.headers["Retry-After"] = str(error.data["retry_after"])
    return response


def no_such_page(error: HTTPException) -> Response:
    """An address that leads nowhere: a page for people, a problem document for programs."""
    wants_page = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    if request.path.startswith("/api/") or not wants_page:
        return http_problem(error)
    return make_response(
        render_template(
            "refusal.html",
            sentence=t("没有这个地址，请从首页进入。", "There is nothing at this address."),
            faults=(),
            status=404,
            back=None,
        ),
        404,
    )


def sign_in_first(error: NotSignedInError) -> Response:
    """To the sign-in page, and back afterwards. What was being sent is kept in that page and sent again."""
    if request.headers.get("HX-Request") == "true":
        return make_response(t(error.zh, error.en), 401)
    resumed: list[tuple[str, str]] = []
    if request.method == "POST":
        resumed = [(name, value) for name, value in request.form.items(multi=True)]
        if sum(len(name) + len(value) for name, value in resumed) > _MOST_RESUMED:
            resumed = []
    target = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return sign_in_page(target=target, resumed=resumed, lost=request.method == "POST", status=401)


def sign_in_page(
    *,
    target: str,
    resumed: list[tuple[str, str]] | None = None,
    lost: bool = False,
    username: str = "",
    status: int = 200,
    **more: Any,
) -> Response:
    """The sign-in page. `resumed` are the fields of a form that goes to `target` after signing in."""
    body = render_template(
        "session/sign_in.html", target=target, resumed=resumed or [], lost=lost, username=username, **more
    )
    return make_response(body, status)
