"""The composition root of the HTTP edge: numbered steps, no logic."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from api import metrics, problems
from api.routes import audit, cases, clocks, definitions, health, incidents, sessions, tasks, tokens
from api.settings import Settings
from engine.store.db import Database

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def create_app(settings: Settings, database: Database) -> Flask:
    """The WSGI application over an open database that has the current schema."""
    app = Flask("api")
    # 1. What requests need to know
    app.config["SETTINGS"] = settings
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_bytes
    app.extensions["aidflow.database"] = database
    app.url_map.merge_slashes = False  # an address with // is no address, not a redirect
    # 2. Errors become problem documents
    problems.register(app)
    # 3. Routes
    for module in (sessions, tokens, definitions, cases, tasks, clocks, incidents, audit, health):
        app.register_blueprint(module.routes)
    # 4. Around every request
    metrics.register(app)
    app.before_request(_bound_json)
    app.after_request(_secure)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _bound_json() -> None:
    """JSON is small; only an upload may have the larger bound."""
    if not request.mimetype.startswith("multipart/"):
        settings: Settings = current_app.config["SETTINGS"]
        request.max_content_length = settings.max_json_bytes


def _secure(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
    response.vary.add("Accept-Language")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response
