"""The administrative tree, also as a table, and substitutions during leave."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from api.endpoint import Call, endpoint
from api.routes.people import EXCEL, read_day, read_table, show_report
from api.schemas import answers
from api.schemas import people as schemas
from engine.actions import region_tree, substitutes
from engine.store.ids import read_id, show_id
from engine.store.people import Region
from engine.store.substitutions import Substitution

routes = Blueprint("regions", __name__, url_prefix="/api/v1")


def _show_region(region: Region) -> dict[str, Any]:
    return {name: getattr(region, name) for name in schemas.Region.model_fields}


def _show_substitution(one: Substitution) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in schemas.Substitution.model_fields}
    return {**shown, "id": show_id(one.id)}


@endpoint(
    routes, "GET", "/regions", query=schemas.RegionQuery, answer=answers.Page[schemas.Region], access="read"
)
def list_regions(call: Call) -> dict[str, Any]:
    """The whole tree, parents first; codes are public."""
    on = read_day(call.query.on, "/on")
    found = region_tree.list_regions(call.tx, actor=call.actor, on=on)
    return {"items": [_show_region(region) for region in found], "next": None}


@endpoint(
    routes, "POST", "/regions", body=schemas.RegionIn, answer=schemas.Region, access="admin", problems=(403,)
)
def save_region(call: Call) -> dict[str, Any]:
    """Add a region, or change its names, dates and successor; none is ever deleted."""
    said: schemas.RegionIn = call.body
    region = region_tree.save_region(
        call.tx,
        code=said.code,
        name=said.name,
        name_en=said.name_en,
        level=said.level,
        valid_from=read_day(said.valid_from, "/valid_from"),
        valid_to=read_day(said.valid_to, "/valid_to"),
        successor=said.successor or "",
        actor=call.actor,
        at=call.at,
    )
    return _show_region(region)


@endpoint(
    routes, "POST", "/regions/import", query=schemas.ImportQuery, answer=schemas.ImportReport, access="admin",
    problems=(400, 403, 413, 415, 422), upload="table",
)  # fmt: skip
def import_regions(call: Call) -> dict[str, Any]:
    """Bring the tree in line with a CSV or Excel table; rows at fault are told one by one."""
    return show_report(
        region_tree.import_regions(
            call.tx, data=read_table(), actor=call.actor, at=call.at, **dict(call.query)
        )
    )


@endpoint(routes, "GET", "/regions.csv", answer=None, media="text/csv", access="read")
def export_regions_csv(call: Call) -> Response:
    """The tree as CSV, as the import reads it."""
    return Response(region_tree.export_regions(call.tx, actor=call.actor, form="csv"), mimetype="text/csv")


@endpoint(routes, "GET", "/regions.xlsx", answer=None, media=EXCEL, access="read")
def export_regions_excel(call: Call) -> Response:
    """The tree as Excel, codes as text."""
    return Response(region_tree.export_regions(call.tx, actor=call.actor, form="xlsx"), mimetype=EXCEL)


@endpoint(routes, "GET", "/substitutions", answer=answers.Page[schemas.Substitution], access="read")
def list_substitutions(call: Call) -> dict[str, Any]:
    """Who covers whom, now and to come: your own, and of the people you are in charge of."""
    found = substitutes.list_substitutions(call.tx, actor=call.actor, at=call.at)
    return {"items": [_show_substitution(one) for one in found], "next": None}


@endpoint(
    routes, "POST", "/substitutions", body=schemas.SubstitutionIn, answer=schemas.Substitution, access="work",
    status=201, problems=(403, 409),
)  # fmt: skip
def add_substitution(call: Call) -> dict[str, Any]:
    """Name who covers for you while you are on leave, or for somebody you are in charge of."""
    said: schemas.SubstitutionIn = call.body
    made = substitutes.add_substitution(
        call.tx,
        absent=said.absent,
        substitute=said.substitute,
        starts=read_day(said.starts, "/starts"),
        ends=read_day(said.ends, "/ends"),
        process=said.process,
        region=said.region or "",
        actor=call.actor,
        at=call.at,
    )
    return _show_substitution(made)


@endpoint(
    routes, "DELETE", "/substitutions/{substitution_id}", answer=None, access="work", status=204,
    problems=(403, 404),
)  # fmt: skip
def end_substitution(call: Call, substitution_id: str) -> None:
    """End a substitution at once."""
    substitutes.end_substitution(
        call.tx, substitution_id=read_id(substitution_id), actor=call.actor, at=call.at
    )
