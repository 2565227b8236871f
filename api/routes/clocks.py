"""Clocks of a case: explained, paused, resumed, extended."""

from __future__ import annotations

from flask import Blueprint

from api.endpoint import Call, endpoint
from api.schemas import answers, requests
from engine.actions import reading
from engine.actions.change_clock import extend_clock, pause_clock, resume_clock
from engine.actions.views import CaseView, ClockView, Page
from engine.store.ids import read_id

routes = Blueprint("clocks", __name__, url_prefix="/api/v1")


@endpoint(
    routes,
    "GET",
    "/cases/{case_id}/clocks",
    answer=answers.Page[answers.Clock],
    access="read",
    problems=(404,),
)
def list_clocks(call: Call, case_id: str) -> Page[ClockView]:
    """Every clock of a case with the reason for its date."""
    clocks = reading.get_clocks(call.tx, case_id=read_id(case_id), actor=call.actor, at=call.at)
    return Page(items=clocks, next=None)


@endpoint(
    routes,
    "POST",
    "/cases/{case_id}/clocks/{name}/pause",
    body=requests.Pause,
    answer=answers.Case,
    access="work",
    problems=(403, 404, 409),
)
def pause(call: Call, case_id: str, name: str) -> CaseView:
    """Hold a clock on a ground; what is left is kept exactly."""
    return pause_clock(
        call.tx,
        case_id=read_id(case_id),
        name=name,
        ground=call.body.ground,
        article=call.body.article,
        actor=call.actor,
        at=call.at,
    )


@endpoint(
    routes,
    "POST",
    "/cases/{case_id}/clocks/{name}/resume",
    body=requests.Resume,
    answer=answers.Case,
    access="work",
    problems=(403, 404, 409),
)
def resume(call: Call, case_id: str, name: str) -> CaseView:
    """Let a paused clock run on."""
    return resume_clock(
        call.tx,
        case_id=read_id(case_id),
        name=name,
        article=call.body.article,
        actor=call.actor,
        at=call.at,
    )


@endpoint(
    routes,
    "POST",
    "/cases/{case_id}/clocks/{name}/extend",
    body=requests.Extension,
    answer=answers.Case,
    access="work",
    problems=(403, 404, 409),
)
def extend(call: Call, case_id: str, name: str) -> CaseView:
    """Extend a clock on one of the legal grounds, with an approver."""
    return extend_clock(
        call.tx,
        case_id=read_id(case_id),
        name=name,
        to=call.body.to,
        ground=call.body.ground,
        article=call.body.article,
        actor=call.actor,
        at=call.at,
    )
