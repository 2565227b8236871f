"""What cases were opened with: the answers in the first row of each history."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from engine.store.db import Tx
from engine.store.packing import unpack, unseal
from engine.store.tables import cases, events, process_versions


class Opening(NamedTuple):
    """The answers that a case was opened with, and what its process is read from."""

    case_id: int
    process: str
    definition_hash: str
    answers: dict[str, Any]


def list_openings(tx: Tx, case_ids: Sequence[int]) -> list[Opening]:
    """The openings of these cases, in no order."""
    if not case_ids:
        return []
    query = (
        select(events.c.case_id, events.c.data, process_versions.c.key, process_versions.c.hash)
        .select_from(events)
        .join(cases)
        .join(process_versions)
        .where(events.c.case_id.in_(case_ids), events.c.seq == 1)
    )
    return [
        Opening(case_id, key, hash_, _answers(tx, case_id, data))
        for case_id, data, key, hash_ in tx.execute(query)
    ]


def _answers(tx: Tx, case_id: int, data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unpack(unseal(tx, data, "events", case_id, 1))).get("answers") or {}
    return found
