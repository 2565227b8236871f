"""What needs attention, the parameters in force, and the audit log: pages to read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from engine.actions.attention import get_attention
from engine.actions.designing.compare_parameters import value_text
from engine.actions.read_audit import list_audit
from engine.actions.read_definitions import list_definitions
from engine.actions.read_parameters import list_parameters
from web.admin.audit_words import KINDS
from web.admin.frame import as_text, draw
from web.page import Ask, page

routes = Blueprint("admin_reading", __name__, template_folder="../templates")


@page(routes, "GET", "/admin")
def overview(ask: Ask) -> Response:
    """What needs an administrator now."""
    return draw(ask, "overview", found=get_attention(ask.tx, actor=ask.actor, at=ask.at))


@page(routes, "GET", "/admin/parameters")
def parameters(ask: Ask) -> Response:
    """The parameters with their days and sources; they are changed where processes are designed."""
    process = ask.args.get("process") or None
    only = ask.args.get("placeholders") == "true"
    return draw(
        ask,
        "parameters",
        found=list_parameters(ask.tx, actor=ask.actor, process=process, placeholders_only=only),
        text=lambda value, unit: value_text(value, unit, ask.lang),
        processes=list_definitions(ask.tx, actor=ask.actor),
        chosen=process,
        only=only,
    )


@page(routes, "GET", "/admin/audit")
def audit(ask: Ask) -> Response:
    """What was done outside of cases, newest first."""
    query: dict[str, Any] = {name: ask.args[name].strip() for name in ("kind", "by") if ask.args.get(name)}
    found = list_audit(ask.tx, actor=ask.actor, cursor=ask.args.get("cursor") or None, **query)
    return draw(ask, "audit", found=found, query=query, kinds=KINDS, as_text=as_text)
