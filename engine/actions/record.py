"""A case's whole record and its variables, for those who check them: scenarios, exports, the verifier."""

from __future__ import annotations

from typing import Any

from engine import access, feel
from engine.actions.personal import shown
from engine.actions.program import CaseHost, Program, load_program
from engine.actions.views import EventView
from engine.runtime import Instance
from engine.store import cases, events
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.store.events import EventRow
from engine.types import Actor


def show_event(row: EventRow, program: Program | None = None) -> EventView:
    """A row of history with its hash in hexadecimal; with the case's program, people's numbers masked.

    The hash is always that of the row as it is kept.
    """
    data = row.data if program is None else shown(program, row.data)
    return EventView(seq=row.seq, at=row.at, actor=row.actor, kind=row.kind, data=data, hash=row.hash.hex())


def get_record(tx: Tx, *, case_id: int, actor: Actor, plain: bool = True) -> list[EventView]:
    """Everything that happened in a case, oldest first; unless `plain`, people's numbers are masked.

    Raises NotFoundError outside the actor's sight.
    """
    row, _ = cases.get_case(tx, case_id)
    access.require_sight(actor, row.region)
    program = None if plain else load_program(tx, row.process, row.definition_hash)
    return [show_event(event, program) for event in events.list_events(tx, case_id)]


def get_variables(tx: Tx, *, case_id: int, actor: Actor) -> dict[str, Any]:
    """The process variables as JSON: as they stand, or in a closed case as they were at the end."""
    row, _, state = cases.get_case_with_state(tx, case_id)
    access.require_sight(actor, row.region)
    if state is None:
        return _final_variables(tx, row)
    program = load_program(tx, row.process, row.definition_hash)
    instance = Instance.load(program.processes, row.process, state, CaseHost(program, row.number))
    return {name: feel.from_feel(value) for name, value in instance.variables.items()}


def _final_variables(tx: Tx, row: CaseRow) -> dict[str, Any]:
    """Those of the row that closed the case: what was looked at later stands behind it."""
    for seq in range(row.seq, 0, -1):
        event = events.list_events(tx, row.id, after=seq - 1, limit=1)[0]
        if "variables" in event.data:
            found: dict[str, Any] = event.data["variables"]
            return found
    return {}
