"""Designers' drafts: open, save, check, compare, play, deploy; files go in and out byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from api.downloads import as_download, as_zip
from api.endpoint import Call, endpoint
from api.routes.definitions import uploaded_files
from api.schemas import answers, designer
from engine.actions.designing import drafts
from engine.actions.designing.check_files import check_files
from engine.actions.designing.compare import compare_files
from engine.actions.designing.drafts import DraftView
from engine.actions.designing.folders import files_in_force, files_of_version
from engine.actions.designing.parameter_table import (
    edit_parameter,
    parameter_files,
    parameter_rows,
    remove_parameter,
)
from engine.actions.views import DeploymentView, Page
from engine.errors import NotFoundError
from engine.scenarios.checking import check_scenarios
from engine.scenarios.player import Playback, play
from engine.scenarios.reading import Scenario, read_scenario, read_scenarios

routes = Blueprint("designer", __name__, url_prefix="/api/v1")


@endpoint(
    routes, "GET", "/drafts", answer=answers.Page[designer.Draft], access="deploy",
    query=designer.DraftsQuery, problems=(400, 403),
)  # fmt: skip
def list_drafts(call: Call) -> Page[DraftView]:
    """My drafts, the one changed last first."""
    return Page(items=drafts.list_drafts(call.tx, process=call.query.process, actor=call.actor), next=None)


@endpoint(
    routes, "POST", "/drafts", answer=designer.Draft, access="deploy", body=designer.NewDraft, status=201,
    problems=(400, 403, 404, 415, 422),
)  # fmt: skip
def open_draft(call: Call) -> DraftView:
    """A draft of my own with the files of a version."""
    body = call.body
    return drafts.open_draft(
        call.tx, process=body.process, version=body.version, actor=call.actor, at=call.at
    )


@endpoint(
    routes, "GET", "/drafts/{draft_id}", answer=designer.Draft, access="deploy", problems=(403, 404)
)  # fmt: skip
def get_draft(call: Call, draft_id: str) -> DraftView:
    """One of my drafts, with its files and the revision of each."""
    return drafts.get_draft(call.tx, draft_id=draft_id, actor=call.actor)


@endpoint(
    routes, "DELETE", "/drafts/{draft_id}", answer=None, access="deploy", status=204, problems=(403, 404)
)  # fmt: skip
def discard_draft(call: Call, draft_id: str) -> None:
    """Drop one of my drafts for good."""
    drafts.discard_draft(call.tx, draft_id=draft_id, actor=call.actor)


@endpoint(
    routes, "GET", "/drafts/{draft_id}/file", answer=None, access="deploy", query=designer.FileQuery,
    media="application/octet-stream", problems=(400, 403, 404),
)  # fmt: skip
def get_draft_file(call: Call, draft_id: str) -> Response:
    """One file of a draft, byte for byte."""
    found = drafts.read_draft(call.tx, draft_id=draft_id, actor=call.actor)
    return as_download(found, call.query.name)


@endpoint(
    routes, "GET", "/drafts/{draft_id}/zip", answer=None, access="deploy", media="application/zip",
    problems=(403, 404),
)  # fmt: skip
def get_draft_zip(call: Call, draft_id: str) -> Response:
    """All files of a draft, byte for byte, as Camunda Modeler opens them."""
    view = drafts.get_draft(call.tx, draft_id=draft_id, actor=call.actor)
    return as_zip(
        drafts.read_draft(call.tx, draft_id=draft_id, actor=call.actor), f"{view.process}-draft.zip"
    )


@endpoint(
    routes, "POST", "/drafts/{draft_id}/files", answer=designer.Draft, access="deploy",
    body=designer.SaveFiles, problems=(400, 403, 404, 409, 415, 422),
)  # fmt: skip
def save_files(call: Call, draft_id: str) -> DraftView:
    """Save texts into a draft (null removes a file); 409 if it was saved since the revision I saw."""
    files = {name: None if text is None else _encoded(text) for name, text in call.body.files.items()}
    return drafts.save_draft(
        call.tx, draft_id=draft_id, files=files, seen_revision=call.body.seen_revision, actor=call.actor,
        at=call.at,
    )  # fmt: skip


@endpoint(
    routes, "POST", "/drafts/{draft_id}/import", answer=designer.Draft, access="deploy",
    query=designer.ImportQuery, upload="files", problems=(400, 403, 404, 409, 413, 415, 422),
)  # fmt: skip
def import_files(call: Call, draft_id: str) -> DraftView:
    """Put uploaded files into a draft, byte for byte, in the place of those of the same name."""
    return drafts.save_draft(
        call.tx, draft_id=draft_id, files=uploaded_files(), seen_revision=call.query.seen_revision,
        actor=call.actor, at=call.at,
    )  # fmt: skip


@endpoint(
    routes, "GET", "/drafts/{draft_id}/findings", answer=designer.Findings, access="deploy",
    problems=(403, 404),
)  # fmt: skip
def check_draft(call: Call, draft_id: str) -> dict[str, Any]:
    """What a deployment of the draft would say, scenarios included."""
    view = drafts.get_draft(call.tx, draft_id=draft_id, actor=call.actor)
    files = drafts.read_draft(call.tx, draft_id=draft_id, actor=call.actor)
    found = [*check_files(call.tx, files=files, actor=call.actor, at=call.at), *check_scenarios(files)]
    return {"revision": view.revision, "findings": found}


@endpoint(
    routes, "GET", "/drafts/{draft_id}/changes", answer=designer.Changes, access="deploy", problems=(403, 404)
)  # fmt: skip
def compare_draft(call: Call, draft_id: str) -> dict[str, Any]:
    """What the draft changes in the current version, in sentences."""
    view = drafts.get_draft(call.tx, draft_id=draft_id, actor=call.actor)
    after = drafts.read_draft(call.tx, draft_id=draft_id, actor=call.actor)
    before: Mapping[str, bytes] = {}
    if view.current_version is not None:
        before, _ = files_of_version(call.tx, process=view.process, actor=call.actor)
    changes = compare_files(before, after)
    return {"from_version": view.current_version, "to_version": None, "changes": changes}


@endpoint(
    routes, "GET", "/drafts/{draft_id}/parameters", answer=designer.Parameters, access="deploy",
    problems=(403, 404, 422),
)  # fmt: skip
def get_draft_parameters(call: Call, draft_id: str) -> dict[str, Any]:
    """The parameters of a draft as a table."""
    files = drafts.read_draft(call.tx, draft_id=draft_id, actor=call.actor)
    return {"files": parameter_files(files), "items": parameter_rows(files)}


@endpoint(
    routes, "POST", "/drafts/{draft_id}/parameters", answer=designer.Draft, access="deploy",
    body=designer.SaveParameter, problems=(400, 403, 404, 409, 415, 422),
)  # fmt: skip
def save_parameter(call: Call, draft_id: str) -> DraftView:
    """Set one parameter in its file, comments and order of the rest untouched; no values removes it."""
    body = call.body
    data = drafts.read_draft(call.tx, draft_id=draft_id, actor=call.actor).get(body.file)
    if data is None:
        raise NotFoundError(f"The draft has no file {body.file}.", f"草稿中没有文件 {body.file}。")
    if body.values:
        title = {"zh": body.title.zh, "en": body.title.en} if body.title else {}
        values = [
            {"from": v.since, "value": _exact(v.value), "source": v.source, "placeholder": v.placeholder}
            for v in body.values
        ]
        data = edit_parameter(data, file=body.file, key=body.key, title=title, unit=body.unit, values=values)
    else:
        data = remove_parameter(data, file=body.file, key=body.key)
    return drafts.save_draft(
        call.tx, draft_id=draft_id, files={body.file: data}, seen_revision=body.seen_revision,
        actor=call.actor, at=call.at,
    )  # fmt: skip


@endpoint(
    routes, "GET", "/drafts/{draft_id}/scenarios", answer=answers.Page[designer.ScenarioOut], access="deploy",
    problems=(403, 404, 422),
)  # fmt: skip
def list_draft_scenarios(call: Call, draft_id: str) -> dict[str, Any]:
    """The scenarios of a draft; always one page."""
    files = drafts.read_draft(call.tx, draft_id=draft_id, actor=call.actor)
    return {"items": [scenario_row(found) for found in read_scenarios(files)], "next": None}


@endpoint(
    routes, "POST", "/drafts/{draft_id}/play", answer=designer.PlaybackOut, access="deploy",
    body=designer.PlayScenario, asks=True, problems=(400, 403, 404, 415, 422),
)  # fmt: skip
def play_draft(call: Call, draft_id: str) -> dict[str, Any]:
    """Play a scenario on the draft in a store of its own: how the case stands after each step."""
    files = drafts.read_draft(call.tx, draft_id=draft_id, actor=call.actor)
    scenario = read_scenario(scenario_text(call.body, files), file=call.body.file)
    return shown(play(files, scenario, beside=files_in_force(call.tx, actor=call.actor)))


@endpoint(
    routes, "POST", "/drafts/{draft_id}/deploy", answer=answers.Deployment, access="deploy",
    body=designer.DeployDraft, status=201, problems=(400, 403, 404, 409, 415, 422),
)  # fmt: skip
def deploy_draft(call: Call, draft_id: str) -> DeploymentView:
    """Deploy a draft as I saw it, over the version I saw; the draft goes."""
    return drafts.deploy_draft(
        call.tx, draft_id=draft_id, seen_revision=call.body.seen_revision,
        seen_version=call.body.seen_version, actor=call.actor, at=call.at,
    )  # fmt: skip


def scenario_row(found: Scenario) -> dict[str, Any]:
    """A scenario as lists show it."""
    return {"file": found.file, "title": found.title, "process": found.process, "source": found.source,
            "steps": len(found.steps)}  # fmt: skip


def scenario_text(body: designer.PlayScenario, files: Mapping[str, bytes]) -> bytes:
    """The scenario that is asked for: the given text, else the file of that name."""
    if body.text is not None:
        return _encoded(body.text)
    if body.file not in files:
        raise NotFoundError(f"There is no file {body.file}.", f"没有文件 {body.file}。")
    return files[body.file]


def shown(playback: Playback) -> dict[str, Any]:
    """A playback with its verdict."""
    return {
        "title": playback.title, "process": playback.process, "source": playback.source,
        "file": playback.file, "steps": playback.steps, "ok": playback.ok, "frames": playback.frames,
    }  # fmt: skip


def _exact(value: Any) -> Any:
    """Whole numbers come as Python's; what has a point came exact already."""
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _encoded(text: str) -> bytes:
    return text.encode("utf-8")
