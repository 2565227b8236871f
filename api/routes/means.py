"""Money and staff of counties: funds, the share of services, headcounts and what-if."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from api.endpoint import Call, endpoint
from api.language import language
from api.routes.people import EXCEL, read_table, show_report
from api.schemas import answers
from api.schemas import means as schemas
from api.schemas.people import ImportQuery, ImportReport
from engine.actions import funds, headcounts, import_headcounts, queue_forecast, service_share
from engine.actions.alarms import see_alarms
from engine.actions.budgets import set_budget
from engine.store.ids import read_id

routes = Blueprint("means", __name__, url_prefix="/api/v1")


def _given(query: Any) -> dict[str, Any]:
    """The query's values that were given."""
    return {name: value for name, value in dict(query).items() if value is not None}


@endpoint(
    routes, "GET", "/funds", query=schemas.FundQuery, answer=schemas.Funds, access="read", problems=(403,)
)
def list_funds(call: Call) -> dict[str, Any]:
    """The funds of the counties that you answer for: budget, committed, paid, left."""
    return {"items": funds.list_funds(call.tx, actor=call.actor, **_given(call.query))}


@endpoint(
    routes, "GET", "/funds/{fund_id}/entries", query=schemas.EntryQuery, answer=answers.Page[schemas.Entry],
    access="read", problems=(403, 404),
)  # fmt: skip
def list_fund_entries(call: Call, fund_id: str) -> Any:
    """The entries of a fund, the newest first, with the cases behind them."""
    return funds.list_entries(call.tx, fund_id=read_id(fund_id), actor=call.actor, **_given(call.query))


@endpoint(
    routes, "POST", "/funds/budget", body=schemas.BudgetIn, answer=schemas.BudgetChange, access="work",
    problems=(403,),
)  # fmt: skip
def set_fund_budget(call: Call) -> Any:
    """Set a county's budget for a fund and year; without `confirm` it only says what would change."""
    return set_budget(call.tx, actor=call.actor, at=call.at, **dict(call.body))


@endpoint(
    routes, "GET", "/funds.xlsx", query=schemas.YearQuery, answer=None, media=EXCEL, access="read",
    problems=(403,),
)  # fmt: skip
def export_funds_excel(call: Call) -> Response:
    """The funds as Excel, in yuan."""
    table = funds.export_funds(call.tx, actor=call.actor, year=call.query.year)
    return Response(table, mimetype=EXCEL)


@endpoint(
    routes, "GET", "/supervision/services", query=schemas.YearQuery, answer=schemas.ServiceShares,
    access="read", problems=(403,),
)  # fmt: skip
def list_service_shares(call: Call) -> dict[str, Any]:
    """The share of purchased social-work services by county, budgeted and paid, and its alarms."""
    found = service_share.list_service_shares(call.tx, actor=call.actor, at=call.at, year=call.query.year)
    return {"items": found}


@endpoint(routes, "GET", "/supervision/alarms", answer=schemas.Alarms, access="read", problems=(403,))
def list_alarms(call: Call) -> dict[str, Any]:
    """What the supervisors of your counties were told about staff and money."""
    return {"items": see_alarms(call.tx, actor=call.actor)}


@endpoint(
    routes, "GET", "/supervision/headcounts", query=schemas.HeadcountQuery, answer=schemas.Headcounts,
    access="read", problems=(403,),
)  # fmt: skip
def list_headcounts(call: Call) -> dict[str, Any]:
    """Staff and registered population by township and village, with the least and the shortfall."""
    found = headcounts.list_headcounts(call.tx, actor=call.actor, at=call.at, **_given(call.query))
    return {"items": found}


@endpoint(
    routes, "POST", "/headcounts/import", query=ImportQuery, answer=ImportReport, access="work",
    problems=(400, 403, 413, 415, 422), upload="table",
)  # fmt: skip
def import_headcount_table(call: Call) -> dict[str, Any]:
    """Take over population and staff from a CSV or Excel table; rows at fault are told one by one."""
    report = import_headcounts.import_headcounts(
        call.tx, data=read_table(), actor=call.actor, at=call.at, **dict(call.query)
    )
    return show_report(report)


@endpoint(routes, "GET", "/headcounts.csv", answer=None, media="text/csv", access="read", problems=(403,))
def export_headcounts_csv(call: Call) -> Response:
    """Population and staff as CSV, as the import reads them."""
    table = import_headcounts.export_headcounts(call.tx, actor=call.actor, form="csv")
    return Response(table, mimetype="text/csv")


@endpoint(routes, "GET", "/headcounts.xlsx", answer=None, media=EXCEL, access="read", problems=(403,))
def export_headcounts_excel(call: Call) -> Response:
    """Population and staff as Excel, codes as text."""
    table = import_headcounts.export_headcounts(call.tx, actor=call.actor, form="xlsx")
    return Response(table, mimetype=EXCEL)


@endpoint(
    routes, "GET", "/supervision/queue", query=schemas.QueueQuery, answer=schemas.QueueForecast,
    access="read", problems=(403,),
)  # fmt: skip
def forecast_queue(call: Call) -> dict[str, Any]:
    """When the queue of a role in a region would clear with so many people more, and on what assumptions."""
    found = queue_forecast.forecast_queue(call.tx, actor=call.actor, at=call.at, **dict(call.query))
    texts = [one.zh if language() == "zh" else one.en for one in found.assumptions]
    names = [name for name in schemas.QueueForecast.model_fields if name != "assumptions"]
    return {**{name: getattr(found, name) for name in names}, "assumptions": texts}
