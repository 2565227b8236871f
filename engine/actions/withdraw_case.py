"""End a case because the applicant takes the application back."""

from __future__ import annotations

from datetime import datetime

from engine import access
from engine.actions.step import begin, finish
from engine.actions.views import CaseView
from engine.errors import FieldError, InputError
from engine.store.db import Tx
from engine.types import Actor

_LONGEST_REASON = 2000


def withdraw_case(
    tx: Tx, *, case_id: int, reason: str, actor: Actor, at: datetime, seen_version: int | None = None
) -> CaseView:
    """Close the case as withdrawn; everything open in it ends. The reason is recorded."""
    work = begin(tx, case_id=case_id, actor=actor, at=at, seen_version=seen_version)
    work.acting_for = access.require(actor, "case.withdraw", work.row.region, work.row.process)
    require_text(reason, "reason", "撤回须写明原因", "a withdrawal must state its reason")
    work.instance.terminate()
    work.withdrawn = True
    return finish(work, "case_withdrawn", [], {"reason": reason})


def require_text(text: str, name: str, zh: str, en: str) -> None:
    """InputError unless there is a text of a sensible length."""
    if not 1 <= len(text.strip()) <= _LONGEST_REASON:
        zh, en = f"{zh}（1至{_LONGEST_REASON}字）", f"{en} (1 to {_LONGEST_REASON} characters)"
        raise InputError(f"{en}.", f"{zh}。", [FieldError(pointer=f"/{name}", zh=zh, en=en)])
