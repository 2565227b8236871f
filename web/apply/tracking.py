"""Tracking: where a case stands, what it waits for, what to supply; supply it, read notices, withdraw."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request

from api.auth import client_address, settings
from engine.actions import applicants_act, applicants_track, reading
from engine.actions.applicants import TooManyRequestsError, applicant_of
from engine.actions.applicants_track import TrackingOverError
from engine.actions.applicants_view import show_tracked
from engine.actions.drawing import draw_task
from engine.actions.notices import issuer
from engine.actions.views import AttachmentView, TaskDetail
from engine.errors import EngineError, FieldError, NotFoundError
from engine.store import people
from engine.store.ids import read_id
from web.apply.keeping import drop, keep_token, kept_token
from web.forms import change_rows, faults_by_place, keep_files, read_answers
from web.language import page_language, t
from web.page import Ask, Errand, go_to, page, say, show
from web.refusals import show_refusal

routes = Blueprint("track_pages", __name__, template_folder="../templates")


@page(routes, "GET", "/track", access="public")
def ask_number(ask: Ask) -> Response:
    """Which case? Its number and the last digits of the identity number."""
    return _ask(over=bool(ask.args.get("over")), number=ask.args.get("number", ""))


def _ask(*, over: bool = False, number: str = "", refused: str = "", status: int = 200) -> Response:
    digits = settings().applicants.tracking_digits
    return show("track/ask.html", status=status, over=over, number=number, refused=refused, digits=digits)


@page(routes, "POST", "/track", access="public", errand=True)
def prove(errand: Errand) -> Response:
    """Open the tracking session; a failure is counted."""
    number, digits = request.form.get("number", ""), request.form.get("digits", "")
    try:
        with errand.database.write() as tx:
            found = applicants_track.begin_tracking(
                tx,
                number=number,
                digits=digits,
                address=client_address(),
                policy=settings().applicants,
                at=errand.at,
            )
    except TooManyRequestsError as error:
        return _ask(number=number, refused=t(error.zh, error.en), status=429)
    if isinstance(found, EngineError):
        return _ask(number=number, refused=t(found.zh, found.en), status=404)
    return keep_token(go_to("/track/case"), found.token)


def _over(ask: Ask, error: EngineError, **_: Any) -> Response:
    return go_to("/track?over=1") if isinstance(error, TrackingOverError) else show_refusal(error)


def _case(ask: Ask) -> int:
    return applicants_track.tracked_case(ask.tx, token=kept_token(), at=ask.at)


@page(routes, "GET", "/track/case", access="public", again=_over)
def see(ask: Ask) -> Response:
    """The case as its applicant sees it."""
    return show("track/case.html", case=show_tracked(ask.tx, case_id=_case(ask), at=ask.at))


@page(routes, "POST", "/track/end", access="public")
def end(ask: Ask) -> Response:
    """End the session: the next person at this phone sees nothing."""
    applicants_track.end_tracking(ask.tx, token=kept_token())
    return drop(go_to("/track"))


@page(routes, "GET", "/track/tasks/{task_id}", access="public", again=_over)
def task(ask: Ask, task_id: str) -> Response:
    """Something that the applicant can do here."""
    return _show_task(ask, task_id, {})


def _detail(ask: Ask, task_id: str) -> TaskDetail:
    case_id = _case(ask)
    found = reading.get_task(ask.tx, task_id=read_id(task_id), actor=applicant_of(case_id), at=ask.at)
    if "complete" not in found.allowed:
        raise NotFoundError
    return found


def _show_task(ask: Ask, task_id: str, answers: dict[str, Any], error: EngineError | None = None) -> Response:
    detail = _detail(ask, task_id)
    fields = draw_task(
        ask.tx,
        task_id=read_id(task_id),
        lang=page_language(),
        actor=applicant_of(_case(ask)),
        at=ask.at,
        answers=answers,
    )
    errors: list[FieldError] = list(error.errors) if error else []
    refused = error if error is not None and not errors else None
    return show(
        "track/task.html",
        status=422 if error else 200,
        task=detail.task,
        form=detail.form,
        fields=fields,
        errors=errors,
        faults=faults_by_place(errors),
        refused=refused,
    )


def _answers(ask: Ask, detail: TaskDetail) -> dict[str, Any]:
    return read_answers(detail.form, ask.form) if detail.form else {}


def _task_again(ask: Ask, error: EngineError, task_id: str) -> Response:
    if isinstance(error, TrackingOverError):
        return go_to("/track?over=1")
    if not error.errors:
        return say(go_to("/track/case"), error.zh, error.en)
    return _show_task(ask, task_id, _answers(ask, _detail(ask, task_id)), error)


@page(routes, "POST", "/track/tasks/{task_id}", access="public", again=_task_again)
def do_task(ask: Ask, task_id: str) -> Response:
    """Send it in."""
    detail, case_id = _detail(ask, task_id), _case(ask)
    answers = _answers(ask, detail)

    def keep(name: str, content: bytes) -> AttachmentView:
        return applicants_act.attach_to_case(
            ask.tx,
            case_id=case_id,
            name=name,
            content=content,
            blobs=current_app.extensions["aidflow.blobs"],
            limits=settings().attachment_limits,
            at=ask.at,
        )

    if change_rows(answers, ask.form):
        return _show_task(ask, task_id, answers)
    keep_files(answers, keep)
    applicants_act.do_task(ask.tx, case_id=case_id, task_id=read_id(task_id), answers=answers, at=ask.at)
    return say(go_to("/track/case"), "已提交，谢谢。", "Sent in. Thank you.")


@page(routes, "GET", "/track/notices/{notice_id}", access="public", records=True, again=_over)
def notice(ask: Ask, notice_id: str) -> Response:
    """A notice in full; opening it is recorded as its delivery."""
    view = applicants_act.read_notice(ask.tx, case_id=_case(ask), notice_id=read_id(notice_id), at=ask.at)
    return show("track/notice.html", notice=view, issuer=issuer(people.list_regions(ask.tx), view.region))


@page(routes, "GET", "/track/withdraw", access="public", again=_over)
def ask_withdrawal(ask: Ask) -> Response:
    """Once more: what withdrawing means."""
    return _ask_withdrawal(ask)


def _ask_withdrawal(ask: Ask, error: EngineError | None = None) -> Response:
    case = show_tracked(ask.tx, case_id=_case(ask), at=ask.at)
    if not case.may_withdraw:
        return go_to("/track/case")
    return show("track/withdraw.html", status=422 if error else 200, case=case, refused=error)


def _withdraw_again(ask: Ask, error: EngineError) -> Response:
    return go_to("/track?over=1") if isinstance(error, TrackingOverError) else _ask_withdrawal(ask, error)


@page(routes, "POST", "/track/withdraw", access="public", again=_withdraw_again)
def withdraw(ask: Ask) -> Response:
    """Take the application back, for good."""
    applicants_act.withdraw_application(
        ask.tx, case_id=_case(ask), reason=ask.form.get("reason", ""), at=ask.at
    )
    return say(go_to("/track/case"), "申请已撤回。", "The application is withdrawn.")
