"""Fields that name people to be recused, and whom an answer names in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.forms.model import Field, Level

NAMES = frozenset({"name", "account"})
"""What a field with the property `recuses` holds: a person's name, or the user name of an account."""


def has_relatives(level: Level) -> bool:
    """Whether any field, in rows too, has the property `recuses`."""
    return any(_recuses(field) or (field.rows and has_relatives(field.rows)) for field in level.fields)


def relatives_in(level: Level, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of what a field holds and what was written there, over all rows."""
    for field in level.fields:
        value = _at(values, field.path)
        if field.rows is not None and isinstance(value, list):
            for row in value:
                yield from relatives_in(field.rows, row)
        elif (kind := _recuses(field)) and isinstance(value, str) and value:
            yield kind, value


def _recuses(field: Field) -> str:
    properties = field.component.get("properties") or {}
    return str(properties.get("recuses", ""))


def _at(values: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, Mapping) else None
    return values
