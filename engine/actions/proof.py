"""What a step writes into its row of history so that every derived row can be proven from the record.

Tasks, timers, clocks, promises and the saved state stand in tables of their own, because lists and
workers need them there. A row of history says which of them the step made, closed or left, by a digest
of all that it does not spell out; `replay` reads that back and `verify` compares.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from engine.actions.decided import Decided
from engine.actions.work import Work
from engine.store.ids import show_id
from engine.store.metadata import EPOCH, MICROSECOND
from engine.store.packing import canonical
from engine.store.tasks import TaskRow
from engine.store.timers import TimerRow

_DIGEST_BYTES = 12  # 96 bits: nobody finds a second row with the same digest


class Standing(NamedTuple):
    """How a step leaves the case itself."""

    version: int
    status: str
    outcome: str | None
    decided: Decided


def digest(data: bytes) -> str:
    """A short fingerprint of exact content."""
    return urlsafe_b64encode(sha256(data).digest()[:_DIGEST_BYTES]).decode()


def micro(at: datetime | None) -> int | None:
    """An instant as the whole number that the database keeps."""
    return None if at is None else (at - EPOCH) // MICROSECOND


def task_digest(row: TaskRow, clock: str | None) -> str:
    """Of all that never changes while a task is open; its due instant too where no clock governs it."""
    fixed = [
        row.key, row.element_id, row.name, row.name_en, row.region, row.candidates, row.separate_from,
        row.form_id, row.priority, micro(row.follow_up), clock,
    ]  # fmt: skip
    if clock is None:
        fixed += [micro(row.due), micro(row.yellow_at), micro(row.red_at), row.paused]
    return digest(canonical(fixed))


def timers_digest(rows: Iterable[TimerRow]) -> str:
    """Of all timers of a case as a step leaves them; what a worker's attempts move is left out."""
    kept = sorted(
        [row.id, row.kind, row.key, row.clock, micro(row.due), row.priority, json.loads(row.data)]
        for row in rows
    )
    return digest(canonical(kept))


def promise_digest(kind: str, type_: str, key: str | None, payload: bytes) -> str:
    """Of a promise in the outbox. `payload` is its plain JSON."""
    return digest(canonical([kind, type_, key]) + payload)


def notice_digest(row: Mapping[str, Any]) -> str:
    """Of all that never changes in the row of a notice; what it says is in its promise."""
    names = ("key", "recipient", "township")
    return digest(
        canonical([*(row[n] for n in names), *(micro(row[n]) for n in ("queued_at", "up_at", "down_at"))])
    )


def of_status(version: int, status: str, outcome: str | None) -> dict[str, Any]:
    """What a row says that changes nothing but the case's standing."""
    return {"case": [version, status, outcome]}


def of_holder(task: TaskRow, holder: str | None) -> dict[str, Any]:
    """What a row says that puts a task into somebody's hands."""
    return {"held": {show_id(task.id): holder}}


def of_step(work: Work, completed: str | None, standing: Standing, state: bytes | None) -> dict[str, Any]:
    """What a step's row says: the case's standing, and every derived row that it made, closed or left.

    `completed` is the key of the task that the actor did, `standing` is how the case comes out of it.
    """
    decided = standing.decided
    proof = of_status(standing.version, standing.status, standing.outcome)
    if decided != (work.row.decided_at, work.row.decision_due):
        proof["decided"] = [micro(decided.at), micro(decided.due)]
    if work.row.version == 0:
        proof["origin"] = [work.row.number, work.row.region, work.row.business_key]
    if work.accepted_now:
        proof["accepted"] = micro(work.accepted_at)
    if work.opened:
        proof["opened"] = {
            show_id(row.id): [row.element_id, task_digest(row, clock), row.assignee]
            for row, clock in work.opened
        }
    if work.closed:
        proof["closed"] = {show_id(row.id): micro(row.due) for row in work.closed}
        proof["done"] = next((show_id(row.id) for row in work.closed if row.key == completed), None)
    if work.clockwork.changed:
        proof["clocks"] = {
            name: digest(work.clockwork.clocks[name].to_json().encode()) for name in work.clockwork.changed
        }
    if work.outgoing:
        proof["promised"] = {
            show_id(item["id"]): promise_digest(item["kind"], item["type"], item["key"], item["payload"])
            for item in work.outgoing
        }
    if work.notices:
        proof["notified"] = {show_id(row["id"]): notice_digest(row) for row in work.notices}
    if work.taken_down:
        proof["taken_down"] = {show_id(found): why for found, why in work.taken_down.items()}
    proof["timers"] = timers_digest(work.live.timers.values())
    proof["state"] = None if state is None else digest(state)
    return proof
