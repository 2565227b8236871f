"""The same thing done with many tasks: first a dry run to look at, then the run with a result per task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, g, request

from api.auth import authenticate
from engine.actions import reading
from engine.actions.bulk import BulkAct, BulkResult, bulk
from engine.actions.colleagues import list_colleagues
from engine.actions.drawing import draw_task
from engine.actions.views import TaskDetail
from engine.errors import FieldError, InputError
from engine.store.ids import read_id
from engine.types import Actor
from web.forms import change_rows, read_answers
from web.page import Ask, Errand, page, show

routes = Blueprint("bulk_pages", __name__, template_folder="../templates")
_ACTS: tuple[BulkAct, ...] = ("claim", "assign", "complete")


@page(routes, "POST", "/work/bulk", access="work", errand=True)
def do_many(errand: Errand) -> Response:
    """Ask what is needed, show what would happen, then (`run`) do it."""
    form = request.form
    act: BulkAct = form.get("act") if form.get("act") in _ACTS else "claim"  # type: ignore[assignment]
    chosen, to, run = form.getlist("task"), form.get("to", ""), form.get("stage") == "run"
    if not chosen:
        fault = FieldError(pointer="/task", zh="请先勾选任务", en="select tasks first")
        raise InputError("Select tasks first.", "请先勾选任务。", [fault])
    with errand.database.read() as tx:
        actor, session = authenticate(tx, access="work", at=errand.at)
        ask = g.ask = Ask(tx=tx, at=errand.at, actor=actor, session=session, lang=errand.lang)
        first = reading.get_task(tx, task_id=read_id(chosen[0]), actor=actor, at=errand.at)
        answers = read_answers(first.form, form) if first.form else {}
        asks = _asks(ask, act, first, chosen, answers)
    if asks is not None:
        with errand.database.read() as tx:
            g.ask = Ask(tx=tx, at=errand.at, actor=actor, session=session, lang=errand.lang)
            return show("work/bulk_ask.html", act=act, chosen=chosen, first=first.task, **asks)
    result = _run(errand, act, chosen, actor, dry_run=not run, to=to, answers=answers)
    with errand.database.read() as tx:
        g.ask = Ask(tx=tx, at=errand.at, actor=actor, session=session, lang=errand.lang)
        fields = [
            (name, value)
            for name, values in form.lists()
            if name not in ("task", "stage", "act", "to", "_add", "_remove")
            for value in values
        ]
        return show("work/bulk.html", result=result, act=act, chosen=chosen, to=to, fields=fields)


def _asks(
    ask: Ask, act: BulkAct, first: TaskDetail, chosen: Sequence[str], answers: dict[str, Any]
) -> dict[str, Any] | None:
    """What must be asked before a dry run makes sense: to whom, or the answers that count for all."""
    form = ask.form
    if act == "assign" and not form.get("to"):
        return {"colleagues": list_colleagues(ask.tx, task_id=read_id(chosen[0]), actor=ask.actor, at=ask.at)}
    changed = change_rows(answers, form)
    if act == "complete" and first.form is not None and (changed or not form.get("stage")):
        fields = draw_task(
            ask.tx, task_id=read_id(chosen[0]), lang=ask.lang, actor=ask.actor, at=ask.at, answers=answers
        )
        return {"fields": fields, "detail": first}
    return None


def _run(
    errand: Errand,
    act: BulkAct,
    chosen: Sequence[str],
    actor: Actor,
    *,
    dry_run: bool,
    to: str,
    answers: dict[str, Any],
) -> BulkResult:
    return bulk(
        errand.database, act=act, task_ids=chosen, actor=actor, at=errand.at, dry_run=dry_run, to=to or None,
        answers=answers,
    )  # fmt: skip
