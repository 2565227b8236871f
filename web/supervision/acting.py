"""Chasing and reassigning from the board: first what would come of it, then the same for real."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from api.auth import authenticate
from engine.actions.bulk import BulkAct, bulk
from engine.actions.colleagues import Colleague, list_colleagues
from engine.errors import FieldError, InputError
from engine.store.ids import read_id
from web.page import Ask, Errand, page, show

routes = Blueprint("supervision_acting", __name__, template_folder="../templates")


@page(routes, "POST", "/supervision/tasks", access="work", errand=True)
def act_on_tasks(errand: Errand) -> Response:
    """Ask for whom or with what words, show a dry run, then (`run`) do it."""
    form = request.form
    act: BulkAct = "assign" if form.get("act") == "assign" else "chase"
    chosen, to, note = form.getlist("task"), form.get("to", ""), form.get("note", "")
    stage = form.get("stage", "")
    if not chosen:
        fault = FieldError(pointer="/task", zh="请先勾选任务", en="select tasks first")
        raise InputError("Select tasks first.", "请先勾选任务。", [fault])
    with errand.database.read() as tx:
        actor, session = authenticate(tx, access="work", at=errand.at)
    result = None
    if stage in ("dry", "run") and (act == "chase" or to):
        result = bulk(
            errand.database,
            act=act,
            task_ids=chosen,
            actor=actor,
            at=errand.at,
            dry_run=stage == "dry",
            to=to or None,
            note=note,
        )
    with errand.database.read() as tx:
        g.ask = Ask(tx=tx, at=errand.at, actor=actor, session=session, lang=errand.lang)
        values: dict[str, Any] = {"act": act, "chosen": chosen, "to": to, "note": note}
        values["back"] = _back(form.get("back", ""))
        if result is not None:
            return show("supervision/acted.html", result=result, **values)
        colleagues: tuple[Colleague, ...] = ()
        if act == "assign":
            colleagues = list_colleagues(tx, task_id=read_id(chosen[0]), actor=actor, at=errand.at)
        return show("supervision/act.html", colleagues=colleagues, missing=stage == "dry", **values)


def _back(path: str) -> str:
    """The list that one came from; never another site."""
    return path if path.startswith("/supervision") and "\\" not in path else "/supervision/load"
