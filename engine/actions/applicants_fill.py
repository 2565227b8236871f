"""A draft while it is filled in: its form as it stands, its files, what is still wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.actions.add_attachment import show_attachment
from engine.actions.applicants import applicant_of, public_program
from engine.actions.applicants_apply import find_draft
from engine.actions.attached import take_attachments
from engine.actions.program import CaseHost
from engine.actions.views import AttachmentView
from engine.errors import AnswersError, FieldError
from engine.forms import Drawn
from engine.store import attachments, calendars
from engine.store.applications import ApplicationRow
from engine.store.counters import CALENDAR, current_value
from engine.store.db import Tx


def draw_application(
    tx: Tx, *, code: str, lang: str, at: datetime, answers: Mapping[str, Any] | None = None
) -> tuple[Drawn, ...]:
    """The draft's form with these answers, else with those that are kept. Raises UnknownCodeError."""
    row = find_draft(tx, code, at)
    program, form = public_program(tx, row.process)
    return form.draw(lang, row.answers if answers is None else answers, {}, _host(tx, row, at).env)


def check_application(
    tx: Tx, *, code: str, at: datetime, answers: Mapping[str, Any] | None = None
) -> list[FieldError]:
    """What would be refused if these answers, else those that are kept, were sent in now."""
    row = find_draft(tx, code, at)
    _, form = public_program(tx, row.process)
    try:
        owner = applicant_of(username=row.tag)
        given = take_attachments(tx, form, row.answers if answers is None else answers, actor=owner)
        form.validate(dict(given.answers), {}, _host(tx, row, at).env)
    except AnswersError as error:
        return error.errors
    return []


def application_files(tx: Tx, *, code: str, at: datetime) -> tuple[AttachmentView, ...]:
    """The files that were uploaded for the draft, oldest first. Raises UnknownCodeError."""
    row = find_draft(tx, code, at)
    return tuple(show_attachment(found) for found in attachments.list_pool(tx, row.tag))


def _host(tx: Tx, row: ApplicationRow, at: datetime) -> CaseHost:
    """The law of today in the draft's township, as it would be if the case were opened now."""
    program, _ = public_program(tx, row.process)
    host = CaseHost(program)
    calendar = calendars.calendar_for(tx, row.region, current_value(tx, CALENDAR))
    host.move_to(at, calendar, None, at)
    return host
