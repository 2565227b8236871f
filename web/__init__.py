"""The pages, on the same actions as the API. `register` is found by the entry point group `aidflow.pages`."""

from __future__ import annotations

from flask import Flask

from web import assets
from web.admin import calendars as admin_calendars
from web.admin import incidents as admin_incidents
from web.admin import people as admin_people
from web.admin import places as admin_places
from web.admin import reading as admin_reading
from web.admin import tokens as admin_tokens
from web.apply import filling, tracking
from web.apply import routes as apply
from web.cases import opening
from web.cases import routes as cases
from web.designer import editing as designer_editing
from web.designer import routes as designer
from web.look import register as dress
from web.notices import routes as notices
from web.refusals import no_such_page
from web.session import routes as session
from web.supervision import acting as supervision_acting
from web.supervision import routes as supervision
from web.warnings import routes as warnings
from web.work import bulk, comments, listing, tasks


def register(app: Flask) -> None:
    """Add the pages to an application that answers the API already."""
    dress(app)
    assets.register(app)
    app.register_error_handler(404, no_such_page)
    modules = (
        session,
        listing,
        tasks,
        bulk,
        comments,
        opening,
        cases,
        designer,
        designer_editing,
        supervision,
        supervision_acting,
        warnings,
        apply,
        filling,
        tracking,
        notices,
        admin_reading,
        admin_people,
        admin_places,
        admin_calendars,
        admin_incidents,
        admin_tokens,
    )
    for module in modules:
        app.register_blueprint(module.routes)
