"""Look at attachments, remove unused ones, and forget those that no case took up."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from engine import access
from engine.actions.add_attachment import show_attachment
from engine.actions.views import AttachmentView
from engine.errors import ConflictError, ForbiddenError, NotFoundError
from engine.store import attachments, audit, cases, tasks
from engine.store.attachments import AttachmentRow
from engine.store.blobs import BlobFault, Blobs
from engine.store.db import Database, Tx
from engine.store.ids import show_id
from engine.store.packing import unseal
from engine.types import Actor

_BATCH = 1000  # contents removed in one run of the worker


def list_attachments(tx: Tx, *, case_id: int, actor: Actor) -> tuple[AttachmentView, ...]:
    """What is attached to a case that the actor may see, oldest first."""
    case, _ = cases.get_case(tx, case_id)
    access.require_sight(actor, case.region)
    return tuple(show_attachment(row) for row in attachments.list_of_case(tx, case_id))


def read_attachment(
    tx: Tx, *, attachment_id: int, actor: Actor, at: datetime, blobs: Blobs
) -> tuple[AttachmentView, bytes]:
    """One attachment with its content, checked against its hash; of a case, the audit log says who read it.

    Raises NotFoundError unless the actor may see its case, or uploaded it and no case has it yet;
    BlobFault if the store lost or changed it.
    """
    row = _find(tx, attachment_id, actor)
    digest = row.sha256.hex()
    content = unseal(tx, blobs.get(digest), "blobs", digest)
    if sha256(content).digest() != row.sha256:
        raise BlobFault
    if row.case_id is not None:
        case, _ = cases.get_case(tx, row.case_id)
        facts = {"case": show_id(row.case_id), "attachment": show_id(row.id), "sha256": digest}
        audit.append(tx, kind="attachment_read", actor=actor.username, data=facts, at=at, region=case.region)
    return show_attachment(row), content


def remove_attachment(tx: Tx, *, attachment_id: int, actor: Actor) -> None:
    """Remove a file that nothing refers to. The worker removes its content afterwards.

    Raises NotFoundError, ForbiddenError (somebody else's), ConflictError (an answer or a draft names it).
    """
    row = _find(tx, attachment_id, actor, lock=True)
    if row.uploaded_by != actor.username:
        raise ForbiddenError("Only whoever uploaded an attachment may remove it.", "附件只能由上传人删除。")
    if row.used or _is_in_a_draft(tx, row):
        raise ConflictError(
            f'Answers refer to "{row.name}"; it is kept with the case.',
            f"“{row.name}”已被填写内容引用，随案件保存，不能删除。",
        )
    attachments.remove(tx, row.id)


def forget_unused(database: Database, blobs: Blobs, at: datetime) -> int:
    """Remove what waited too long for a case, and every content that nothing refers to any more.

    Rows go first and are committed, then contents one by one: if anything fails in between, a content is
    left over for the next run, never a row without its content.
    """
    with database.write() as tx:
        attachments.remove_expired(tx, at)
    with database.read() as tx:
        unneeded = attachments.list_unneeded_blobs(tx, limit=_BATCH)
    for digest in unneeded:
        with database.write() as tx:
            if attachments.drop_blob(tx, digest):
                blobs.remove(digest.hex())
    return len(unneeded)


def _find(tx: Tx, attachment_id: int, actor: Actor, *, lock: bool = False) -> AttachmentRow:
    row = attachments.find(tx, attachment_id, lock=lock)
    if row is None:
        raise NotFoundError
    if row.case_id is not None:
        case, _ = cases.get_case(tx, row.case_id)
        access.require_sight(actor, case.region)
    elif row.uploaded_by != actor.username:
        raise NotFoundError
    return row


def _is_in_a_draft(tx: Tx, row: AttachmentRow) -> bool:
    if row.case_id is None:
        return False
    name = show_id(row.id).encode()
    drafts = (tasks.read_draft(tx, task) for task in tasks.list_of_case(tx, row.case_id))
    return any(name in draft for draft in drafts if draft)
