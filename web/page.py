"""What every page goes through: who asks, one transaction, the page; a refusal becomes a page as well.

Decides nothing about people or cases: the actions do, and their refusals are shown.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Literal, TypeVar

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from api.auth import Access, authenticate, refuse_cross_site
from api.problems import NotSignedInError
from engine.clocks import wall
from engine.errors import EngineError, EngineFault
from engine.store import sessions
from engine.store.db import Database, Tx
from engine.store.sessions import Session
from engine.types import Actor
from web.language import Language, page_language
from web.refusals import show_refusal, sign_in_first

Method = Literal["GET", "POST"]
View = TypeVar("View", bound=Callable[..., Any])
PAGES: dict[tuple[Method, str], Access] = {}
"""Every page with what it needs of whoever asks."""
_WORTH_PACKING = 1_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request as a page sees it. `tx` is its only transaction, `at` its instant."""

    tx: Tx
    at: datetime
    actor: Actor
    session: Session | None
    lang: Language

    @property
    def form(self) -> MultiDict[str, str]:
        """What was filled in."""
        return request.form

    @property
    def args(self) -> MultiDict[str, str]:
        """What stands behind the question mark."""
        return request.args

    @property
    def partial(self) -> bool:
        """Whether htmx asks, and wants a fragment."""
        return (
            request.headers.get("HX-Request") == "true"
            and "HX-History-Restore-Request" not in request.headers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A request that begins its transactions itself, since it waits for something in between."""

    database: Database
    at: datetime
    lang: Language


def page(
    routes: Blueprint,
    method: Method,
    path: str,
    *,
    access: Access = "read",
    errand: bool = False,
    records: bool = False,
    again: Callable[..., Any] | None = None,
) -> Callable[[View], View]:
    """Register a view as a page. A POST writes, a GET reads unless looking leaves a trace (`records`).

    `again(ask, error, **path values)` draws the form once more when an action refused what was sent;
    it reads in a transaction of its own, since the refused one left nothing.
    """

    def register(view: View) -> View:
        @wraps(view)
        def handle(**path_values: Any) -> Response:
            try:
                refuse_cross_site()
                if errand:
                    visit = Errand(database=_database(), at=wall.now(), lang=page_language())
                    return finished(view(visit, **path_values))
                return finished(_in_transaction(view, path_values, access, method == "POST" or records))
            except NotSignedInError as error:
                return finished(sign_in_first(error))
            except EngineError as error:
                if again is None or isinstance(error, EngineFault):
                    return finished(show_refusal(error))
                return finished(_once_more(again, error, path_values, access))

        rule = path.replace("{", "<").replace("}", ">")
        PAGES[method, (routes.url_prefix or "") + rule] = access
        routes.add_url_rule(rule, view.__name__, handle, methods=[method])
        return view

    return register


def _database() -> Database:
    found: Database = current_app.extensions["aidflow.database"]
    return found


def _in_transaction(view: View, path_values: dict[str, Any], access: Access, changes: bool) -> Any:
    database, at = _database(), wall.now()
    with database.write() if changes else database.read() as tx:
        actor, session = caller = authenticate(tx, access=access, at=at)
        if changes and session and caller.is_stale(at):
            sessions.touch(tx, session.id, at)
        ask = Ask(tx=tx, at=at, actor=actor, session=session, lang=page_language())
        g.ask = ask  # the frame around the page shows who asks
        answer = make_response(view(ask, **path_values))  # drawn while the transaction is open
    if not changes and session and caller.is_stale(at):
        with database.write() as tx:
            sessions.touch(tx, session.id, at)
    return answer


def _once_more(
    again: Callable[..., Any], error: EngineError, path_values: dict[str, Any], access: Access
) -> Response:
    def view(ask: Ask, **values: Any) -> Any:
        return again(ask, error, **values)

    try:
        return make_response(_in_transaction(view, path_values, access, changes=False))
    except EngineError as second:  # what the form belongs to is gone, too
        return show_refusal(second)


def asked() -> Ask | None:
    """The request that is being answered, where somebody asks in a transaction."""
    found: Ask | None = g.get("ask")
    return found


def show(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page or a fragment drawn from a template."""
    return make_response(render_template(template, **values), status)


def go_to(path: str) -> Response:
    """Send the browser on: with a 303, so that reloading repeats nothing; htmx changes the whole page."""
    if request.headers.get("HX-Request") == "true":
        response = Response(status=204)
        response.headers["HX-Redirect"] = path
        return response
    return make_response(redirect(path, 303))


def say(response: Response, zh: str, en: str) -> Response:
    """Let the next page that is shown say a sentence once (what was done)."""
    response.set_cookie(
        "aidflow_said", json.dumps([zh, en]), max_age=60, httponly=True, samesite="Strict", path="/"
    )
    return response


def finished(answer: Any) -> Response:
    """Packed where the browser takes it; what was said once is not said again."""
    response = make_response(answer)
    if "aidflow_said" in request.cookies and response.mimetype == "text/html" and response.status_code < 300:
        response.delete_cookie("aidflow_said", path="/", httponly=True, samesite="Strict")
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    if takes and response.mimetype == "text/html" and not response.direct_passthrough:
        body = response.get_data()
        if len(body) > _WORTH_PACKING and "Content-Encoding" not in response.headers:
            packer = zlib.compressobj(5, zlib.DEFLATED, 31)  # 31: in gzip's wrapping
            response.set_data(packer.compress(body) + packer.flush())
            response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.vary.add("Cookie")
    return response
