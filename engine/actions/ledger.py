"""The inside job `ledger`: a case commits, pays or returns money of its county's fund, once per job.

It is done in the transaction that finishes the job; the job's own id stands in the entry under a unique
constraint, and the history row of the job names the entry, so that `verify` can lay one beside the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.actions.fund_kinds import bad_field
from engine.actions.funds import post_entry
from engine.store import outbox
from engine.store.db import Tx
from engine.store.ids import show_id

JOB = "ledger"
_LONGEST = 500


def enter(
    tx: Tx,
    *,
    case_id: int,
    region: str,
    element_id: str,
    variables: Mapping[str, Any],
    job: int | None,
    at: datetime,
) -> dict[str, Any]:
    """Make the entry that the job's inputs `fund`, `entry`, `amount` and `note` ask for.

    Returns `ledger`, which names the entry. Raises FundExhaustedError, InputError by field; also for a job
    that its case does not wait for (a send task), since no row of history would tell of the entry.
    """
    item = outbox.find_item(tx, job) if job is not None else None
    if item is not None and item.key is None:
        zh, en = "记账须用服务任务，不能用发送任务", "the ledger is a service task, never a send task"
        raise bad_field("type", zh, en)
    entry = post_entry(
        tx,
        region=region,
        key=_text(variables, "fund"),
        kind=_text(variables, "entry"),
        amount=_fen(variables.get("amount")),
        case_id=case_id,
        element=element_id,
        job=job,
        note=str(variables.get("note") or "")[:_LONGEST],
        at=at,
    )
    fund = str(variables["fund"])
    return {JOB: {"id": show_id(entry.id), "fund": fund, "entry": entry.kind, "amount": entry.amount}}


def _text(variables: Mapping[str, Any], name: str) -> Any:
    value = variables.get(name)
    if not isinstance(value, str) or not value:
        raise bad_field(name, f"记账任务缺少输入“{name}”", f"the ledger job lacks its input {name!r}")
    return value


def _fen(value: Any) -> int:
    """Whole fen; a fraction of a fen is a mistake in the diagram, never rounded."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise bad_field(
            "amount", f"金额“{value}”不是整数分", f"the amount {value!r} is no whole number of fen"
        )
    return int(value)
