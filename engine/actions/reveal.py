"""Show people's numbers in full to those who work on the case, and record who saw which, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.holding import eligibility
from engine.actions.personal import shown
from engine.actions.program import load_program
from engine.actions.record import get_variables
from engine.errors import FieldError, ForbiddenError, InputError
from engine.forms.privacy import mask_text
from engine.store import audit, cases, events, tasks
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.types import Actor

SHORTEST_REASON, LONGEST_REASON = 2, 500  # our default; no rule sets a length
_MISSING: Any = object()


def reveal(
    tx: Tx, *, case_id: int, fields: Sequence[str], reason: str, actor: Actor, at: datetime
) -> Mapping[str, Any]:
    """The plain values of masked variables; `members.id_number` names an entry of a list's rows.

    Raises NotFoundError, ForbiddenError, InputError (reason; fields that are not there or not masked).
    """
    reason = check_reason(reason)
    row = cases.load_for_update(tx, case_id=case_id).row
    access.require_sight(actor, row.region)
    _require_part(tx, row, actor)
    values = _masked_values(tx, row, fields, actor)
    seen = {"fields": list(values), "reason": mask_text(reason)}
    seq = row.seq + 1
    head = events.append(
        tx, case_id=row.id, seq=seq, previous=row.head, at=at, actor=actor.username,
        kind="data_revealed", data=seen,
    )  # fmt: skip
    cases.save_head(tx, row.id, seq, head)
    data = {"case": row.number, **seen}
    audit.append(tx, kind="data_revealed", actor=actor.username, data=data, at=at, region=row.region)
    return values


def check_reason(reason: str) -> str:
    """The reason without space around it; InputError unless it says something."""
    text = reason.strip()
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        zh = f"须说明查看完整信息的理由（{SHORTEST_REASON}至{LONGEST_REASON}字）"
        en = f"must say why the full data is needed ({SHORTEST_REASON} to {LONGEST_REASON} characters)"
        fault = FieldError(pointer="/reason", zh=zh, en=en)
        raise InputError(f"The reason {en}.", f"{zh}。", [fault])
    return text


def _require_part(tx: Tx, row: CaseRow, actor: Actor) -> None:
    """Supervisors, and those who have or had a task in this case; nobody else need know."""
    if access.may(actor, "person.reveal", row.region) or actor.username == row.opened_by:
        return
    if actor.username in tasks.list_hands(tx, row.id):
        return
    hats = [hat for _, hat in access.capacities(actor, row.process, row.region)]
    asked = [eligibility(row, task) for task in tasks.list_of_case(tx, row.id)]
    if any(asks.admits(hat) for asks in asked for hat in hats):
        return
    raise ForbiddenError(
        "Only those who have a task in this case, or supervise it, may see this in full.",
        "只有本案的办理人员或监督人员可以查看完整信息。",
        data={"permission": "person.reveal", "region": row.region},
    )


def _masked_values(tx: Tx, row: CaseRow, fields: Sequence[str], actor: Actor) -> dict[str, Any]:
    program = load_program(tx, row.process, row.definition_hash)
    variables = get_variables(tx, case_id=row.id, actor=actor)
    masked = shown(program, variables)
    found, faults = {}, []
    for number, name in enumerate(fields):
        value = _at(variables, name.split("."))
        if value is _MISSING:
            zh, en = f"案件中没有“{name}”", f"the case has no {name!r}"
        elif value == _at(masked, name.split(".")):
            zh, en = f"“{name}”未隐去", f"{name!r} is not masked"
        else:
            found[name] = value
            continue
        faults.append(FieldError(pointer=f"/fields/{number}", zh=mask_text(zh), en=mask_text(en)))
    if faults:
        raise InputError("Some of these fields cannot be revealed.", "部分字段无法查看。", faults)
    return found


def _at(value: Any, path: Sequence[str]) -> Any:
    """What stands at a path; in a list, what stands there in each row that has it."""
    if not path:
        return value
    if isinstance(value, list):
        rows = [found for row in value if (found := _at(row, path)) is not _MISSING]
        return rows or _MISSING
    if not isinstance(value, dict) or path[0] not in value:
        return _MISSING
    return _at(value[path[0]], path[1:])
