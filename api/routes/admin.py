"""Administration: calendars with a preview, incidents to repair, parameters, what needs attention."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api.endpoint import Call, endpoint
from api.routes.people import read_day
from api.schemas import admin as schemas
from api.schemas import answers
from engine import feel
from engine.actions.attention import Attention, get_attention
from engine.actions.change_calendar import change_calendar
from engine.actions.preview_calendar import CalendarPreview, preview_calendar
from engine.actions.read_calendar import YearView, get_year
from engine.actions.read_parameters import ParameterView, list_parameters
from engine.actions.repair import Repair, get_repair
from engine.clocks import CalendarDay, CalendarYear
from engine.store.ids import read_id

routes = Blueprint("administration", __name__, url_prefix="/api/v1")


def _announced(said: schemas.CalendarIn) -> dict[str, Any]:
    known: dict[str, Any] = {"announced": read_day(said.announced, "/announced"), "source": said.source}
    days = [
        CalendarDay(
            day=read_day(one.day, f"/days/{n}/day"), works=one.works, zh=one.zh, en=one.en,
            region=one.region or "", **known,
        )
        for n, one in enumerate(said.days)
    ]  # fmt: skip
    return {"days": days, "years": [CalendarYear(year=year, **known) for year in said.years]}


@endpoint(
    routes, "POST", "/calendar/preview", body=schemas.PreviewIn, answer=schemas.CalendarPreview,
    access="admin", problems=(403,),
)  # fmt: skip
def preview_days(call: Call) -> CalendarPreview:
    """Which open deadlines these announcements would move; nothing is written."""
    return preview_calendar(call.tx, actor=call.actor, cursor=call.body.cursor, **_announced(call.body))


@endpoint(
    routes, "POST", "/calendar", body=schemas.CalendarIn, answer=schemas.CalendarRevision, access="admin",
    status=201, problems=(403, 409),
)  # fmt: skip
def announce_days(call: Call) -> dict[str, Any]:
    """Announce days and years; every open case is counted anew."""
    return {"revision": change_calendar(call.tx, actor=call.actor, at=call.at, **_announced(call.body))}


@endpoint(
    routes, "GET", "/calendar/{year}", query=schemas.CalendarQuery, answer=schemas.CalendarYear,
    access="read", problems=(404,),
)  # fmt: skip
def show_year(call: Call, year: str) -> YearView:
    """A county's year, day by day."""
    number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
    return get_year(call.tx, year=number, county=call.query.county or "")


@endpoint(routes, "GET", "/incidents/{incident_id}", answer=schemas.Repair, access="read", problems=(404,))
def get_incident(call: Call, incident_id: str) -> Repair:
    """An incident with what it takes to put it right."""
    return get_repair(call.tx, incident_id=read_id(incident_id), actor=call.actor)


@endpoint(
    routes, "GET", "/parameters", query=schemas.ParameterQuery, answer=answers.Page[schemas.ParameterInForce],
    access="read", problems=(403,),
)  # fmt: skip
def show_parameters(call: Call) -> dict[str, Any]:
    """The parameters of all processes or of one, with days and sources."""
    found = list_parameters(call.tx, actor=call.actor, **dict(call.query))
    return {"items": [_parameter(view) for view in found], "next": None}


def _parameter(view: ParameterView) -> dict[str, Any]:
    values = [
        {
            "since": dated.since,
            "value": feel.from_feel(list(dated.value) if isinstance(dated.value, tuple) else dated.value),
            "source": dated.source,
            "placeholder": dated.placeholder,
        }
        for dated in view.values
    ]
    shown = ("key", "zh", "en", "unit", "processes")
    return {**{name: getattr(view, name) for name in shown}, "values": values}


@endpoint(routes, "GET", "/attention", answer=schemas.Attention, access="admin", problems=(403,))
def show_attention(call: Call) -> dict[str, Any]:
    """What needs an administrator now."""
    found: Attention = get_attention(call.tx, actor=call.actor, at=call.at)
    ending = [
        {"username": name, "role": held.role, "region": held.region, "valid_to": held.valid_to}
        for name, held in found.expiring
    ]
    shown = ("incidents", "more_incidents", "alarms", "next_year_missing", "placeholders")
    return {"ending": ending, **{name: getattr(found, name) for name in shown}}
