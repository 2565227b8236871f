"""The work list: what is next and why, the lists with their filters, finding a person, mentions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from engine import access
from engine.actions import comments, reading
from engine.actions.my_work import count_work, find_next, list_applicants, list_steps
from engine.actions.read_definitions import list_definitions
from engine.clocks import SHANGHAI
from engine.store import people
from web.look import when
from web.page import Ask, asked, go_to, page, show
from web.wording import LIGHTS
from web.work.filters import Filters, forget, keep, kept_query, read_filters

routes = Blueprint("work_pages", __name__, template_folder="../templates")
_PAGE = 30


@routes.app_template_filter("clock_time")
def clock_time(instant: datetime) -> str:
    """Hour and minute of today, the whole date of another day."""
    local, ask = instant.astimezone(SHANGHAI), asked()
    today = ask is not None and ask.at.astimezone(SHANGHAI).date() == local.date()
    return local.strftime("%H:%M") if today else when(instant)


@page(routes, "GET", "/work")
def work(ask: Ask) -> Response:
    """My work."""
    if not ask.args and (kept := kept_query(ask)):
        return go_to(f"/work?{kept}")
    counts = count_work(ask.tx, actor=ask.actor, at=ask.at)
    filters = read_filters(ask, "mine" if counts.mine else "group")
    found = reading.list_tasks(
        ask.tx,
        actor=ask.actor,
        at=ask.at,
        cursor=ask.args.get("cursor") or None,
        limit=_PAGE,
        **filters.query(),
    )
    upcoming = find_next(ask.tx, actor=ask.actor, at=ask.at)
    shown = [*found.items, *([upcoming.task] if upcoming else [])]
    response = show(
        "work/list.html",
        upcoming=upcoming,
        counts=counts,
        tasks=found.items,
        next=found.next,
        filters=filters,
        applicants=list_applicants(ask.tx, case_ids=[task.case_id for task in shown]),
        unseen=comments.count_unseen(ask.tx, actor=ask.actor),
        finds=bool(access.regions_where(ask.actor, "person.find")),
        may_assign=bool(access.regions_where(ask.actor, "task.assign")),
        my_roles=ask.actor.roles,
        lights=LIGHTS,
        **_choices(ask, filters),
    )
    if "reset" in ask.args:
        forget(response)
    elif ask.args:
        keep(response, ask)
    return response


def _choices(ask: Ask, filters: Filters) -> dict[str, Any]:
    """What the filters offer: processes, the chosen one's steps, the regions that one serves."""
    scope = access.regions_seen(ask.actor)
    served = [
        region
        for region in people.list_regions(ask.tx)
        if any(region.code.startswith(prefix) for prefix in scope) and region.level != "village"
    ]
    return {
        "processes": list_definitions(ask.tx, actor=ask.actor),
        "steps": list_steps(ask.tx, process=filters.process) if filters.process else (),
        "regions": served,
    }


@page(routes, "GET", "/work/mentions", records=True)
def mentions(ask: Ask) -> Response:
    """Where one is mentioned; looking at them is what makes them seen."""
    found = comments.list_mentions(ask.tx, actor=ask.actor, cursor=ask.args.get("cursor") or None)
    comments.mark_seen(ask.tx, actor=ask.actor, at=ask.at)
    return show("work/mentions.html", mentions=found.items, next=found.next)
