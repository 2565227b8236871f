"""An item of the worker failed: it backs off, and after too many attempts it becomes an incident.

Nothing here loads the case's instance: it may be the very thing that fails.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from engine.actions.proof import of_status
from engine.actions.troubles import incident_row
from engine.errors import EngineError
from engine.runtime import Failure
from engine.store import cases, events, incidents, outbox, timers
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.types import SYSTEM

MAX_ATTEMPTS = 5  # an engineering bound: a quarter of an hour of trying, then a person looks
_FIRST_WAIT = timedelta(minutes=1)


def postpone_timer(tx: Tx, *, timer_id: int, error: Exception, at: datetime) -> None:
    """Count a failed attempt to fire a timer."""
    row = timers.find_timer(tx, timer_id)
    if row is None:
        return
    case = cases.load_for_update(tx, case_id=row.case_id).row
    row = timers.find_timer(tx, timer_id)  # as it is now that nobody else can touch the case
    if row is None:
        return
    if row.attempts + 1 < MAX_ATTEMPTS:
        timers.postpone(tx, row.id, at + wait_after(row.attempts))
        return
    timers.postpone(tx, row.id, None)
    _give_up(tx, case, "timer", row.id, json.loads(row.data)["element"], error, at)


def postpone_effect(tx: Tx, *, outbox_id: int, attempts: int, error: Exception, at: datetime) -> None:
    """Put off a promise that could not be kept, after so many attempts."""
    item = outbox.find_item(tx, outbox_id)
    if item is None:
        return
    case = cases.load_for_update(tx, case_id=item.case_id).row
    item = outbox.find_item(tx, outbox_id)
    if item is None or item.finished_at is not None:
        return
    if attempts < item.retries:
        outbox.postpone(tx, item.id, at + wait_after(attempts - 1), attempts=attempts)
        return
    outbox.postpone(tx, item.id, None, attempts=attempts)
    element = json.loads(item.payload).get("element", item.type)
    _give_up(tx, case, "effect", item.id, element, error, at)


def wait_after(attempts: int) -> timedelta:
    """Exponential back-off: 1, 2, 4, 8 … minutes."""
    return _FIRST_WAIT * float(2 ** min(attempts, 10))


def _give_up(
    tx: Tx, case: CaseRow, kind: str, item_id: int, element: str, error: Exception, at: datetime
) -> None:
    """Open an incident and record it; a closed case stays closed, its incident shows the failure."""
    zh, en = _describe(error)
    code = getattr(error, "code", "engine-fault")
    failure = Failure(element_id=element, key=str(item_id), zh=zh, en=en, code=code)
    incidents.add_incident(tx, incident_row(case.id, kind, failure.key, failure, at))
    status = case.status if case.closed_at else "incident"
    facts = {
        "incidents": [{"element": element, "code": code, "zh": zh}],
        events.PROOF: of_status(case.version + 1, status, case.outcome),
    }
    head = events.append(
        tx, case_id=case.id, seq=case.seq + 1, previous=case.head, at=at, actor=SYSTEM.username,
        kind=f"{kind}_failed", data=facts,
    )  # fmt: skip
    cases.save_status(tx, case.id, status=status, version=case.version + 1, seq=case.seq + 1, head=head)


def _describe(error: Exception) -> tuple[str, str]:
    """What to tell an operator, in Chinese and English."""
    if isinstance(error, EngineError):
        return error.zh, error.en
    text = f"{type(error).__name__}: {error}"[:500]
    return f"系统处理失败（{text}）", text
