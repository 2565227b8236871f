"""The JSON Schema (2020-12) of a form's answers: names, types, fixed limits and options.

What depends on other answers (visibility, required fields, FEEL limits) is not here: `answers` judges it.
Every field admits null, which means not answered.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.forms.kinds import KINDS
from engine.forms.model import Field, Level

FILE_ID = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
_FILE: dict[str, Any] = {
    "type": ["object", "string"],
    "pattern": FILE_ID,
    "properties": {
        "id": {"type": "string", "pattern": FILE_ID},
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "size": {"type": "integer", "minimum": 0},
        "type": {"type": "string", "pattern": "^[a-z0-9.+-]{1,64}/[a-z0-9.+-]{1,127}$"},
    },
    "required": ["id", "name", "sha256", "size", "type"],
    "additionalProperties": False,
}
_KEYWORDS = {"max": "maximum", "min": "minimum", "maxLength": "maxLength", "minLength": "minLength",
             "maxItems": "maxItems", "increment": "multipleOf"}  # fmt: skip


def schema_of(level: Level) -> dict[str, Any]:
    """The schema of one level's answers as one object."""
    root = _object("object")
    for item in level.fields:
        place = root
        for name in item.path[:-1]:
            place = place["properties"].setdefault(name, _object(["object", "null"]))
        place["properties"][item.path[-1]] = schema_of_field(item)
    return root


def _object(kind: str | list[str]) -> dict[str, Any]:
    return {"type": kind, "properties": {}, "additionalProperties": False}


def schema_of_field(item: Field) -> dict[str, Any]:
    """The schema of one answer."""
    if item.computed is not None:
        return {}
    schema: dict[str, Any] = {"type": [_json_type(item), "null"]}
    if item.rows is not None:
        schema["items"] = schema_of(item.rows)
    elif item.type == "filepicker":
        schema["items"] = _FILE
    elif item.type in ("checklist", "taglist"):
        schema["items"] = _choice(item)
        schema["uniqueItems"] = True
    elif item.type in ("radio", "select"):
        schema = _choice(item, or_null=True)
    for name, limit in item.limits.items():
        if name in _KEYWORDS and isinstance(limit, Decimal):
            counts = name in ("maxLength", "minLength", "maxItems")
            schema[_KEYWORDS[name]] = int(limit) if counts else limit
    if item.floor is not None:
        schema["minimum"] = max(schema.get("minimum", item.floor), item.floor)
    if "decimalDigits" in item.limits:
        schema.setdefault("allOf", []).append({"multipleOf": Decimal(1).scaleb(-int(_fixed(item)))})
    for pattern in (KINDS[item.kind].pattern if item.kind else "", item.pattern):
        if pattern:
            schema.setdefault("allOf", []).append({"pattern": pattern})
    return schema


def _fixed(item: Field) -> Decimal:
    digits = item.limits["decimalDigits"]
    assert isinstance(digits, Decimal)  # reading admits no expression here
    return digits


def _json_type(item: Field) -> str:
    if item.type in ("number", "checkbox"):
        return {"number": "number", "checkbox": "boolean"}[item.type]
    return "array" if isinstance(item.empty, list) else "string"


def _choice(item: Field, *, or_null: bool = False) -> dict[str, Any]:
    null: list[Any] = [None] if or_null else []
    if item.options:
        return {"enum": [option.value for option in item.options] + null}
    return {"type": ["string", "number", "boolean"] + (["null"] if or_null else [])}
