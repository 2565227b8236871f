"""What was answered in a case, step by step, in the words of the forms that asked. Writes nothing.

Read from the record, so that it is what people entered and when, whatever the case computed from it
later. People's numbers are masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.actions.program import Program
from engine.actions.reading import read_case
from engine.actions.record import show_event
from engine.actions.views import EventView
from engine.forms import Field, Form
from engine.forms.model import Level
from engine.forms.privacy import PERSONAL
from engine.store import events, tasks
from engine.store.db import Tx
from engine.types import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One field's answer: `value` as JSON; of a choice, the chosen options' labels stand beside it."""

    name: str
    zh: str
    en: str
    kind: str
    type: str
    value: Any
    labels_zh: tuple[str, ...] = ()
    labels_en: tuple[str, ...] = ()
    rows: tuple[tuple[Answer, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSheet:
    """What one person answered in one step. `acting_for` is whose leave they covered."""

    seq: int
    element_id: str
    zh: str
    en: str
    by: str
    acting_for: str | None
    at: datetime
    answers: tuple[Answer, ...]


def list_answer_sheets(tx: Tx, *, case_id: int, actor: Actor) -> tuple[AnswerSheet, ...]:
    """The answers of a case that the actor may see, oldest first; NotFoundError otherwise."""
    _row, _clockwork, program = read_case(tx, case_id, actor)
    record = [show_event(row, program) for row in events.list_events(tx, case_id)]
    forms = {task.element_id: task.form_id for task in tasks.list_all(tx, case_id)}
    return tuple(answer_sheets(record, program, forms))


def personal_fields(sheets: Iterable[AnswerSheet]) -> list[tuple[str, str, str]]:
    """The masked numbers on the sheets, each once: as `reveal` names them, with their labels."""
    return sorted({field for sheet in sheets for field in _personal(sheet.answers)})


def _personal(answers: Iterable[Answer], above: str = "") -> Iterator[tuple[str, str, str]]:
    for one in answers:
        if one.kind in PERSONAL:
            yield f"{above}{one.name}", one.zh, one.en
        for row in one.rows:
            yield from _personal(row, f"{one.name}.")


def answer_sheets(
    record: list[EventView], program: Program, forms: Mapping[str, str | None]
) -> Iterator[AnswerSheet]:
    """The sheets of a record that was read already; `forms` says which form each user task asks with."""
    for event in record:
        if event.kind == "case_opened":
            element, form = "", program.definition.start_form
        elif event.kind == "task_completed":
            element = str(event.data.get("task", ""))
            form = program.definition.forms.get(forms.get(element) or "")
        else:
            continue
        if form is None or not event.data.get("answers"):
            continue
        node = program.nodes.get(element)
        yield AnswerSheet(
            seq=event.seq,
            element_id=element,
            zh=(node.name if node else "") or form.title("zh"),
            en=(node.properties.get("titleEn", "") if node else "") or form.title("en"),
            by=event.actor,
            acting_for=event.data.get("for"),
            at=event.at,
            answers=tuple(_answers(form, event.data["answers"])),
        )


def _answers(form: Form, given: Mapping[str, Any]) -> Iterator[Answer]:
    order = {name: place for place, name in enumerate(_ids(form.data["components"]))}
    fields = sorted(form.level.fields, key=lambda item: order.get(item.id, 0))
    yield from _of_level(Level(tuple(fields)), given)


def _ids(components: list[Any]) -> Iterator[str]:
    """The components' ids in the order of the page; the level keeps fields in the order of settling."""
    for one in components:
        yield str(one.get("id"))
        yield from _ids(one.get("components", []))


def _of_level(level: Level, given: Mapping[str, Any]) -> Iterator[Answer]:
    for item in level.fields:
        value: Any = given
        for part in item.path:
            value = value.get(part) if isinstance(value, Mapping) else None
        if value in (None, "", []) or not _has_label(item):
            continue
        rows = value if item.rows is not None and isinstance(value, list) else []
        zh, en = _labels(item, value)
        yield Answer(
            name=item.path[-1],
            zh=item.zh,
            en=item.en or item.zh,
            kind=item.kind,
            type=item.type,
            value=value,
            labels_zh=zh,
            labels_en=en,
            rows=tuple(tuple(_of_level(item.rows, row)) for row in rows) if item.rows else (),
        )


def _has_label(item: Field) -> bool:
    """What a form computes for itself has none, and nobody entered it."""
    return item.computed is None or bool(item.component.get("label"))


def _labels(item: Field, value: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    chosen = value if isinstance(value, list) else [value]
    found = [option for option in item.options if option.value in chosen]
    return tuple(one.zh for one in found), tuple(one.en or one.zh for one in found)
