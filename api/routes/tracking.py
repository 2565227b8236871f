"""Tracking for people without an account: prove whose case it is, then see and act in that one case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from api import applicant_shapes  # noqa: F401  registers how these views are shaped
from api.auth import client_address, settings
from api.endpoint import Call, Errand, endpoint
from api.problems import engine_problem
from api.routes.attachments import blob_store, one_upload
from api.schemas import answers
from api.schemas import applicants as schemas
from api.shapes import to_json
from engine.actions import applicants_act, applicants_track
from engine.actions.applicants_view import TrackView, show_tracked
from engine.actions.notices import NoticeView
from engine.actions.views import AttachmentView
from engine.errors import EngineError
from engine.store.ids import read_id

routes = Blueprint("tracking", __name__, url_prefix="/api/v1/public/tracking")
_TOKEN = "X-Tracking-Token"  # noqa: S105  the name of a header


@endpoint(
    routes,
    "POST",
    "",
    body=schemas.TrackingProof,
    answer=schemas.OpenedTracking,
    access="public",
    errand=True,
    secret=True,
    problems=(404, 422, 429),
)
def begin_tracking(errand: Errand) -> Any:
    """Prove whose case it is, by its number and the last digits of the applicant's identity number."""
    with errand.database.write() as tx:
        found = applicants_track.begin_tracking(
            tx,
            number=errand.body.number,
            digits=errand.body.digits,
            address=client_address(),
            policy=settings().applicants,
            at=errand.at,
        )
        if isinstance(found, EngineError):
            return engine_problem(found)
        case = show_tracked(tx, case_id=found.case_id, at=errand.at)
        return {"token": found.token, "case": to_json(case)}


@endpoint(routes, "GET", "", answer=schemas.Tracked, access="public", header=_TOKEN, problems=(404,))
def see_tracked(call: Call) -> TrackView:
    """Where the case of the token in `X-Tracking-Token` stands."""
    return show_tracked(call.tx, case_id=_case(call), at=call.at)


@endpoint(routes, "DELETE", "", answer=None, access="public", header=_TOKEN, status=204)
def end_tracking(call: Call) -> Response:
    """End the tracking session."""
    applicants_track.end_tracking(call.tx, token=_token())
    return Response(status=204)


@endpoint(
    routes,
    "POST",
    "/tasks/{task_id}",
    body=schemas.TaskAnswers,
    answer=schemas.Tracked,
    access="public",
    header=_TOKEN,
    problems=(404, 409, 422),
)
def do_task(call: Call, task_id: str) -> TrackView:
    """Do a task that is the applicant's."""
    return applicants_act.do_task(
        call.tx, case_id=_case(call), task_id=read_id(task_id), answers=call.body.answers, at=call.at
    )


@endpoint(
    routes,
    "POST",
    "/attachments",
    answer=answers.Attachment,
    access="public",
    header=_TOKEN,
    status=201,
    problems=(400, 404, 409, 413, 415),
    upload="file",
)
def attach_to_tracked(call: Call) -> AttachmentView:
    """Upload a file for the case; the answers of a task refer to it by id."""
    upload = one_upload()
    return applicants_act.attach_to_case(
        call.tx,
        case_id=_case(call),
        name=upload.filename or "",
        content=upload.read(),
        blobs=blob_store(),
        limits=settings().attachment_limits,
        at=call.at,
    )


@endpoint(
    routes,
    "POST",
    "/withdrawal",
    body=schemas.ApplicantWithdrawal,
    answer=schemas.Tracked,
    access="public",
    header=_TOKEN,
    problems=(404, 409, 422),
)
def withdraw_tracked(call: Call) -> TrackView:
    """Take the application back, for good."""
    return applicants_act.withdraw_application(
        call.tx, case_id=_case(call), reason=call.body.reason, at=call.at
    )


@endpoint(
    routes,
    "GET",
    "/notices/{notice_id}",
    answer=schemas.Notice,
    access="public",
    header=_TOKEN,
    problems=(404,),
    records=True,
)
def read_tracked_notice(call: Call, notice_id: str) -> NoticeView:
    """A notice to the applicant; opening it is recorded as its delivery."""
    return applicants_act.read_notice(call.tx, case_id=_case(call), notice_id=read_id(notice_id), at=call.at)


def _token() -> str | None:
    return request.headers.get(_TOKEN)


def _case(call: Call) -> int:
    return applicants_track.tracked_case(call.tx, token=_token(), at=call.at)
