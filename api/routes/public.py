"""What people without an account use: needs, drafts, public notices and objections."""

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
from engine.actions import applicants, applicants_act, applicants_apply, notices
from engine.actions.applicants import NeedView
from engine.actions.applicants_apply import ApplicationView, Receipt
from engine.actions.notices import PostingView
from engine.actions.views import AttachmentView, Page
from engine.errors import EngineError
from engine.store.ids import read_id
from engine.store.people import Region

routes = Blueprint("public", __name__, url_prefix="/api/v1/public")
_CODE = "X-Application-Code"


@endpoint(routes, "GET", "/needs", answer=answers.Page[schemas.Need], access="public")
def list_needs(call: Call) -> Page[NeedView]:
    """What can be applied for, by need; urgent ones first."""
    return Page(items=applicants.list_needs(call.tx), next=None)


@endpoint(routes, "GET", "/townships", answer=answers.Page[schemas.Township], access="public")
def list_townships(call: Call) -> Page[Region]:
    """Where one can apply."""
    return Page(items=applicants.list_townships(call.tx, call.at), next=None)


@endpoint(
    routes,
    "POST",
    "/applications",
    body=schemas.NewApplication,
    answer=schemas.OpenedApplication,
    access="public",
    status=201,
    problems=(404, 429),
)
def start_application(call: Call) -> dict[str, Any]:
    """Begin a draft. Its code is in this answer and nowhere else."""
    code, view = applicants_apply.start_application(
        call.tx,
        process=call.body.process,
        region=call.body.region,
        address=client_address(),
        policy=settings().applicants,
        at=call.at,
    )
    return {"code": code, **to_json(view)}


@endpoint(
    routes,
    "GET",
    "/application",
    answer=schemas.Application,
    access="public",
    header=_CODE,
    errand=True,
    problems=(404, 429),
)
def get_application(errand: Errand) -> Any:
    """The draft under the code in `X-Application-Code`."""
    with errand.database.write() as tx:
        found = applicants_apply.require_code(
            tx, code=_code(), address=client_address(), policy=settings().applicants, at=errand.at
        )
        return engine_problem(found) if isinstance(found, EngineError) else to_json(found)


@endpoint(
    routes,
    "POST",
    "/application",
    body=schemas.SavedApplication,
    answer=schemas.Application,
    access="public",
    header=_CODE,
    problems=(404, 409, 422),
)
def save_application(call: Call) -> ApplicationView:
    """Keep what was filled in so far; what was kept before is replaced."""
    return applicants_apply.save_application(
        call.tx,
        code=_code(),
        answers=call.body.answers,
        region=call.body.region,
        seen_version=call.body.seen_version,
        policy=settings().applicants,
        at=call.at,
    )


@endpoint(
    routes,
    "POST",
    "/application/attachments",
    answer=answers.Attachment,
    access="public",
    header=_CODE,
    status=201,
    problems=(400, 404, 413, 415),
    upload="file",
)
def attach_to_application(call: Call) -> AttachmentView:
    """Upload a file for the draft; its answers refer to it by id."""
    upload = one_upload()
    return applicants_apply.attach_to_application(
        call.tx,
        code=_code(),
        name=upload.filename or "",
        content=upload.read(),
        blobs=blob_store(),
        limits=settings().attachment_limits,
        policy=settings().applicants,
        at=call.at,
    )


@endpoint(
    routes,
    "POST",
    "/application/submit",
    answer=schemas.Receipt,
    access="public",
    header=_CODE,
    status=201,
    problems=(404, 422),
)
def submit_application(call: Call) -> Receipt:
    """Open the case; repeated, it gives the same receipt."""
    return applicants_apply.submit_application(call.tx, code=_code(), at=call.at)


@endpoint(
    routes,
    "GET",
    "/postings",
    query=schemas.PostingQuery,
    answer=answers.Page[schemas.Posting],
    access="public",
    problems=(422,),
)
def list_postings(call: Call) -> Page[PostingView]:
    """What hangs on the board of a township today."""
    return Page(items=notices.list_postings(call.tx, region=call.query.region, at=call.at), next=None)


@endpoint(routes, "GET", "/postings/{posting_id}", answer=schemas.Posting, access="public", problems=(404,))
def get_posting(call: Call, posting_id: str) -> PostingView:
    """A posting that hangs today."""
    return notices.get_posting(call.tx, posting_id=read_id(posting_id), at=call.at)


@endpoint(
    routes,
    "POST",
    "/postings/{posting_id}/objections",
    body=schemas.NewObjection,
    answer=None,
    access="public",
    status=204,
    problems=(404, 409, 422, 429),
)
def object_to_posting(call: Call, posting_id: str) -> Response:
    """Object to a posting while it hangs."""
    applicants_act.object_to_posting(
        call.tx,
        posting_id=read_id(posting_id),
        name=call.body.name,
        contact=call.body.contact,
        text=call.body.text,
        address=client_address(),
        policy=settings().applicants,
        at=call.at,
    )
    return Response(status=204)


def _code() -> str:
    return request.headers.get(_CODE, "")
