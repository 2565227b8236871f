"""Working drafts: a designer's copy of a process and all its files, saved as they go.

Each save names the revision that it saw, so that a second window can't undo the first one unseen.
Nothing is judged here: a draft may be broken in the middle of the work. A draft is its owner's alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from engine import access
from engine.actions.deploy import deploy
from engine.actions.designing.folders import files_of_version
from engine.actions.views import DeploymentView
from engine.definitions.files import MAX_FILES, check_size, kind_of
from engine.errors import ConflictError, FieldError, InputError, NotFoundError
from engine.store import definitions as stored
from engine.store import drafts
from engine.store.db import Tx
from engine.store.drafts import DraftRow
from engine.store.ids import new_id, read_id, show_id
from engine.types import Actor

MAX_DRAFTS = 100
MAX_DRAFT_BYTES = 50_000_000  # a safety bound, far above any process
_MAX_NAME = 200


class StaleDraftError(ConflictError):
    """The draft was saved elsewhere since you opened it; load it again, or save yours under another name."""

    code = "stale-draft"
    default_zh = "该草稿已在别处保存过，请重新载入后再改，或另存一份。"


class StaleBaseError(ConflictError):
    """Another version was deployed since you looked at what this draft changes; look again."""

    code = "stale-base"
    default_zh = "在您查看改动之后已有新版本部署，请重新查看改动。"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft without the contents. `files` has, for each, the revision of its last save."""

    id: str
    process: str
    base_version: int | None
    current_version: int | None
    revision: int
    created_at: datetime
    changed_at: datetime
    files: Mapping[str, int]


def open_draft(
    tx: Tx, *, process: str, actor: Actor, at: datetime, version: int | None = None,
    files: Mapping[str, bytes] | None = None,
) -> DraftView:  # fmt: skip
    """A new draft: from a version (the current one unless named), or from `files` for a new process."""
    require_designer(actor)
    if len(drafts.list_drafts(tx, owner=actor.username)) >= MAX_DRAFTS:
        raise InputError(
            f"You have {MAX_DRAFTS} drafts; discard one first.", f"您已有{MAX_DRAFTS}份草稿，请先删除不用的。"
        )
    base = None
    if files is None:
        files, base = files_of_version(tx, process=process, version=version, actor=actor)
    _check_files(files)
    row = DraftRow(new_id(at), actor.username, process, base, 1, at, at)
    drafts.add_draft(tx, row, files)
    return _show(tx, row)


def list_drafts(tx: Tx, *, actor: Actor, process: str | None = None) -> tuple[DraftView, ...]:
    """The actor's drafts, the one changed last first."""
    require_designer(actor)
    return tuple(_show(tx, row) for row in drafts.list_drafts(tx, owner=actor.username, process=process))


def get_draft(tx: Tx, *, draft_id: str, actor: Actor) -> DraftView:
    """One draft of the actor's; NotFoundError for anybody else's."""
    require_designer(actor)
    return _show(tx, _row(tx, draft_id, actor))


def read_draft(tx: Tx, *, draft_id: str, actor: Actor) -> dict[str, bytes]:
    """The files of a draft, byte for byte."""
    require_designer(actor)
    return drafts.load_files(tx, _row(tx, draft_id, actor).id)


def save_draft(
    tx: Tx, *, draft_id: str, files: Mapping[str, bytes | None], seen_revision: int, actor: Actor,
    at: datetime,
) -> DraftView:  # fmt: skip
    """Put files into the draft (None removes one); StaleDraftError if it was saved since `seen_revision`."""
    require_designer(actor)
    row = _seen(tx, draft_id, seen_revision, actor)
    whole = {**drafts.load_files(tx, row.id), **files}
    kept = {name: data for name, data in whole.items() if data is not None}
    _check_files(kept)
    changed = row._replace(revision=row.revision + 1, changed_at=at)
    drafts.save_files(tx, row.id, changed.revision, files)
    drafts.touch(tx, row.id, revision=changed.revision, base_version=row.base_version, at=at)
    return _show(tx, changed)


def discard_draft(tx: Tx, *, draft_id: str, actor: Actor) -> None:
    """Drop a draft for good."""
    require_designer(actor)
    drafts.remove_draft(tx, _row(tx, draft_id, actor).id)


def deploy_draft(
    tx: Tx, *, draft_id: str, seen_revision: int, seen_version: int | None, actor: Actor, at: datetime
) -> DeploymentView:  # fmt: skip
    """Deploy what the designer saw: this revision, over the version whose differences they were shown.

    The draft goes; its content is the current version from now on. Raises DeploymentError with findings.
    """
    require_designer(actor)
    row = _seen(tx, draft_id, seen_revision, actor)
    current = _current(tx, row.process)
    if current != seen_version:
        raise StaleBaseError(data={"seen_version": seen_version, "version": current})
    deployment = deploy(tx, files=drafts.load_files(tx, row.id), actor=actor, at=at)
    drafts.remove_draft(tx, row.id)
    return deployment


def require_designer(actor: Actor) -> None:
    """ForbiddenError unless the actor may deploy: drafts are for those who can bring them to an end."""
    widest = max((position.region for position in actor.positions), key=len, default="")
    access.require(actor, "definition.deploy", widest)


def _row(tx: Tx, draft_id: str, actor: Actor, *, lock: bool = False) -> DraftRow:
    return drafts.get_draft(tx, read_id(draft_id), owner=actor.username, lock=lock)


def _seen(tx: Tx, draft_id: str, seen_revision: int, actor: Actor) -> DraftRow:
    row = _row(tx, draft_id, actor, lock=True)
    if row.revision != seen_revision:
        raise StaleDraftError(data={"seen_revision": seen_revision, "revision": row.revision})
    return row


def _current(tx: Tx, process: str) -> int | None:
    try:
        return stored.get_version(tx, process).version
    except NotFoundError:
        return None


def _show(tx: Tx, row: DraftRow) -> DraftView:
    return DraftView(
        id=show_id(row.id), process=row.process, base_version=row.base_version,
        current_version=_current(tx, row.process), revision=row.revision, created_at=row.created_at,
        changed_at=row.changed_at, files=drafts.revisions(tx, row.id),
    )  # fmt: skip


def _check_files(files: Mapping[str, bytes]) -> None:
    """Names and sizes; what is in the files is the checks' business."""
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_DRAFT_BYTES:
        raise InputError(
            f"A draft holds at most {MAX_FILES} files of {MAX_DRAFT_BYTES // 1_000_000} MB together.",
            f"一份草稿最多{MAX_FILES}个文件，合计不超过{MAX_DRAFT_BYTES // 1_000_000} MB。",
        )
    for name, data in files.items():
        parts = PurePosixPath(name).parts
        if not name.isprintable() or len(name) > _MAX_NAME or "\\" in name or {"..", "/"} & set(parts):
            fault = FieldError(
                pointer=f"/files/{name[:80]}", zh="文件名应为相对路径，不含“..”和反斜杠。",
                en="A file name is a relative path without “..” and backslashes.", code="bad-name",
            )  # fmt: skip
            raise InputError(fault.en, fault.zh, [fault])
        kind_of(name)
        check_size(name, len(data))
