"""Files that came with a form: kept with the case, and named in the answers where they were chosen."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from api.settings import Settings
from engine.actions.add_attachment import add_attachment
from engine.actions.attachments import list_attachments
from engine.forms import Form
from engine.store.blobs import Blobs
from web.page import Ask

_REFERENCE = ("id", "name", "sha256", "size", "type")


def take_uploads(ask: Ask, answers: dict[str, Any], case_id: int | None) -> None:
    """Keep the files that were sent and put each behind those its field names already.

    Without a case they wait for the one that is being opened. Files are named as their field's inputs
    are; what fits no field of the form is not kept.
    """
    places = frozenset(request.form.getlist("_shown"))
    settings: Settings = current_app.config["SETTINGS"]
    blobs: Blobs = current_app.extensions["aidflow.blobs"]
    for pointer, upload in request.files.items(multi=True):
        target = _list_at(answers, pointer) if upload.filename and pointer in places else None
        if target is None:
            continue
        view = add_attachment(
            ask.tx, name=upload.filename or "", content=upload.read(), actor=ask.actor, at=ask.at,
            blobs=blobs, limits=settings.attachment_limits, case_id=case_id,
        )  # fmt: skip
        target.append(view.id)


def name_files(ask: Ask, form: Form | None, answers: dict[str, Any], case_id: int) -> None:
    """Give the files that answers name by their ids alone the names that people know."""
    if form is None or not form.takes_files:
        return
    bare = [
        one for one in form.file_references(answers) if one.id and isinstance(one.entries[one.place], str)
    ]
    if not bare:
        return
    known = {view.id: view for view in list_attachments(ask.tx, case_id=case_id, actor=ask.actor)}
    for one in bare:
        view = known.get(one.id)
        if view is not None:
            one.entries[one.place] = {name: getattr(view, name) for name in _REFERENCE}


def _list_at(answers: dict[str, Any], pointer: str) -> list[Any] | None:
    here: Any = answers
    for part in pointer.strip("/").split("/"):
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here if isinstance(here, list) else None
