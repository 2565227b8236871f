"""Takes answers: from JSON to records of FEEL values, one record a level (the form, or a row).

Owns what left out and null mean, and which answers are at fault; judges no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import FieldError
from engine.feel import Expression, Value
from engine.forms.bounds import AnswerPath
from engine.forms.model import Field, Level, Path
from engine.forms.values import Refused, value_of

MISSING: Any = object()


class Faults:
    """What was refused where, and which names and rows a rule can't trust therefore."""

    __slots__ = ("_names", "_places", "errors")

    def __init__(self) -> None:
        self.errors: list[FieldError] = []
        self._places: set[AnswerPath] = set()
        self._names: set[str | int] = set()

    def add(self, path: AnswerPath, error: FieldError) -> None:
        self.errors.append(error)
        self.doubt(path)

    def doubt(self, path: AnswerPath) -> None:
        """Marks a value that can't be trusted though nobody need correct it: it is computed from a fault."""
        self._places.update(path[:size] for size in range(len(path) + 1))
        self._names.update(path[:1])

    def touch(self, path: AnswerPath) -> bool:
        """Whether the answer there, or a part of it, is at fault."""
        return bool(self._places) and path in self._places

    def block(self, expression: Expression, base: AnswerPath) -> bool:
        """Whether the expression, read in the row at `base`, reads an answer that is at fault."""
        if not self._places:
            return False
        names = expression.names | expression.item_names
        return bool(names & self._names) or ("this" in names and base in self._places)


@dataclass(slots=True, eq=False)
class Record:
    """One level's answers: `raw` as sent, `data` as FEEL values, `known` as the case has them."""

    level: Level
    raw: Any
    known: Any
    base: AnswerPath = ()
    data: dict[str, Value] = field(default_factory=dict)
    rows: dict[Field, list[Record]] = field(default_factory=dict)
    hidden: set[Field] = field(default_factory=set)
    unsure: set[Field] = field(default_factory=set)

    def put(self, item: Field, value: Value) -> None:
        """Writes a field's value; an object on the way keeps the entries that the case has."""
        row, known = self.data, self.known
        for name in item.path[:-1]:
            known = known.get(name) if isinstance(known, Mapping) else None
            inside = row.get(name)
            if not isinstance(inside, dict):
                inside = row[name] = dict(known) if isinstance(known, Mapping) else {}
            row = inside
        row[item.path[-1]] = value

    def before(self, item: Field) -> Value:
        """What the case holds for the field; its empty value when it holds nothing."""
        value = get(self.known, item.path)
        return item.empty if value is MISSING or value is None else value


def get(source: Any, path: Path) -> Any:
    """What stands at the path; MISSING when nothing does, None below a null."""
    for name in path:
        if not isinstance(source, Mapping):
            return None if source is None else MISSING
        source = source.get(name, MISSING)
        if source is MISSING:
            return MISSING
    return source


def take(level: Level, raw: Any, known: Any, faults: Faults, base: AnswerPath = ()) -> Record:
    """The record of what was sent. What can't be taken is empty in it and a fault."""
    record = Record(level, raw, known, base)
    for item in level.fields:
        record.put(item, _take_one(record, item, get(raw, item.path), faults))
    return record


def _take_one(record: Record, item: Field, raw: Any, faults: Faults) -> Value:
    if raw is MISSING or item.computed is not None:
        # A row is sent whole: what it leaves out is empty, unless the page could not change it.
        return record.before(item) if not record.base or item.locked or item.locks else item.empty
    if raw is None:
        return item.empty
    path = (*record.base, *item.path)
    if item.rows is not None:
        return _take_rows(record, item, item.rows, raw, path, faults)
    if faults.touch(path):
        return item.empty
    try:
        return value_of(item, raw, path)
    except Refused as refused:
        faults.add(path, refused.fault)
        return item.empty


def _take_rows(
    record: Record, item: Field, level: Level, raw: Any, path: AnswerPath, faults: Faults
) -> list[Value]:
    before = record.before(item)
    known = before if isinstance(before, list) else []
    sent = raw if isinstance(raw, list) else []
    rows = [
        take(level, row, known[n] if n < len(known) else None, faults, (*path, n))
        for n, row in enumerate(sent)
    ]
    record.rows[item] = rows
    return [row.data for row in rows]
