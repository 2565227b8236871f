"""Files that came with a form of staff: kept with the case, or for the case that is being opened."""

from __future__ import annotations

from typing import Any

from flask import current_app

from api.settings import Settings
from engine.actions.add_attachment import add_attachment
from engine.actions.views import AttachmentView
from engine.store.blobs import Blobs
from web.forms import keep_files
from web.page import Ask


def take_uploads(ask: Ask, answers: dict[str, Any], case_id: int | None) -> None:
    """Keep the files that were sent; without a case they wait for the one that is being opened."""
    settings: Settings = current_app.config["SETTINGS"]
    blobs: Blobs = current_app.extensions["aidflow.blobs"]

    def keep(name: str, content: bytes) -> AttachmentView:
        return add_attachment(
            ask.tx, name=name, content=content, actor=ask.actor, at=ask.at,
            blobs=blobs, limits=settings.attachment_limits, case_id=case_id,
        )  # fmt: skip

    keep_files(answers, keep)
