"""Notices of a case: list, read, print, and put on record that one was delivered."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response

from api import applicant_shapes  # noqa: F401  registers how notices are shaped
from api.endpoint import Call, endpoint
from api.language import language
from api.notice_print import as_html, as_pdf, policy
from api.schemas import answers
from api.schemas import applicants as schemas
from engine.actions import notices
from engine.actions.notices import NoticeView
from engine.actions.views import Page
from engine.store import people
from engine.store.ids import read_id

routes = Blueprint("notices", __name__, url_prefix="/api/v1")


@endpoint(
    routes,
    "GET",
    "/cases/{case_id}/notices",
    answer=answers.Page[schemas.Notice],
    access="read",
    problems=(404,),
)
def list_notices(call: Call, case_id: str) -> Page[NoticeView]:
    """The notices of a case, oldest first, each with its delivery; always one page."""
    return Page(items=notices.list_notices(call.tx, case_id=read_id(case_id), actor=call.actor), next=None)


@endpoint(routes, "GET", "/notices/{notice_id}", answer=schemas.Notice, access="read", problems=(404,))
def get_notice(call: Call, notice_id: str) -> NoticeView:
    """One notice."""
    return notices.get_notice(call.tx, notice_id=read_id(notice_id), actor=call.actor)


@endpoint(
    routes, "GET", "/notices/{notice_id}/html", answer=None, access="read", media="text/html", problems=(404,)
)
def get_notice_html(call: Call, notice_id: str) -> Response:
    """One notice as a page to print."""
    view = get_notice(call, notice_id)
    response = Response(as_html(view, _issuer(call, view), language()), mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy()
    return response


@endpoint(
    routes,
    "GET",
    "/notices/{notice_id}/pdf",
    answer=None,
    access="read",
    media="application/pdf",
    problems=(404,),
)
def get_notice_pdf(call: Call, notice_id: str) -> Response:
    """One notice as PDF; where no Chinese font is installed, 404 says to print the page."""
    view = get_notice(call, notice_id)
    response = Response(as_pdf(view, _issuer(call, view), language()), mimetype="application/pdf")
    name = quote(f"{view.case_number} {view.text.title['zh']}.pdf", safe="")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    return response


@endpoint(
    routes,
    "POST",
    "/notices/{notice_id}/delivery",
    body=schemas.Delivery,
    answer=schemas.Notice,
    access="work",
    problems=(403, 404, 409),
)
def record_delivery(call: Call, notice_id: str) -> NoticeView:
    """Put on record that a notice reached the applicant, and how."""
    return notices.record_delivery(
        call.tx, notice_id=read_id(notice_id), how=call.body.how, actor=call.actor, at=call.at
    )


def _issuer(call: Call, view: NoticeView) -> tuple[str, str]:
    """The authority that a notice comes from, in Chinese and English."""
    return notices.issuer(people.list_regions(call.tx), view.region)
