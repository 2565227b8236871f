"""Money against the record: every entry beside the case that made it, every total beside its entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.actions.faults import Fault, fault_of
from engine.actions.ledger import JOB
from engine.store import funds
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.events import EventRow
from engine.store.ids import show_id


def verify_entries(tx: Tx, row: CaseRow, rows: Sequence[EventRow]) -> Iterator[Fault]:
    """What a case's history says of money, and the entries there are: each must have the other."""
    told = {said["id"]: (event.seq, said) for event in rows if (said := _said(event)) is not None}
    for entry in funds.list_of_case(tx, row.id):
        seq, said = told.pop(show_id(entry.id), (None, None))
        if said is None:
            zh, en = f"资金记账{show_id(entry.id)}不在记录之内", f"entry {show_id(entry.id)} is not on record"
            yield fault_of(row, "fund", None, zh, en)
        elif (said["entry"], said["amount"]) != (entry.kind, entry.amount):
            zh = f"资金记账{show_id(entry.id)}与记录不符"
            yield fault_of(row, "fund", seq, zh, f"entry {show_id(entry.id)} is not the one on record")
    for id_, (seq, _) in told.items():
        yield fault_of(row, "fund", seq, f"资金记账{id_}不见了", f"entry {id_} is gone")


def verify_totals(tx: Tx) -> Iterator[Fault]:
    """A fund holds what its entries add up to, without a gap, and never promises more than it has."""
    for fund in funds.list_funds(tx, scope=("",)):
        count, last, budget, committed, paid = funds.add_up(tx, fund.id)
        if (count, last, budget, committed, paid) != (
            fund.entries, fund.entries, fund.budget, fund.committed, fund.paid,
        ):  # fmt: skip
            zh = f"{fund.county}{fund.year}年度资金“{fund.key}”的总额与分录不符。"
            en = (
                f"The totals of the fund {fund.key!r} of {fund.county}, {fund.year}, differ from its entries."
            )
            yield Fault(kind="fund", zh=zh, en=en)


def _said(event: EventRow) -> dict[str, Any] | None:
    """What a row of history says of an entry, or None."""
    if event.kind != "job_finished" or event.data.get("job") != JOB:
        return None
    found = (event.data.get("result") or {}).get(JOB)
    return found if isinstance(found, dict) and "id" in found else None
