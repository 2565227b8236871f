"""What the end that a case came to is called: in the diagram's own words, not by its key."""

from __future__ import annotations

from engine.actions.program import Program
from engine.actions.reading import read_case
from engine.store.db import Tx
from engine.types import Actor


def outcome_words(outcome: str | None, program: Program) -> tuple[str, str] | None:
    """The name of the end event with this outcome, in Chinese and English; None while there is none."""
    if outcome is None:
        return None
    for node in program.nodes.values():
        if node.kind == "endEvent" and outcome in (node.properties.get("outcome"), node.element_id):
            zh = " ".join(node.name.split()) or outcome
            return zh, node.properties.get("titleEn") or zh
    return outcome, outcome


def get_outcome(tx: Tx, *, case_id: int, actor: Actor) -> tuple[str, str] | None:
    """How a case ended that the actor may see; NotFoundError otherwise."""
    row, _clockwork, program = read_case(tx, case_id, actor)
    return outcome_words(row.outcome, program)
