"""What an operator needs to put an incident right: what failed, in which case, and the case's variables.

Reads only; `retry_incident` does what was decided. Personal numbers are masked, and what comes back
masked is put back as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import access, feel
from engine.actions.personal import shown
from engine.actions.program import CaseHost, load_program
from engine.actions.reading import show_incident
from engine.actions.views import IncidentView
from engine.runtime import Instance
from engine.store import cases, incidents
from engine.store.db import Tx
from engine.types import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """An incident with its case. `case_open` is False where the case has ended; then nothing can be done."""

    incident: IncidentView
    process: str
    element: str
    element_en: str
    case_open: bool
    may_retry: bool
    variables: Mapping[str, Any]


def get_repair(tx: Tx, *, incident_id: int, actor: Actor) -> Repair:
    """The incident, where the actor may see its case; variables only for who may repair. NotFoundError."""
    row = incidents.get_incident(tx, incident_id)
    case, _revision, state = cases.get_case_with_state(tx, row.case_id)
    access.require_sight(actor, case.region, case.id)
    program = load_program(tx, case.process, case.definition_hash)
    may_retry = access.may(actor, "incident.retry", case.region) and state is not None
    known: dict[str, Any] = {}
    if may_retry and state is not None:
        host = CaseHost(program, case.number)
        known = feel.from_feel(dict(Instance.load(program.processes, case.process, state, host).variables))
    node = program.nodes.get(row.element_id)
    name = (node.name if node else "") or row.element_id
    return Repair(
        incident=show_incident(row, case),
        process=case.process,
        element=name,
        element_en=(node.properties.get("titleEn") if node else None) or "",
        case_open=state is not None and case.closed_at is None,
        may_retry=may_retry and row.closed_at is None,
        variables=shown(program, known),
    )
