"""Fields that name accounts (property `account`), and which account an answer names where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.forms.model import Field, Level


def has_accounts(level: Level) -> bool:
    """Whether any field, in rows too, has the property `account`."""
    return any(_is_account(field) or (field.rows and has_accounts(field.rows)) for field in level.fields)


def accounts_in(level: Level, values: Mapping[str, Any], base: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of a pointer and the user name that was written there, over all rows."""
    for field in level.fields:
        value: Any = values
        for key in field.path:
            value = value.get(key) if isinstance(value, Mapping) else None
        pointer = base + "".join(f"/{key}" for key in field.path)
        if field.rows is not None and isinstance(value, list):
            for number, row in enumerate(value):
                yield from accounts_in(field.rows, row, f"{pointer}/{number}")
        elif _is_account(field) and isinstance(value, str) and value:
            yield pointer, value


def _is_account(field: Field) -> bool:
    return (field.component.get("properties") or {}).get("account") == "true"
