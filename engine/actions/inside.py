"""Jobs done inside the database: the worker performs them in the transaction that finishes the job.

So they happen exactly once: either the other case is open and this one knows it, or neither. What a
handler refuses with a `BusinessError` is undone as a whole and thrown into the case that asked.

Locks. A transaction changes one case that others can see. A job that its case waits for runs under the
lock of that case, and may make new cases (which nobody else can have locked) but reaches no other one:
what it has to say to others it leaves as letters in its own outbox. A letter, as everything that
nobody waits for, is taken in one transaction and delivered in a second, which locks the receiver alone.
So no two transactions can wait for each other's case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.actions import funds, households, ledger, letters, links, sampling
from engine.actions.finish_effect import finish_effect
from engine.actions.inside_job import LETTER, InsideJob
from engine.errors import BusinessError
from engine.store import cases, outbox
from engine.store.db import Tx
from engine.store.outbox import OutboxRow

Handler = Callable[[Tx, InsideJob, datetime], Mapping[str, Any]]


def _ledger(tx: Tx, job: InsideJob, at: datetime) -> Mapping[str, Any]:
    try:
        return ledger.enter(
            tx, case_id=job.case_id, region=job.region, element_id=job.element_id, variables=job.variables,
            job=job.id, at=at,
        )  # fmt: skip
    except funds.FundExhaustedError as error:
        raise BusinessError(error.code, error.zh) from error


INSIDE: Mapping[str, Handler] = MappingProxyType(
    {
        "open-case": links.open_linked_case,
        "propose-reviews": households.propose_reviews,
        "tell-case": links.tell_case,
        "ledger": _ledger,
        "draw-sample": sampling.draw_sample,
        "recall-decision": sampling.recall_decision,
        LETTER: letters.deliver,
    }
)
"""Handlers by job type, those of `inside_job.TYPES` and letters: `(tx, job, at) -> variables`."""


def perform_inside(tx: Tx, item: OutboxRow, *, at: datetime) -> None:
    """Do the job and finish it. Raises BusinessError, after which the transaction must be given up."""
    payload = json.loads(item.payload)
    case, _ = cases.get_case(tx, item.case_id)
    job = InsideJob(
        id=item.id,
        case_id=item.case_id,
        region=case.region,
        element_id=payload["element"],
        variables=payload["variables"],
        headers=payload["headers"],
        key=item.key,
    )
    if item.key is None and not outbox.finish_once(tx, item.id, at, item.type):
        return  # somebody else has done it since we took it
    result = INSIDE[item.type](tx, job, at)
    if item.key is not None:
        finish_effect(
            tx, outbox_id=item.id, result=result, sink=item.type, at=at, facts=job.facts, letters=job.letters
        )
    else:
        for letter in job.letters:
            letters.hand_over(tx, letter, sender=job.case_id, at=at)
