"""Files that came with a form: each put behind those that its field names already."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import request

from engine.actions.views import AttachmentView
from engine.forms import Form

_REFERENCE = ("id", "name", "sha256", "size", "type")


def keep_files(answers: dict[str, Any], keep: Callable[[str, bytes], AttachmentView]) -> None:
    """Keep the files that were sent. They are named as their field's inputs are; others are not kept."""
    places = frozenset(request.form.getlist("_shown"))
    for pointer, upload in request.files.items(multi=True):
        target = _list_at(answers, pointer) if upload.filename and pointer in places else None
        if target is not None:
            target.append(keep(upload.filename or "", upload.read()).id)


def name_files(
    form: Form | None, answers: dict[str, Any], known: Callable[[], Iterable[AttachmentView]]
) -> None:
    """Give the files that answers name by their ids alone the names that people know."""
    if form is None or not form.takes_files:
        return
    bare = [
        one for one in form.file_references(answers) if one.id and isinstance(one.entries[one.place], str)
    ]
    if not bare:
        return
    views = {view.id: view for view in known()}
    for one in bare:
        view = views.get(one.id)
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
