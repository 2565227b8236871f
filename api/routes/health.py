"""Liveness, readiness, metrics, the OpenAPI document and its page. Outside `/api/v1`."""

from __future__ import annotations

import json
from functools import lru_cache

from flask import Blueprint, Response, current_app, render_template
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.auth import may_see_metrics
from api.language import language
from api.openapi import document
from engine.errors import NotFoundError
from engine.store import schema

routes = Blueprint("health", __name__, template_folder="../templates")


@routes.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response('{"status":"ok"}', mimetype="application/json")


@routes.get("/readyz")
def readyz() -> Response:
    """The database answers and has the schema of this release."""
    database = current_app.extensions["aidflow.database"]
    try:
        ready = schema.is_current(database)
    except Exception:
        current_app.logger.exception("the database does not answer")
        ready = False
    body = json.dumps({"status": "ready" if ready else "not ready", "database": ready})
    return Response(body, 200 if ready else 503, mimetype="application/json")


@routes.get("/metrics")
def metrics() -> Response:
    """Prometheus text, for the operator: from this machine, or with the token of the settings."""
    if not may_see_metrics():
        raise NotFoundError
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@lru_cache
def _document() -> bytes:
    return json.dumps(document(), ensure_ascii=False, indent=1).encode()


@routes.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    return Response(_document(), mimetype="application/json")


@routes.get("/docs")
def docs() -> str:
    """The document as a page that a person can read."""
    return render_template("docs.html", api=document(), lang=language())
