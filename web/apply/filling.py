"""Filling in an application: saved at every step, checked before it is sent, a receipt at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, current_app

from api.auth import settings
from engine.actions import applicants, applicants_apply, applicants_fill
from engine.actions.applicants_apply import ApplicationView, UnknownCodeError
from engine.actions.views import AttachmentView
from engine.errors import AnswersError, EngineError, FieldError
from web.apply.keeping import drop, kept_code
from web.apply.steps import belongs, of_step, places_in, steps_of, visible_steps
from web.forms import change_rows, faults_by_place, keep_files, name_files, read_answers
from web.language import page_language
from web.page import Ask, go_to, page, say, show
from web.refusals import show_refusal

routes = Blueprint("filling_pages", __name__, template_folder="../templates")


def _view(ask: Ask) -> ApplicationView:
    return applicants_apply.get_application(ask.tx, code=kept_code(), at=ask.at)


@page(routes, "GET", "/apply/form/{number}", access="public")
def step(ask: Ask, number: str) -> Response:
    """One step of the form."""
    try:
        return _show_step(ask, _place(number))
    except UnknownCodeError:
        return go_to("/apply")


def _kept_files(ask: Ask) -> Callable[[], Sequence[AttachmentView]]:
    return lambda: applicants_fill.application_files(ask.tx, code=kept_code(), at=ask.at)


def _place(number: str) -> int:
    return int(number) if number.isdecimal() and len(number) < 4 else 1


def _show_step(
    ask: Ask,
    number: int,
    *,
    answers: dict[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
    refused: EngineError | None = None,
    template: str = "apply/form.html",
) -> Response:
    view = _view(ask)
    if view.number is not None:
        return go_to("/apply/receipt")
    given = dict(view.answers) if answers is None else answers
    name_files(view.form, given, _kept_files(ask))
    drawn = applicants_fill.draw_application(
        ask.tx, code=kept_code(), lang=page_language(), at=ask.at, answers=given
    )
    shown = visible_steps(view.form, drawn)
    if number not in shown:
        if answers is None or not shown:
            return go_to(f"/apply/form/{shown[0]}" if shown else "/apply/check")
        number = min(shown, key=lambda one: abs(one - number))
    fields = of_step(drawn, steps_of(view.form)[number - 1])
    return show(
        template,
        status=422 if errors or refused else 200,
        view=view,
        need=_need(ask, view.process),
        number=number,
        at_step=shown.index(number) + 1,
        shown=shown,
        fields=fields,
        errors=list(errors),
        faults=faults_by_place(errors),
        refused=refused if refused is not None and not errors else None,
        saved_at=view.saved_at,
    )


def _need(ask: Ask, process: str) -> applicants.NeedView | None:
    return next((need for need in applicants.list_needs(ask.tx) if need.process == process), None)


def _merged(kept: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The kept answers with what this step says of its own."""
    found = dict(kept)
    for name, value in given.items():
        inner = found.get(name)
        both = isinstance(inner, Mapping) and isinstance(value, Mapping)
        found[name] = _merged(inner, value) if both else value  # type: ignore[arg-type]  # both are mappings
    return found


def _sent(ask: Ask, view: ApplicationView) -> dict[str, Any]:
    answers = _merged(view.answers, read_answers(view.form, ask.form))
    change_rows(answers, ask.form)
    return answers


def _save(ask: Ask, view: ApplicationView) -> ApplicationView:
    """Keep what this step says; the files first, so that their names can be kept."""
    answers = _sent(ask, view)
    policy = settings().applicants

    def keep(name: str, content: bytes) -> AttachmentView:
        return applicants_apply.attach_to_application(
            ask.tx,
            code=kept_code(),
            name=name,
            content=content,
            blobs=current_app.extensions["aidflow.blobs"],
            limits=settings().attachment_limits,
            policy=policy,
            at=ask.at,
        )

    keep_files(answers, keep)
    return applicants_apply.save_application(
        ask.tx, code=kept_code(), answers=answers, policy=policy, at=ask.at
    )


def _step_again(ask: Ask, error: EngineError, number: str) -> Response:
    if isinstance(error, UnknownCodeError):
        return go_to("/apply")
    view = _view(ask)
    template = "apply/fields.html" if ask.partial else "apply/form.html"
    return _show_step(
        ask, _place(number), answers=_sent(ask, view), errors=error.errors, refused=error, template=template
    )


