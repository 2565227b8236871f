"""What a person may do with a case as it stands: withdraw, convene, message, pause and so on, by asking.

Nothing is granted here: the actions check again. A page offers only what would not be refused at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine import access
from engine.actions.clockwork import Clockwork
from engine.actions.convene import is_before_group
from engine.actions.program import CaseHost, Program
from engine.actions.reading import read_case
from engine.clocks import Limit
from engine.runtime import Instance
from engine.store import cases
from engine.store.cases import CaseRow
from engine.store.db import Tx
from engine.types import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A clock that could be extended, the limit (its parameter key) and the legal grounds for it."""

    clock: str
    limit: str
    amount: int
    unit: str
    source: str
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A message that the case waits for, called as the element that waits."""

    message: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChoices:
    """`messages` are those that the case waits for now; clocks go by their names."""

    withdraw: bool
    convene: bool
    messages: tuple[Awaited, ...]
    pause: tuple[str, ...]
    resume: tuple[str, ...]
    extend: tuple[Extension, ...]


def get_choices(tx: Tx, *, case_id: int, actor: Actor) -> CaseChoices:
    """What the actor may do with the case; nothing in a closed one. NotFoundError out of sight."""
    row, clockwork, program = read_case(tx, case_id, actor)

    def may(permission: str) -> bool:
        return row.closed_at is None and access.may(actor, permission, row.region, row.process)

    states = {
        name: clockwork.deadline(name).state for name in clockwork.clocks if name in program.clock_limits
    }
    running = tuple(name for name, state in states.items() if state == "running")
    return CaseChoices(
        withdraw=may("case.withdraw"),
        convene=may("coordination.convene") and not is_before_group(tx, row),
        messages=_messages(tx, row, program) if may("case.message") else (),
        pause=running if may("clock.pause") else (),
        resume=tuple(n for n, s in states.items() if s == "paused") if may("clock.resume") else (),
        extend=tuple(_extensions(row, clockwork, program, running)) if may("clock.extend") else (),
    )


def _messages(tx: Tx, row: CaseRow, program: Program) -> tuple[Awaited, ...]:
    _row, _revision, state = cases.get_case_with_state(tx, row.id)
    if state is None:
        return ()
    instance = Instance.load(program.processes, row.process, state, CaseHost(program, row.number))
    found: dict[str, Awaited] = {}
    for waiting in instance.messages():
        if waiting.correlation is None:  # what speaks of another case comes from that case, not from a person
            node = program.nodes.get(waiting.element_id)
            zh = (node.name if node else "") or waiting.name
            en = (node.properties.get("titleEn") if node else None) or zh
            found.setdefault(waiting.name, Awaited(message=waiting.name, zh=zh, en=en))
    return tuple(found.values())


def _extensions(
    row: CaseRow, clockwork: Clockwork, program: Program, running: tuple[str, ...]
) -> list[Extension]:
    """Longer limits in the same unit for which the law lists grounds."""
    parameters = program.parameters_for(row.accepted_at or row.opened_at)
    longer = [
        parameters.limit(key.removesuffix(".grounds"))
        for key in parameters.in_force
        if key.endswith(".grounds") and key.removesuffix(".grounds") in parameters.in_force
    ]
    return [
        Extension(
            clock=name,
            limit=limit.key or "",
            amount=limit.amount,
            unit=limit.unit,
            source=limit.source,
            grounds=limit.grounds,
        )
        for name in running
        for limit in longer
        if _extends(clockwork.clocks[name].limit, limit)
    ]


def _extends(present: Limit, other: Limit) -> bool:
    family = (present.key or "").partition(".")[0]
    same = other.unit == present.unit and (other.key or "").partition(".")[0] == family
    return same and other.amount > present.amount
