"""Put a failed case right: repair variables if need be, and try again what failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import access
from engine.actions.answers import check_answers
from engine.actions.personal import put_back
from engine.actions.refusals import name_of
from engine.actions.step import begin, finish, plain
from engine.actions.troubles import close_incidents
from engine.actions.views import CaseView
from engine.errors import ConflictError
from engine.store import incidents, outbox, timers
from engine.store.db import Tx
from engine.types import Actor


def retry_incident(
    tx: Tx, *, incident_id: int, variables: Mapping[str, Any] | None, actor: Actor, at: datetime
) -> CaseView:
    """Write the repaired variables, then run again what failed in the case.

    Raises NotFoundError, ForbiddenError, ConflictError (closed already, by whom).
    """
    incident = incidents.get_incident(tx, incident_id)
    work = begin(tx, case_id=incident.case_id, actor=actor, at=at)
    access.require(actor, "incident.retry", work.row.region)
    incident = incidents.get_incident(tx, incident_id)
    if incident.closed_at is not None:
        who = name_of(tx, incident.closed_by or "", incident.closed_at)
        raise ConflictError(f"The incident was put right by {who} already.", f"该异常已由{who}处理。")
    facts: dict[str, Any] = {"element": incident.element_id}
    if variables:
        variables = put_back(tx, work.program, variables, work.instance.variables, None)
        values = check_answers(None, variables, {}, work.host.env)
        work.instance.set_variables(values)
        facts["variables"] = plain(values)
    if incident.kind == "element":
        failures = work.instance.run()
        close_incidents(work, kind="element", but=frozenset(failure.key for failure in failures))
        return finish(work, "incident_retried", failures, facts)
    revive = timers.revive if incident.kind == "timer" else outbox.revive
    revive(tx, int(incident.key), at)
    close_incidents(work, only=incident.id)
    return finish(work, "incident_retried", [], facts)
