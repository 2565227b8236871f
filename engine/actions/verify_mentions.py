"""Mentions against the record: whom the comments in a case's history name, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.actions.faults import Fault, fault_of
from engine.store import comments
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.events import EventRow


def verify_mentions(tx: Tx, row: CaseRow, rows: Sequence[EventRow]) -> Iterator[Fault]:
    """What a case's comments say of whom they mention, and the mentions that are kept."""
    kept = comments.mentioned_in(tx, row.id)
    for event in rows:
        if event.kind == comments.KIND and kept.pop(event.seq, set()) != set(event.data["mentions"]):
            zh, en = "意见提及的人与记录不符", "the comment's mentions are not those on record"
            yield fault_of(row, "mention", event.seq, zh, en)
    for seq in sorted(kept):
        yield fault_of(row, "mention", seq, "提及不在记录之内", "a mention is not on record")
