"""Early warning: departments' tables taken in, and the list of warned people's cases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from api.endpoint import Call, Errand, endpoint
from api.language import language
from api.routes.people import read_table
from api.schemas import answers
from api.schemas import warnings as schemas
from engine.actions.warnings.importing import import_warnings
from engine.actions.warnings.reading import list_warnings as read_warnings

routes = Blueprint("warnings", __name__, url_prefix="/api/v1")
_COUNTS = ("rows", "added", "changed", "unchanged", "bad", "opened", "merged", "written")


@endpoint(
    routes, "POST", "/warnings/import", query=schemas.WarningImportQuery, answer=schemas.WarningReport,
    access="work", problems=(400, 403, 404, 413, 415, 422), upload="table", errand=True,
)  # fmt: skip
def import_warning_table(errand: Errand) -> dict[str, Any]:
    """Take in a department's signals from CSV or Excel; rows at fault are told one by one and left out.

    The same rows again change nothing; other content under the same source and number is a correction.
    """
    report = import_warnings(
        errand.database, data=read_table(), actor=errand.actor, at=errand.at, dry_run=errand.query.dry_run
    )
    zh = language() == "zh"
    faults = [
        {
            "row": fault.row,
            "column": fault.column,
            "value": fault.value,
            "rule": fault.rule,
            "message": fault.zh if zh else fault.en,
        }
        for fault in report.faults
    ]
    return {**{name: getattr(report, name) for name in _COUNTS}, "faults": faults}


@endpoint(
    routes, "GET", "/warnings", query=schemas.WarningQuery, answer=answers.Page[schemas.EarlyWarning],
    access="read",
)  # fmt: skip
def list_warnings(call: Call) -> Any:
    """The early warnings in your regions, the newest first."""
    query = {name: value for name, value in dict(call.query).items() if value is not None}
    return read_warnings(call.tx, actor=call.actor, at=call.at, **query)
