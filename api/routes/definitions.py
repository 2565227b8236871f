"""Deployments and what is deployed."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response

from api.bodies import read_uploads
from api.endpoint import Call, endpoint
from api.problems import BadRequestError
from api.schemas import answers
from api.shapes import to_json
from engine.actions import read_definitions
from engine.actions.deploy import deploy
from engine.actions.views import DefinitionDetail, DefinitionView, Page
from engine.errors import FieldError, NotFoundError

routes = Blueprint("definitions", __name__, url_prefix="/api/v1")


@endpoint(
    routes,
    "POST",
    "/deployments",
    answer=answers.Deployment,
    access="deploy",
    status=201,
    problems=(400, 403, 413, 415, 422),
    upload="files",
    also=(200,),
)
def deploy_files(call: Call) -> Any:
    """Deploy files as one bundle: 201 with new versions, 200 if nothing changed, 422 with findings."""
    deployment = deploy(call.tx, files=uploaded_files(), actor=call.actor, at=call.at)
    if deployment.changed:
        return deployment
    return Response(
        json.dumps(to_json(deployment), ensure_ascii=False),
        200,
        {"Cache-Control": "no-store"},
        "application/json",
    )


def uploaded_files() -> dict[str, bytes]:
    """The multipart field `files`, by file name."""
    files: dict[str, bytes] = {}
    for upload in read_uploads("files"):
        name = upload.filename or ""
        if not name or name in files:
            error = FieldError(
                pointer="/files",
                zh=f"文件名“{name}”为空或重复。",
                en=f"The file name {name!r} is empty or given twice.",
            )
            raise BadRequestError(error.en, error.zh, errors=[error])
        files[name] = upload.read()
    return files


@endpoint(
    routes, "GET", "/definitions", answer=answers.Page[answers.Definition], access="read", problems=(403,)
)
def list_definitions(call: Call) -> Page[DefinitionView]:
    """The current version of every process."""
    return Page(items=read_definitions.list_definitions(call.tx, actor=call.actor), next=None)


@endpoint(
    routes, "GET", "/definitions/{key}", answer=answers.DefinitionVersions, access="read", problems=(403, 404)
)
def get_definition(call: Call, key: str) -> dict[str, Any]:
    """The current version of one process, what opening a case asks for, and all its versions."""
    versions = read_definitions.list_versions(call.tx, key=key, actor=call.actor)
    current = read_definitions.get_definition(call.tx, key=key, actor=call.actor)
    return {**to_json(current), "versions": to_json(versions)}


@endpoint(
    routes,
    "GET",
    "/definitions/{key}/versions/{version}",
    answer=answers.DefinitionDetail,
    access="read",
    problems=(403, 404),
)
def get_version(call: Call, key: str, version: str) -> DefinitionDetail:
    """One version and the files it is bound to."""
    return read_definitions.get_definition(
        call.tx, key=key, version=version_number(version), actor=call.actor
    )


@endpoint(
    routes,
    "GET",
    "/definitions/{key}/versions/{version}/xml",
    answer=None,
    access="read",
    media="application/xml",
    problems=(403, 404),
)
def get_xml(call: Call, key: str, version: str) -> Response:
    """The BPMN of one version, byte for byte as it runs."""
    detail = read_definitions.get_definition(
        call.tx, key=key, version=version_number(version), actor=call.actor
    )
    return Response(detail.bpmn, mimetype="application/xml")


def version_number(text: str) -> int:
    """A version number from the address; anything else is an address where there is nothing."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotFoundError
    return int(text)
