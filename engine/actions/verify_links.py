"""Links between cases against the record: each stands in the histories of both its cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.actions.faults import Fault, fault_of
from engine.store import links
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.events import EventRow
from engine.store.ids import show_id


def verify_links(tx: Tx, row: CaseRow, rows: Sequence[EventRow]) -> Iterator[Fault]:
    """What a case's history says of cases that it opened or was opened by, and the links there are."""
    told = {(other, opened): (link, event.seq) for event in rows for other, opened, link in _said(event)}
    for link in links.list_links(tx, row.id):
        opened = link.opener_id == row.id
        other = show_id(link.case_id if opened else link.opener_id)
        said, seq = told.pop((other, opened), (None, None))
        if said is None:
            zh, en = f"与案件{other}的关联不在记录之内", f"the link to case {other} is not on record"
            yield fault_of(row, "link", None, zh, en)
        elif said != link.link:
            zh, en = f"与案件{other}的关联与记录不符", f"the link to case {other} is not the one on record"
            yield fault_of(row, "link", seq, zh, en)
    for (other, _), (_, seq) in told.items():
        yield fault_of(row, "link", seq, f"与案件{other}的关联不见了", f"the link to case {other} is gone")


def _said(event: EventRow) -> Iterator[tuple[str, bool, str]]:
    """The other case, whether it was opened from here, and what the link is."""
    if "opener" in event.data and event.kind == "case_opened":
        other, link = event.data["opener"]
        yield other, False, link
    if event.kind == "job_finished":
        for other, link in event.data.get("links", ()):
            yield other, True, link
