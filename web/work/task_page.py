"""What the page of one task shows, gathered from the actions: the form beside all that is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from engine import access
from engine.actions import reading
from engine.actions.answer_sheets import list_answer_sheets, personal_fields
from engine.actions.attachments import list_attachments
from engine.actions.drawing import draw_task
from engine.actions.households import get_file
from engine.actions.my_work import find_next, list_applicants
from engine.actions.timeline import Moment, list_timeline
from engine.actions.views import TaskDetail
from engine.errors import EngineError, FieldError, StaleVersionError
from engine.forms import Drawn
from engine.store.ids import read_id
from web.forms import faults_by_place, name_files
from web.language import page_language
from web.page import Ask, show


def show_task(
    ask: Ask, task_id: str, *, answers: dict[str, Any] | None = None, error: EngineError | None = None
) -> Response:
    """The page of a task; after a refusal with what was written (`answers`) and why it was refused."""
    detail = reading.get_task(ask.tx, task_id=read_id(task_id), actor=ask.actor, at=ask.at)
    case_id = read_id(detail.task.case_id)
    moments = list_timeline(ask.tx, case_id=case_id, actor=ask.actor)
    values = {**_around(ask, detail, case_id), "moments": moments[::-1], "seen_seq": moments[-1].seq}
    if detail.task.status != "open":
        return _show_closed(ask, detail, moments, values, answers)
    fields = draw_fields(ask, detail, answers)
    status = 200 if error is None else 409 if isinstance(error, StaleVersionError) else 422
    return show(
        "work/task.html",
        status=status,
        fields=fields,
        conflict=_since(ask, moments) if isinstance(error, StaleVersionError) else None,
        refused=None if error is None or isinstance(error, StaleVersionError) else error,
        errors=field_errors(error),
        faults=faults_by_place(field_errors(error)),
        written=answers is not None,
        **values,
    )


def draw_fields(ask: Ask, detail: TaskDetail, answers: dict[str, Any] | None) -> tuple[Drawn, ...]:
    """The form with these answers, else with the draft."""
    case_id = read_id(detail.task.case_id)
    given = answers if answers is not None else dict(detail.draft) if detail.draft else None
    if given is not None:
        name_files(detail.form, given, lambda: list_attachments(ask.tx, case_id=case_id, actor=ask.actor))
    return draw_task(
        ask.tx,
        task_id=read_id(detail.task.id),
        lang=page_language(),
        actor=ask.actor,
        at=ask.at,
        answers=given,
    )


def field_errors(error: EngineError | None) -> list[FieldError]:
    """What is wrong, answer by answer."""
    return list(error.errors) if error is not None else []


def _around(ask: Ask, detail: TaskDetail, case_id: int) -> dict[str, Any]:
    tx, actor = ask.tx, ask.actor
    sheets = list_answer_sheets(tx, case_id=case_id, actor=actor)
    clocks = reading.get_clocks(tx, case_id=case_id, actor=actor, at=ask.at)
    own = detail.task.element_id
    return {
        "detail": detail,
        "task": detail.task,
        "case": reading.get_case(tx, case_id=case_id, actor=actor, at=ask.at),
        "applicant": list_applicants(tx, case_ids=[detail.task.case_id]).get(detail.task.case_id),
        "clocks": [one for one in clocks if one.kind == "case" or one.name.partition("#")[0] == own],
        "sheets": sheets[::-1],
        "personal_fields": personal_fields(sheets),
        "attachments": list_attachments(tx, case_id=case_id, actor=actor),
        "file": get_file(tx, case_id=case_id, actor=actor),
        "allowed": frozenset(detail.allowed),
        "may_reveal": access.may(actor, "person.reveal", detail.task.region) or bool(detail.allowed),
    }


def _show_closed(
    ask: Ask,
    detail: TaskDetail,
    moments: tuple[Moment, ...],
    values: dict[str, Any],
    answers: dict[str, Any] | None,
) -> Response:
    """Who did it and when, what came of it, and what one could do instead."""
    closed_at = detail.task.closed_at
    done = next((one for one in moments if one.at == closed_at and one.kind != "comment_added"), None)
    upcoming = find_next(ask.tx, actor=ask.actor, at=ask.at)
    applicants = list_applicants(ask.tx, case_ids=[upcoming.task.case_id]) if upcoming else {}
    return show(
        "work/closed.html",
        status=200 if answers is None else 409,
        done=done,
        upcoming=upcoming,
        applicants=applicants,
        written=_written(answers or {}),
        just_done=bool(ask.args.get("done")) and detail.task.closed_by == ask.actor.username,
        **values,
    )


def _since(ask: Ask, moments: tuple[Moment, ...]) -> list[Moment]:
    """What happened after the page was drawn that was sent."""
    seen = ask.form.get("seen_seq", "")
    return [one for one in moments if not seen.isdecimal() or one.seq > int(seen)]


def _written(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What somebody wrote into a form that nobody waits for any more, to be copied from."""
    return [(name, str(value)) for name, value in answers.items() if value not in (None, "", [], False)]
