"""The pages of cases. Every number and name on them comes from the actions that the API calls too."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from engine import access
from engine.actions import reading
from engine.actions.answer_sheets import list_answer_sheets, personal_fields
from engine.actions.attachments import list_attachments
from engine.actions.case_choices import get_choices
from engine.actions.change_clock import extend_clock, pause_clock, resume_clock
from engine.actions.convene import convene
from engine.actions.find_person import find_person
from engine.actions.households import get_file
from engine.actions.links import list_links
from engine.actions.my_work import list_applicants
from engine.actions.notices import list_notices
from engine.actions.outcomes import get_outcome
from engine.actions.read_definitions import list_definitions
from engine.actions.reveal import reveal
from engine.actions.send_message import send_message
from engine.actions.timeline import list_timeline
from engine.actions.views import CaseView
from engine.actions.withdraw_case import withdraw_case
from engine.store.ids import read_id
from web.page import Ask, go_to, page, say, show
from web.wording import CASE_STATES, LIGHTS

routes = Blueprint("case_pages", __name__, template_folder="../templates")
_FILTERS = ("process", "status", "light", "region", "number", "text")


@page(routes, "GET", "/cases")
def list_cases(ask: Ask) -> Response:
    """The cases that one may see, newest first."""
    query: dict[str, Any] = {name: value for name in _FILTERS if (value := ask.args.get(name, "").strip())}
    found = reading.list_cases(
        ask.tx, actor=ask.actor, at=ask.at, cursor=ask.args.get("cursor") or None, **query
    )
    return show(
        "cases/list.html",
        cases=found.items,
        next=found.next,
        query=query,
        opens=bool(access.regions_where(ask.actor, "case.open")),
        finds=bool(access.regions_where(ask.actor, "person.find")),
        processes=list_definitions(ask.tx, actor=ask.actor),
        lights=LIGHTS,
        states=CASE_STATES,
    )


@page(routes, "POST", "/cases/find")
def find(ask: Ask) -> Response:
    """The cases of a person by a whole name or number. Posted, so that it stands in no address or log."""
    found = find_person(ask.tx, person=ask.form.get("person", ""), actor=ask.actor, at=ask.at)
    names = list_applicants(ask.tx, case_ids=[case.id for case in found.items])
    return show("cases/found.html", cases=found.items, applicants=names)


@page(routes, "GET", "/cases/{case_id}")
def show_case(ask: Ask, case_id: str) -> Response:
    """Everything about one case."""
    return show("cases/case.html", **_all_of(ask, case_id))


def _all_of(ask: Ask, case_id: str) -> dict[str, Any]:
    tx, actor, number = ask.tx, ask.actor, read_id(case_id)
    moments = list_timeline(tx, case_id=number, actor=actor)
    sheets = list_answer_sheets(tx, case_id=number, actor=actor)
    return {
        "case": reading.get_case(tx, case_id=number, actor=actor, at=ask.at),
        "clocks": reading.get_clocks(tx, case_id=number, actor=actor, at=ask.at),
        "outcome": get_outcome(tx, case_id=number, actor=actor),
        "choices": get_choices(tx, case_id=number, actor=actor),
        "moments": moments[::-1],
        "rulings": [(moment, one) for moment in moments for one in moment.rulings],
        "sheets": sheets[::-1],
        "attachments": list_attachments(tx, case_id=number, actor=actor),
        "personal_fields": personal_fields(sheets),
        "notices": list_notices(tx, case_id=number, actor=actor),
        "file": get_file(tx, case_id=number, actor=actor),
        "links": list_links(tx, case_id=number, actor=actor),
    }


@page(routes, "POST", "/cases/{case_id}/withdraw", access="work")
def withdraw(ask: Ask, case_id: str) -> Response:
    """The applicant takes the application back."""
    case = withdraw_case(
        ask.tx,
        case_id=read_id(case_id),
        reason=ask.form.get("reason", ""),
        seen_version=_seen(ask),
        actor=ask.actor,
        at=ask.at,
    )
    return _done(case, "案件已撤回。", "The case has been withdrawn.")


@page(routes, "POST", "/cases/{case_id}/coordination", access="work")
def put_to_group(ask: Ask, case_id: str) -> Response:
    """Put the case to the coordination group, and go to the group's case."""
    case = convene(
        ask.tx,
        case_id=read_id(case_id),
        question=ask.form.get("question", ""),
        urgency=ask.form.get("urgency", ""),
        reason=ask.form.get("reason", ""),
        actor=ask.actor,
        at=ask.at,
    )
    return _done(case, "已提请协调小组。", "The case is before the coordination group.")


@page(routes, "POST", "/cases/{case_id}/messages", access="work")
def message(ask: Ask, case_id: str) -> Response:
    """Send a message that the case waits for."""
    case = send_message(
        ask.tx,
        case_id=read_id(case_id),
        name=ask.form.get("message", ""),
        payload={},
        seen_version=_seen(ask),
        actor=ask.actor,
        at=ask.at,
    )
    return _done(case, "消息已送达案件。", "The case has taken the message.")


@page(routes, "POST", "/cases/{case_id}/clocks", access="work")
def change_clock(ask: Ask, case_id: str) -> Response:
    """Pause, resume or extend a clock on a legal ground."""
    form = ask.form
    common: dict[str, Any] = {
        "case_id": read_id(case_id),
        "name": form.get("clock", ""),
        "ground": form.get("ground", ""),
        "article": form.get("article", ""),
        "seen_version": _seen(ask),
        "actor": ask.actor,
        "at": ask.at,
    }
    match form.get("act"):
        case "extend":
            limit = form.get("limit", "").replace('"', "")
            return _done(
                extend_clock(ask.tx, to=f'limit("{limit}")', **common),
                "期限已延长。",
                "The clock is extended.",
            )
        case "resume":
            return _done(resume_clock(ask.tx, **common), "期限已恢复计算。", "The clock runs again.")
        case _:
            return _done(pause_clock(ask.tx, **common), "期限已暂停。", "The clock is paused.")


@page(routes, "POST", "/cases/{case_id}/reveal", access="work")
def show_in_full(ask: Ask, case_id: str) -> Response:
    """Masked numbers in full, for a reason that is recorded."""
    values = reveal(
        ask.tx,
        case_id=read_id(case_id),
        fields=ask.form.getlist("fields"),
        reason=ask.form.get("reason", ""),
        actor=ask.actor,
        at=ask.at,
    )
    return show("cases/revealed.html", values=values, case_id=case_id)


def _seen(ask: Ask) -> int | None:
    text = ask.form.get("seen_version", "")
    return int(text) if text.isdecimal() else None


def _done(case: CaseView, zh: str, en: str) -> Response:
    return say(go_to(f"/cases/{case.id}"), zh, en)
