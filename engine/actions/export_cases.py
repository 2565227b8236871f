"""Every case with its whole record as plain JSON values, for archives and for checking elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from engine import access
from engine.actions.program import Program, load_program
from engine.actions.record import show_event
from engine.actions.reveal import check_reason
from engine.store import audit, cases, events
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.events import EventRow
from engine.store.ids import show_id
from engine.store.packing import canonical
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
            if access.may_see(actor, row.region):
                yield _export(tx, row, plain=plain)
        after = ids[-1]


def _export(tx: Tx, row: CaseRow, *, plain: bool) -> dict[str, Any]:
    program = None if plain else load_program(tx, row.process, row.definition_hash)
    return {
        "id": show_id(row.id),
        "number": row.number,
        "process": row.process,
        "process_version": row.process_version,
        "definition": row.definition_hash,
        "region": row.region,
        "business_key": row.business_key,
        "version": row.version,
        "status": row.status,
        "outcome": row.outcome,
        "opened_at": row.opened_at.isoformat(),
        "closed_at": row.closed_at and row.closed_at.isoformat(),
        "head": [row.seq, row.head.hex()],
        "record": [_export_row(event, program) for event in events.list_events(tx, row.id, whole=True)],
    }


def _export_row(row: EventRow, program: Program | None) -> dict[str, Any]:
    """With `digest`, the SHA-256 of the row's whole data: a masked row can be checked by it, too."""
    digest = sha256(canonical(row.data)).hexdigest()
    if program is not None:
        events.strip_proof(row.data)
    event = show_event(row, program)
    return {
        "seq": event.seq,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "kind": event.kind,
        "data": event.data,
        "digest": digest,
        "hash": event.hash,
    }


def record_plain_export(tx: Tx, *, reason: str, actor: Actor, at: datetime) -> None:
    """Record who is about to be handed everything unmasked, and why. InputError without a reason."""
    reason = check_reason(reason)
    audit.append(tx, kind="data_exported", actor=actor.username, data={"reason": reason}, at=at)
