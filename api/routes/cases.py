"""Cases: open, find, look at, message, withdraw."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api.endpoint import Call, endpoint
from api.schemas import answers, linked, requests
from engine.actions import reading
from engine.actions.convene import convene
from engine.actions.find_person import find_person
from engine.actions.households import HouseholdFile, get_file
from engine.actions.links import LinkView, list_links
from engine.actions.open_case import open_case
from engine.actions.reveal import reveal
from engine.actions.send_message import send_message
from engine.actions.supervision.drilling import CaseQuery
from engine.actions.views import CaseSummary, CaseView, EventView, Page
from engine.actions.withdraw_case import withdraw_case
from engine.store.ids import read_id

routes = Blueprint("cases", __name__, url_prefix="/api/v1")


@endpoint(
    routes,
    "POST",
    "/cases",
    body=requests.NewCase,
    answer=answers.Case,
    access="work",
    status=201,
    problems=(403, 404, 409),
)
def open_a_case(call: Call) -> CaseView:
    """Open a case."""
    body: requests.NewCase = call.body
    return open_case(
        call.tx,
        process=body.process,
        version=body.version,
        region=body.region,
        answers=body.answers,
        business_key=body.business_key,
        actor=call.actor,
        at=call.at,
    )


@endpoint(
    routes, "GET", "/cases", query=requests.CaseQuery, answer=answers.Page[answers.CaseSummary], access="read"
)
def list_cases(call: Call) -> Page[CaseSummary]:
    """Search cases by process, status, light, region, number or text, or a person's whole name or number."""
    query = dict(call.query)
    person = query.pop("person")
    page = {name: query.pop(name) for name in ("cursor", "limit")}
    filters = CaseQuery(**query).filters(call.at)
    if person is not None:
        return find_person(call.tx, person=person, actor=call.actor, at=call.at, **page, **filters)
    return reading.list_cases(call.tx, actor=call.actor, at=call.at, **page, **filters)


@endpoint(routes, "GET", "/cases/{case_id}", answer=answers.Case, access="read", problems=(404,))
def get_case(call: Call, case_id: str) -> CaseView:
    """One case with its open tasks and its clocks."""
    return reading.get_case(call.tx, case_id=read_id(case_id), actor=call.actor, at=call.at)


@endpoint(
    routes,
    "GET",
    "/cases/{case_id}/history",
    query=requests.PageQuery,
    answer=answers.Page[answers.Event],
    access="read",
    problems=(404,),
)
def get_history(call: Call, case_id: str) -> Page[EventView]:
    """The record of a case, oldest first."""
    return reading.get_history(call.tx, case_id=read_id(case_id), actor=call.actor, **dict(call.query))


@endpoint(
    routes, "GET", "/cases/{case_id}/links", answer=answers.Page[linked.Link], access="read", problems=(404,)
)
def get_links(call: Call, case_id: str) -> Page[LinkView]:
    """The cases that this one opened or was opened by, as far as you may see them."""
    found = list_links(call.tx, case_id=read_id(case_id), actor=call.actor)
    return Page(items=found, next=None)


@endpoint(routes, "GET", "/cases/{case_id}/file", answer=linked.HouseholdFile, access="read", problems=(404,))
def get_household_file(call: Call, case_id: str) -> HouseholdFile:
    """The household file of a case, with those of its cases that you may see."""
    return get_file(call.tx, case_id=read_id(case_id), actor=call.actor)


@endpoint(
    routes,
    "POST",
    "/cases/{case_id}/messages",
    body=requests.Message,
    answer=answers.Case,
    access="work",
    problems=(403, 404, 409),
)
def send_a_message(call: Call, case_id: str) -> CaseView:
    """Send a message that the case waits for."""
    return send_message(
        call.tx,
        case_id=read_id(case_id),
        name=call.body.name,
        payload=call.body.payload,
        actor=call.actor,
        at=call.at,
    )


@endpoint(
    routes,
    "POST",
    "/cases/{case_id}/coordination",
    body=requests.Convening,
    answer=answers.Case,
    access="work",
    status=201,
    problems=(403, 404, 409),
)
def convene_the_group(call: Call, case_id: str) -> CaseView:
    """Put a case to the coordination group; the answer is the group's case."""
    body: requests.Convening = call.body
    return convene(
        call.tx,
        case_id=read_id(case_id),
        question=body.question,
        urgency=body.urgency,
        reason=body.reason,
        actor=call.actor,
        at=call.at,
    )


@endpoint(
    routes,
    "POST",
    "/cases/{case_id}/withdraw",
    body=requests.Withdrawal,
    answer=answers.Case,
    access="work",
    problems=(403, 404, 409),
)
def withdraw(call: Call, case_id: str) -> CaseView:
    """Withdraw a case; what was done stays on the record."""
    return withdraw_case(
        call.tx, case_id=read_id(case_id), reason=call.body.reason, actor=call.actor, at=call.at
    )


@endpoint(
    routes,
    "POST",
    "/cases/{case_id}/reveal",
    body=requests.Reveal,
    answer=answers.Revealed,
    access="work",
    problems=(403, 404, 409, 422),
    secret=True,
)
def reveal_numbers(call: Call, case_id: str) -> dict[str, Any]:
    """Show masked values in full; who saw which, when and why is recorded."""
    body: requests.Reveal = call.body
    found = reveal(
        call.tx,
        case_id=read_id(case_id),
        fields=body.fields,
        reason=body.reason,
        actor=call.actor,
        at=call.at,
    )
    return {"values": found}
