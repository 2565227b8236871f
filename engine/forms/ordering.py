"""Orders the fields of a level so that each is settled after what its condition or value reads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.feel import Expression
from engine.forms.model import Field, Level
from engine.forms.notes import Notes

_OWN_COLUMN = re.compile(r"\bthis\s*\.\s*(\w+)")


def settle_order(fields: list[Field], groups: list[Field], notes: Notes, *, row: bool) -> Level:
    """The level with its fields in order; a finding when two wait for each other."""
    by_name: dict[str, list[Field]] = {}
    for item in fields:
        by_name.setdefault(item.path[0], []).append(item)
    done: list[Field] = []
    waiting: list[Field] = []

    def visit(item: Field) -> None:
        if item in done:
            return
        if item in waiting:
            names = " → ".join(".".join(f.path) for f in waiting[waiting.index(item) :])
            notes.error(
                item.component,
                "circular",
                f"这些字段互相依赖：{names}。",
                f"These wait for each other: {names}.",
            )
            return
        waiting.append(item)
        for name in sorted(_reads(item, row=row)):
            for other in by_name.get(name, ()):
                if other is not item:
                    visit(other)
        waiting.remove(item)
        done.append(item)

    for item in fields:
        visit(item)
    return Level(tuple(done), tuple(groups), speaks_feel=any(_speaks(item) for item in [*fields, *groups]))


def _settling(item: Field) -> Iterable[Expression]:
    """The expressions that decide whether the field is there and what it is."""
    yield from item.hides
    if item.computed is not None:
        yield item.computed
    for inner in item.rows.fields if item.rows else ():
        yield from _settling(inner)


def _reads(item: Field, *, row: bool) -> set[str]:
    """Names of this level that must be settled first. A row's columns are read as `this.<column>`."""
    names: set[str] = set()
    for expression in _settling(item):
        names |= set(_OWN_COLUMN.findall(expression.text)) if row else set(expression.names)
    return names


def _speaks(item: Field) -> bool:
    return any(True for _ in item.expressions) or bool(item.rows and item.rows.speaks_feel)
