"""Messages between cases: written with the sender's step, delivered under the receiver's lock alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import feel
from engine.actions.answers import check_answers
from engine.actions.inside_job import InsideJob, Letter
from engine.actions.step import finish, plain
from engine.actions.work import load_work
from engine.errors import ConflictError, NotFoundError
from engine.store.db import Tx
from engine.store.ids import read_id, show_id
from engine.types import SYSTEM


def deliver(tx: Tx, job: InsideJob, at: datetime) -> Mapping[str, Any]:
    """Perform a letter out of the outbox of the case that wrote it."""
    said = job.variables
    letter = Letter(
        to=read_id(said["to"]),
        message=said["message"],
        payload=said["payload"],
        correlation=said["correlation"],
    )
    hand_over(tx, letter, sender=job.case_id, at=at)
    return {}


def hand_over(tx: Tx, letter: Letter, *, sender: int, at: datetime) -> bool:
    """Tell a case; False if it is closed, gone, or does not wait for this: no fault of anybody's."""
    try:
        work = load_work(tx, case_id=letter.to, actor=SYSTEM, at=at)
    except (ConflictError, NotFoundError):
        return False
    values = check_answers(None, letter.payload, {}, work.host.env)
    if not work.instance.message(letter.message, values, feel.to_feel(letter.correlation)):
        return False
    facts = {"message": letter.message, "payload": plain(values), "from": show_id(sender)}
    finish(work, "message_received", work.instance.failures, facts)
    return True
