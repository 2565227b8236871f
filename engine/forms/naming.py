"""Which variables a form writes, and their FEEL types."""

from __future__ import annotations

from typing import Any

from engine.forms.model import Field, Level

_TYPES = {"textfield": "string", "textarea": "string", "number": "number", "checkbox": "boolean"}
_MOMENTS = {"date": "date", "time": "time", "datetime": "date and time"}


def variables_of(level: Level) -> dict[str, str]:
    """FEEL type by name: `number`, `list<context<name: string, income: number>>`, …"""
    return {name: _shown(entry) for name, entry in _tree(level).items()}


def _tree(level: Level) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for item in level.fields:
        place = tree
        for name in item.path[:-1]:
            inside = place.get(name)
            if not isinstance(inside, dict):
                inside = place[name] = {}
            place = inside
        place[item.path[-1]] = _type_of(item)
    return tree


def _shown(entry: str | dict[str, Any]) -> str:
    if isinstance(entry, str):
        return entry
    return f"context<{', '.join(f'{name}: {_shown(inner)}' for name, inner in entry.items())}>"


def _type_of(item: Field) -> str:
    if item.rows is not None:
        return f"list<{_shown(_tree(item.rows))}>"
    if item.type in ("radio", "select"):
        return _option_type(item)
    if item.type in ("checklist", "taglist"):
        return f"list<{_option_type(item)}>"
    if item.type == "datetime":
        return _MOMENTS[item.subtype]
    return "list<Any>" if item.type == "filepicker" else _TYPES.get(item.type, "Any")


def _option_type(item: Field) -> str:
    kinds = {_scalar_type(option.value) for option in item.options}
    return kinds.pop() if len(kinds) == 1 else "Any"


def _scalar_type(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "number"
