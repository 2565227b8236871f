"""Open a case at the window: what for, where, the form. What was filled in survives every refusal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from engine.actions.drawing import draw_start
from engine.actions.open_case import open_case
from engine.actions.openable import list_openable, list_places
from engine.actions.read_definitions import get_start_form
from engine.errors import EngineError
from web.forms import change_rows, faults_by_place, read_answers
from web.language import page_language
from web.page import Ask, go_to, page, say, show
from web.work.uploads import take_uploads

routes = Blueprint("opening_pages", __name__, template_folder="../templates")


@page(routes, "GET", "/cases/new")
def choose(ask: Ask) -> Response:
    """What may be opened here."""
    return show("cases/choose.html", processes=list_openable(ask.tx, actor=ask.actor))


@page(routes, "GET", "/cases/new/{key}")
def fill_in(ask: Ask, key: str) -> Response:
    """The form that opens a case."""
    return _form(ask, key, {})


def _form(ask: Ask, key: str, answers: dict[str, Any], error: EngineError | None = None) -> Response:
    places = list_places(ask.tx, actor=ask.actor, at=ask.at)
    chosen = ask.form.get("region") or ask.args.get("region") or (places[0].code if places else "")
    return show(
        "cases/new.html",
        status=422 if error else 200,
        key=key,
        fields=draw_start(
            ask.tx, process=key, lang=page_language(), at=ask.at, region=chosen, answers=answers
        ),
        places=places,
        chosen=chosen,
        error=error,
        faults=faults_by_place(error.errors if error else ()),
    )


def _again(ask: Ask, error: EngineError, key: str) -> Response:
    return _form(ask, key, _answers(ask, key), error)


def _answers(ask: Ask, key: str) -> dict[str, Any]:
    form = get_start_form(ask.tx, key=key)
    return read_answers(form, ask.form) if form else {}


@page(routes, "POST", "/cases/new/{key}", access="work", again=_again)
def open_one(ask: Ask, key: str) -> Response:
    """Open it; a button that adds or removes a row, or redraws after a choice, comes here as well."""
    answers = _answers(ask, key)
    if change_rows(answers, ask.form) or ask.form.get("_redraw"):
        return _form(ask, key, answers)
    take_uploads(ask, answers, None)
    case = open_case(
        ask.tx, process=key, region=ask.form.get("region", ""), answers=answers, actor=ask.actor, at=ask.at
    )
    return say(go_to(f"/cases/{case.id}"), f"已收件，编号 {case.number}。", f"Received as {case.number}.")
