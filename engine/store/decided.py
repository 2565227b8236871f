"""Which cases of a region were decided within a time, for those who look at decisions afterwards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, or_, select

from engine.store.db import Tx
from engine.store.tables import cases, process_versions, recusals


class DecidedCase(NamedTuple):
    """A case that was decided; `relatives` says whether it has relatives of the household on file."""

    id: int
    number: str
    region: str
    process: str
    outcome: str | None  # none while what follows the decision goes on
    relatives: bool


def list_decided(
    tx: Tx,
    *,
    region: str,
    processes: Collection[str],
    outcomes: Collection[str],
    since: datetime,
    until: datetime,
) -> list[DecidedCase]:
    """Cases below a region decided from `since` on and before `until`, by number.

    Those that ended must have one of the outcomes; a case may be decided and still wait to be published.
    """
    filed = exists().where(recusals.c.case_id == cases.c.id)
    query = (
        select(cases.c.id, cases.c.number, cases.c.region, process_versions.c.key, cases.c.outcome, filed)
        .join(process_versions)
        .where(
            cases.c.region.startswith(region, autoescape=True),
            process_versions.c.key.in_(processes),
            or_(cases.c.outcome.is_(None), cases.c.outcome.in_(outcomes)),
            cases.c.decided_at >= since,
            cases.c.decided_at < until,
        )
        .order_by(cases.c.number)
    )
    return [DecidedCase._make(row) for row in tx.execute(query)]
