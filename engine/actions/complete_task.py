"""Complete a task: the answers go into the case, and the case runs to its next wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.actions.answers import check_answers, file_relatives, require_accounts
from engine.actions.attached import take_attachments
from engine.actions.holding import require_doer
from engine.actions.personal import put_back
from engine.actions.step import check_version, finish, plain
from engine.actions.views import CaseView
from engine.actions.work import load_task_work
from engine.store.db import Tx
from engine.types import Actor


def complete_task(
    tx: Tx,
    *,
    task_id: int,
    answers: Mapping[str, Any],
    seen_version: int | None,
    actor: Actor,
    at: datetime,
) -> CaseView:
    """Complete an open task that the actor may do; it need not be claimed first.

    Raises NotFoundError, TaskNotOpenError (who did it, when), StaleVersionError, ForbiddenError,
    ConflictError (in other hands), AnswersError.
    """
    work, task = load_task_work(tx, task_id=task_id, actor=actor, at=at)
    check_version(work, seen_version)
    work.acting_for = require_doer(tx, work.row, task, actor)
    open_task = next(found for found in work.instance.user_tasks() if found.key == task.key)
    form = work.program.definition.forms.get(task.form_id) if task.form_id else None
    answers = put_back(tx, work.program, answers, open_task.scope, task)
    attached = take_attachments(tx, form, answers, actor=actor, case_id=work.row.id)
    values = check_answers(form, attached.answers, open_task.scope, work.host.env)
    require_accounts(tx, form, values, work.row.region, at.date())
    attached.bind(tx, work.row.id)
    file_relatives(tx, work.row.id, form, values)
    failures = work.instance.complete(task.key, values)
    facts = {"task": task.element_id, "answers": plain(values)}
    return finish(work, "task_completed", failures, facts, completed=task.key)
