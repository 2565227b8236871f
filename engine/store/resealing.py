"""Seals stored values anew with the current key, a batch of cases a transaction, while the service runs.

A case is locked first, as everybody does, so that nothing is sealed over what a step has just written.
What is sealed with the current key already is left alone: a sweep that was cut off goes on where it was.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, select, update

from engine.store.applicant_tables import applications, tracking_tails
from engine.store.attachment_tables import attachments, blobs
from engine.store.audit_tables import audit
from engine.store.db import Tx, vault_of
from engine.store.means_tables import fund_entries
from engine.store.packing import seal_anew
from engine.store.tables import cases, events, idempotency_keys, outbox, tasks
from engine.store.warning_tables import warning_signals
from engine.vault import FORMAT, HEAD

# The columns that name the row are the context that its values are sealed for: see the callers of `seal`.
_Place = tuple[Table, str, tuple[str, ...]]
_OF_CASES: tuple[_Place, ...] = (
    (cases, "state", ("id",)),
    (events, "data", ("case_id", "seq")),
    (tasks, "draft", ("id",)),
    (outbox, "payload", ("id",)),
    (tracking_tails, "tail", ("case_id",)),
)
_OTHERS: tuple[_Place, ...] = (
    (idempotency_keys, "answer", ("actor", "key")),
    (audit, "data", ("seq",)),
    (attachments, "name", ("id",)),
    (applications, "answers", ("tag",)),
    (fund_entries, "note", ("id",)),
    (warning_signals, "content", ("id",)),
)


def _stale(table: Table, name: str, tx: Tx) -> ColumnElement[bool]:
    """Whether a row's value is sealed with another key than the current one, or not at all."""
    column = table.c[name]
    current = FORMAT + vault_of(tx).ring()[0].id
    return and_(column.is_not(None), func.substr(column, 1, HEAD) != current)


def _case_of(table: Table) -> Any:
    return table.c.id if table is cases else table.c.case_id


def list_stale_cases(tx: Tx, after: int, limit: int) -> list[int]:
    """The next cases, by id, that hold values to be sealed anew."""
    found: set[int] = set()
    for table, name, _ in _OF_CASES:
        case_id = _case_of(table)
        query = select(case_id).where(case_id > after, _stale(table, name, tx)).distinct()
        found.update(tx.scalars(query.order_by(case_id).limit(limit)))
    return sorted(found)[:limit]


def lock_cases(tx: Tx, ids: list[int]) -> None:
    """Lock the cases to the end of the transaction, in id order."""
    tx.execute(select(cases.c.id).where(cases.c.id.in_(ids)).order_by(cases.c.id).with_for_update()).all()


def seal_cases(tx: Tx, ids: list[int]) -> int:
    """Seal anew what is stale in these locked cases; returns how many values."""
    count = 0
    for table, name, key in _OF_CASES:
        case_id = _case_of(table)
        query = select(table.c[name], *(table.c[k] for k in key))
        rows = tx.execute(query.where(case_id.in_(ids), _stale(table, name, tx))).all()
        count += _seal_rows(tx, table, name, key, rows)
    return count


def seal_others(tx: Tx, limit: int) -> int:
    """Seal anew a batch of what belongs to no case and is never changed; returns how many values."""
    for table, name, key in _OTHERS:
        query = select(table.c[name], *(table.c[k] for k in key)).where(_stale(table, name, tx))
        if rows := tx.execute(query.limit(limit).with_for_update()).all():
            return _seal_rows(tx, table, name, key, rows)
    return 0


def lock_stale_contents(tx: Tx, after: bytes, limit: int) -> list[bytes]:
    """The next contents of attachments, by hash, that another key seals; their rows are locked."""
    query = select(blobs.c.sha256).where(blobs.c.sha256 > after, _stale(blobs, "key", tx))
    return list(tx.scalars(query.order_by(blobs.c.sha256).limit(limit).with_for_update()))


def _seal_rows(tx: Tx, table: Table, name: str, key: tuple[str, ...], rows: Any) -> int:
    if not rows:
        return 0
    where = and_(*(table.c[k] == bindparam(f"of_{k}") for k in key))
    statement = update(table).where(where).values({name: bindparam("sealed")})
    vault = vault_of(tx)
    changed = []
    for value, *ids in rows:
        of = {f"of_{k}": v for k, v in zip(key, ids, strict=True)}
        changed.append({**of, "sealed": seal_anew(vault, value, table.name, *ids)})
    tx.execute(statement, changed)
    return len(changed)


def count_sealed(tx: Tx) -> dict[str, int]:
    """How many stored values each key seals; "" counts those stored before there were keys."""
    found: dict[str, int] = {}
    for table, name, _ in (*_OF_CASES, *_OTHERS, (blobs, "key", ())):
        head = func.substr(table.c[name], 1, HEAD)
        query = select(head, func.count()).where(table.c[name].is_not(None)).group_by(head)
        for prefix, count in tx.execute(query):
            key_id = prefix[len(FORMAT) :].hex() if prefix.startswith(FORMAT) else ""
            found[key_id] = found.get(key_id, 0) + count
    return found
