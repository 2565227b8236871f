"""Drafts of applications, found by a code of which only the hash is kept, sealed and gone after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from engine.store.applicant_tables import applications
from engine.store.attachment_tables import attachments
from engine.store.db import Tx
from engine.store.packing import canonical, pack, seal, unpack, unseal


class ApplicationRow(NamedTuple):
    """A draft, its answers opened; of one that was submitted, the case that it opened."""

    code_hash: bytes
    tag: str
    process: str
    region: str
    answers: dict[str, Any]
    version: int
    saved_at: datetime
    expires_at: datetime
    case_id: int | None


def add(tx: Tx, row: ApplicationRow, at: datetime) -> None:
    """Keep a new draft; those whose time is over go."""
    tx.execute(delete(applications).where(applications.c.expires_at <= at))
    tx.execute(insert(applications).values({**row._asdict(), "answers": _sealed(tx, row.tag, row.answers)}))


def find(tx: Tx, code_hash: bytes, at: datetime, *, lock: bool = False) -> ApplicationRow | None:
    """The draft under a code, if its time is not over."""
    query = select(applications).where(applications.c.code_hash == code_hash, applications.c.expires_at > at)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        return None
    answers = (
        {} if row.answers is None else json.loads(unpack(unseal(tx, row.answers, "applications", row.tag)))
    )
    return ApplicationRow._make(row)._replace(answers=answers)


def save(
    tx: Tx, row: ApplicationRow, *, answers: Mapping[str, Any], region: str, at: datetime, until: datetime
) -> None:
    """Keep what was filled in so far."""
    values = {"answers": _sealed(tx, row.tag, answers), "region": region, "version": row.version + 1}
    _change(tx, row, {**values, "saved_at": at, "expires_at": until})
    _prolong_files(tx, row, until)


def close(tx: Tx, row: ApplicationRow, case_id: int) -> None:
    """The draft became a case; its answers are the case's now."""
    _change(tx, row, {"answers": None, "case_id": case_id})


def hand_files(tx: Tx, row: ApplicationRow, username: str) -> None:
    """What was uploaded for the draft is from now on this person's to use."""
    own = attachments.c.uploaded_by == row.tag
    tx.execute(update(attachments).where(own).values(uploaded_by=username))


def _prolong_files(tx: Tx, row: ApplicationRow, until: datetime) -> None:
    waiting = (attachments.c.uploaded_by == row.tag) & attachments.c.expires_at.is_not(None)
    tx.execute(update(attachments).where(waiting).values(expires_at=until))


def _change(tx: Tx, row: ApplicationRow, values: dict[str, Any]) -> None:
    tx.execute(update(applications).where(applications.c.code_hash == row.code_hash).values(values))


def _sealed(tx: Tx, tag: str, answers: Mapping[str, Any]) -> bytes:
    return seal(tx, pack(canonical(answers)), "applications", tag)
