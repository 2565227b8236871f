"""Comments on cases, and where oneself is mentioned."""

from __future__ import annotations

from flask import Blueprint

from api.endpoint import Call, endpoint
from api.schemas import answers, requests
from engine.actions import comments
from engine.actions.views import CommentView, MentionView, Page
from engine.store.ids import read_id

routes = Blueprint("comments", __name__, url_prefix="/api/v1")


@endpoint(
    routes, "GET", "/cases/{case_id}/comments", answer=answers.Page[answers.Comment], access="read",
    problems=(404,),
)  # fmt: skip
def list_comments(call: Call, case_id: str) -> Page[CommentView]:
    """What was said about a case, oldest first."""
    return Page(items=comments.list_comments(call.tx, case_id=read_id(case_id), actor=call.actor), next=None)


@endpoint(
    routes, "POST", "/cases/{case_id}/comments", body=requests.NewComment, answer=answers.Comment,
    access="work", status=201, problems=(403, 404, 409),
)  # fmt: skip
def add_comment(call: Call, case_id: str) -> CommentView:
    """Say something about a case; `@account` mentions a colleague."""
    return comments.add_comment(
        call.tx, case_id=read_id(case_id), text=call.body.text, actor=call.actor, at=call.at
    )


@endpoint(
    routes, "GET", "/mentions", query=requests.PageQuery, answer=answers.Page[answers.Mention], access="read"
)
def list_mentions(call: Call) -> Page[MentionView]:
    """Where you are mentioned, newest first."""
    return comments.list_mentions(call.tx, actor=call.actor, **dict(call.query))