@page(routes, "POST", "/apply/save/{number}", access="public", again=_step_again)
def save(ask: Ask, number: str) -> Response:
    """Keep what was filled in so far, while it is filled in; the answer is the step as it stands."""
    _save(ask, _view(ask))
    if ask.partial:
        return _show_step(ask, _place(number), template="apply/fields.html")
    return go_to(f"/apply/form/{_place(number)}")


@page(routes, "POST", "/apply/form/{number}", access="public", again=_step_again)
def next_step(ask: Ask, number: str) -> Response:
    """Keep the step and go on, back, or away; on only when nothing in it is wrong."""
    place, going = _place(number), ask.form.get("go", "next")
    if ask.form.get("_add") or ask.form.get("_remove"):
        _save(ask, _view(ask))
        return go_to(f"/apply/form/{place}#main")
    view = _save(ask, _view(ask))
    if going == "later":
        done = say(go_to("/apply"), "已保存，凭编码随时可以继续。", "Saved; your code opens it again.")
        return drop(done)
    drawn = applicants_fill.draw_application(ask.tx, code=kept_code(), lang=page_language(), at=ask.at)
    shown = visible_steps(view.form, drawn)
    if going == "back":
        before = [one for one in shown if one < place]
        return go_to(f"/apply/form/{before[-1]}" if before else "/apply")
    here = (
        places_in(of_step(drawn, steps_of(view.form)[place - 1])) if place <= len(steps_of(view.form)) else ()
    )
    wrong = applicants_fill.check_application(ask.tx, code=kept_code(), at=ask.at)
    own = [one for one in wrong if belongs(one.pointer, frozenset(here))]
    if own:
        return _show_step(ask, place, errors=own)
    after = [one for one in shown if one > place]
    return go_to(f"/apply/form/{after[0]}" if after and not ask.form.get("check") else "/apply/check")


@page(routes, "GET", "/apply/check", access="public")
def check(ask: Ask) -> Response:
    """Everything once more, and what is still wrong, before it is sent."""
    try:
        return _show_check(ask)
    except UnknownCodeError:
        return go_to("/apply")


def _show_check(ask: Ask, error: EngineError | None = None) -> Response:
    view = _view(ask)
    if view.number is not None:
        return go_to("/apply/receipt")
    answers = dict(view.answers)
    name_files(view.form, answers, _kept_files(ask))
    drawn = applicants_fill.draw_application(
        ask.tx, code=kept_code(), lang=page_language(), at=ask.at, answers=answers
    )
    wrong = list(error.errors) if error is not None and error.errors else []
    if not wrong:
        wrong = applicants_fill.check_application(ask.tx, code=kept_code(), at=ask.at)
    steps = steps_of(view.form)
    parts = [(number, of_step(drawn, steps[number - 1])) for number in visible_steps(view.form, drawn)]
    return show(
        "apply/check.html",
        status=422 if error is not None else 200,
        view=view,
        need=_need(ask, view.process),
        parts=parts,
        wrong=[(one, _step_of(one.pointer, parts)) for one in wrong],
        refused=error if error is not None and not error.errors else None,
        unsigned=error is None and ask.args.get("unsigned"),
    )


def _step_of(pointer: str, parts: Sequence[tuple[int, Sequence[Any]]]) -> int:
    """The step in which a fault can be put right."""
    found = (number for number, fields in parts if belongs(pointer, places_in(fields)))
    return next(found, parts[0][0] if parts else 1)


def _submit_again(ask: Ask, error: EngineError) -> Response:
    if isinstance(error, UnknownCodeError):
        return go_to("/apply")
    return _show_check(ask, error) if isinstance(error, AnswersError) else show_refusal(error)


@page(routes, "POST", "/apply/submit", access="public", again=_submit_again)
def submit(ask: Ask) -> Response:
    """Send it in, once the applicant has said that it is true."""
    if ask.form.get("true") != "true":
        return go_to("/apply/check?unsigned=1")
    applicants_apply.submit_application(ask.tx, code=kept_code(), at=ask.at)
    return go_to("/apply/receipt")


@page(routes, "GET", "/apply/receipt", access="public")
def receipt(ask: Ask) -> Response:
    """The number to ask by, to be written down or printed."""
    try:
        view = _view(ask)
    except UnknownCodeError:
        return go_to("/apply")
    if view.number is None:
        return go_to("/apply/check")
    digits = settings().applicants.tracking_digits
    return show("apply/receipt.html", view=view, need=_need(ask, view.process), digits=digits)
