"""Every case with its whole record as plain JSON values, for archives and for checking elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from engine.actions.record import get_record
from engine.actions.reveal import check_reason
from engine.store import audit, cases
from engine.store.db import Tx
from engine.store.ids import show_id
from engine.types import Actor

_BATCH = 500


def export_cases(tx: Tx, *, actor: Actor, plain: bool = False) -> Iterator[dict[str, Any]]:
    """One mapping a case, oldest first, read a batch at a time; only what the actor may see.

    People's numbers are masked unless `plain`, which `record_plain_export` must have recorded before.
    """
    after = 0
    while ids := cases.list_ids(tx, after, _BATCH):
        for case_id in ids:
            row, _ = cases.get_case(tx, case_id)
            yield {
                "id": show_id(row.id),
                "number": row.number,
                "process": row.process,
                "process_version": row.process_version,
                "definition": row.definition_hash,
                "region": row.region,
                "status": row.status,
                "outcome": row.outcome,
                "opened_at": row.opened_at.isoformat(),
                "closed_at": row.closed_at and row.closed_at.isoformat(),
                "record": [
                    {
                        "seq": event.seq,
                        "at": event.at.isoformat(),
                        "actor": event.actor,
                        "kind": event.kind,
                        "data": event.data,
                        "hash": event.hash,
                    }
                    for event in get_record(tx, case_id=case_id, actor=actor, plain=plain)
                ],
            }
        after = ids[-1]


def record_plain_export(tx: Tx, *, reason: str, actor: Actor, at: datetime) -> None:
    """Record who is about to be handed everything unmasked, and why. InputError without a reason."""
    reason = check_reason(reason)
    audit.append(tx, kind="data_exported", actor=actor.username, data={"reason": reason}, at=at)
