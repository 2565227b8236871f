"""Supervision: lights, what comes, who carries what, times, trends; many tasks at once; calls for a task."""

from __future__ import annotations

from flask import Blueprint, Response

from api.endpoint import Call, Errand, endpoint
from api.language import language
from api.schemas import answers, supervision
from engine.actions.bulk import BulkResult, bulk
from engine.actions.chase_task import chase_task
from engine.actions.diagram import DiagramView, get_diagram
from engine.actions.supervision.board import Board, get_board
from engine.actions.supervision.drilling import CaseQuery
from engine.actions.supervision.export import export_board
from engine.actions.supervision.forecast import Forecast, Lane, get_forecast, get_lane
from engine.actions.supervision.heat import Heat, get_heat
from engine.actions.supervision.load import Load, get_load
from engine.actions.supervision.trends import Trends, get_trends
from engine.actions.views import TaskView
from engine.store.ids import read_id

routes = Blueprint("supervision", __name__, url_prefix="/api/v1")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@endpoint(
    routes,
    "GET",
    "/supervision/summary",
    query=supervision.FieldQuery,
    answer=supervision.Board,
    access="read",
    problems=(403, 404),
)
def get_summary(call: Call) -> Board:
    """Open cases by light, county, township and process; open tasks by step."""
    return get_board(call.tx, actor=call.actor, at=call.at, **dict(call.query))


@endpoint(
    routes,
    "GET",
    "/supervision/forecast",
    query=supervision.ForecastQuery,
    answer=supervision.Forecast,
    access="read",
    problems=(403, 404),
)
def get_what_comes(call: Call) -> Forecast:
    """What turns yellow or red in the next days, and the cases that turn red first."""
    return get_forecast(call.tx, actor=call.actor, at=call.at, **dict(call.query))


@endpoint(
    routes,
    "GET",
    "/supervision/emergency",
    query=supervision.LaneQuery,
    answer=supervision.Lane,
    access="read",
    problems=(403,),
)
def get_emergency_lane(call: Call) -> Lane:
    """The open emergency cases, the most urgent first."""
    return get_lane(call.tx, actor=call.actor, at=call.at, **dict(call.query))


@endpoint(
    routes,
    "GET",
    "/supervision/load",
    query=supervision.FieldQuery,
    answer=supervision.Load,
    access="read",
    problems=(403, 404),
)
def get_who_carries_what(call: Call) -> Load:
    """Open tasks by person, and by queue where nobody has taken them."""
    return get_load(call.tx, actor=call.actor, at=call.at, **dict(call.query))


@endpoint(
    routes,
    "GET",
    "/supervision/heat",
    query=supervision.HeatQuery,
    answer=supervision.Heat,
    access="read",
    problems=(403, 404),
)
def get_heat_of_steps(call: Call) -> Heat:
    """Count, median and 90th percentile time and share of late tasks by step of one process version."""
    return get_heat(call.tx, actor=call.actor, at=call.at, **dict(call.query))


@endpoint(
    routes,
    "GET",
    "/supervision/trends",
    query=supervision.TrendsQuery,
    answer=supervision.Trends,
    access="read",
    problems=(403, 404),
)
def get_trends_of_cases(call: Call) -> Trends:
    """Received, decided, on time by week or month; the curve of the time until a decision."""
    return get_trends(call.tx, actor=call.actor, at=call.at, **dict(call.query))


@endpoint(
    routes,
    "GET",
    "/supervision/export",
    query=supervision.ExportQuery,
    answer=None,
    access="read",
    media=XLSX,
    problems=(403, 404),
)
def export_supervision(call: Call) -> Response:
    """The board and the cases behind it as an Excel workbook with the same filters."""
    query = CaseQuery(**dict(call.query))
    content = export_board(call.tx, actor=call.actor, at=call.at, query=query, lang=language())
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename=supervision-{call.at:%Y%m%d-%H%M}.xlsx"
    return response


@endpoint(
    routes,
    "GET",
    "/cases/{case_id}/diagram",
    answer=supervision.Diagram,
    access="read",
    problems=(404,),
)
def get_case_diagram(call: Call, case_id: str) -> DiagramView:
    """A case's BPMN with where it is, what it has passed, when, and how long each thing took."""
    return get_diagram(call.tx, case_id=read_id(case_id), actor=call.actor, at=call.at)


@endpoint(
    routes,
    "POST",
    "/tasks/{task_id}/chase",
    body=supervision.Chase,
    answer=answers.Task,
    access="work",
    problems=(403, 404, 409),
)
def chase(call: Call, task_id: str) -> TaskView:
    """Chase a task: on record, told to its holder and their leader; once a day."""
    return chase_task(call.tx, task_id=read_id(task_id), note=call.body.note, actor=call.actor, at=call.at)


@endpoint(
    routes,
    "POST",
    "/tasks/bulk",
    body=supervision.Bulk,
    answer=supervision.BulkResult,
    access="work",
    errand=True,
)
def do_in_bulk(errand: Errand) -> BulkResult:
    """Claim, assign, complete or chase many tasks, each by itself, with a result for each."""
    body: supervision.Bulk = errand.body
    return bulk(
        errand.database,
        act=body.act,
        task_ids=body.task_ids,
        dry_run=body.dry_run,
        to=body.assignee,
        answers=body.answers,
        note=body.note,
        actor=errand.actor,
        at=errand.at,
    )
