"""The pages, on the same actions as the API. `register` is found by the entry point group `aidflow.pages`."""

from __future__ import annotations

from flask import Flask

from web import assets
from web.look import register as dress
from web.session import routes as session


def register(app: Flask) -> None:
    """Add the pages to an application that answers the API already."""
    dress(app)
    assets.register(app)
    for module in (session,):
        app.register_blueprint(module.routes)
