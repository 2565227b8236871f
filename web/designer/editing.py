"""What the editors need around them: their own security policy, and the preview of a form."""

from __future__ import annotations

from flask import Blueprint, Response, request

from api.security import HEADERS
from engine.actions.designing.drafts import require_designer
from web.designer.reading import preview
from web.page import Ask, page, show

routes = Blueprint("designer_editing", __name__, template_folder="../templates")
_POLICY = "Content-Security-Policy"


def editor_styles(response: Response) -> Response:
    """The drawing libraries set styles on elements; scripts stay as strict as everywhere."""
    strict = HEADERS[_POLICY]
    response.headers[_POLICY] = strict.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    return response


@page(routes, "POST", "/processes/preview-form", access="deploy")
def preview_form(ask: Ask) -> Response:
    """A form as our renderer draws it for the people who fill it in."""
    require_designer(ask.actor)
    return show("designer/preview.html", **preview(request.get_data(cache=False), ask.lang))
