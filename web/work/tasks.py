"""One task: its page, its draft, claim, release, hand on, complete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from engine.actions import reading
from engine.actions.assign_task import assign_task
from engine.actions.claim_task import claim_task
from engine.actions.colleagues import list_colleagues
from engine.actions.complete_task import complete_task
from engine.actions.delegate_task import delegate_task
from engine.actions.draft_task import draft_task
from engine.actions.release_task import release_task
from engine.actions.views import TaskDetail
from engine.errors import AnswersError, EngineError, StaleVersionError, TaskNotOpenError
from engine.store.ids import read_id
from web.forms import change_rows, faults_by_place, read_answers
from web.page import Ask, go_to, page, say, show
from web.refusals import show_refusal
from web.session.routes import inside
from web.work.task_page import draw_fields, field_errors, show_task
from web.work.uploads import take_uploads

routes = Blueprint("task_pages", __name__, template_folder="../templates")


@page(routes, "GET", "/tasks/{task_id}")
def task(ask: Ask, task_id: str) -> Response:
    """One task as its worker opens it."""
    return show_task(ask, task_id)


def _answers(ask: Ask, detail: TaskDetail) -> dict[str, Any]:
    return read_answers(detail.form, ask.form) if detail.form else {}


def _look(ask: Ask, task_id: str) -> TaskDetail:
    return reading.get_task(ask.tx, task_id=read_id(task_id), actor=ask.actor, at=ask.at)


def _draft_again(ask: Ask, error: EngineError, task_id: str) -> Response:
    """What could not be saved stays on the page, with the reason."""
    detail = _look(ask, task_id)
    if not isinstance(error, AnswersError) and not (error.errors and detail.task.status == "open"):
        return show_refusal(error)
    answers = _answers(ask, detail)
    if not ask.partial:
        return show_task(ask, task_id, answers=answers, error=error)
    fields = draw_fields(ask, detail, answers)
    return show(
        "work/fields.html", detail=detail, fields=fields, faults=faults_by_place(error.errors),
        errors=field_errors(error), unsaved=True,
    )  # fmt: skip


@page(routes, "POST", "/tasks/{task_id}/draft", access="work", again=_draft_again)
def draft(ask: Ask, task_id: str) -> Response:
    """Keep what was written so far; the answer is the form as it stands with it."""
    detail = _save_draft(ask, task_id)
    if not ask.partial:
        return say(go_to(f"/tasks/{task_id}#form"), "已保存草稿。", "The draft is saved.")
    fields = draw_fields(ask, detail, None)
    return show("work/fields.html", detail=detail, fields=fields, faults={}, errors=[], unsaved=False)


def _save_draft(ask: Ask, task_id: str) -> TaskDetail:
    detail = _look(ask, task_id)
    answers = _answers(ask, detail)
    change_rows(answers, ask.form)
    if detail.form is not None:
        take_uploads(ask, answers, read_id(detail.task.case_id))
    draft_task(ask.tx, task_id=read_id(task_id), answers=answers, actor=ask.actor, at=ask.at)
    return _look(ask, task_id)


def _complete_again(ask: Ask, error: EngineError, task_id: str) -> Response:
    detail = _look(ask, task_id)
    if isinstance(error, AnswersError | StaleVersionError | TaskNotOpenError) or error.errors:
        return show_task(ask, task_id, answers=_answers(ask, detail), error=error)
    return show_refusal(error)


@page(routes, "POST", "/tasks/{task_id}/complete", access="work", again=_complete_again)
def complete(ask: Ask, task_id: str) -> Response:
    """Complete it, and say what came of it and what is next. Without scripts, rows are added here, too."""
    if ask.form.get("_add") or ask.form.get("_remove"):
        _save_draft(ask, task_id)
        return go_to(f"/tasks/{task_id}#form")
    detail = _look(ask, task_id)
    answers = _answers(ask, detail)
    if detail.form is not None and detail.task.status == "open":
        take_uploads(ask, answers, read_id(detail.task.case_id))
    seen = ask.form.get("seen_version", "")
    complete_task(
        ask.tx,
        task_id=read_id(task_id),
        answers=answers,
        seen_version=int(seen) if seen.isdecimal() else None,
        actor=ask.actor,
        at=ask.at,
    )
    return go_to(f"/tasks/{task_id}?done=1")


@page(routes, "POST", "/tasks/{task_id}/claim", access="work")
def claim(ask: Ask, task_id: str) -> Response:
    """Take it in hand."""
    claim_task(ask.tx, task_id=read_id(task_id), actor=ask.actor, at=ask.at)
    return say(go_to(f"/tasks/{task_id}"), "已领取，任务在您手上。", "Claimed; the task is in your hands.")


@page(routes, "POST", "/tasks/{task_id}/release", access="work")
def release(ask: Ask, task_id: str) -> Response:
    """Put it back on the list."""
    release_task(ask.tx, task_id=read_id(task_id), actor=ask.actor, at=ask.at)
    return say(_back(ask, "/work"), "已退回，本岗位的人都可以领取。", "Released; your group can take it.")


@page(routes, "GET", "/tasks/{task_id}/hand")
def choose_colleague(ask: Ask, task_id: str) -> Response:
    """To whom it could go."""
    return _choose(ask, task_id, ask.args.get("how", ""), None)


def _choose(ask: Ask, task_id: str, how: str, error: EngineError | None) -> Response:
    detail = _look(ask, task_id)
    found = list_colleagues(ask.tx, task_id=read_id(task_id), actor=ask.actor, at=ask.at)
    others = [one for one in found if one.username != detail.task.assignee]
    how = how if how in ("assign", "delegate") else "assign"
    return show(
        "work/hand.html", status=200 if error is None else 422, task=detail.task, colleagues=others, how=how,
        error=error, chosen=ask.form.get("to", ""),
    )  # fmt: skip


def _choose_again(ask: Ask, error: EngineError, task_id: str) -> Response:
    return _choose(ask, task_id, ask.form.get("how", ""), error)


@page(routes, "POST", "/tasks/{task_id}/hand", access="work", again=_choose_again)
def hand_on(ask: Ask, task_id: str) -> Response:
    """Assign it as the one in charge, or delegate what is in one's own hands."""
    act = delegate_task if ask.form.get("how") == "delegate" else assign_task
    act(ask.tx, task_id=read_id(task_id), to=ask.form.get("to", ""), actor=ask.actor, at=ask.at)
    return say(go_to("/work"), "任务已交办。", "The task has been handed on.")


def _back(ask: Ask, path: str) -> Response:
    return go_to(inside(ask.form.get("back") or path))
