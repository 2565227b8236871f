"""The OpenAPI 3.1 document, made from what the routes declare and the schemas they name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api import examples
from api.endpoint import OPERATIONS, Operation
from api.schemas.answers import Problem
from api.summaries import SUMMARIES_ZH

_PROBLEMS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in.",
    403: "The caller's roles do not allow this here.",
    404: "There is nothing here that the caller may see.",
    405: "The address does not take this method.",
    409: "Somebody else got there first, or the state does not allow it.",
    413: "The body is too large.",
    415: "The content type is not supported.",
    422: "A field or file needs correcting; `errors` names it.",
    429: "Too many failed sign-ins; `Retry-After` says how many seconds to wait.",
    502: "The single sign-on does not answer.",
}
_REF = "#/components/schemas/{model}"


@lru_cache
def document() -> dict[str, Any]:
    """The whole document. Do not change what it returns."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    models += [(operation.body, "validation") for operation in OPERATIONS if operation.body]
    models += [(operation.answer, "serialization") for operation in OPERATIONS if operation.answer]
    names, schemas = models_json_schema(list(dict.fromkeys(models)), ref_template=_REF)
    refs = {model: value["$ref"] for (model, _), value in names.items()}
    paths: dict[str, Any] = {}
    for operation in sorted(OPERATIONS, key=_reading_order):
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "aidflow",
            "version": version("aidflow"),
            "description": "Runs social-assistance (社会救助) cases from application to decision. "
            "Times are RFC 3339; money is in fen; errors are RFC 9457 problem documents in the "
            "language of `Accept-Language` (zh-CN or en).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-aidflow_session",
                    "description": "On plain HTTP (loopback) the name is `aidflow_session`.",
                },
            },
        },
    }


# Signing in comes first and what is deployed before its cases; other nouns follow.
_ORDER = ("session", "me", "tokens", "deployments", "definitions", "cases", "tasks", "incidents")


def _reading_order(operation: Operation) -> int:
    tag = _tag(operation)
    return _ORDER.index(tag) if tag in _ORDER else len(_ORDER)


def _tag(operation: Operation) -> str:
    return operation.path.removeprefix("/api/v1/").split("/")[0]


def _operation(operation: Operation, refs: Mapping[Any, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary.split("\n", maxsplit=1)[0],
        "x-summary-zh": SUMMARIES_ZH.get(operation.name, ""),
        "tags": [_tag(operation)],
        "security": _security(operation),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": _responses(operation, refs),
    }
    if operation.header:
        found["parameters"].append(
            {
                "name": operation.header,
                "in": "header",
                "required": True,
                "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[0-9A-Za-z_-]+$"},
                "description": "Whose application or case it is; nothing else proves it.",
            }
        )
    if operation.takes_key:
        found["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
                "description": "The same key with the same request gives the first answer again.",
            }
        )
    if operation.body is not None:
        extra = operation.body.model_config.get("json_schema_extra")
        example = extra["example"] if isinstance(extra, dict) else {}
        content = {"application/json": {"schema": {"$ref": refs[operation.body]}, "example": example}}
        needed = any(field.is_required() for field in operation.body.model_fields.values())
        found["requestBody"] = {"required": needed, "content": content}
    if operation.upload:
        content = {"multipart/form-data": {"schema": _UPLOADS[operation.upload]}}
        found["requestBody"] = {"required": True, "content": content}
    return found


_BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
_UPLOADS: dict[str, Any] = {
    "files": {
        "type": "object",
        "required": ["files"],
        "properties": {
            "files": {
                "type": "array",
                "minItems": 1,
                "items": _BYTES,
                "description": "`.bpmn`, `.dmn`, `.form` and parameter `.yaml` files.",
            }
        },
    },
    "table": {
        "type": "object",
        "required": ["table"],
        "properties": {"table": {**_BYTES, "description": "One table, `.csv` or `.xlsx`."}},
    },
    "file": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {**_BYTES, "description": "One pdf, jpg, png, heic, docx, xlsx or txt file."}},
    },
}


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """A bearer token needs the scope that is named; a session has them all."""
    if operation.access == "public":
        return []
    scopes: list[str] = [] if operation.access == "own" else [operation.access]
    return [{"bearer": scopes}, {"session": []}]


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"{(?:\w+:)?(\w+)}", operation.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": _without_null(field),
        }
        for name, field in schema["properties"].items()
    ]


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is absent or has a value; pydantic's `null` alternative can't be sent."""
    options = [option for option in field.get("anyOf", ()) if option != {"type": "null"}]
    rest = {key: value for key, value in field.items() if key not in ("anyOf", "title", "default")}
    return {**rest, **options[0]} if len(options) == 1 else {**rest, "type": field.get("type", "string")}


def _responses(operation: Operation, refs: Mapping[Any, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status in operation.statuses:
        entry: dict[str, Any] = {"description": "Done."}
        if operation.answer is not None:
            content = {"schema": {"$ref": refs[operation.answer]}}
            example = examples.ANSWERS.get(refs[operation.answer].rsplit("/", 1)[-1])
            entry["content"] = {operation.media: {**content, "example": example} if example else content}
        elif status != 204:
            entry["content"] = {operation.media: {"schema": {"type": "string"}}}
        found[str(status)] = entry
    codes = set(operation.problems)
    if operation.access != "public":
        codes |= {401, 403}
    if operation.body is not None:
        codes |= {400, 413, 415, 422}
    if operation.query is not None:
        codes |= {400, 422}
    if operation.method != "GET":
        codes |= {403, 409, 422}
    for code in sorted(codes):
        content = {"schema": {"$ref": refs[Problem]}, "example": examples.refusal(code)}
        found[str(code)] = {
            "description": _PROBLEMS[code],
            "content": {"application/problem+json": content},
        }
    return found
