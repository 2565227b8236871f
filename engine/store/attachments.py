"""The rows of attachments: add, find, bind to a case, forget. The content itself is `blobs`' matter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.attachment_tables import attachments, blobs
from engine.store.db import Tx, database_of
from engine.store.packing import seal, unseal
from engine.vault import HEAD


class AttachmentRow(NamedTuple):
    """One attachment without its content."""

    id: int
    sha256: bytes
    name: str
    type: str
    size: int
    case_id: int | None
    used: bool
    uploaded_by: str
    uploaded_at: datetime
    expires_at: datetime | None


def _row(tx: Tx, row: Any) -> AttachmentRow:
    name = unseal(tx, row.name, "attachments", row.id).decode()
    return AttachmentRow._make(row)._replace(name=name)


def hold_blob(tx: Tx, sha256: bytes, at: datetime) -> bool:
    """Hold a content's row to the end of the transaction, so that nobody removes it meanwhile.

    Returns whether the content was known. What lies under an unknown one is a leftover, maybe of a lost key.
    """
    dialect = sqlite if database_of(tx).is_sqlite else postgresql
    values = {"sha256": sha256, "stored_at": at, "key": b""}
    statement = dialect.insert(blobs).values(values)
    held = statement.on_conflict_do_update(index_elements=["sha256"], set_={"stored_at": at})
    return bool(tx.execute(held.returning(blobs.c.key)).scalar_one())


def note_key(tx: Tx, sha256: bytes, sealed: bytes) -> None:
    """Remember which key opens a held content."""
    tx.execute(update(blobs).where(blobs.c.sha256 == sha256).values(key=sealed[:HEAD]))


def _is_needed() -> ColumnElement[bool]:
    return select(attachments.c.id).where(attachments.c.sha256 == blobs.c.sha256).exists()


def list_unneeded_blobs(tx: Tx, *, limit: int) -> list[bytes]:
    """Contents that no attachment has any more."""
    return list(tx.execute(select(blobs.c.sha256).where(~_is_needed()).limit(limit)).scalars())


def drop_blob(tx: Tx, sha256: bytes) -> bool:
    """Give up a content's row, held to the end of the transaction; False if it is needed again."""
    return bool(tx.execute(delete(blobs).where(blobs.c.sha256 == sha256, ~_is_needed())).rowcount)


def add(tx: Tx, row: AttachmentRow) -> None:
    """Add an attachment whose content's row is held."""
    name = seal(tx, row.name.encode(), "attachments", row.id)
    tx.execute(insert(attachments).values({**row._asdict(), "name": name}))


def find(tx: Tx, attachment_id: int, *, lock: bool = False) -> AttachmentRow | None:
    """One attachment, locked if it is to be changed; or None."""
    query = select(attachments).where(attachments.c.id == attachment_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _row(tx, row)


def lock_some(tx: Tx, ids: Collection[int]) -> dict[int, AttachmentRow]:
    """Those of the attachments that exist, locked, by id."""
    query = select(attachments).where(attachments.c.id.in_(ids)).order_by(attachments.c.id)
    return {row.id: _row(tx, row) for row in tx.execute(query.with_for_update())}


def list_of_case(tx: Tx, case_id: int) -> list[AttachmentRow]:
    """All attachments of a case, oldest first."""
    query = select(attachments).where(attachments.c.case_id == case_id).order_by(attachments.c.id)
    return [_row(tx, row) for row in tx.execute(query)]


def list_pool(tx: Tx, username: str) -> list[AttachmentRow]:
    """What waits for a case of this person, oldest first."""
    waiting = attachments.c.expires_at.is_not(None) & (attachments.c.uploaded_by == username)
    query = select(attachments).where(waiting).order_by(attachments.c.id)
    return [_row(tx, row) for row in tx.execute(query)]


def weigh_case(tx: Tx, case_id: int) -> tuple[int, int]:
    """How many attachments a case has, and their bytes together."""
    return _weigh(tx, attachments.c.case_id == case_id)


def weigh_pool(tx: Tx, username: str) -> tuple[int, int]:
    """How many attachments wait for a case of this person, and their bytes together."""
    waiting = attachments.c.expires_at.is_not(None)
    return _weigh(tx, waiting & (attachments.c.uploaded_by == username))


def _weigh(tx: Tx, which: ColumnElement[bool]) -> tuple[int, int]:
    total: Any = func.coalesce(func.sum(attachments.c.size), 0)
    count, size = tx.execute(select(func.count(), total).where(which)).one()
    return count, int(size)


def use(tx: Tx, ids: Collection[int], case_id: int) -> None:
    """Bind attachments to the case whose answers name them."""
    changes = {"case_id": case_id, "used": True, "expires_at": None}
    tx.execute(update(attachments).where(attachments.c.id.in_(ids)).values(changes))


def remove(tx: Tx, attachment_id: int) -> None:
    """Remove one row; whether that is allowed, the action knows."""
    tx.execute(delete(attachments).where(attachments.c.id == attachment_id))


def remove_expired(tx: Tx, at: datetime) -> int:
    """Remove what no case took up in time; returns how many."""
    return tx.execute(delete(attachments).where(attachments.c.expires_at <= at)).rowcount
