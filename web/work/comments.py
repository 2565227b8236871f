"""Comments on a case, as the pages of a case and of a task include them."""

from __future__ import annotations

from flask import Blueprint, Response, request

from engine import access
from engine.actions.comments import add_comment, list_comments
from engine.actions.views import CommentView
from engine.store.ids import read_id
from web.page import Ask, asked, go_to, page, say
from web.session.routes import inside

routes = Blueprint("comment_pages", __name__, template_folder="../templates")


@routes.app_template_global("comments_of")
def comments_of(case_id: str) -> tuple[CommentView, ...]:
    """What was said about a case, for `work/comments.html`."""
    ask = asked()
    return list_comments(ask.tx, case_id=read_id(case_id), actor=ask.actor) if ask else ()


@routes.app_template_global("may_comment")
def may_comment(region: str) -> bool:
    """Whether to offer the field; the action decides."""
    ask = asked()
    return ask is not None and access.may(ask.actor, "case.comment", region)


@page(routes, "POST", "/cases/{case_id}/comments", access="work")
def comment(ask: Ask, case_id: str) -> Response:
    """Say something about a case."""
    add_comment(
        ask.tx, case_id=read_id(case_id), text=request.form.get("text", ""), actor=ask.actor, at=ask.at
    )
    back = inside(ask.form.get("back", "") or f"/cases/{case_id}")
    return say(go_to(f"{back}#comments"), "意见已记入案件记录。", "Your comment is on record.")
