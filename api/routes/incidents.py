"""Incidents: what failed, and trying again."""

from __future__ import annotations

from flask import Blueprint

from api.endpoint import Call, endpoint
from api.schemas import answers, requests
from engine.actions import reading
from engine.actions.retry_incident import retry_incident
from engine.actions.views import CaseView, IncidentView, Page
from engine.store.ids import read_id

routes = Blueprint("incidents", __name__, url_prefix="/api/v1")


@endpoint(
    routes,
    "GET",
    "/incidents",
    query=requests.IncidentQuery,
    answer=answers.Page[answers.Incident],
    access="read",
)
def list_incidents(call: Call) -> Page[IncidentView]:
    """Failed elements, timers and effects that wait for an operator."""
    return reading.list_incidents(call.tx, actor=call.actor, **dict(call.query))


@endpoint(
    routes,
    "POST",
    "/incidents/{incident_id}/retry",
    body=requests.Retry,
    answer=answers.Case,
    access="admin",
    problems=(403, 404, 409),
)
def retry(call: Call, incident_id: str) -> CaseView:
    """Try again, with repaired variables if given."""
    return retry_incident(
        call.tx,
        incident_id=read_id(incident_id),
        variables=call.body.variables,
        actor=call.actor,
        at=call.at,
    )
