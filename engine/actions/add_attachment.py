"""Attach a file: to an open case, or before there is one, for the case that its uploader will open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from engine import access
from engine.actions.file_types import check_type, clean_name, refused
from engine.actions.refusals import closed_error
from engine.actions.views import AttachmentView
from engine.errors import ForbiddenError
from engine.store import attachments, cases
from engine.store.attachments import AttachmentRow
from engine.store.blobs import Blobs
from engine.store.db import Tx
from engine.store.ids import new_id, show_id
from engine.store.packing import seal
from engine.types import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentLimits:
    """What may be uploaded. All are our defaults, none is a legal number.

    Each is a setting `AIDFLOW_<NAME>`; `ValueError` names a number that makes no sense.
    """

    max_attachment_bytes: int = 20_000_000
    max_case_attachment_bytes: int = 200_000_000
    max_case_attachments: int = 200
    unused_attachment_hours: int = 24
    """How long a file waits for its case to be opened."""

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")

    @property
    def unused(self) -> timedelta:
        return timedelta(hours=self.unused_attachment_hours)


def add_attachment(
    tx: Tx,
    *,
    name: str,
    content: bytes,
    actor: Actor,
    at: datetime,
    blobs: Blobs,
    limits: AttachmentLimits,
    case_id: int | None = None,
) -> AttachmentView:
    """Keep a file. Its bounds per case hold for what one person has waiting, too.

    Raises FileRefusedError (size, number, type, name), NotFoundError (case), ForbiddenError (no case and
    no right to open one), ConflictError (closed case).
    """
    _require_right(tx, case_id, actor)
    name = clean_name(name)
    _check_size(name, content, limits.max_attachment_bytes)
    media = check_type(name, content)
    weight = (
        attachments.weigh_pool(tx, actor.username) if case_id is None else attachments.weigh_case(tx, case_id)
    )
    _check_weight(*weight, added=len(content), limits=limits)
    digest = sha256(content).digest()
    row = AttachmentRow(
        id=new_id(at),
        sha256=digest,
        name=name,
        type=media,
        size=len(content),
        case_id=case_id,
        used=False,
        uploaded_by=actor.username,
        uploaded_at=at,
        expires_at=at + limits.unused if case_id is None else None,
    )
    if not (attachments.hold_blob(tx, digest, at) and blobs.has(digest.hex())):
        blobs.put(digest.hex(), _sealed(tx, digest, content))  # durable before the row that promises it
    attachments.add(tx, row)
    return show_attachment(row)


def _sealed(tx: Tx, digest: bytes, content: bytes) -> bytes:
    sealed = seal(tx, content, "blobs", digest.hex())
    attachments.note_key(tx, digest, sealed)
    return sealed


def _require_right(tx: Tx, case_id: int | None, actor: Actor) -> None:
    if case_id is None:
        opens = any(access.may(actor, "case.open", held.region) for held in actor.positions)
        if actor.applies is None and not opens:
            raise ForbiddenError
        return
    case = cases.load_for_update(tx, case_id=case_id).row  # so that two uploads together keep the bounds
    access.require_sight(actor, case.region, case.id)
    if case.closed_at is not None:
        raise closed_error(case)


def _check_size(name: str, content: bytes, most: int) -> None:
    if not name.rpartition(".")[0]:
        raise refused("file-name", "文件名为空或缺少扩展名。", "The file needs a name with an ending.")
    if not content:
        raise refused("file-empty", f"“{name}”是空文件。", f'"{name}" is empty.')
    if len(content) > most:
        raise refused(
            "file-size",
            f"“{name}”为 {len(content)} 字节，单个附件最大 {most} 字节，请压缩后再上传。",
            f'"{name}" has {len(content)} bytes; an attachment has at most {most}. Make it smaller.',
        )


def _check_weight(count: int, size: int, *, added: int, limits: AttachmentLimits) -> None:
    most_files, most_bytes = limits.max_case_attachments, limits.max_case_attachment_bytes
    if count >= most_files:
        raise refused(
            "too-many-files",
            f"本案（或待用）的附件已有 {count} 个，最多 {most_files} 个。",
            f"There are {count} attachments already; at most {most_files} are kept for one case.",
        )
    if size + added > most_bytes:
        raise refused(
            "case-size",
            f"本案（或待用）的附件合计不得超过 {most_bytes} 字节，现已有 {size} 字节。",
            f"The attachments of one case have at most {most_bytes} bytes; there are {size} already.",
        )


def show_attachment(row: AttachmentRow) -> AttachmentView:
    """An attachment as people see it."""
    return AttachmentView(
        id=show_id(row.id),
        name=row.name,
        sha256=row.sha256.hex(),
        size=row.size,
        type=row.type,
        case_id=None if row.case_id is None else show_id(row.case_id),
        used=row.used,
        uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
        expires_at=row.expires_at,
    )
