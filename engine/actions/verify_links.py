"""Links between cases against the record: each stands in the histories of both its cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.actions.convene import CONVENED
from engine.actions.faults import Fault, fault_of
from engine.store import households, links
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


def verify_household(tx: Tx, row: CaseRow, rows: Sequence[EventRow]) -> Iterator[Fault]:
    """The household file that a case's history put it into is the one it is in."""
    told = [(event.data["household"], event.seq) for event in rows if "household" in event.data]
    said, seq = told[0] if told else (None, None)
    file_id = households.find_of_case(tx, row.id)
    found = None if file_id is None else show_id(file_id)
    if found != said or len(told) > 1:
        zh, en = "所入家庭档案与记录不符", "it is not in the household file that is on record"
        yield fault_of(row, "link", seq, zh, en)


def _said(event: EventRow) -> Iterator[tuple[str, bool, str]]:
    """The other case, whether it was opened from here, and what the link is."""
    if "opener" in event.data and event.kind == "case_opened":
        other, link = event.data["opener"]
        yield other, False, link
    if event.kind in ("job_finished", CONVENED):
        for other, link in event.data.get("links", ()):
            yield other, True, link
