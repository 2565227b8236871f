"""Put a case to the coordination group (一事一议): opens a case of the group that belongs to it.

A supervisor or the group's office does so where a case is stuck; processes do it by themselves with the
job `open-case`. Refuses a closed case, one that the group has before it already, and the group's own cases.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import access
from engine.actions.open_case import open_case
from engine.actions.refusals import closed_error
from engine.actions.views import CaseView
from engine.errors import ConflictError
from engine.store import cases, events, links
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.types import Actor

PROCESS = "coordination"
LINK = "coordination"
CONVENED = "coordination_convened"


class AlreadyConvenedError(ConflictError):
    """The group has this case before it already."""

    code = "already-convened"
    default_zh = "协调小组正在议本案。"


def convene(
    tx: Tx, *, case_id: int, question: str, urgency: str, reason: str, actor: Actor, at: datetime
) -> CaseView:
    """Open the group's case and show it; the answers are judged by its start form.

    Changes nothing that anybody works on: the case goes on, and gets the message `case-ended` in the end.

    Raises NotFoundError, ConflictError (closed), AlreadyConvenedError, ForbiddenError, AnswersError.
    """
    row = cases.load_for_update(tx, case_id=case_id).row
    access.require_sight(actor, row.region)
    if row.closed_at is not None:
        raise closed_error(row)
    absent = access.require(actor, "coordination.convene", row.region, row.process)
    if is_before_group(tx, row):
        raise AlreadyConvenedError(
            f"The coordination group has case {row.number} before it already.",
            f"协调小组正在议案件{row.number}，请等待议定结果。",
        )
    opened = open_case(
        tx,
        process=PROCESS,
        region=row.region,
        answers={
            "subject": f"{row.process_name}：{row.number}",
            "question": question,
            "urgency": urgency,
            "reason": reason,
            "source_case_number": row.number,
        },
        actor=actor,
        at=at,
        opener=(row.id, LINK),
    )
    data: dict[str, Any] = {"links": [[opened.id, LINK]], events.PROOF: {"promised": {}}}
    if absent is not None:
        data["for"] = absent
    seq = row.seq + 1
    head = events.append(
        tx, case_id=row.id, seq=seq, previous=row.head, at=at, actor=actor.username, kind=CONVENED, data=data
    )
    cases.save_head(tx, row.id, seq, head)
    return opened


def is_before_group(tx: Tx, row: CaseRow) -> bool:
    """Whether the group has the case before it, opened by hand or by the case; its own cases always are."""
    if row.process.startswith(PROCESS):
        return True
    opened = [link.case_id for link in links.list_links(tx, row.id) if link.opener_id == row.id]
    others = (cases.get_case(tx, case_id)[0] for case_id in opened)
    return any(other.process == PROCESS and other.closed_at is None for other in others)
