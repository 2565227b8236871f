"""Sign in and out, the language, and the first page after signing in."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from api.auth import (
    authenticate,
    client_address,
    cookie_token,
    drop_session_cookie,
    session_token,
    set_session_cookie,
    settings,
)
from api.problems import NotSignedInError, status_of
from engine.actions import sign_in
from engine.actions.passwords import check_password, hash_password
from engine.actions.sign_in import PasswordChangeRequiredError
from engine.errors import EngineError
from web.language import COOKIE, t
from web.navigation import first_place
from web.page import Ask, Errand, go_to, page, show
from web.refusals import sign_in_page

routes = Blueprint("session_pages", __name__, template_folder="../templates")
_A_YEAR = 365 * 24 * 3600


def inside(path: str) -> str:
    """The path if it leads to a page of ours, else the first page: no address lures anybody elsewhere."""
    parts = urlsplit(path)
    ours = (
        path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    )
    return path if ours and "\\" not in path else "/"


@page(routes, "GET", "/", access="public", errand=True)
def home(errand: Errand) -> Response:
    """The first page of whoever asks; a stranger's is the applicants'."""
    with errand.database.read() as tx:
        try:
            actor = authenticate(tx, access="own", at=errand.at).actor
        except NotSignedInError:
            return go_to("/apply")
    return go_to(first_place(actor))


@page(routes, "GET", "/sign-in", access="public")
def sign_in_form(ask: Ask) -> Response:
    """The form to sign in with."""
    return sign_in_page(target=inside(ask.args.get("next", "/")), demo=settings().demo)


@page(routes, "POST", "/sign-in", access="public", errand=True)
def open_session(errand: Errand) -> Response:
    """Sign in, and go on to where one wanted to go; what was being sent then is sent."""
    form = request.form
    username, target = form.get("username", ""), inside(form.get("target", "/"))
    resumed = [(str(name), str(value)) for name, value in json.loads(form.get("resumed") or "[]")]
    policy = settings().sign_in
    with errand.database.read() as tx:
        attempt = sign_in.begin(tx, username=username, address=client_address(), policy=policy, at=errand.at)
    verdict = check_password(attempt.password_hash, form.get("password", ""))
    with errand.database.write() as tx:
        opened = sign_in.finish(tx, attempt, verdict, replaces=cookie_token(), policy=policy, at=errand.at)
    if isinstance(opened, EngineError):
        return _refused(opened, target=target, resumed=resumed, username=username)
    if resumed:
        response = show("session/resume.html", target=target, resumed=resumed)
    else:
        response = go_to(target)
    set_session_cookie(response, opened.token)
    return response


def _refused(error: EngineError, *, target: str, resumed: list[tuple[str, str]], username: str) -> Response:
    if isinstance(error, PasswordChangeRequiredError):
        return show("session/password.html", username=username, sentence=t(error.zh, error.en))
    return sign_in_page(
        target=target,
        resumed=resumed,
        username=username,
        sentence=t(error.zh, error.en),
        status=status_of(error),
        demo=settings().demo,
    )


@page(routes, "GET", "/password", access="public")
def password_form(_ask: Ask) -> Response:
    """The form to choose a new password with."""
    return show("session/password.html")


@page(routes, "POST", "/password", access="public", errand=True)
def change_password(errand: Errand) -> Response:
    """Choose a new password with the current one."""
    form, policy = request.form, settings().sign_in
    username, password, new = form.get("username", ""), form.get("password", ""), form.get("new_password", "")
    with errand.database.read() as tx:
        attempt = sign_in.begin(tx, username=username, address=client_address(), policy=policy, at=errand.at)
    verdict = check_password(attempt.password_hash, password)
    try:
        sign_in.require_new_password(attempt, verdict, password=password, new_password=new, policy=policy)
        new_hash = hash_password(new)
        with errand.database.write() as tx:
            opened = sign_in.change_password(
                tx, attempt, verdict, new_hash=new_hash, replaces=cookie_token(), policy=policy, at=errand.at
            )
        if isinstance(opened, EngineError):
            raise opened
    except EngineError as error:
        return show(
            "session/password.html",
            username=username,
            sentence=t(error.zh, error.en),
            status=status_of(error),
        )
    response = go_to("/")
    set_session_cookie(response, opened.token)
    return response


@page(routes, "POST", "/sign-out", access="own")
def close_session(ask: Ask) -> Response:
    """Sign out."""
    token = session_token()
    assert token is not None, "the caller is signed in"
    sign_in.sign_out(ask.tx, token=token, actor=ask.actor, everywhere=False, at=ask.at)
    response = go_to("/sign-in")
    drop_session_cookie(response)
    return response


@page(routes, "POST", "/language", access="public")
def choose_language(ask: Ask) -> Response:
    """Read the pages in the other language from now on."""
    chosen = "en" if ask.form.get("language") == "en" else "zh"
    response = go_to(inside(ask.form.get("target", "/")))
    response.set_cookie(
        COOKIE, chosen, max_age=_A_YEAR, samesite="Lax", path="/", secure=settings().secure_cookies
    )
    return response
