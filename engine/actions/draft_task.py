"""Keep a half-filled form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import feel
from engine.actions.answers import check_size
from engine.actions.holding import require_doer
from engine.actions.personal import with_draft
from engine.actions.program import load_program
from engine.actions.showing import show_task
from engine.actions.views import TaskView
from engine.actions.work import lock_task
from engine.store import tasks
from engine.store.db import Tx
from engine.store.packing import canonical
from engine.types import Actor


def draft_task(tx: Tx, *, task_id: int, answers: Mapping[str, Any], actor: Actor, at: datetime) -> TaskView:
    """Keep half of the answers for whoever does the task: gaps are no fault, unknown names and types are.

    Raises AnswersError; otherwise as `claim_task`.
    """
    locked, _, task = lock_task(tx, task_id=task_id, actor=actor)
    require_doer(tx, locked.row, task, actor)
    check_size(answers)
    program = load_program(tx, locked.row.process, locked.row.definition_hash)
    form = program.definition.forms.get(task.form_id) if task.form_id else None
    if form is not None:
        form.validate_draft(dict(answers))
    answers = with_draft(tx, program, answers, task)
    content = canonical(feel.from_feel(dict(answers)))
    tasks.save_draft(tx, task.id, content, by=actor.username, at=at)
    return show_task(task, locked.row, at)
