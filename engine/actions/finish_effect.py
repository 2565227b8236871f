"""An effect has been kept, or has failed: the case that waits for it hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.actions.answers import check_answers
from engine.actions.inside_job import Letter
from engine.actions.promises import promise_letter
from engine.actions.step import finish, plain
from engine.actions.troubles import open_incident
from engine.actions.work import Work, load_work
from engine.runtime import Failure
from engine.store import outbox
from engine.store.db import Tx
from engine.store.outbox import OutboxRow
from engine.types import SYSTEM


def finish_effect(
    tx: Tx,
    *,
    outbox_id: int,
    result: Mapping[str, Any],
    sink: str,
    at: datetime,
    facts: Mapping[str, Any] = MappingProxyType({}),
    letters: Sequence[Letter] = (),
) -> bool:
    """Record that an effect was kept and give its result to the case that waits for it.

    `facts` go on record beside the result, `letters` into the outbox for other cases. Returns False if
    it was finished or withdrawn meanwhile: a repetition changes nothing.
    """

    def act(work: Work, key: str) -> list[Failure]:
        work.facts.update(facts)
        element = next((job.element_id for job in work.instance.jobs() if job.key == key), "")
        for letter in letters:
            promise_letter(work, letter, element)
        return work.instance.finish_job(key, _values(work, result))

    return _settle(tx, outbox_id, at, sink, act)


def throw_effect_error(tx: Tx, *, outbox_id: int, code: str, message: str, sink: str, at: datetime) -> bool:
    """The effect answered with a BPMN error: the process catches it, or it becomes an incident."""
    return _settle(tx, outbox_id, at, sink, lambda work, key: work.instance.throw_error(key, code, message))


def _settle(tx: Tx, outbox_id: int, at: datetime, sink: str, act: Any) -> bool:
    item = outbox.find_item(tx, outbox_id)
    if item is None or item.finished_at is not None:
        return False
    if item.key is None:
        outbox.finish_items(tx, [item.id], at, sink)
        return True
    work = load_work(tx, case_id=item.case_id, actor=SYSTEM, at=at)
    if item.key not in work.live.jobs:
        return False
    failures = act(work, item.key)
    if any(job.key == item.key for job in work.instance.jobs()):
        _leave_to_operator(work, item, failures[0])
    else:
        del work.live.jobs[item.key]
        outbox.finish_items(tx, [item.id], at, sink)
        finish(work, "job_finished", failures, {"job": item.type, "sink": sink})
    return True


def _values(work: Work, result: Mapping[str, Any]) -> dict[str, Any]:
    values = check_answers(None, result, {}, work.host.env)
    if values:
        work.facts["result"] = plain(values)
    return values


def _leave_to_operator(work: Work, item: OutboxRow, failure: Failure) -> None:
    outbox.postpone(work.tx, item.id, None, attempts=item.attempts)
    open_incident(work, "effect", str(item.id), failure)
    finish(work, "job_failed", [], {"job": item.type, "message": failure.zh})
