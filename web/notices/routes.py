"""The board of a township, one posting, and an objection to it."""

from __future__ import annotations

from flask import Blueprint, Response

from api.auth import client_address, settings
from engine.actions import applicants, applicants_act, notices
from engine.errors import EngineError
from engine.store.ids import read_id
from web.apply.routes import by_county
from web.language import t
from web.page import Ask, go_to, page, say, show

routes = Blueprint("notice_pages", __name__, template_folder="../templates")


@page(routes, "GET", "/notices", access="public")
def choose(ask: Ask) -> Response:
    """Which township?"""
    if region := ask.args.get("region"):
        return go_to(f"/notices/{applicants.require_township(ask.tx, region, ask.at).code}")
    return show("notices/choose.html", counties=by_county(ask, applicants.list_townships(ask.tx, ask.at)))


@page(routes, "GET", "/notices/{region}", access="public")
def board(ask: Ask, region: str) -> Response:
    """What hangs in a township today."""
    found = notices.list_postings(ask.tx, region=region, at=ask.at)
    return show("notices/board.html", code=region[:9], postings=found, today=ask.at)


@page(routes, "GET", "/notices/{region}/{posting_id}", access="public")
def posting(ask: Ask, region: str, posting_id: str) -> Response:
    """One posting, with the form to object."""
    return _show(ask, posting_id)


def _show(ask: Ask, posting_id: str, error: EngineError | None = None) -> Response:
    view = notices.get_posting(ask.tx, posting_id=read_id(posting_id), at=ask.at)
    faults = {one.pointer.strip("/"): t(one.zh, one.en) for one in error.errors} if error else {}
    refused = None if error is None or faults else t(error.zh, error.en)
    return show(
        "notices/posting.html",
        status=422 if error else 200,
        posting=view,
        faults=faults,
        refused=refused,
        written=ask.form if error else {},
    )


def _object_again(ask: Ask, error: EngineError, region: str, posting_id: str) -> Response:
    return _show(ask, posting_id, error)


@page(routes, "POST", "/notices/{region}/{posting_id}", access="public", again=_object_again)
def object_to(ask: Ask, region: str, posting_id: str) -> Response:
    """Send an objection."""
    applicants_act.object_to_posting(
        ask.tx,
        posting_id=read_id(posting_id),
        name=ask.form.get("name", ""),
        contact=ask.form.get("contact", ""),
        text=ask.form.get("text", ""),
        address=client_address(),
        policy=settings().applicants,
        at=ask.at,
    )
    return say(
        go_to(f"/notices/{region[:9]}"),
        "异议已收到，乡镇（街道）将调查核实，公示暂停。",
        "Your objection was received. The township will look into it; the notice is taken down meanwhile.",
    )
