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
from engine.store import households
from engine.store.db import Tx
from engine.store.ids import read_id, show_id
from engine.types import SYSTEM


def deliver(tx: Tx, job: InsideJob, at: datetime) -> Mapping[str, Any]:
    """Perform a letter out of the outbox of the case that wrote it."""
    said = job.variables
    letter = Letter(
        to=None if said["to"] is None else read_id(said["to"]),
        message=said["message"],
        payload=said["payload"],
        correlation=said["correlation"],
    )
    hand_over(tx, letter, sender=job.case_id, at=at)
    return {}


def hand_over(tx: Tx, letter: Letter, *, sender: int, at: datetime) -> None:
    """Tell the case, or all those of the household in the order of their ids: one order for all locks."""
    if letter.to is not None:
        _tell(tx, letter.to, letter, sender, at)
        return
    file_id = households.find_of_case(tx, sender)
    for other in households.list_cases(tx, file_id, only_open=True) if file_id is not None else ():
        if other.id != sender:
            _tell(tx, other.id, letter, sender, at)


def _tell(tx: Tx, case_id: int, letter: Letter, sender: int, at: datetime) -> None:
    """Nothing happens if it is closed, gone, or does not wait for this: that is nobody's fault."""
    try:
        work = load_work(tx, case_id=case_id, actor=SYSTEM, at=at)
    except (ConflictError, NotFoundError):
        return
    values = check_answers(None, letter.payload, {}, work.host.env)
    if not work.instance.message(letter.message, values, feel.to_feel(letter.correlation)):
        return
    facts = {"message": letter.message, "payload": plain(values)}
    if letter.to is not None:
        facts["from"] = show_id(sender)  # of a household's others, nobody learns that they are there
    finish(work, "message_received", work.instance.failures, facts)
