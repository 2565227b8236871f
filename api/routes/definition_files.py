"""What designers ask of files that are deployed, or not yet kept at all: check, compare, play, take away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from api.downloads import as_download, as_zip
from api.endpoint import Call, endpoint
from api.routes.definitions import uploaded_files, version_number
from api.routes.designer import scenario_row, scenario_text, shown
from api.schemas import answers, designer
from engine.actions.designing.check_files import check_files
from engine.actions.designing.compare import compare_files
from engine.actions.designing.folders import files_in_force, files_of_version
from engine.actions.designing.overview import VersionStanding, list_processes
from engine.actions.designing.parameter_table import parameter_files, parameter_rows
from engine.scenarios.checking import check_scenarios
from engine.scenarios.player import play
from engine.scenarios.reading import read_scenario, read_scenarios

routes = Blueprint("definition_files", __name__, url_prefix="/api/v1")


@endpoint(
    routes, "POST", "/definitions/check", answer=designer.Findings, access="deploy", upload="files",
    asks=True, problems=(400, 403, 413, 415),
)  # fmt: skip
def check_definitions(call: Call) -> dict[str, Any]:
    """What a deployment of these files would say, without deploying them."""
    files = uploaded_files()
    found = [*check_files(call.tx, files=files, actor=call.actor, at=call.at), *check_scenarios(files)]
    return {"revision": None, "findings": found}


@endpoint(
    routes, "GET", "/definitions/standing", answer=answers.Page[designer.Standing], access="read",
    problems=(403,),
)  # fmt: skip
def list_standings(call: Call) -> dict[str, Any]:
    """Each process's current version with open cases in my regions and findings; always one page."""
    return {"items": [_standing(s) for s in list_processes(call.tx, actor=call.actor)], "next": None}


@endpoint(
    routes, "GET", "/definitions/{key}/compare", answer=designer.Changes, access="read",
    query=designer.CompareQuery, problems=(400, 403, 404),
)  # fmt: skip
def compare_versions(call: Call, key: str) -> dict[str, Any]:
    """What one version changed in another, in sentences."""
    first, second = call.query.from_version, call.query.to_version
    before, _ = files_of_version(call.tx, process=key, version=first, actor=call.actor)
    after, _ = files_of_version(call.tx, process=key, version=second, actor=call.actor)
    return {"from_version": first, "to_version": second, "changes": compare_files(before, after)}


@endpoint(
    routes, "GET", "/definitions/{key}/versions/{version}/file", answer=None, access="read",
    query=designer.FileQuery, media="application/octet-stream", problems=(400, 403, 404),
)  # fmt: skip
def get_version_file(call: Call, key: str, version: str) -> Response:
    """One file of a version, byte for byte."""
    found, _ = files_of_version(call.tx, process=key, version=version_number(version), actor=call.actor)
    return as_download(found, call.query.name)


@endpoint(
    routes, "GET", "/definitions/{key}/versions/{version}/zip", answer=None, access="read",
    media="application/zip", problems=(403, 404),
)  # fmt: skip
def get_version_zip(call: Call, key: str, version: str) -> Response:
    """All files of a version with the process's scenarios, byte for byte."""
    found, number = files_of_version(call.tx, process=key, version=version_number(version), actor=call.actor)
    return as_zip(found, f"{key}-{number}.zip")


@endpoint(
    routes, "GET", "/definitions/{key}/versions/{version}/parameters", answer=designer.Parameters,
    access="read", problems=(403, 404),
)  # fmt: skip
def get_version_parameters(call: Call, key: str, version: str) -> dict[str, Any]:
    """The parameters of a version as a table."""
    found, _ = files_of_version(call.tx, process=key, version=version_number(version), actor=call.actor)
    return {"files": parameter_files(found), "items": parameter_rows(found)}


@endpoint(
    routes, "GET", "/definitions/{key}/versions/{version}/scenarios",
    answer=answers.Page[designer.ScenarioOut], access="read", problems=(403, 404),
)  # fmt: skip
def list_version_scenarios(call: Call, key: str, version: str) -> dict[str, Any]:
    """The scenarios of a process; always one page."""
    found, _ = files_of_version(call.tx, process=key, version=version_number(version), actor=call.actor)
    return {"items": [scenario_row(scenario) for scenario in read_scenarios(found)], "next": None}


@endpoint(
    routes, "POST", "/definitions/{key}/versions/{version}/play", answer=designer.PlaybackOut,
    access="read", body=designer.PlayScenario, asks=True, problems=(400, 403, 404, 415, 422),
)  # fmt: skip
def play_version(call: Call, key: str, version: str) -> dict[str, Any]:
    """Play a scenario on a version in a store of its own: how the case stands after each step."""
    files, _ = files_of_version(call.tx, process=key, version=version_number(version), actor=call.actor)
    scenario = read_scenario(scenario_text(call.body, files), file=call.body.file)
    return shown(play(files, scenario, beside=files_in_force(call.tx, actor=call.actor)))


def _standing(standing: VersionStanding) -> dict[str, Any]:
    found = standing.definition
    return {"key": found.key, "version": found.version, "open_cases": standing.open_cases,
            "findings": standing.findings}  # fmt: skip
