"""Incidents: what failed, trying again, and repairing the case's variables before it is tried."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from engine.actions.reading import list_incidents
from engine.actions.repair import Repair, get_repair
from engine.actions.retry_incident import retry_incident
from engine.errors import EngineError
from engine.store.ids import read_id
from web.admin.frame import as_text, draw, fault
from web.page import Ask, go_to, page, say

routes = Blueprint("admin_incidents", __name__, template_folder="../templates")


def _incidents(ask: Ask, error: EngineError | None = None) -> Response:
    everything = ask.args.get("all") == "true"
    found = list_incidents(
        ask.tx, actor=ask.actor, open_only=not everything, cursor=ask.args.get("cursor") or None
    )
    chosen = ask.args.get("incident")
    repair = get_repair(ask.tx, incident_id=read_id(chosen), actor=ask.actor) if chosen else None
    return draw(ask, "incidents", error=error, found=found, everything=everything, repair=repair)


@page(routes, "GET", "/admin/incidents")
def incidents(ask: Ask) -> Response:
    """What failed and waits; with `incident` one of them to look at."""
    return _incidents(ask)


def _repair(ask: Ask, error: EngineError | None = None, *, incident_id: str) -> Response:
    repair = get_repair(ask.tx, incident_id=read_id(incident_id), actor=ask.actor)
    return draw(ask, "repair", tab="incidents", error=error, repair=repair, as_text=as_text, entered=ask.form)


@page(routes, "POST", "/admin/incidents/{incident_id}/repair", access="admin", again=_repair)
def repair(ask: Ask, incident_id: str) -> Response:
    """The variables as a form; then what would change, to be confirmed; then it is done and tried again."""
    found = get_repair(ask.tx, incident_id=read_id(incident_id), actor=ask.actor)
    stage = ask.form.get("stage", "")
    if stage not in ("check", "run"):
        return _repair(ask, incident_id=incident_id)
    changed = _changed(ask, found)
    if stage == "check":
        if not changed:
            raise fault("name", "没有改动任何变量", "no variable was changed")
        return draw(
            ask, "repair_confirm", tab="incidents", repair=found, changed=changed, as_text=as_text,
            kept=[(name, value) for name, value in ask.form.items(multi=True) if name != "stage"],
        )  # fmt: skip
    return _retry(ask, incident_id, changed)


@page(routes, "POST", "/admin/incidents/{incident_id}/retry", access="admin")
def retry(ask: Ask, incident_id: str) -> Response:
    """Try again as it is."""
    return _retry(ask, incident_id, {})


def _retry(ask: Ask, incident_id: str, variables: Mapping[str, Any]) -> Response:
    case = retry_incident(
        ask.tx, incident_id=read_id(incident_id), variables=variables, actor=ask.actor, at=ask.at
    )
    if case.status == "incident":
        return say(
            go_to("/admin/incidents"),
            f"已重试，案件{case.number}仍有异常，请查看原因。",
            f"Tried again; case {case.number} still has an incident.",
        )
    return say(
        go_to("/admin/incidents"), f"已重试，案件{case.number}恢复办理。", f"Case {case.number} goes on."
    )


def _changed(ask: Ask, found: Repair) -> dict[str, Any]:
    """The variables whose text is another one than was shown, and a new one where one was named."""
    changed: dict[str, Any] = {}
    names, texts = ask.form.getlist("variable"), ask.form.getlist("value")
    for number, (name, text) in enumerate(zip(names, texts, strict=False)):
        before = found.variables.get(name)
        if name in found.variables and text != as_text(before):
            changed[name] = text if isinstance(before, str) else _json(text, f"value-{number}")
    if name := ask.form.get("name", "").strip():
        if not name.isidentifier():
            raise fault(
                "name", "变量名由字母、数字和下划线组成", "a name has letters, digits and underscores"
            )
        changed[name] = _json(ask.form.get("new_value", ""), "new_value")
    return changed


def _json(text: str, name: str) -> Any:
    """A number, true, false, null, a list or an object as JSON; text in quotation marks."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        zh = "应为数字、true、false、null，或带引号的文字等 JSON"
        raise fault(
            name, zh, "it is a number, true, false, null, or text in quotation marks (JSON)"
        ) from None
