"""Drafts and their files, and the scenario files beside deployed processes. Judges nothing about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update

from engine.errors import NotFoundError
from engine.store.db import Tx
from engine.store.draft_tables import draft_files, drafts, scenario_files
from engine.store.packing import pack, unpack


class DraftRow(NamedTuple):
    """One designer's working copy of one process."""

    id: int
    owner: str
    process: str
    base_version: int | None
    revision: int
    created_at: datetime
    changed_at: datetime


def add_draft(tx: Tx, row: DraftRow, files: Mapping[str, bytes]) -> None:
    """Keep a new draft with its files."""
    tx.execute(insert(drafts).values(row._asdict()))
    save_files(tx, row.id, row.revision, files)


def get_draft(tx: Tx, draft_id: int, *, owner: str, lock: bool = False) -> DraftRow:
    """A draft of `owner`; `NotFoundError` for anybody else's."""
    query = select(drafts).where(drafts.c.id == draft_id, drafts.c.owner == owner)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFoundError
    return DraftRow._make(row)


def list_drafts(tx: Tx, *, owner: str, process: str | None = None) -> list[DraftRow]:
    """The drafts of `owner`, the one changed last first."""
    query = select(drafts).where(drafts.c.owner == owner)
    if process is not None:
        query = query.where(drafts.c.process == process)
    rows = tx.execute(query.order_by(drafts.c.changed_at.desc(), drafts.c.id.desc()))
    return [DraftRow._make(row) for row in rows]


def load_files(tx: Tx, draft_id: int) -> dict[str, bytes]:
    """Every file of a draft, byte for byte."""
    rows = tx.execute(
        select(draft_files.c.name, draft_files.c.content).where(draft_files.c.draft_id == draft_id)
    )
    return {row.name: unpack(row.content) for row in sorted(rows)}


def revisions(tx: Tx, draft_id: int) -> dict[str, int]:
    """For each file the draft's revision when it was saved last."""
    rows = tx.execute(
        select(draft_files.c.name, draft_files.c.revision).where(draft_files.c.draft_id == draft_id)
    )
    return {row.name: row.revision for row in sorted(rows)}


def save_files(tx: Tx, draft_id: int, revision: int, files: Mapping[str, bytes | None]) -> None:
    """Put the files in the place of those of the same name; None removes one."""
    tx.execute(delete(draft_files).where(draft_files.c.draft_id == draft_id, draft_files.c.name.in_(files)))
    rows = [
        {"draft_id": draft_id, "name": name, "content": pack(content), "revision": revision}
        for name, content in files.items()
        if content is not None
    ]
    if rows:
        tx.execute(insert(draft_files), rows)


def touch(tx: Tx, draft_id: int, *, revision: int, base_version: int | None, at: datetime) -> None:
    """Raise the revision of a draft."""
    values = {"revision": revision, "base_version": base_version, "changed_at": at}
    tx.execute(update(drafts).where(drafts.c.id == draft_id).values(values))


def remove_draft(tx: Tx, draft_id: int) -> None:
    """Drop a draft with its files."""
    tx.execute(delete(draft_files).where(draft_files.c.draft_id == draft_id))
    tx.execute(delete(drafts).where(drafts.c.id == draft_id))


def keep_scenarios(tx: Tx, process: str, files: Mapping[str, bytes]) -> None:
    """These are the scenarios of a process from now on."""
    tx.execute(delete(scenario_files).where(scenario_files.c.process == process))
    rows = [{"process": process, "name": name, "content": pack(data)} for name, data in files.items()]
    if rows:
        tx.execute(insert(scenario_files), rows)


def load_scenarios(tx: Tx, process: str) -> dict[str, bytes]:
    """The scenario files of a process, byte for byte."""
    query = select(scenario_files.c.name, scenario_files.c.content)
    rows = tx.execute(query.where(scenario_files.c.process == process))
    return {row.name: unpack(row.content) for row in sorted(rows)}
