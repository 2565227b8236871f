"""Notices against the record: each row is as its step left it, and was taken down or delivered as told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.actions.faults import Fault, fault_of
from engine.actions.proof import notice_digest
from engine.store import notices
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.events import PROOF, EventRow
from engine.store.ids import show_id


def verify_notices(tx: Tx, row: CaseRow, rows: Sequence[EventRow]) -> Iterator[Fault]:
    """What a case's history says of its notices, and the notices there are."""
    told = {key: (value, event) for event in rows for key, value in _said(event, "notified").items()}
    down = {key: (event.at, why) for event in rows for key, why in _said(event, "taken_down").items()}
    had = {key: (event.at, how) for event in rows for key, how in _said(event, "delivered").items()}
    for found in notices.list_rows(tx, row.id):
        key = show_id(found["id"])
        value, event = told.pop(key, (None, None))
        seq = event.seq if event else None
        if value is None:
            yield fault_of(row, "notice", None, f"文书{key}不在记录之内", f"notice {key} is not on record")
        elif value != notice_digest(found):
            yield fault_of(
                row, "notice", seq, f"文书{key}与记录不符", f"notice {key} is not what is on record"
            )
        states = (
            ((found["taken_down_at"], found["taken_down_why"]), down.pop(key, (None, None))),
            ((found["delivered_at"], found["delivered_how"]), had.pop(key, (None, None))),
        )
        if any(kept != said for kept, said in states):
            zh, en = f"文书{key}的撤下或送达与记录不符", f"notice {key} was taken down or delivered otherwise"
            yield fault_of(row, "notice", seq, zh, en)
    for key, (_, event) in told.items():
        yield fault_of(row, "notice", event.seq, f"文书{key}不见了", f"notice {key} is gone")


def _said(event: EventRow, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = event.data.get(PROOF, {}).get(name, {})
    return found
