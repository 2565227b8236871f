"""The composition root of the HTTP edge: numbered steps, no logic."""

from __future__ import annotations

from importlib.metadata import entry_points

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from api import metrics, problems, security
from api.routes import (
    admin,
    attachments,
    audit,
    cases,
    clocks,
    comments,
    definition_files,
    definitions,
    designer,
    health,
    incidents,
    means,
    notices,
    people,
    public,
    regions,
    sessions,
    sso,
    supervision,
    tasks,
    tokens,
    tracking,
    warnings,
)
from api.settings import Settings
from api.sso import SingleSignOn
from engine.store.blobs import Blobs, open_blobs
from engine.store.db import Database


def create_app(settings: Settings, database: Database) -> Flask:
    """The WSGI application over an open database that has the current schema."""
    app = Flask("api")
    # 1. What requests need to know
    app.config["SETTINGS"] = settings
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    app.extensions["aidflow.database"] = database
    app.extensions["aidflow.blobs"] = attachment_store(settings)
    app.extensions["aidflow.sso"] = SingleSignOn(settings.oidc) if settings.oidc.issuer else None
    app.url_map.merge_slashes = False  # an address with // is no address, not a redirect
    # 2. Errors become problem documents
    problems.register(app)
    # 3. Routes
    modules = (
        sessions,
        sso,
        tokens,
        definitions,
        definition_files,
        designer,
        cases,
        tasks,
        supervision,
        comments,
        clocks,
        incidents,
        attachments,
        notices,
        public,
        tracking,
        people,
        means,
        warnings,
        regions,
        audit,
        admin,
        health,
    )
    for module in modules:
        app.register_blueprint(module.routes)
    for pages in entry_points(group="aidflow.pages"):  # they stand on the API, so they come to it
        pages.load()(app)
    # 4. Around every request
    metrics.register(app)
    security.register(app, settings)
    app.before_request(_bound_json)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        # Flask documents this very assignment as the way to add a middleware.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def attachment_store(settings: Settings) -> Blobs:
    """Where the content of attachments lies."""
    return open_blobs(settings.attachments, default=settings.data / "attachments")


def _bound_json() -> None:
    """JSON is small; only an upload may have the larger bound."""
    if not request.mimetype.startswith("multipart/"):
        settings: Settings = current_app.config["SETTINGS"]
        request.max_content_length = settings.max_json_bytes
