"""Turns failures into incidents: what failed, why, how often; closed again when it has succeeded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.actions.work import Work
from engine.forms.privacy import mask_text
from engine.runtime import Failure
from engine.store import incidents
from engine.store.ids import new_id


def record_failures(work: Work) -> None:
    """Open an incident for every element that failed in this step, or count it once more."""
    if not work.failures:
        return
    known = {row.key: row for row in incidents.list_open(work.tx, work.row.id) if row.kind == "element"}
    for failure in work.failures:
        row = known.get(failure.key)
        if row is None:
            open_incident(work, "element", failure.key, failure)
            continue
        _note(work, failure)
        incidents.repeat_incident(
            work.tx, row.id, zh=mask_text(failure.zh), en=mask_text(failure.en), code=failure.code
        )


def open_incident(work: Work, kind: str, key: str, failure: Failure) -> None:
    """Open an incident of the case."""
    _note(work, failure)
    incidents.add_incident(work.tx, incident_row(work.row.id, kind, key, failure, work.at))
    work.has_incident = True


def incident_row(case_id: int, kind: str, key: str, failure: Failure, at: datetime) -> dict[str, Any]:
    """A new incident as the store keeps it."""
    return {
        "id": new_id(at),
        "case_id": case_id,
        "kind": kind,
        "key": key,
        "element_id": failure.element_id,
        "code": failure.code,
        "zh": mask_text(failure.zh[:2000]),
        "en": mask_text(failure.en[:2000]),
        "attempts": 1,
        "at": at,
    }


def _note(work: Work, failure: Failure) -> None:
    work.note("incidents", {"element": failure.element_id, "code": failure.code, "zh": failure.zh})


def close_incidents(
    work: Work, *, but: frozenset[str] = frozenset(), kind: str | None = None, only: int | None = None
) -> None:
    """Close the open incidents of the case: all, those of a kind, or one; not those whose key is in `but`."""
    rows = incidents.list_open(work.tx, work.row.id)
    closed = [
        row.id for row in rows if row.key not in but and kind in (None, row.kind) and only in (None, row.id)
    ]
    incidents.close_incidents(work.tx, closed, at=work.at, by=work.actor.username)
    work.has_incident = len(closed) < len(rows)
