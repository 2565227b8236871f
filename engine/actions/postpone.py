"""An item of the worker failed: it backs off, and after too many attempts it becomes an incident."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.actions.step import finish
from engine.actions.troubles import open_incident
from engine.actions.work import Work, load_work
from engine.errors import EngineError
from engine.runtime import Failure
from engine.store import outbox, timers
from engine.store.db import Tx
from engine.types import SYSTEM

MAX_ATTEMPTS = 5  # an engineering bound: about half an hour of trying, then a person looks
_FIRST_WAIT = timedelta(minutes=1)


def postpone_timer(tx: Tx, *, timer_id: int, error: Exception, at: datetime) -> None:
    """Count a failed attempt to fire a timer."""
    row = timers.find_timer(tx, timer_id)
    if row is None:
        return
    work = load_work(tx, case_id=row.case_id, actor=SYSTEM, at=at)
    if row.attempts + 1 < MAX_ATTEMPTS:
        timers.postpone(tx, row.id, at + wait_after(row.attempts))
        return
    timers.postpone(tx, row.id, None)
    _give_up(work, "timer", row.id, row.key, error)


def postpone_effect(tx: Tx, *, outbox_id: int, attempts: int, error: Exception, at: datetime) -> None:
    """Put off a promise that could not be kept, after so many attempts."""
    item = outbox.find_item(tx, outbox_id)
    if item is None or item.finished_at is not None:
        return
    if attempts < item.retries:
        outbox.postpone(tx, item.id, at + wait_after(attempts - 1), attempts=attempts)
        return
    outbox.postpone(tx, item.id, None, attempts=attempts)
    if item.key is None:
        return  # a notice: nobody waits for it, and the case may be closed; the item itself shows the failure
    work = load_work(tx, case_id=item.case_id, actor=SYSTEM, at=at)
    _give_up(work, "effect", item.id, item.type, error)


def wait_after(attempts: int) -> timedelta:
    """Exponential back-off: 1, 2, 4, 8 … minutes."""
    return _FIRST_WAIT * float(2 ** min(attempts, 10))


def _give_up(work: Work, kind: str, item_id: int, what: str, error: Exception) -> None:
    zh, en = describe(error)
    failure = Failure(
        element_id=what, key=str(item_id), zh=zh, en=en, code=getattr(error, "code", "engine-fault")
    )
    open_incident(work, kind, str(item_id), failure)
    finish(work, f"{kind}_failed", [], {kind: what, "message": zh})


def describe(error: Exception) -> tuple[str, str]:
    """What to tell an operator, in Chinese and English."""
    if isinstance(error, EngineError):
        return error.zh, error.en
    text = f"{type(error).__name__}: {error}"[:500]
    return f"系统处理失败（{text}）", text
