"""A task's form, or the form that opens a case, as it stands with the answers so far. Writes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.personal import shown
from engine.actions.program import CaseHost, load_program
from engine.actions.reading import open_task
from engine.errors import NotFoundError
from engine.forms import Drawn
from engine.store import calendars, cases, definitions, tasks
from engine.store.counters import CALENDAR, current_value
from engine.store.db import Tx
from engine.types import Actor


def draw_task(
    tx: Tx, *, task_id: int, lang: str, actor: Actor, at: datetime, answers: Mapping[str, Any] | None = None
) -> tuple[Drawn, ...]:
    """An open task's form with these answers; without any with the kept draft, else what the case holds."""
    task = tasks.find_task(tx, task_id)
    if task is None or task.closed_at is not None:
        raise NotFoundError
    case, revision, state = cases.get_case_with_state(tx, task.case_id)
    access.require_sight(actor, case.region, case.id)
    program = load_program(tx, case.process, case.definition_hash)
    form = program.definition.forms.get(task.form_id) if task.form_id else None
    if form is None or state is None:
        return ()
    if answers is None:
        draft = tasks.read_draft(tx, task)
        answers = shown(program, json.loads(draft)) if draft else {}
    found, host = open_task(tx, case, revision, state, program, task.key, at)
    return form.draw(lang, answers, dict(found.scope), host.env)


def draw_start(
    tx: Tx,
    *,
    process: str,
    lang: str,
    at: datetime,
    region: str = "",
    answers: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> tuple[Drawn, ...]:
    """The form that opens a case of a process, with these answers."""
    deployed = definitions.get_version(tx, process, version)
    program = load_program(tx, process, deployed.hash)
    form = program.definition.start_form
    if form is None:
        return ()
    host = CaseHost(program, "")
    calendar = calendars.calendar_for(tx, region, current_value(tx, CALENDAR))
    host.move_to(at, calendar, None, at)
    return form.draw(lang, answers or {}, {}, host.env)
