"""Early warning: which cases warn of people, and taking departments' tables in, first without writing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from api.auth import authenticate
from api.bodies import read_uploads
from engine import access
from engine.actions.sheets import MOST_SHOWN
from engine.actions.warnings.importing import WarningReport, import_warnings
from engine.actions.warnings.reading import list_warnings
from engine.actions.warnings.rows import COLUMNS, INDICATORS, SOURCES
from web.language import page_language
from web.page import Ask, Errand, page, show
from web.wording import GRADES

routes = Blueprint("warning_pages", __name__, template_folder="../templates")


@page(routes, "GET", "/warnings")
def show_warnings(ask: Ask) -> Response:
    """The warnings in one's regions, by grade and region."""
    query: dict[str, Any] = {name: value for name in ("grade", "region") if (value := _said(ask, name))}
    found = list_warnings(
        ask.tx,
        actor=ask.actor,
        at=ask.at,
        open_only=not ask.args.get("all"),
        cursor=_said(ask, "cursor") or None,
        **query,
    )
    return show(
        "warnings/list.html",
        warnings=found.items,
        next=found.next,
        query=query,
        all=bool(ask.args.get("all")),
        grades=GRADES,
        imports=_imports(ask),
    )


@page(routes, "GET", "/warnings/import")
def import_form(ask: Ask) -> Response:
    """The form to send a table."""
    return _form(ask, None)


@page(routes, "POST", "/warnings/import", access="work", errand=True)
def take_table(errand: Errand) -> Response:
    """Take a table in, or only say what would happen. It writes a batch a transaction, so it begins them."""
    with errand.database.read() as tx:
        actor = authenticate(tx, access="work", at=errand.at).actor
    report = import_warnings(
        errand.database,
        data=read_uploads("table")[0].read(),
        actor=actor,
        at=errand.at,
        dry_run=request.form.get("act") != "import",
    )
    with errand.database.read() as tx:
        caller = authenticate(tx, access="work", at=errand.at)
        ask = Ask(tx=tx, at=errand.at, actor=caller.actor, session=caller.session, lang=page_language())
        g.ask = ask  # the frame around the page shows who asks
        return _form(ask, report)


def _form(ask: Ask, report: WarningReport | None) -> Response:
    return show(
        "warnings/import.html",
        report=report,
        faults=report.faults[:MOST_SHOWN] if report else (),
        columns=COLUMNS,
        sources=SOURCES,
        indicators=INDICATORS,
        imports=_imports(ask),
    )


def _imports(ask: Ask) -> bool:
    return bool(access.regions_where(ask.actor, "warning.import"))


def _said(ask: Ask, name: str) -> str:
    return ask.args.get(name, "").strip()
