"""Choosing what to apply for, beginning, and coming back to what was begun."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, request

from api.auth import client_address, settings
from engine.actions import applicants, applicants_apply
from engine.actions.applicants import TooManyRequestsError
from engine.actions.applicants_apply import UnknownCodeError
from engine.errors import EngineError
from engine.store.people import Region
from web.apply.keeping import drop, keep_code, kept_code
from web.language import page_language, t
from web.page import Ask, Errand, go_to, page, show

routes = Blueprint("apply_pages", __name__, template_folder="../templates")


@page(routes, "GET", "/apply", access="public")
def choose_need(ask: Ask) -> Response:
    """What is the matter? One card a need, and the way back to what was begun."""
    return _needs(ask)


def _needs(ask: Ask, error: EngineError | None = None, status: int = 200) -> Response:
    begun = None
    if kept_code():
        try:
            begun = applicants_apply.get_application(ask.tx, code=kept_code(), at=ask.at)
        except UnknownCodeError:
            begun = None
    return show(
        "apply/needs.html",
        status=status,
        needs=applicants.list_needs(ask.tx),
        begun=begun,
        refused=error and t(error.zh, error.en),
    )


@page(routes, "GET", "/apply/new/{process}", access="public")
def choose_township(ask: Ask, process: str) -> Response:
    """Where? The township decides who will help."""
    return _townships(ask, process)


def _townships(ask: Ask, process: str, fault: str = "") -> Response:
    needs = {need.process: need for need in applicants.list_needs(ask.tx)}
    if process not in needs:
        applicants.public_program(ask.tx, process)
    return show(
        "apply/township.html",
        status=422 if fault else 200,
        need=needs[process],
        counties=by_county(ask, applicants.list_townships(ask.tx, ask.at)),
        days=settings().applicants.draft_days,
        fault=fault,
    )


def by_county(ask: Ask, townships: Sequence[Region]) -> list[tuple[str, list[Region]]]:
    """Townships under their counties' codes."""
    found: dict[str, list[Region]] = {}
    for town in townships:
        found.setdefault(town.code[:6], []).append(town)
    return list(found.items())


def _start_again(ask: Ask, error: EngineError, process: str) -> Response:
    return _townships(ask, process, fault=t(error.zh, error.en))


@page(routes, "POST", "/apply/new/{process}", access="public", again=_start_again)
def begin(ask: Ask, process: str) -> Response:
    """Begin a draft; the answer shows its code, this once."""
    code, view = applicants_apply.start_application(
        ask.tx,
        process=process,
        region=ask.form.get("region", ""),
        address=client_address(),
        policy=settings().applicants,
        at=ask.at,
    )
    return keep_code(show("apply/code.html", code=code, view=view), code)


@page(routes, "POST", "/apply/resume", access="public", errand=True)
def resume(errand: Errand) -> Response:
    """Go on with what was begun, by its code. A wrong code is counted."""
    policy = settings().applicants
    with errand.database.write() as tx:
        ask = Ask(tx=tx, at=errand.at, actor=applicants.applicant_of(), session=None, lang=page_language())
        try:
            found = applicants_apply.require_code(
                tx, code=request.form.get("code", ""), address=client_address(), policy=policy, at=errand.at
            )
        except TooManyRequestsError as error:
            return _needs(ask, error, 429)
        if isinstance(found, EngineError):
            return _needs(ask, found, 404)
        code = applicants_apply.read_code(request.form.get("code", ""))
        target = "/apply/receipt" if found.number else "/apply/form/1"
    return keep_code(go_to(target), code)


@page(routes, "POST", "/apply/leave", access="public")
def leave(ask: Ask) -> Response:
    """Put the draft down: this phone forgets it, the code still opens it."""
    return drop(go_to("/apply"))
