"""The supervisor's pages. Each shows what an action says; every figure links to the list behind it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from engine import access
from engine.actions import alarms, funds, headcounts, queue_forecast, service_share
from engine.actions.fund_kinds import year_of
from engine.actions.supervision.board import get_board
from engine.actions.supervision.drilling import page_of_cases, page_of_tasks
from engine.actions.supervision.export import export_board
from engine.actions.supervision.field import list_choices
from engine.actions.supervision.forecast import get_forecast, get_lane
from engine.actions.supervision.heat import get_heat
from engine.actions.supervision.load import get_load
from engine.actions.supervision.trends import get_trends
from engine.clocks import SHANGHAI
from web.language import t
from web.page import Ask, page, show
from web.supervision import filters
from web.supervision.filters import case_query, narrowed
from web.supervision.telling import tell

routes = Blueprint("supervision_pages", __name__, template_folder="../templates")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POINTS = 25  # of the curve in its table
SUBJECTS = {
    "staff": ("人员不足", "Shortfall of staff"),
    "services": ("购买服务占比偏低", "Share of services too low"),
}
_TASK_FILTERS = ("region", "process", "step", "light", "holder", "queue")


def _draw(ask: Ask, name: str, **values: Any) -> Response:
    """The page, or for a page that renews itself only what changes."""
    template = f"supervision/{name}_now.html" if ask.partial else f"supervision/{name}.html"
    choices = None if ask.partial else list_choices(ask.tx, actor=ask.actor)
    chosen = {key: ask.args.get(key) or None for key in ("region", "process")}
    return show(
        template, tab=name, choices=choices, chosen=chosen, cases=filters.cases, tasks=filters.tasks, **values
    )


@page(routes, "GET", "/supervision")
def board(ask: Ask) -> Response:
    """The board of lights."""
    narrow = narrowed(ask.args, "region", "process")
    return _draw(ask, "board", board=get_board(ask.tx, actor=ask.actor, at=ask.at, **narrow))


@page(routes, "GET", "/supervision/forecast")
def forecast(ask: Ask) -> Response:
    """What turns yellow or red in the next days."""
    narrow = narrowed(ask.args, "region", "process", "days")
    return _draw(ask, "forecast", forecast=get_forecast(ask.tx, actor=ask.actor, at=ask.at, **narrow))


@page(routes, "GET", "/supervision/emergency")
def emergency(ask: Ask) -> Response:
    """The emergency lane."""
    lane = get_lane(ask.tx, actor=ask.actor, at=ask.at, **narrowed(ask.args, "region"))
    convenes = access.regions_where(ask.actor, "coordination.convene")
    return _draw(ask, "emergency", lane=lane, convenes=convenes)


@page(routes, "GET", "/supervision/load")
def load(ask: Ask) -> Response:
    """Who carries what."""
    narrow = narrowed(ask.args, "region", "process")
    return _draw(ask, "load", load=get_load(ask.tx, actor=ask.actor, at=ask.at, **narrow))


@page(routes, "GET", "/supervision/heat")
def heat(ask: Ask) -> Response:
    """Where a process spends its time."""
    narrow = narrowed(ask.args, "region", "process", "version", "since", "until")
    if "process" not in narrow:
        return _draw(ask, "heat", heat=None)
    found = get_heat(ask.tx, actor=ask.actor, at=ask.at, **narrow)
    return _draw(ask, "heat", heat=found, last_day=_last_day(found.until))


@page(routes, "GET", "/supervision/trends")
def trends(ask: Ask) -> Response:
    """What came, what was decided, and how long that takes."""
    narrow = narrowed(ask.args, "region", "process", "since", "until", "unit")
    found = get_trends(ask.tx, actor=ask.actor, at=ask.at, **narrow)
    bars = [[p.first.isoformat(), p.received, p.decided, p.on_time, p.late] for p in found.periods]
    curve = [[p.days, round(p.share, 4)] for p in found.curve]
    every = max(1, len(found.curve) // POINTS)
    points = [point for n, point in enumerate(found.curve) if n % every == 0 or n == len(found.curve) - 1]
    return _draw(
        ask, "trends", trends=found, bars=bars, curve=curve, shown_points=points,
        last_day=_last_day(found.until),
    )  # fmt: skip


def _last_day(until: datetime) -> date:
    """The day that a window ends with: its end is the first moment of the next."""
    return until.astimezone(SHANGHAI).date() - timedelta(days=1)


@page(routes, "GET", "/supervision/means")
def means(ask: Ask) -> Response:
    """Staff and money of counties, as far as one's roles show them."""
    tx, actor, at = ask.tx, ask.actor, ask.at
    region = ask.args.get("region") or None
    values: dict[str, Any] = {"headcounts": None, "funds": None, "shares": None, "alarms": None}
    if access.regions_where(actor, "headcount.see"):
        only = ask.args.get("short") == "true"
        values["headcounts"] = headcounts.list_headcounts(
            tx, actor=actor, at=at, region=region or "", short_only=only
        )
        values["queue"] = _what_if(ask)
    if access.regions_where(actor, "fund.see"):
        values["funds"] = funds.list_funds(tx, actor=actor, year=year_of(at))
        values["shares"] = service_share.list_service_shares(tx, actor=actor, at=at)
        values["alarms"] = alarms.see_alarms(tx, actor=actor)
    subjects = {key: t(*pair) for key, pair in SUBJECTS.items()}
    return _draw(ask, "means", year=year_of(at), subjects=subjects, share=_share, **values)


def _share(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _what_if(ask: Ask) -> queue_forecast.QueueForecast | None:
    """When a queue would clear with more people, where the address asks for it."""
    args = ask.args
    if not (args.get("region") and args.get("role")):
        return None
    more = args.get("more", "0")
    return queue_forecast.forecast_queue(
        ask.tx,
        actor=ask.actor,
        at=ask.at,
        region=args["region"],
        role=args["role"],
        more=int(more) if more.isascii() and more.isdigit() and len(more) < 5 else 0,
    )


@page(routes, "GET", "/supervision/cases")
def behind(ask: Ask) -> Response:
    """The cases behind a figure."""
    query = case_query(ask.args)
    found = page_of_cases(
        ask.tx, actor=ask.actor, at=ask.at, query=query, cursor=ask.args.get("cursor") or None
    )
    return _draw(ask, "cases", found=found, query=query, described=tell(ask, query))


@page(routes, "GET", "/supervision/tasks")
def tasks_behind(ask: Ask) -> Response:
    """The open tasks behind a figure, to be chased or given to somebody."""
    narrow = narrowed(ask.args, *_TASK_FILTERS)
    found = page_of_tasks(ask.tx, actor=ask.actor, at=ask.at, cursor=ask.args.get("cursor") or None, **narrow)
    return _draw(ask, "tasks", found=found, narrow=narrow)


@page(routes, "GET", "/supervision/export")
def export(ask: Ask) -> Response:
    """The figures and the cases behind them as an Excel workbook."""
    query = case_query(ask.args)
    content = export_board(ask.tx, actor=ask.actor, at=ask.at, query=query, lang=ask.lang)
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename=supervision-{ask.at:%Y%m%d-%H%M}.xlsx"
    return response
