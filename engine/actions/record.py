"""A case's whole record and its variables, for those who check them: scenarios, exports, the verifier."""

from __future__ import annotations

from typing import Any

from engine import access, feel
from engine.actions.program import CaseHost, load_program
from engine.actions.views import EventView
from engine.runtime import Instance
from engine.store import cases, events
from engine.store.db import Tx
from engine.store.events import EventRow
from engine.types import Actor


def show_event(row: EventRow) -> EventView:
    """A row of history with its hash in hexadecimal."""
    return EventView(
        seq=row.seq, at=row.at, actor=row.actor, kind=row.kind, data=row.data, hash=row.hash.hex()
    )


def get_record(tx: Tx, *, case_id: int, actor: Actor) -> list[EventView]:
    """Everything that happened in a case, oldest first. Raises NotFoundError outside the actor's sight."""
    row, _ = cases.get_case(tx, case_id)
    access.require_sight(actor, row.region)
    return [show_event(event) for event in events.list_events(tx, case_id)]


def get_variables(tx: Tx, *, case_id: int, actor: Actor) -> dict[str, Any]:
    """The process variables as JSON: as they stand, or in a closed case as they were at the end."""
    row, _, state = cases.get_case_with_state(tx, case_id)
    access.require_sight(actor, row.region)
    if state is None:
        last = events.list_events(tx, case_id, after=row.seq - 1)[-1]
        found: dict[str, Any] = last.data.get("variables", {})
        return found
    program = load_program(tx, row.process, row.definition_hash)
    instance = Instance.load(program.processes, row.process, state, CaseHost(program))
    return {name: feel.from_feel(value) for name, value in instance.variables.items()}
