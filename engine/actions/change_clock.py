"""Pause, resume and extend a clock of a case, on legal grounds."""

from __future__ import annotations

from datetime import datetime

from engine import access
from engine.actions import case_clocks
from engine.actions.clockwork import as_limit
from engine.actions.step import begin, finish
from engine.actions.views import CaseView
from engine.actions.withdraw_case import require_text
from engine.errors import ExpressionError, FieldError, InputError
from engine.store.db import Tx
from engine.types import Actor


def pause_clock(
    tx: Tx,
    *,
    case_id: int,
    name: str,
    ground: str,
    actor: Actor,
    at: datetime,
    article: str = "",
    seen_version: int | None = None,
) -> CaseView:
    """Pause a clock; what hangs below it is held with it. Raises InputError without a ground."""
    work = begin(tx, case_id=case_id, actor=actor, at=at, seen_version=seen_version)
    work.acting_for = access.require(actor, "clock.pause", work.row.region, work.row.process)
    require_text(ground, "ground", "暂停须写明法定事由", "a pause must state its legal ground")
    work.clockwork.pause(name, at, actor.username, ground, article=article)
    facts = {"clock": name, "ground": ground, "article": article}
    return finish(work, "clock_paused", [], facts)


def resume_clock(
    tx: Tx,
    *,
    case_id: int,
    name: str,
    actor: Actor,
    at: datetime,
    ground: str = "",
    article: str = "",
    seen_version: int | None = None,
) -> CaseView:
    """End a person's pause of a clock; a pause by an activity ends with that activity."""
    work = begin(tx, case_id=case_id, actor=actor, at=at, seen_version=seen_version)
    work.acting_for = access.require(actor, "clock.resume", work.row.region, work.row.process)
    work.clockwork.resume(name, at, actor.username, ground, article=article)
    return finish(work, "clock_resumed", [], {"clock": name, "ground": ground, "article": article})


def extend_clock(
    tx: Tx,
    *,
    case_id: int,
    name: str,
    to: str,
    ground: str,
    actor: Actor,
    at: datetime,
    article: str = "",
    seen_version: int | None = None,
) -> CaseView:
    """Extend a clock to the limit that the FEEL text `to` gives; the actor approves, the applicant is told.

    Raises InputError unless the ground is one that the limit lists and the new limit is longer.
    """
    work = begin(tx, case_id=case_id, actor=actor, at=at, seen_version=seen_version)
    work.acting_for = access.require(actor, "clock.extend", work.row.region, work.row.process)
    work.clockwork.get(name)
    try:
        limit = as_limit(work.instance.evaluate(to), "to")
    except ExpressionError as error:
        raise InputError(error.en, error.zh, [FieldError(pointer="/to", zh=error.zh, en=error.en)]) from error
    case_clocks.extend_clock(work, name, limit, ground, article)
    facts = {"clock": name, "ground": ground, "article": article, "approver": actor.username}
    return finish(work, "clock_extended", [], facts)
