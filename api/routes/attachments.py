"""Attachments: upload, list, download, remove."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, current_app
from werkzeug.datastructures import FileStorage

from api.bodies import read_uploads
from api.endpoint import Call, endpoint
from api.problems import BadRequestError
from api.schemas import answers
from api.settings import Settings
from engine.actions import attachments
from engine.actions.add_attachment import add_attachment
from engine.actions.views import AttachmentView, Page
from engine.errors import FieldError
from engine.store.blobs import Blobs
from engine.store.ids import read_id

routes = Blueprint("attachments", __name__, url_prefix="/api/v1")
# Whatever a browser makes of a download, it may run nothing and load nothing.
_SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@endpoint(
    routes,
    "POST",
    "/attachments",
    answer=answers.Attachment,
    access="work",
    status=201,
    problems=(400, 403, 413, 415),
    upload="file",
)
def attach_before_a_case(call: Call) -> AttachmentView:
    """Upload a file for a case yet to be opened; it is kept for a day unless an answer refers to it."""
    return _add(call)


@endpoint(
    routes,
    "POST",
    "/cases/{case_id}/attachments",
    answer=answers.Attachment,
    access="work",
    status=201,
    problems=(400, 404, 413, 415),
    upload="file",
)
def attach_to_a_case(call: Call, case_id: str) -> AttachmentView:
    """Upload a file to an open case."""
    return _add(call, read_id(case_id))


@endpoint(
    routes,
    "GET",
    "/cases/{case_id}/attachments",
    answer=answers.Page[answers.Attachment],
    access="read",
    problems=(404,),
)
def list_attachments(call: Call, case_id: str) -> Page[AttachmentView]:
    """What is attached to a case, oldest first; always one page."""
    found = attachments.list_attachments(call.tx, case_id=read_id(case_id), actor=call.actor)
    return Page(items=found, next=None)


@endpoint(
    routes,
    "GET",
    "/attachments/{attachment_id}",
    answer=None,
    access="read",
    media="*/*",
    problems=(404,),
    records=True,
)
def download_attachment(call: Call, attachment_id: str) -> Response:
    """The file itself, as a download. Who fetched it is recorded."""
    view, content = attachments.read_attachment(
        call.tx, attachment_id=read_id(attachment_id), actor=call.actor, at=call.at, blobs=blob_store()
    )
    response = Response(content, mimetype=view.type)
    name = quote(view.name, safe="")  # RFC 6266: header fields hold no Chinese
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Content-Security-Policy"] = _SANDBOX
    return response


@endpoint(
    routes,
    "DELETE",
    "/attachments/{attachment_id}",
    answer=None,
    access="work",
    status=204,
    problems=(403, 404, 409),
)
def remove_attachment(call: Call, attachment_id: str) -> None:
    """Remove a file of one's own that no answer refers to."""
    attachments.remove_attachment(call.tx, attachment_id=read_id(attachment_id), actor=call.actor)


def one_upload() -> FileStorage:
    """The one file of an upload. Raises BadRequestError for none and for several."""
    uploads = read_uploads("file")
    if len(uploads) > 1:
        error = FieldError(pointer="/file", zh="每次只能上传一个文件。", en="Upload one file at a time.")
        raise BadRequestError(error.en, error.zh, errors=[error])
    return uploads[0]


def _add(call: Call, case_id: int | None = None) -> AttachmentView:
    upload = one_upload()
    settings: Settings = current_app.config["SETTINGS"]
    return add_attachment(
        call.tx,
        name=upload.filename or "",
        content=upload.read(),
        actor=call.actor,
        at=call.at,
        blobs=blob_store(),
        limits=settings.attachment_limits,
        case_id=case_id,
    )


def blob_store() -> Blobs:
    """Where the content of attachments lies."""
    blobs: Blobs = current_app.extensions["aidflow.blobs"]
    return blobs
