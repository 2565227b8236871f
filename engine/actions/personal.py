"""People's numbers on their way in and out: masked when shown, put back when they come back masked.

Also what a case is found by: the numbers entered in it and the names of those it is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine import feel
from engine.actions.program import Program, load_program
from engine.errors import AnswersError, FieldError
from engine.forms import persons, privacy
from engine.store import cases, events, identities, tasks, tracking
from engine.store.db import Tx
from engine.store.tasks import TaskRow

_SAID = ("answers", "payload", "result", "variables")
"""Where a row of history keeps what somebody entered."""
MOST_DIGITS = 8
"""So many of the last digits of the applicant's identity number are kept to track by."""


def shown(program: Program, value: Any) -> Any:
    """A plain JSON value with every guarded number masked."""
    return privacy.masked(value, program.guarded)


def put_back(
    tx: Tx, program: Program, answers: Mapping[str, Any], known: Mapping[str, Any], task: TaskRow | None
) -> Mapping[str, Any]:
    """The answers with what came back masked as it was: as the task's draft has it, else as the case does.

    Raises AnswersError for a masked number that stands for none that is known.
    """
    if not privacy.has_mask(answers):
        return answers
    answers = with_draft(tx, program, answers, task)
    if privacy.has_mask(answers):
        plain = {name: feel.from_feel(known[name]) for name in answers if name in known}
        answers = privacy.unmasked(answers, plain, program.guarded)
    zh, en = (
        "号码已隐去，无法与原值对应，请填写完整号码",
        "is masked and fits no known number; enter it in full",
    )
    faults = [
        FieldError(pointer=pointer, zh=zh, en=en, code="masked")
        for pointer in privacy.still_masked(answers, program.guarded)
    ]
    if faults:
        raise AnswersError(errors=faults)
    return answers


def with_draft(
    tx: Tx, program: Program, answers: Mapping[str, Any], task: TaskRow | None
) -> Mapping[str, Any]:
    """The answers with what came back masked from the task's draft as the draft has it."""
    if task is None or task.draft is None or not privacy.has_mask(answers):
        return answers
    draft = json.loads(tasks.read_draft(tx, task) or b"{}")
    found: Mapping[str, Any] = privacy.unmasked(answers, draft, program.guarded)
    return found


def index_numbers(tx: Tx, case_id: int, program: Program, facts: Mapping[str, Any]) -> None:
    """Make the case findable by what was entered in this step, and trackable by its applicant's number."""
    said = {name: facts[name] for name in _SAID if name in facts}
    identities.add_numbers(tx, case_id, _entered(program, said))
    if program.guarded:
        own = str(_said_of(said, program.applicant_number) or "").strip().upper()
        if privacy.kinds_of(own) and len(own) >= MOST_DIGITS:
            tracking.keep_tail(tx, case_id, own[-MOST_DIGITS:])


def entered_in(tx: Tx, case_id: int) -> Iterator[tuple[str, str]]:
    """Every number and name that the case is found by, out of its record."""
    row, _ = cases.get_case(tx, case_id)
    program = load_program(tx, row.process, row.definition_hash)
    if program.guarded or program.named:
        for event in events.list_events(tx, case_id):
            yield from _entered(program, event.data)


def _entered(program: Program, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from privacy.numbers_in(data, program.guarded)
    for said in _SAID:
        yield from persons.names_in(data.get(said), program.named)


def _said_of(said: Mapping[str, Any], name: str | None) -> Any:
    """What was entered under a name itself, rows aside: a household has many numbers, an applicant one."""
    return next((part[name] for part in said.values() if name is not None and part.get(name)), None)
