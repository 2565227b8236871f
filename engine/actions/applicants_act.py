"""What an applicant does in a case: a task of theirs, a file, withdrawal; and what the public objects.

The actions are those of everybody; refusals are said again without the names of those who work there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from engine.actions.add_attachment import AttachmentLimits, add_attachment
from engine.actions.applicants import (
    ApplicantPolicy,
    applicant_of,
    count_use,
    key_of,
    neighbour_of,
    require_room,
)
from engine.actions.applicants_view import TrackView, show_tracked
from engine.actions.complete_task import complete_task
from engine.actions.notices import NoticeView, find_notice, hanging, note_delivery, show_notice
from engine.actions.send_message import NotWaitedForError, send_message
from engine.actions.views import AttachmentView
from engine.actions.withdraw_case import withdraw_case
from engine.errors import ConflictError, FieldError, ForbiddenError, InputError, NotFoundError
from engine.notices import APPLICANT
from engine.store import cases
from engine.store.blobs import Blobs
from engine.store.db import Tx
from engine.types import Actor

OBJECTION = "objection"
_LONGEST = {"name": 100, "contact": 200, "text": 4000}


class NotYoursError(ConflictError):
    """This is not yours to do any more, or not now. Look again at where your case stands."""

    code = "not-yours-now"
    default_zh = "该事项现在不由您办理，或已办结，请刷新查看进度。"


@contextmanager
def nameless() -> Iterator[None]:
    """Says a refusal without the names that it holds."""
    try:
        yield
    except ForbiddenError:
        raise NotYoursError from None
    except ConflictError as error:
        if isinstance(error, NotYoursError):
            raise
        raise NotYoursError from None


def do_task(tx: Tx, *, case_id: int, task_id: int, answers: Mapping[str, Any], at: datetime) -> TrackView:
    """Complete a task of the case that is for its applicant.

    Raises NotFoundError (another case's), NotYoursError, AnswersError with every field at fault.
    """
    with nameless():
        complete_task(
            tx, task_id=task_id, answers=answers, seen_version=None, actor=applicant_of(case_id), at=at
        )
    return show_tracked(tx, case_id=case_id, at=at)


def attach_to_case(
    tx: Tx,
    *,
    case_id: int,
    name: str,
    content: bytes,
    blobs: Blobs,
    limits: AttachmentLimits,
    at: datetime,
) -> AttachmentView:
    """Keep a file for the case. Raises FileRefusedError, NotYoursError (closed)."""
    with nameless():
        return add_attachment(
            tx,
            name=name,
            content=content,
            actor=applicant_of(case_id),
            at=at,
            blobs=blobs,
            limits=limits,
            case_id=case_id,
        )


def withdraw_application(tx: Tx, *, case_id: int, reason: str, at: datetime) -> TrackView:
    """Take the application back for good. Raises NotYoursError (closed), InputError (no reason)."""
    with nameless():
        withdraw_case(tx, case_id=case_id, reason=reason, actor=applicant_of(case_id), at=at)
    return show_tracked(tx, case_id=case_id, at=at)


def read_notice(tx: Tx, *, case_id: int, notice_id: int, at: datetime) -> NoticeView:
    """A notice to the applicant, in full. The first time they open it, it counts as read, on record."""
    found = find_notice(tx, notice_id)
    if found.case_id != case_id or found.recipient != APPLICANT:
        raise NotFoundError
    if found.delivered_at is None:
        case = cases.load_for_update(tx, case_id=case_id).row
        note_delivery(tx, found, case, "tracking", applicant_of(case_id), at)
        found = find_notice(tx, notice_id)
    return show_notice(found, cases.get_case(tx, case_id)[0], None)


def object_to_posting(
    tx: Tx,
    *,
    posting_id: int,
    name: str,
    contact: str,
    text: str,
    address: str,
    policy: ApplicantPolicy,
    at: datetime,
) -> None:
    """Send an objection to the case of a posting that hangs now: the message `objection`.

    Raises NotFoundError (it hangs no more), InputError by field, TooManyRequestsError, ConflictError (the
    case takes no objection now).
    """
    found = hanging(tx, posting_id, at)
    payload = _read_objection(name=name, contact=contact, text=text)
    if (key := key_of("objection", address)) is not None:
        require_room(tx, [key], at)
        count_use(tx, key, limit=policy.objections_per_address, policy=policy, at=at)
    actor: Actor = neighbour_of(found.case_id)
    try:
        send_message(
            tx, case_id=found.case_id, name=OBJECTION, payload={OBJECTION: payload}, actor=actor, at=at
        )
    except NotWaitedForError:
        raise ConflictError(
            "Objections to this notice are taken at the township's window only.",
            "该公示的异议请到乡镇（街道）窗口提出。",
        ) from None


def _read_objection(**said: str) -> dict[str, str]:
    """The objection's parts without white space around them; InputError names those at fault."""
    names = {"name": "姓名", "contact": "联系方式", "text": "异议内容"}
    kept = {part: value.strip() for part, value in said.items()}
    faults = [
        FieldError(
            pointer=f"/{part}",
            zh=f"请填写{names[part]}（1至{_LONGEST[part]}字）。",
            en=f"Enter the {part} (1 to {_LONGEST[part]} characters).",
            code="required",
        )
        for part, value in kept.items()
        if not 1 <= len(value) <= _LONGEST[part]
    ]
    if faults:
        raise InputError(faults[0].en, faults[0].zh, faults)
    return kept
